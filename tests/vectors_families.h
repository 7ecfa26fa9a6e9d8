/* SPDX-License-Identifier: BSD-2-Clause */
/* The families of test vectors, and the rule that judges each. A new one is a row. */
#ifndef VECTORS_FAMILIES_H
#define VECTORS_FAMILIES_H

#include "vectors_format.h"
#include <posted/apic.h>
#include <posted/msi.h>
#include <posted/pid.h>

struct vec_family {
	const char *name;
	/* Feeds one vector to the project's code and compares every output. */
	void (*judge)(struct vec *v);
};

/* vtd_ir and faults: vectors_vtd.c. */
void vtd_family(struct vec *v);

/* vectors_apic.c. */
void apic_dest_family(struct vec *v);
void lowest_prio_family(struct vec *v);
void apic_timer_divide_family(struct vec *v);
void apic_timer_count_family(struct vec *v);

/* vectors_vmx.c. */
void vid_tpr_family(struct vec *v);
void vid_eoi_family(struct vec *v);
void vid_selfipi_family(struct vec *v);
void posted_processing_family(struct vec *v);
void tpr_threshold_family(struct vec *v);
void apic_access_family(struct vec *v);
void msr_access_family(struct vec *v);
void vmentry_ctl_family(struct vec *v);

/* 256-bit columns as banks of an APIC page. */
void bank_load(struct vec *v, const char *column, struct pstd_apic_page *page, unsigned bank);
void bank_expect(struct vec *v, const char *column, const struct pstd_apic_page *page,
                 unsigned bank);

/* A descriptor's columns: PIR, ON, SN. */
void pid_load(struct vec *v, struct pstd_desc *d);

/* msi_compat: what a unit that does not remap makes of a message. */
void vtd_expect_passed(struct vec *v, struct pstd_msi_msg m);

/* Ends with a row without a name. */
extern const struct vec_family vec_families[];

#endif
