/* SPDX-License-Identifier: BSD-2-Clause */
#include "unit.h"
#include "fuzz.h"
#include <string.h>

/* Descriptors in the greatest queue there is. */
enum { MOST_DESCRIPTORS = (4096 << 7) / 16 };

static uint8_t memory[UNIT_MEMORY] __attribute__((aligned(4096)));
static struct vtd_cache_slot cache[UNIT_CACHE];
static uint64_t records[UNIT_RECORDS * 2];

/* There is no other requester. */
static void drain(void *ctx)
{
}

struct fuzz_unit *unit_reset(uint64_t cap, uint64_t ecap)
{
	static struct fuzz_unit f;
	struct vtd_config c = {
		.memory = &f.memory,
		.address_width = 46,
		.cap = cap | VTD_CAP_PI | pi_field(VTD_CAP_FRO, UNIT_RECORDS_AT / 16) |
		       pi_field(VTD_CAP_NFR, UNIT_RECORDS - 1),
		.ecap = ecap | VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_EIM |
		        pi_field(VTD_ECAP_MHMV, 15),
		.cache_entries = UNIT_CACHE,
		.cache_ways = 2,
		.cache = cache,
		.frcd = records,
		.drain = drain,
	};

	memset(memory, 0, sizeof(memory));
	memset(cache, 0, sizeof(cache));
	memset(records, 0, sizeof(records));
	f.memory = (struct memory){ .base = memory, .size = sizeof(memory) };
	MUST(!vtd_init(&f.vtd, &c));
	return &f;
}

void unit_work(struct fuzz_unit *f)
{
	struct vtd_event event;

	for (unsigned n = 0; vtd_work(&f->vtd, &event); n++)
		MUST(n < MOST_DESCRIPTORS);
}

static bool any_record(struct fuzz_unit *f)
{
	bool any = false;

	for (unsigned n = 0; n < UNIT_RECORDS; n++)
		any |= !!(vtd_read(&f->vtd, UNIT_RECORDS_AT + 16 * n + 8, 8) & VTD_FRCD_F);
	return any;
}

void unit_judge(struct fuzz_unit *f)
{
	uint64_t fsts = vtd_read(&f->vtd, VTD_FSTS, 4), gsts = vtd_read(&f->vtd, VTD_GSTS, 4);
	uint64_t iqei = vtd_read(&f->vtd, VTD_IQER, 8) & VTD_IQER_IQEI;

	/* No lock is left behind. */
	MUST(!f->vtd.registers.held && !f->vtd.work.held);
	/* What is fixed stays so, and GCMD cannot be read. */
	MUST(vtd_read(&f->vtd, VTD_CAP, 8) == f->vtd.config.cap);
	MUST(vtd_read(&f->vtd, VTD_ECAP, 8) == f->vtd.config.ecap);
	MUST(vtd_read(&f->vtd, VTD_GCMD, 4) == 0);
	/* Reserved bits are zero, and summaries are those of what they sum up. */
	MUST(!(fsts & ~(VTD_FSTS_PENDING | VTD_FSTS_FRI)));
	MUST(!(gsts & ~(VTD_GSTS_TES | VTD_GSTS_RTPS | VTD_GSTS_QIES | VTD_GSTS_IRES |
	                VTD_GSTS_IRTPS | VTD_GSTS_CFIS)));
	MUST(!!(fsts & VTD_FSTS_PPF) == any_record(f));
	MUST(pi_field_get(VTD_FSTS_FRI, fsts) < UNIT_RECORDS);
	MUST(!(fsts & VTD_FSTS_IQE) || iqei != VTD_IQEI_NONE);
	/* Remapping is never on without a table. */
	MUST(!(gsts & VTD_GSTS_IRES) || (gsts & VTD_GSTS_IRTPS));
}
