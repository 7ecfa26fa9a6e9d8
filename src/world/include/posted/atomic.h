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
#ifndef POSTED_ATOMIC_H
#define POSTED_ATOMIC_H

#include <explore/access.h>
#include <explore/scenario.h>
#include <posted/types.h>

__extension__ typedef unsigned __int128 pi_u128;

struct pi_pair {
	uint64_t lo, hi;
} __attribute__((aligned(16)));

static inline uint64_t pi_load_relaxed(const uint64_t *p)
{
	return explore_load8(p);
}

static inline uint64_t pi_load_acquire(const uint64_t *p)
{
	return explore_load8(p);
}

static inline void pi_store_relaxed(uint64_t *p, uint64_t value)
{
	explore_store8(p, value);
}

static inline void pi_store_release(uint64_t *p, uint64_t value)
{
	explore_store8(p, value);
}

static inline uint64_t pi_exchange_seq(uint64_t *p, uint64_t value)
{
	return explore_rmw8(EXPLORE_EXCHANGE, p, value);
}

static inline uint64_t pi_fetch_or_seq(uint64_t *p, uint64_t bits)
{
	return explore_rmw8(EXPLORE_OR, p, bits);
}

static inline uint64_t pi_fetch_and_seq(uint64_t *p, uint64_t bits)
{
	return explore_rmw8(EXPLORE_AND, p, bits);
}

static inline bool pi_test_and_set_seq(uint64_t *p, uint64_t bit)
{
	return explore_rmw8(EXPLORE_OR, p, bit) & bit;
}

/* Counters are no part of any protocol: no scheduling points. */
static inline void pi_count(uint64_t *p, uint64_t n)
{
	*p += n;
}

static inline void pi_tally(uint64_t *p, uint64_t n)
{
	*p += n;
}

static inline void pi_count_bits(uint64_t counts[256], const uint64_t bits[4])
{
	for (unsigned i = 0; i < 4; i++)
		for (uint64_t left = bits[i]; left; left &= left - 1)
			pi_count(&counts[i * 64 + (unsigned)__builtin_ctzll(left)], 1);
}

static inline bool pi_cmpxchg_seq(uint64_t *p, uint64_t *expected, uint64_t value)
{
	return explore_cmpxchg8(p, expected, value);
}

static inline uint8_t pi_load8_relaxed(const uint8_t *p)
{
	return explore_load1(p);
}

static inline void pi_store8_release(uint8_t *p, uint8_t value)
{
	explore_store1(p, value);
}

static inline uint8_t pi_exchange8_seq(uint8_t *p, uint8_t value)
{
	return explore_rmw1(EXPLORE_EXCHANGE, p, value);
}

/* A pointer has eight bytes; what it points to, any type. */
#define PI_EIGHT_BYTES(pp)                                                              \
	sizeof(struct {                                                                 \
		_Static_assert(sizeof(*(pp)) == 8, "this is for words of eight bytes"); \
		char is;                                                                \
	})
#define pi_load_ptr_acquire(pp)                                                         \
	((__typeof__(*(pp)))(uintptr_t)((void)PI_EIGHT_BYTES(pp),                       \
	                                explore_load8((const uint64_t *)(const void *)(pp))))
#define pi_store_ptr_release(pp, ptr)                                                   \
	((void)PI_EIGHT_BYTES(pp),                                                      \
	 explore_store8((uint64_t *)(void *)(pp), (uint64_t)(uintptr_t)(ptr)))

static inline struct pi_pair pi_load16_acquire(const struct pi_pair *p)
{
	struct explore_pair value = explore_load16((const struct explore_pair *)(const void *)p);

	return (struct pi_pair){ value.lo, value.hi };
}

static inline bool pi_cmpxchg16_seq(struct pi_pair *p, struct pi_pair old, struct pi_pair value)
{
	return explore_cmpxchg16((struct explore_pair *)(void *)p,
	                         (struct explore_pair){ old.lo, old.hi },
	                         (struct explore_pair){ value.lo, value.hi });
}

struct pi_spinlock {
	uint64_t held;
};

static inline void pi_spin_lock(struct pi_spinlock *l)
{
	explore_lock(&l->held);
}

static inline void pi_spin_unlock(struct pi_spinlock *l)
{
	explore_unlock(&l->held);
}

#endif
