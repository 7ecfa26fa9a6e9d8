/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A number for a state, of 128 bits: that of a thousand million states any two
 * have the same one is a matter of one in 10^20.
 */
#ifndef EXPLORE_NUMBER_H
#define EXPLORE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number {
	uint64_t lo, hi;
};

static inline bool number_same(struct number a, struct number b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static inline uint64_t number_fold(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Goes on with two words; the halves never meet. */
static inline void number_mix(struct number *n, uint64_t a, uint64_t b)
{
	n->lo = number_fold(n->lo ^ a ^ 0xa0761d6478bd642fu, b ^ 0xe7037ed1a0b428dbu);
	n->hi = number_fold(n->hi ^ b ^ 0x8ebc6af09c88c6e3u, a ^ 0x589965cc75374cc3u);
	n->lo += a;
	n->hi += b;
}

/* What is added up comes to the same in any order. */
static inline void number_add(struct number *n, struct number other)
{
	uint64_t lo = n->lo + other.lo;

	n->hi += other.hi + (lo < n->lo);
	n->lo = lo;
}

#endif
