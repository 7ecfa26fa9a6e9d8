/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a local APIC among themselves: for hw/lapic*.c and the test of the rows. */
#ifndef HW_LAPIC_PARTS_H
#define HW_LAPIC_PARTS_H

#include <posted/hw/lapic.h>

enum lapic_access {
	LAPIC_MMIO_R = 1,
	LAPIC_MMIO_W = 2,
	LAPIC_MSR_R = 4,
	LAPIC_MSR_W = 8,
};

/* A write as it was. */
struct lapic_write {
	unsigned offset;
	uint32_t old;
	uint64_t now;
};

/*
 * A register. A write changes the bits that are writable; by WRMSR it faults if
 * it has bits set that are neither writable nor tolerated.
 */
struct lapic_row {
	const char *name;
	uint8_t access;     /* enum lapic_access; MMIO without the right is ignored, MSR faults */
	uint8_t feature;    /* enum lapic_feature, if it or some of its bits need one */
	uint32_t optional;  /* those bits, reserved without; all: there is no such register */
	uint32_t reset;
	uint32_t writable;
	uint32_t tolerated;
	/* What else follows from a write. */
	void (*wrote)(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);
};

/* By offset / 16. Where there is no register there is no name. */
#define LAPIC_ROWS 64
extern const struct lapic_row lapic_rows[LAPIC_ROWS];

/* The row of an aligned offset, null if this local APIC has no such register. */
const struct lapic_row *lapic_row(const struct lapic *l, unsigned offset);

/* The bits of it that a write changes. */
uint32_t lapic_writable(const struct lapic *l, const struct lapic_row *row);

/* lapic.c */

static inline bool lapic_software_enabled(const struct lapic *l)
{
	return apic_read(&l->regs, APIC_SVR) & APIC_SVR_ENABLE;
}

/* Takes what the inbox holds. */
void lapic_collect(struct lapic *l);

/* Requests a vector; one below 16 is an error instead. */
void lapic_request(struct lapic *l, uint8_t vector, bool level);

/* "Error Handling": records it for ESR and signals the LVT's error interrupt. */
void lapic_error(struct lapic *l, uint32_t error);

/* lapic_lvt.c */

/* EOI of a level-triggered vector; returns as lapic_eoi. */
int lapic_eoi_level(struct lapic *l, uint8_t vector);

void lapic_wrote_lvt(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);

/* Whether a pin asks for an ExtINT, after anything that it depends on changed. */
void lapic_settle_extint(struct lapic *l);

/* Software disable sets the mask of every entry. */
void lapic_mask_all(struct lapic *l);

/* lapic_timer.c */

uint32_t lapic_timer_current(const struct lapic *l, uint64_t now);
void lapic_wrote_lvt_timer(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);
void lapic_wrote_initial_count(struct lapic *l, const struct lapic_write *w,
                               struct lapic_out *out);
void lapic_wrote_divide(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);
uint64_t lapic_read_deadline(const struct lapic *l);
void lapic_write_deadline(struct lapic *l, uint64_t deadline, uint64_t now);

/* lapic_send.c */

void lapic_wrote_icr(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);
void lapic_wrote_self_ipi(struct lapic *l, const struct lapic_write *w, struct lapic_out *out);

/* lapic_base.c */

/* What is heard, by mode and software enable. */
void lapic_set_deaf(struct lapic *l);

/* WRMSR of IA32_APIC_BASE; false: #GP. */
bool lapic_write_base(struct lapic *l, uint64_t value, struct lapic_out *out);

#endif
