/* SPDX-License-Identifier: BSD-2-Clause */
#include "unit.h"
#include "fuzz.h"
#include <string.h>

/* Descriptors in the greatest queue there is. */
enum { MOST_DESCRIPTORS = (4096 << 7) / 16 };

static uint8_t memory[UNIT_MEMORY] __attribute__((aligned(4096)));
static struct pstd_vtd_cache_slot cache[UNIT_CACHE];
static uint64_t records[UNIT_RECORDS * 2];

/* There is no other requester. */
static void drain(void *ctx)
{
}

struct fuzz_unit *unit_reset(uint64_t cap, uint64_t ecap)
{
	static struct fuzz_unit f;
	struct pstd_vtd_config c = {
		.memory = &f.memory,
		.address_width = 46,
		.cap = cap | PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, UNIT_RECORDS_AT / 16) |
		       pstd_field(PSTD_VTD_CAP_NFR, UNIT_RECORDS - 1),
		.ecap = ecap | PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM |
		        pstd_field(PSTD_VTD_ECAP_MHMV, 15),
		.cache_entries = UNIT_CACHE,
		.cache_ways = 2,
		.cache = cache,
		.frcd = records,
		.drain = drain,
	};

	memset(memory, 0, sizeof(memory));
	memset(cache, 0, sizeof(cache));
	memset(records, 0, sizeof(records));
	f.memory = (struct pstd_memory){ .base = memory, .size = sizeof(memory) };
	MUST(!pstd_vtd_init(&f.vtd, &c));
	return &f;
}

void unit_work(struct fuzz_unit *f)
{
	struct pstd_vtd_event event;

	for (unsigned n = 0; pstd_vtd_work(&f->vtd, &event); n++)
		MUST(n < MOST_DESCRIPTORS);
}

static bool any_record(struct fuzz_unit *f)
{
	bool any = false;

	for (unsigned n = 0; n < UNIT_RECORDS; n++)
		any |= !!(pstd_vtd_read(&f->vtd, UNIT_RECORDS_AT + 16 * n + 8, 8) &
		          PSTD_VTD_FRCD_F);
	return any;
}

void unit_judge(struct fuzz_unit *f)
{
	uint64_t fsts = pstd_vtd_read(&f->vtd, PSTD_VTD_FSTS, 4),
		 gsts = pstd_vtd_read(&f->vtd, PSTD_VTD_GSTS, 4);
	uint64_t iqei = pstd_vtd_read(&f->vtd, PSTD_VTD_IQER, 8) & PSTD_VTD_IQER_IQEI;

	/* No lock is left behind. */
	MUST(!f->vtd.registers.held && !f->vtd.work.held);
	/* What is fixed stays so, and GCMD cannot be read. */
	MUST(pstd_vtd_read(&f->vtd, PSTD_VTD_CAP, 8) == f->vtd.config.cap);
	MUST(pstd_vtd_read(&f->vtd, PSTD_VTD_ECAP, 8) == f->vtd.config.ecap);
	MUST(pstd_vtd_read(&f->vtd, PSTD_VTD_GCMD, 4) == 0);
	/* Reserved bits are zero, and summaries are those of what they sum up. */
	MUST(!(fsts & ~(PSTD_VTD_FSTS_PENDING | PSTD_VTD_FSTS_FRI)));
	MUST(!(gsts & ~(PSTD_VTD_GSTS_TES | PSTD_VTD_GSTS_RTPS | PSTD_VTD_GSTS_QIES |
	                PSTD_VTD_GSTS_IRES | PSTD_VTD_GSTS_IRTPS | PSTD_VTD_GSTS_CFIS)));
	MUST(!!(fsts & PSTD_VTD_FSTS_PPF) == any_record(f));
	MUST(pstd_field_get(PSTD_VTD_FSTS_FRI, fsts) < UNIT_RECORDS);
	MUST(!(fsts & PSTD_VTD_FSTS_IQE) || iqei != PSTD_VTD_IQEI_NONE);
	/* Remapping is never on without a table. */
	MUST(!(gsts & PSTD_VTD_GSTS_IRES) || (gsts & PSTD_VTD_GSTS_IRTPS));
}
