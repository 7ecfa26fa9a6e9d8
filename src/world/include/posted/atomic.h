/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam as the explorer has it: the same names and signatures as
 * include/posted/atomic.h (tests/explore compares them), found first on the
 * include path. Each access is a scheduling point: any other agent may go
 * before it. What the names promise is what x86 does with them: a plain store
 * waits in its agent's store buffer, a plain load looks there first, a locked
 * operation waits until the buffer is empty.
 *
 * Outside an exploration, and in a scenario's setup and finish, the accesses
 * are plain ones.
 */
#ifndef PSTD_ATOMIC_H
#define PSTD_ATOMIC_H

#include <explore/access.h>
#include <explore/scenario.h>
#include <posted/types.h>

__extension__ typedef unsigned __int128 pstd_u128;

struct pstd_pair {
	uint64_t lo, hi;
} __attribute__((aligned(16)));

static inline uint64_t pstd_load_relaxed(const uint64_t *p)
{
	return explore_load8(p);
}

static inline uint64_t pstd_load_acquire(const uint64_t *p)
{
	return explore_load8(p);
}

static inline void pstd_store_relaxed(uint64_t *p, uint64_t value)
{
	explore_store8(p, value);
}

static inline void pstd_store_release(uint64_t *p, uint64_t value)
{
	explore_store8(p, value);
}

static inline uint64_t pstd_exchange_seq(uint64_t *p, uint64_t value)
{
	return explore_rmw8(EXPLORE_EXCHANGE, p, value);
}

static inline uint64_t pstd_fetch_or_seq(uint64_t *p, uint64_t bits)
{
	return explore_rmw8(EXPLORE_OR, p, bits);
}

static inline uint64_t pstd_fetch_and_seq(uint64_t *p, uint64_t bits)
{
	return explore_rmw8(EXPLORE_AND, p, bits);
}

static inline bool pstd_test_and_set_seq(uint64_t *p, uint64_t bit)
{
	return explore_rmw8(EXPLORE_OR, p, bit) & bit;
}

/* Counters are no part of any protocol: no scheduling points. */
static inline void pstd_count(uint64_t *p, uint64_t n)
{
	*p += n;
}

static inline void pstd_tally(uint64_t *p, uint64_t n)
{
	*p += n;
}

static inline void pstd_count_bits(uint64_t counts[256], const uint64_t bits[4])
{
	for (unsigned i = 0; i < 4; i++)
		for (uint64_t left = bits[i]; left; left &= left - 1)
			pstd_count(&counts[i * 64 + (unsigned)__builtin_ctzll(left)], 1);
}

static inline bool pstd_cmpxchg_seq(uint64_t *p, uint64_t *expected, uint64_t value)
{
	return explore_cmpxchg8(p, expected, value);
}

static inline uint8_t pstd_load8_relaxed(const uint8_t *p)
{
	return explore_load1(p);
}

static inline void pstd_store8_release(uint8_t *p, uint8_t value)
{
	explore_store1(p, value);
}

static inline uint8_t pstd_exchange8_seq(uint8_t *p, uint8_t value)
{
	return explore_rmw1(EXPLORE_EXCHANGE, p, value);
}

/* A pointer has eight bytes; what it points to, any type. */
#define PSTD_EIGHT_BYTES(pp)                                                            \
	sizeof(struct {                                                                 \
		_Static_assert(sizeof(*(pp)) == 8, "this is for words of eight bytes"); \
		char is;                                                                \
	})
#define pstd_load_ptr_acquire(pp)                                                         \
	((__typeof__(*(pp)))(uintptr_t)((void)PSTD_EIGHT_BYTES(pp),                       \
	                                explore_load8((const uint64_t *)(const void *)(pp))))
#define pstd_store_ptr_release(pp, ptr)                                                   \
	((void)PSTD_EIGHT_BYTES(pp),                                                      \
	 explore_store8((uint64_t *)(void *)(pp), (uint64_t)(uintptr_t)(ptr)))

static inline struct pstd_pair pstd_load16_acquire(const struct pstd_pair *p)
{
	struct explore_pair value = explore_load16((const struct explore_pair *)(const void *)p);

	return (struct pstd_pair){ value.lo, value.hi };
}

static inline bool pstd_cmpxchg16_seq(struct pstd_pair *p, struct pstd_pair old,
                                      struct pstd_pair value)
{
	return explore_cmpxchg16((struct explore_pair *)(void *)p,
	                         (struct explore_pair){ old.lo, old.hi },
	                         (struct explore_pair){ value.lo, value.hi });
}

struct pstd_spinlock {
	uint64_t held;
};

static inline void pstd_spin_lock(struct pstd_spinlock *l)
{
	explore_lock(&l->held);
}

static inline void pstd_spin_unlock(struct pstd_spinlock *l)
{
	explore_unlock(&l->held);
}

#endif
