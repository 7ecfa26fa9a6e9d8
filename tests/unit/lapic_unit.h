/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of hw/apic/lapic*.c share: one local APIC, and short ways to its registers. */
#ifndef TESTS_LAPIC_UNIT_H
#define TESTS_LAPIC_UNIT_H

#include "hw/apic/lapic_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum { UNIT_ID = 0x12345 };

static struct pstd_lapic l;
static uint64_t now;

/* After reset, in xAPIC mode, disabled by software. */
static inline void unit_reset(unsigned features)
{
	const struct pstd_lapic_config c = { .id = UNIT_ID, .features = features,
		                             .address_width = 40, .cycle = 1 };

	pstd_lapic_reset(&l, &c);
	now = 0;
}

static inline struct pstd_lapic_out put(unsigned offset, uint32_t value)
{
	return pstd_lapic_mmio_write(&l, offset, 4, value, now);
}

static inline uint32_t get(unsigned offset)
{
	return pstd_lapic_mmio_read(&l, offset, 4, now);
}

/* Whatever the write emitted is dropped. */
static inline bool put_msr(uint32_t msr, uint64_t value)
{
	struct pstd_lapic_out out;

	return pstd_lapic_wrmsr(&l, msr, value, now, &out);
}

static inline bool can_get_msr(uint32_t msr)
{
	uint64_t value;

	return pstd_lapic_rdmsr(&l, msr, now, &value);
}

static inline uint64_t get_msr(uint32_t msr)
{
	uint64_t value = 0;

	assert_true(pstd_lapic_rdmsr(&l, msr, now, &value));
	return value;
}

/* cmocka's setup: enabled by software, spurious vector FFH, every feature. */
static inline int unit_enabled(void **state)
{
	unit_reset(PSTD_LAPIC_ALL);
	put(PSTD_APIC_SVR, 0x1ff);
	return 0;
}

/* The same in x2APIC mode. */
static inline int unit_x2apic(void **state)
{
	unit_enabled(state);
	assert_true(put_msr(PSTD_APIC_MSR_BASE, l.base | PSTD_APIC_BASE_EXTD));
	return 0;
}

/* The error status: a write, then a read. */
static inline uint32_t errors(void)
{
	put(PSTD_APIC_ESR, 0);
	return get(PSTD_APIC_ESR);
}

#endif
