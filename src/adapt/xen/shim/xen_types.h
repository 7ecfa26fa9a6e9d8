/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xen's primitives, by compiler builtins and the explorer's calls. An access that Xen makes
 * with a locked instruction is one here, a plain one is plain.
 */
#ifndef SHIM_XEN_TYPES_H
#define SHIM_XEN_TYPES_H

#include <explore/scenario.h>
#include <explore/sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef bool bool_t;

#define cf_check
#define always_inline inline __attribute__((always_inline))
#define likely(x) (x)
#define unlikely(x) (x)
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define X86_NR_VECTORS 256
#define DECLARE_BITMAP(name, bits) unsigned long name[((bits) + 63) / 64]

/* A debug build's, and a violation: what it says always holds, or so its author thought. */
#define ASSERT(holds)                                                      \
	do {                                                               \
		if (!(holds))                                              \
			explore_fail("ASSERT in %s: %s", __func__, #holds); \
	} while (0)

/* Bits, of words of 32 or 64 bits. All but test_bit are locked, as Xen's. */
#define BIT_OF(nr, p) ((__typeof__(*(p) + 0))1 << (nr) % (8 * sizeof(*(p))))
#define WORD_OF(nr, p) ((p) + (nr) / (8 * sizeof(*(p))))
#define test_bit(nr, p) (!!(*(const volatile __typeof__(*(p)) *)WORD_OF(nr, p) & BIT_OF(nr, p)))
#define test_and_set_bit(nr, p) \
	(!!(__atomic_fetch_or(WORD_OF(nr, p), BIT_OF(nr, p), __ATOMIC_SEQ_CST) & BIT_OF(nr, p)))
#define test_and_clear_bit(nr, p) \
	(!!(__atomic_fetch_and(WORD_OF(nr, p), ~BIT_OF(nr, p), __ATOMIC_SEQ_CST) & BIT_OF(nr, p)))
#define set_bit(nr, p) ((void)test_and_set_bit(nr, p))
#define clear_bit(nr, p) ((void)test_and_clear_bit(nr, p))
#define test_and_clear_bool(b) __atomic_exchange_n(&(b), false, __ATOMIC_SEQ_CST)
#define fls(x) ((x) ? 32 - __builtin_clz(x) : 0)
#define for_each_set_bit(i, map, bits)      \
	for ((i) = 0; (i) < (bits); (i)++) \
		if ((map)[(i) / 64] >> (i) % 64 & 1)

/*
 * A plain move, as on x86, that the compiler leaves where it is. It is no access of volatile: the
 * explorer learns which words two agents use, and only there is it a step.
 */
#define COMPILER_BARRIER() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define read_atomic(p)                            \
	({                                        \
		COMPILER_BARRIER();               \
		__typeof__(*(p)) value_ = *(p);   \
		COMPILER_BARRIER();               \
		value_;                           \
	})
#define write_atomic(p, v)          \
	do {                        \
		COMPILER_BARRIER(); \
		*(p) = (v);         \
		COMPILER_BARRIER(); \
	} while (0)
#define xchg(p, v) __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define cmpxchg(p, old, new)                                              \
	__sync_val_compare_and_swap((p), (__typeof__(*(p)))(uintptr_t)(old), \
	                            (__typeof__(*(p)))(uintptr_t)(new))
/* They order what the compiler does; x86 needs no more. */
#define smp_rmb() COMPILER_BARRIER()
#define smp_wmb() COMPILER_BARRIER()
#define smp_mb__after_atomic() COMPILER_BARRIER()

typedef struct {
	uint64_t held;
} spinlock_t;

#define spin_lock_init(l) ((void)((l)->held = 0))
#define spin_lock(l) explore_lock(&(l)->held)
#define spin_unlock(l) explore_unlock(&(l)->held)
#define spin_lock_irqsave(l, flags) ((flags) = explore_irq_save(), spin_lock(l))
#define spin_unlock_irqrestore(l, flags) (spin_unlock(l), explore_irq_restore(flags))

enum { NR_CPUS = 2 };
#define DEFINE_PER_CPU(type, name) type per_cpu_##name[NR_CPUS]
#define per_cpu(name, cpu) per_cpu_##name[cpu]
#define this_cpu(name) per_cpu_##name[smp_processor_id()]

/* A sender that is no CPU of the scenario's machine is a CPU beside it. */
static inline unsigned smp_processor_id(void)
{
	int cpu = explore_cpu_number();

	return cpu < 0 ? NR_CPUS : (unsigned)cpu;
}

#endif
