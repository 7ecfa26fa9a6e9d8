/* SPDX-License-Identifier: BSD-2-Clause */
/* A small VT-d unit with a little memory, new for each input. */
#ifndef TESTS_FUZZ_UNIT_H
#define TESTS_FUZZ_UNIT_H

#include <posted/hw/vtd.h>

enum {
	UNIT_MEMORY = 16 << 10,
	UNIT_RECORDS = 4,
	UNIT_RECORDS_AT = 0x200,
	UNIT_CACHE = 16,
};

struct fuzz_unit {
	struct pstd_memory memory;
	struct pstd_vtd vtd;
};

/* The one unit, at reset; memory zeroed. CAP and ECAP get these bits beside their own. */
struct fuzz_unit *unit_reset(uint64_t cap, uint64_t ecap);

/* Lets the unit work until there is nothing to do, which must be soon. */
void unit_work(struct fuzz_unit *f);

/* What holds after any access. */
void unit_judge(struct fuzz_unit *f);

#endif
