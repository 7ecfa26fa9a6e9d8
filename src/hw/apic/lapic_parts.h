/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a local APIC among themselves: for hw/apic/lapic*.c and the test of the rows. */
#ifndef PSTD_HW_LAPIC_PARTS_H
#define PSTD_HW_LAPIC_PARTS_H

#include <posted/hw/lapic.h>

enum pstd_lapic_access {
	PSTD_LAPIC_MMIO_R = 1,
	PSTD_LAPIC_MMIO_W = 2,
	PSTD_LAPIC_MSR_R = 4,
	PSTD_LAPIC_MSR_W = 8,
};

/* A write as it was. */
struct pstd_lapic_write {
	unsigned offset;
	uint32_t old;
	uint64_t now;
};

/*
 * A register. A write changes the bits that are writable; by WRMSR it faults if
 * it has bits set that are neither writable nor tolerated.
 */
struct pstd_lapic_row {
	const char *name;
	/* enum pstd_lapic_access; MMIO without the right is ignored, MSR faults */
	uint8_t access;
	uint8_t feature;   /* enum pstd_lapic_feature, if it or some of its bits need one */
	uint32_t optional; /* those bits, reserved without; all: there is no such register */
	uint32_t reset;
	uint32_t writable;
	uint32_t tolerated;
	/* What else follows from a write. */
	void (*wrote)(struct pstd_lapic *l, const struct pstd_lapic_write *w,
	              struct pstd_lapic_out *out);
};

/* By offset / 16. Where there is no register there is no name. */
#define PSTD_LAPIC_ROWS 64
extern const struct pstd_lapic_row pstd_lapic_rows[PSTD_LAPIC_ROWS];

/* The row of an aligned offset, null if this local APIC has no such register. */
const struct pstd_lapic_row *pstd_lapic_row(const struct pstd_lapic *l, unsigned offset);

/* The bits of it that a write changes. */
uint32_t pstd_lapic_writable(const struct pstd_lapic *l, const struct pstd_lapic_row *row);

/* lapic.c */

static inline bool pstd_lapic_software_enabled(const struct pstd_lapic *l)
{
	return pstd_apic_read(&l->regs, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE;
}

/* Takes what the inbox holds. */
void pstd_lapic_collect(struct pstd_lapic *l);

/* Requests a vector; one below 16 is an error instead. */
void pstd_lapic_request(struct pstd_lapic *l, uint8_t vector, bool level);

/* "Error Handling": records it for ESR and signals the LVT's error interrupt. */
void pstd_lapic_error(struct pstd_lapic *l, uint32_t error);

/* lapic_lvt.c */

/* EOI of a level-triggered vector; returns as pstd_lapic_eoi. */
int pstd_lapic_eoi_level(struct pstd_lapic *l, uint8_t vector);

void pstd_lapic_wrote_lvt(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                          struct pstd_lapic_out *out);

/* Whether a pin asks for an ExtINT, after anything that it depends on changed. */
void pstd_lapic_settle_extint(struct pstd_lapic *l);

/* Software disable sets the mask of every entry. */
void pstd_lapic_mask_all(struct pstd_lapic *l);

/* lapic_timer.c */

uint32_t pstd_lapic_timer_current(const struct pstd_lapic *l, uint64_t now);
void pstd_lapic_wrote_lvt_timer(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                                struct pstd_lapic_out *out);
void pstd_lapic_wrote_initial_count(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                                    struct pstd_lapic_out *out);
void pstd_lapic_wrote_divide(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                             struct pstd_lapic_out *out);
uint64_t pstd_lapic_read_deadline(const struct pstd_lapic *l);
void pstd_lapic_write_deadline(struct pstd_lapic *l, uint64_t deadline, uint64_t now);

/* lapic_send.c */

void pstd_lapic_wrote_icr(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                          struct pstd_lapic_out *out);
void pstd_lapic_wrote_self_ipi(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                               struct pstd_lapic_out *out);

/* lapic_base.c */

/* What is heard, by mode and software enable. */
void pstd_lapic_set_deaf(struct pstd_lapic *l);

/* WRMSR of IA32_APIC_BASE; false: #GP. */
bool pstd_lapic_write_base(struct pstd_lapic *l, uint64_t value, struct pstd_lapic_out *out);

#endif
