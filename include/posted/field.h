/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields of registers and descriptors: one mask each, in the manual's bit
 * numbers; the shift follows from the mask. Pure; callable by anyone.
 */
#ifndef PSTD_FIELD_H
#define PSTD_FIELD_H

#include <posted/types.h>

#ifdef __cplusplus
#define PSTD_ASSERT static_assert
#else
#define PSTD_ASSERT _Static_assert
#endif

#define PSTD_BIT(n) ((uint64_t)1 << (n))
#define PSTD_BITS(high, low) ((~(uint64_t)0 >> (63 - (high))) & (~(uint64_t)0 << (low)))

/* The value of the field that mask covers, shifted down. */
static inline uint64_t pstd_field_get(uint64_t mask, uint64_t word)
{
	return (word & mask) / (mask & -mask);
}

/* The value put in the field's place; what does not fit is cut off. */
static inline uint64_t pstd_field(uint64_t mask, uint64_t value)
{
	return (value * (mask & -mask)) & mask;
}

#endif
