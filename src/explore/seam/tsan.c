/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that gcc and clang make for the thread sanitizer (-fsanitize=thread), at each
 * access: ours, not its. They have two names, explore_tsan_... for objects whose calls were
 * renamed (objcopy), so that they can be linked beside a sanitizer's own, and __tsan_... for
 * those that were not.
 */
#include "explore/schedule/lent.h"
#include "explore/schedule/points.h"
#include "explore/schedule/run.h"
#include "explore/seam/seam.h"
#include <explore/access.h>

/* The compiler knows the second name as its own: it is given to the assembler only. */
#define CALL(type, name, ...)                                                             \
	type explore_tsan_##name(__VA_ARGS__);                                            \
	__asm__(".globl __tsan_" #name "\n.set __tsan_" #name ", explore_tsan_" #name); \
	type explore_tsan_##name(__VA_ARGS__)

/* What calls has a frame pointer, and what it calls saves that. */
#define HERE(p)                                                                  \
	do {                                                                     \
		const char *frame_ = __builtin_frame_address(0);                 \
                                                                                 \
		RUN_AT(p);                                                       \
		lent_plainly = true;                                             \
		if (points_lend_any)                                             \
			frames_at(frame_ + 16, *(const char *const *)frame_);    \
	} while (0)

#define PLAIN(name, size, access, is_volatile)   \
	CALL(void, name##size, const void *p)    \
	{                                        \
		HERE(p);                       \
		access(p, size, is_volatile);    \
	}

/* A compound access reads and stores; so may each store (plain.c). */
#define SIZE(size)                                                       \
	PLAIN(read, size, plain_load, false)                             \
	PLAIN(write, size, plain_store, false)                           \
	PLAIN(read_write, size, plain_store, false)                      \
	PLAIN(unaligned_read, size, plain_load, false)                   \
	PLAIN(unaligned_write, size, plain_store, false)                 \
	PLAIN(unaligned_read_write, size, plain_store, false)            \
	PLAIN(volatile_read, size, plain_load, true)                     \
	PLAIN(volatile_write, size, plain_store, true)                   \
	PLAIN(unaligned_volatile_read, size, plain_load, true)           \
	PLAIN(unaligned_volatile_write, size, plain_store, true)

SIZE(1)
SIZE(2)
SIZE(4)
SIZE(8)
SIZE(16)

CALL(void, read_range, const void *p, size_t size)
{
	HERE(p);
	plain_load(p, size, false);
}

CALL(void, write_range, const void *p, size_t size)
{
	HERE(p);
	plain_store(p, size, false);
}

/* C11's operations: what their orders promise is what x86 does with them. */

#define RMW(bits, type, name, op)                                                        \
	CALL(type, atomic##bits##_##name, volatile type *p, type operand, int order)     \
	{                                                                                \
		(void)order;                                                             \
		HERE((const void *)p);                                                 \
		return (type)seam_rmw(op, (void *)(uintptr_t)p, sizeof(type), operand);  \
	}

/* On failure the expected value becomes what was there, wherever that lies. */
#define COMPARE(bits, type, name)                                                           \
	CALL(int, atomic##bits##_compare_exchange_##name, volatile type *p, type *expected, \
	     type value, int order, int failure)                                            \
	{                                                                                   \
		wide seen = *expected;                                                      \
		type old;                                                                   \
		(void)order;                                                                \
		(void)failure;                                                              \
		HERE((const void *)p);                                                    \
		if (seam_cmpxchg((void *)(uintptr_t)p, sizeof(type), &seen, value))         \
			return 1;                                                           \
		old = (type)seen;                                                           \
		explore_memcpy(expected, &old, sizeof(old));                                \
		return 0;                                                                   \
	}

#define ATOMIC(bits, type)                                                                 \
	CALL(type, atomic##bits##_load, const volatile type *p, int order)                 \
	{                                                                                  \
		(void)order;                                                               \
		HERE((const void *)p);                                                   \
		return (type)seam_load((const void *)p, sizeof(type));                     \
	}                                                                                  \
	CALL(void, atomic##bits##_store, volatile type *p, type value, int order)          \
	{                                                                                  \
		HERE((const void *)p);                                                   \
		if (order == __ATOMIC_SEQ_CST)                                             \
			seam_rmw(SEAM_EXCHANGE, (void *)(uintptr_t)p, sizeof(type), value); \
		else                                                                       \
			seam_store((void *)(uintptr_t)p, sizeof(type), value);             \
	}                                                                                  \
	CALL(type, atomic##bits##_compare_exchange_val, volatile type *p, type expected,   \
	     type value, int order, int failure)                                           \
	{                                                                                  \
		wide old = expected;                                                       \
		(void)order;                                                               \
		(void)failure;                                                             \
		HERE((const void *)p);                                                   \
		seam_cmpxchg((void *)(uintptr_t)p, sizeof(type), &old, value);             \
		return (type)old;                                                          \
	}                                                                                  \
	COMPARE(bits, type, strong)                                                        \
	COMPARE(bits, type, weak)                                                          \
	RMW(bits, type, exchange, SEAM_EXCHANGE)                                           \
	RMW(bits, type, fetch_add, SEAM_ADD)                                               \
	RMW(bits, type, fetch_sub, SEAM_SUB)                                               \
	RMW(bits, type, fetch_and, SEAM_AND)                                               \
	RMW(bits, type, fetch_or, SEAM_OR)                                                 \
	RMW(bits, type, fetch_xor, SEAM_XOR)                                               \
	RMW(bits, type, fetch_nand, SEAM_NAND)

ATOMIC(8, uint8_t)
ATOMIC(16, uint16_t)
ATOMIC(32, uint32_t)
ATOMIC(64, uint64_t)
ATOMIC(128, wide)

CALL(void, atomic_thread_fence, int order)
{
	if (order == __ATOMIC_SEQ_CST && run_walking())
		explore_fence();
}

CALL(void, atomic_signal_fence, int order)
{
	(void)order;
}

CALL(void *, memcpy, void *to, const void *from, size_t size)
{
	return explore_memcpy(to, from, size);
}

CALL(void *, memmove, void *to, const void *from, size_t size)
{
	return explore_memmove(to, from, size);
}

CALL(void *, memset, void *to, int byte, size_t size)
{
	return explore_memset(to, byte, size);
}

CALL(void, init, void)
{
}

CALL(void, func_entry, void *caller)
{
	const char *frame = __builtin_frame_address(0);

	RUN_AT(NULL);
	frames_begin(frame + 16, *(const char *const *)frame, caller);
}

CALL(void, func_exit, void)
{
	const char *frame = __builtin_frame_address(0);

	RUN_AT(NULL);
	frames_end(frame + 16, *(const char *const *)frame);
}
