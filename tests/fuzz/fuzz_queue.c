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
	uint64_t base = pstd_memory_phys(&f->memory, f->memory.base + QUEUE_AT);

	pstd_vtd_write(&f->vtd, PSTD_VTD_IECTL, 4, options & EVENTS ? 0 : PSTD_VTD_ECTL_IM);
	pstd_vtd_write(&f->vtd, PSTD_VTD_IQA, 8, base | (options & WIDE ? PSTD_VTD_IQA_DW : 0) |
	                                         (options & LONG ? 1 : 0));
	pstd_vtd_write(&f->vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_QIE);
	MUST(pstd_vtd_read(&f->vtd, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_QIES);
}

/* Cleared: an error that is set is of this tail, not of one before it. */
static void judge(struct fuzz_unit *f, uint8_t options, bool cleared)
{
	uint64_t head = pstd_vtd_read(&f->vtd, PSTD_VTD_IQH, 8),
		 tail = pstd_vtd_read(&f->vtd, PSTD_VTD_IQT, 8);
	unsigned bytes = options & LONG ? 0x2000 : 0x1000, step = options & WIDE ? 32 : 16;
	uint64_t iqe = pstd_vtd_read(&f->vtd, PSTD_VTD_FSTS, 4) & PSTD_VTD_FSTS_IQE;
	uint64_t iqei = pstd_vtd_read(&f->vtd, PSTD_VTD_IQER, 8) & PSTD_VTD_IQER_IQEI;

	unit_judge(f);
	MUST(head < bytes && head % step == 0);
	MUST(iqe || head == tail);
	if (!iqe || !cleared)
		return;
	MUST(head != tail);
	if ((options & WIDE) && !(options & SCALABLE))
		MUST(iqei == PSTD_VTD_IQEI_WIDTH);
	else if (tail % step)
		MUST(iqei == PSTD_VTD_IQEI_ALIGNMENT);
	else if (tail >= bytes)
		MUST(iqei == PSTD_VTD_IQEI_TAIL);
	else
		MUST(iqei == PSTD_VTD_IQEI_TYPE || iqei == PSTD_VTD_IQEI_RSVD);
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
	f = unit_reset(0, options & SCALABLE ? PSTD_VTD_ECAP_SMTS : 0);
	room = UNIT_MEMORY - QUEUE_AT;
	memcpy(f->memory.base + QUEUE_AT, data, size < room ? size : room);
	start_queue(f, options);
	for (unsigned n = 0; n < TAILS; n++) {
		pstd_vtd_write(&f->vtd, PSTD_VTD_IQT, 8, tails[n]);
		unit_work(f);
		judge(f, options, false);
		/* An error that is cleared comes back, or was of a tail that is another now. */
		pstd_vtd_write(&f->vtd, PSTD_VTD_FSTS, 4, PSTD_VTD_FSTS_IQE);
		unit_work(f);
		judge(f, options, true);
	}
	return 0;
}
