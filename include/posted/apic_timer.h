/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The local APIC's timer, as arithmetic: SDM volume 3, "APIC Timer". A tick is
 * one decrement of the count. Times are in any unit; nothing here reads a clock.
 */
#ifndef PSTD_APIC_TIMER_H
#define PSTD_APIC_TIMER_H

#include <posted/field.h>

#define PSTD_APIC_DIVIDE_VALUE (PSTD_BIT(3) | PSTD_BITS(1, 0))

PSTD_ASSERT(PSTD_APIC_DIVIDE_VALUE == 0xb, "the divide value is bits 3 and 1:0");

/* What the input clock is divided by: 1, 2, 4 to 128. */
static inline unsigned pstd_apic_timer_divide(uint32_t divide)
{
	unsigned value = (divide & 3) | (divide >> 1 & 4);

	return value == 7 ? 1 : 2u << value;
}

/* The current count, time left until it is 0: a tick that has begun still counts. */
static inline uint32_t pstd_apic_timer_count(uint64_t left, uint64_t tick)
{
	return (uint32_t)(left / tick + (left % tick != 0));
}

/* How often a count of period has become 0 by now, if it does so at next for the first time. */
static inline uint64_t pstd_apic_timer_expirations(uint64_t now, uint64_t next, uint64_t period)
{
	return now < next ? 0 : 1 + (now - next) / period;
}

#endif
