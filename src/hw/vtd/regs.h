/* SPDX-License-Identifier: BSD-2-Clause */
/* The register file of a VT-d unit, for hw/vtd/ and the test of its rows. */
#ifndef PSTD_HW_VTD_REGS_H
#define PSTD_HW_VTD_REGS_H

#include <posted/hw/vtd.h>

/* What pstd_vtd_read and pstd_vtd_write do with a register; they do nothing else but call wrote. */
struct pstd_vtd_row {
	unsigned offset, width; /* bytes; 4 or 8 */
	const char *name;
	uint64_t reset;
	uint64_t writable;
	uint64_t w1c;           /* writing 1 clears, writing 0 leaves */
	/* What else follows from a write, if anything; with the register lock held. */
	struct pstd_vtd_event (*wrote)(struct pstd_vtd *u);
};

/* Ends with a row without a name. CAP and ECAP reset to what the configuration says. */
extern const struct pstd_vtd_row pstd_vtd_rows[];

/* A register of pstd_vtd_rows, whole. With the register lock held. */
static inline uint64_t *pstd_vtd_reg(struct pstd_vtd *u, unsigned offset)
{
	return &u->reg[offset / 4];
}

static inline unsigned pstd_vtd_record_count(const struct pstd_vtd *u)
{
	return (unsigned)pstd_field_get(PSTD_VTD_CAP_NFR, u->config.cap) + 1;
}

/* Offset of the first fault record. */
static inline unsigned pstd_vtd_record_offset(const struct pstd_vtd *u)
{
	return (unsigned)pstd_field_get(PSTD_VTD_CAP_FRO, u->config.cap) * 16;
}

#endif
