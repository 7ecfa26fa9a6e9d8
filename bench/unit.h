/* SPDX-License-Identifier: BSD-2-Clause */
/* A VT-d unit to measure, brought up as the host does it. */
#ifndef BENCH_UNIT_H
#define BENCH_UNIT_H

#include "exec/iommu.h"

/* The ring of entries that benches walk, and what they hold. */
enum { RING = 256, VECTOR = 0x41, SID = 0x0100, PCPU = 3 };

struct unit {
	struct pstd_memory memory;
	struct pstd_vtd vtd;
	struct iommu iommu;
	struct pstd_vtd_cache_slot *cache;
	uint64_t records[2];
	struct pstd_irte *irtes;
	struct pstd_desc *pids;          /* of RING; posted entries point there */
	struct pstd_msi_msg msi[RING];   /* what a device writes to get at entry n of the ring */
};

/*
 * A unit with a table of 2^(table_size + 1) entries, over which the ring is spread,
 * and room for all of the ring in its cache. Calls bench_fail if it cannot be.
 */
void unit_open(struct unit *u, unsigned table_size, bool posted);
void unit_close(struct unit *u);

#endif
