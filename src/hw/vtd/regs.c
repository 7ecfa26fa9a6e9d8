/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading and writing registers. Those of DMA remapping are not here, but for
 * RTADDR, which a driver writes too; where the rows have none, reads give zero.
 * VT-d, "Register Descriptions".
 */
#include "hw/vtd/regs.h"
#include "hw/vtd/command.h"
#include "hw/vtd/event.h"

#define WORD 0xffffffffu
#define IQA_FIELDS (PSTD_VTD_IQA_BASE | PSTD_VTD_IQA_DW | PSTD_VTD_IQA_QS)
#define IRTA_FIELDS (PSTD_VTD_IRTA_BASE | PSTD_VTD_IRTA_EIME | PSTD_VTD_IRTA_S)
#define FSTS_ERRORS (PSTD_VTD_FSTS_IQE | PSTD_VTD_FSTS_ICE | PSTD_VTD_FSTS_ITE)

/* Version 1.0. GCMD is no row: it is written by pstd_vtd_command and reads as zero. */
const struct pstd_vtd_row pstd_vtd_rows[] = {
	{ PSTD_VTD_VER, 4, "VER", 0x10, 0, 0, NULL },
	{ PSTD_VTD_CAP, 8, "CAP", 0, 0, 0, NULL },
	{ PSTD_VTD_ECAP, 8, "ECAP", 0, 0, 0, NULL },
	{ PSTD_VTD_GSTS, 4, "GSTS", 0, 0, 0, NULL },
	{ PSTD_VTD_RTADDR, 8, "RTADDR", 0, PSTD_VTD_RTADDR_BASE, 0, NULL },
	{ PSTD_VTD_FSTS, 4, "FSTS", 0, 0, PSTD_VTD_FSTS_PFO | FSTS_ERRORS, pstd_vtd_event_fsts },
	{ PSTD_VTD_FECTL, 4, "FECTL", PSTD_VTD_ECTL_IM, PSTD_VTD_ECTL_IM, 0, pstd_vtd_event_fectl },
	{ PSTD_VTD_FEDATA, 4, "FEDATA", 0, PSTD_VTD_EDATA, 0, NULL },
	{ PSTD_VTD_FEADDR, 4, "FEADDR", 0, PSTD_VTD_EADDR, 0, NULL },
	{ PSTD_VTD_FEUADDR, 4, "FEUADDR", 0, WORD, 0, NULL },
	{ PSTD_VTD_IQH, 8, "IQH", 0, 0, 0, NULL },
	{ PSTD_VTD_IQT, 8, "IQT", 0, PSTD_VTD_IQ_OFFSET, 0, NULL },
	{ PSTD_VTD_IQA, 8, "IQA", 0, IQA_FIELDS, 0, NULL },
	{ PSTD_VTD_ICS, 4, "ICS", 0, 0, PSTD_VTD_ICS_IWC, pstd_vtd_event_ics },
	{ PSTD_VTD_IECTL, 4, "IECTL", PSTD_VTD_ECTL_IM, PSTD_VTD_ECTL_IM, 0, pstd_vtd_event_iectl },
	{ PSTD_VTD_IEDATA, 4, "IEDATA", 0, PSTD_VTD_EDATA, 0, NULL },
	{ PSTD_VTD_IEADDR, 4, "IEADDR", 0, PSTD_VTD_EADDR, 0, NULL },
	{ PSTD_VTD_IEUADDR, 4, "IEUADDR", 0, WORD, 0, NULL },
	{ PSTD_VTD_IQER, 8, "IQER", 0, 0, 0, NULL },
	{ PSTD_VTD_IRTA, 8, "IRTA", 0, IRTA_FIELDS, 0, NULL },
	{ 0, 0, NULL, 0, 0, 0, NULL },
};

/* The two halves of a fault record; offsets are those within it. */
static const struct pstd_vtd_row record_rows[] = {
	{ 0, 8, "FRCD 63:0", 0, 0, 0, NULL },
	{ 8, 8, "FRCD 127:64", 0, 0, PSTD_VTD_FRCD_F, pstd_vtd_event_frcd },
};

/* One access: which register, which of its bits. Row null: it has no meaning. */
struct access {
	const struct pstd_vtd_row *row;
	uint64_t *value;
	uint64_t mask;
};

static struct access access_row(const struct pstd_vtd_row *row, uint64_t *value, unsigned at,
                                unsigned size)
{
	struct access a = { row, value, size == 8 ? ~(uint64_t)0 : (uint64_t)WORD << at * 8 };

	if (size > row->width)
		a.row = NULL;
	return a;
}

static struct access find(struct pstd_vtd *u, unsigned offset, unsigned size)
{
	unsigned record = offset - pstd_vtd_record_offset(u);
	struct access none = { 0 };

	if ((size != 4 && size != 8) || offset % size)
		return none;
	if (offset >= pstd_vtd_record_offset(u) && record < pstd_vtd_record_count(u) * 16)
		return access_row(&record_rows[record / 8 % 2], &u->config.frcd[record / 8],
		                  record % 8, size);
	for (const struct pstd_vtd_row *row = pstd_vtd_rows; row->name; row++)
		if (offset >= row->offset && offset < row->offset + row->width)
			return access_row(row, pstd_vtd_reg(u, row->offset), offset - row->offset,
			                  size);
	return none;
}

static struct pstd_vtd_event update(struct pstd_vtd *u, const struct access *a, uint64_t value)
{
	uint64_t writable = a->row->writable & a->mask, w1c = a->row->w1c & a->mask;
	struct pstd_vtd_event none = { 0 };

	*a->value = (*a->value & ~writable & ~(value & w1c)) | (value & writable);
	/* EIME is reserved, zero, without the capability. */
	if (a->row->offset == PSTD_VTD_IRTA && !(u->config.ecap & PSTD_VTD_ECAP_EIM))
		*a->value &= ~PSTD_VTD_IRTA_EIME;
	return a->row->wrote ? a->row->wrote(u) : none;
}

/* Two registers of 32 bits, or one and a place without: 8 aligned bytes are two accesses. */
static bool is_pair(struct pstd_vtd *u, unsigned offset, unsigned size)
{
	return size == 8 && offset % 8 == 0 && !find(u, offset, size).row;
}

uint64_t pstd_vtd_read(struct pstd_vtd *u, unsigned offset, unsigned size)
{
	struct access a = find(u, offset, size);
	uint64_t value;

	if (is_pair(u, offset, size)) {
		value = pstd_vtd_read(u, offset, 4);
		return value | pstd_vtd_read(u, offset + 4, 4) << 32;
	}
	if (!a.row)
		return 0;
	pstd_spin_lock(&u->registers);
	value = *a.value & a.mask;
	pstd_spin_unlock(&u->registers);
	return value / (a.mask & -a.mask);
}

/* The lower half first. No pair has two registers whose writing emits something. */
static struct pstd_vtd_event write_pair(struct pstd_vtd *u, unsigned offset, uint64_t value)
{
	struct pstd_vtd_event low = pstd_vtd_write(u, offset, 4, (uint32_t)value);
	struct pstd_vtd_event high = pstd_vtd_write(u, offset + 4, 4, value >> 32);

	return low.send ? low : high;
}

struct pstd_vtd_event pstd_vtd_write(struct pstd_vtd *u, unsigned offset, unsigned size,
                                     uint64_t value)
{
	struct access a = find(u, offset, size);
	struct pstd_vtd_event event = { 0 };

	if (is_pair(u, offset, size))
		return write_pair(u, offset, value);
	if (offset == PSTD_VTD_GCMD && size == 4)
		pstd_vtd_command(u, value);
	if (!a.row)
		return event;
	pstd_spin_lock(&u->registers);
	event = update(u, &a, value * (a.mask & -a.mask));
	pstd_spin_unlock(&u->registers);
	return event;
}
