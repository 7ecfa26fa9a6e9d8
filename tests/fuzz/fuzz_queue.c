/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any content of the invalidation queue, and any tails: the unit stops at the
 * tail or at a descriptor that it says is bad, its head never leaves the queue,
 * and there is an end. The input: a byte of options, four tails, descriptors.
 */
#include "fuzz.h"
#include "unit.h"
#include <string.h>

enum {
	WIDE = 1,     /* 256-bit descriptors */
	SCALABLE = 2, /* a unit that has them */
	EVENTS = 4,   /* the completion event is not masked */
	LONG = 8,     /* two pages, else one */
};

enum { TAILS = 4, QUEUE_AT = 0x2000 }; /* the rest of the memory is for statuses */

static void start_queue(struct fuzz_unit *f, uint8_t options)
{
	uint64_t base = memory_phys(&f->memory, f->memory.base + QUEUE_AT);

	vtd_write(&f->vtd, VTD_IECTL, 4, options & EVENTS ? 0 : VTD_ECTL_IM);
	vtd_write(&f->vtd, VTD_IQA, 8, base | (options & WIDE ? VTD_IQA_DW : 0) |
	                               (options & LONG ? 1 : 0));
	vtd_write(&f->vtd, VTD_GCMD, 4, VTD_GCMD_QIE);
	MUST(vtd_read(&f->vtd, VTD_GSTS, 4) & VTD_GSTS_QIES);
}

/* Cleared: an error that is set is of this tail, not of one before it. */
static void judge(struct fuzz_unit *f, uint8_t options, bool cleared)
{
	uint64_t head = vtd_read(&f->vtd, VTD_IQH, 8), tail = vtd_read(&f->vtd, VTD_IQT, 8);
	unsigned bytes = options & LONG ? 0x2000 : 0x1000, step = options & WIDE ? 32 : 16;
	uint64_t iqe = vtd_read(&f->vtd, VTD_FSTS, 4) & VTD_FSTS_IQE;
	uint64_t iqei = vtd_read(&f->vtd, VTD_IQER, 8) & VTD_IQER_IQEI;

	unit_judge(f);
	MUST(head < bytes && head % step == 0);
	MUST(iqe || head == tail);
	if (!iqe || !cleared)
		return;
	MUST(head != tail);
	if ((options & WIDE) && !(options & SCALABLE))
		MUST(iqei == VTD_IQEI_WIDTH);
	else if (tail % step)
		MUST(iqei == VTD_IQEI_ALIGNMENT);
	else if (tail >= bytes)
		MUST(iqei == VTD_IQEI_TAIL);
	else
		MUST(iqei == VTD_IQEI_TYPE || iqei == VTD_IQEI_RSVD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_unit *f;
	uint16_t tails[TAILS];
	uint8_t options;
	size_t room;

	if (size < 1 + sizeof(tails))
		return 0;
	options = *data;
	memcpy(tails, data + 1, sizeof(tails));
	data += 1 + sizeof(tails);
	size -= 1 + sizeof(tails);
	f = unit_reset(0, options & SCALABLE ? VTD_ECAP_SMTS : 0);
	room = UNIT_MEMORY - QUEUE_AT;
	memcpy(f->memory.base + QUEUE_AT, data, size < room ? size : room);
	start_queue(f, options);
	for (unsigned n = 0; n < TAILS; n++) {
		vtd_write(&f->vtd, VTD_IQT, 8, tails[n]);
		unit_work(f);
		judge(f, options, false);
		/* An error that is cleared comes back, or was of a tail that is another now. */
		vtd_write(&f->vtd, VTD_FSTS, 4, VTD_FSTS_IQE);
		unit_work(f);
		judge(f, options, true);
	}
	return 0;
}
