/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam: every access to a word that two agents share goes through here,
 * with its order in its name.
 *
 * Another executor is built by putting another posted/atomic.h first on the
 * include path, never by #ifdef: the explorer's makes each of these a
 * scheduling point and models the x86 store buffer.
 *
 * _relaxed  no order beyond that of the word itself
 * _acquire  later accesses stay later       _release  earlier ones stay earlier
 * _seq      a locked operation: sequentially consistent, a full fence on x86
 *
 * Everything here may be called by any number of agents at once and is
 * wait-free, pstd_spin_lock excepted. On our machines a stand-alone fence costs
 * about four locked operations: a store that needs one is an exchange.
 */
#ifndef PSTD_ATOMIC_H
#define PSTD_ATOMIC_H

#include <posted/types.h>

/* A pointer to a word of another size shall not compile, whatever the flags; in C++ none does. */
#ifndef __cplusplus
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif

static inline uint64_t pstd_load_relaxed(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline uint64_t pstd_load_acquire(const uint64_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static inline void pstd_store_relaxed(uint64_t *p, uint64_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELAXED);
}

static inline void pstd_store_release(uint64_t *p, uint64_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline uint64_t pstd_exchange_seq(uint64_t *p, uint64_t value)
{
	return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

static inline uint64_t pstd_fetch_or_seq(uint64_t *p, uint64_t bits)
{
	return __atomic_fetch_or(p, bits, __ATOMIC_SEQ_CST);
}

static inline uint64_t pstd_fetch_and_seq(uint64_t *p, uint64_t bits)
{
	return __atomic_fetch_and(p, bits, __ATOMIC_SEQ_CST);
}

/* Sets one bit, given as a mask; true if it was set before. */
static inline bool pstd_test_and_set_seq(uint64_t *p, uint64_t bit)
{
	return __atomic_fetch_or(p, bit, __ATOMIC_SEQ_CST) & bit;
}

/* Counters: pstd_count for many writers, pstd_tally where there is one at a time. No order. */
static inline void pstd_count(uint64_t *p, uint64_t n)
{
	__atomic_fetch_add(p, n, __ATOMIC_RELAXED);
}

static inline void pstd_tally(uint64_t *p, uint64_t n)
{
	pstd_store_relaxed(p, pstd_load_relaxed(p) + n);
}

/* Adds 1 to counts[n] for each bit n of 256 that is set. */
static inline void pstd_count_bits(uint64_t counts[256], const uint64_t bits[4])
{
	for (unsigned i = 0; i < 4; i++)
		for (uint64_t left = bits[i]; left; left &= left - 1)
			pstd_count(&counts[i * 64 + (unsigned)__builtin_ctzll(left)], 1);
}

/* On failure *expected becomes the word as found, and the call is still a full fence. */
static inline bool pstd_cmpxchg_seq(uint64_t *p, uint64_t *expected, uint64_t value)
{
	return __atomic_compare_exchange_n(p, expected, value, false, __ATOMIC_SEQ_CST,
	                                   __ATOMIC_SEQ_CST);
}

/* Bytes: the local APIC's inbox. */
static inline uint8_t pstd_load8_relaxed(const uint8_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void pstd_store8_release(uint8_t *p, uint8_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static inline uint8_t pstd_exchange8_seq(uint8_t *p, uint8_t value)
{
	return __atomic_exchange_n(p, value, __ATOMIC_SEQ_CST);
}

/* A pointer has eight bytes; what it points to, any type. */
#define PSTD_EIGHT_BYTES(pp)                                                            \
	sizeof(struct {                                                                 \
		_Static_assert(sizeof(*(pp)) == 8, "this is for words of eight bytes"); \
		char is;                                                                \
	})

/* Pointers that one side publishes and the other follows. */
#define pstd_load_ptr_acquire(pp) \
	((void)PSTD_EIGHT_BYTES(pp), __atomic_load_n((pp), __ATOMIC_ACQUIRE))
#define pstd_store_ptr_release(pp, ptr) \
	((void)PSTD_EIGHT_BYTES(pp), __atomic_store_n((pp), (ptr), __ATOMIC_RELEASE))

/* Sixteen bytes, as a remapping entry is read and replaced. */
__extension__ typedef unsigned __int128 pstd_u128;

struct pstd_pair {
	uint64_t lo, hi;
} __attribute__((aligned(16)));

/*
 * One 16-byte access. With SSE it is an aligned vector load, which every CPU
 * with AVX keeps whole (both makers' manuals); without (kernel code), a locked
 * compare of 0 with 0, which needs the memory to be writable. So too under the thread
 * sanitizer, whose own compare-exchange of 16 bytes is a lock and two stores: a load
 * past it would see them one by one.
 */
static inline struct pstd_pair pstd_load16_acquire(const struct pstd_pair *p)
{
	struct pstd_pair out;
#if defined(__SSE2__) && !defined(__SANITIZE_THREAD__)
	typedef uint64_t pstd_v2 __attribute__((vector_size(16)));
	pstd_v2 v;

	__asm__ volatile("movdqa %1, %0" : "=x"(v) : "m"(*(const pstd_v2 *)(const void *)p)
	                 : "memory");
	out.lo = v[0];
	out.hi = v[1];
#else
	pstd_u128 v = __sync_val_compare_and_swap((pstd_u128 *)(uintptr_t)p, 0, 0);

	out.lo = (uint64_t)v;
	out.hi = (uint64_t)(v >> 64);
#endif
	return out;
}

/* Replaces old by new in one cmpxchg16b; false, and nothing changed, if it was not old. */
static inline bool pstd_cmpxchg16_seq(struct pstd_pair *p, struct pstd_pair old,
                                      struct pstd_pair value)
{
	/* The __sync form is inlined; the __atomic one calls a library and is not freestanding. */
	return __sync_bool_compare_and_swap((pstd_u128 *)(void *)p,
	                                    (pstd_u128)old.hi << 64 | old.lo,
	                                    (pstd_u128)value.hi << 64 | value.lo);
}

/* A lock for short sections with interrupts off; not fair, not recursive. Zero is unlocked. */
struct pstd_spinlock {
	uint64_t held;
};

static inline void pstd_spin_lock(struct pstd_spinlock *l)
{
	while (pstd_exchange_seq(&l->held, 1))
		while (pstd_load_relaxed(&l->held))
			__builtin_ia32_pause();
}

static inline void pstd_spin_unlock(struct pstd_spinlock *l)
{
	pstd_store_release(&l->held, 0);
}

#endif
