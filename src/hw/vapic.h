/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * APIC virtualization: the virtual-APIC page and the guest interrupt status.
 * SDM, "APIC Virtualization and Virtual Interrupts"; the functions bear its
 * names. All belong to the pCPU in guest mode.
 */
#ifndef HW_VAPIC_H
#define HW_VAPIC_H

#include <posted/apic.h>
#include <posted/pid.h>

struct vapic {
	struct apic_page *page;
	uint8_t rvi, svi;      /* guest interrupt status */
	bool intr_window;      /* "interrupt-window exiting" */
	bool recognized;       /* a pending virtual interrupt was recognized */
	uint64_t eoi_exit[4];  /* EOI-exit bitmap */
	uint64_t *coalesced;   /* counts merged requests by vector, if not null: not silicon's */
};

/* "PPR Virtualization" */
void vapic_ppr_virtualization(struct vapic *v);

/* "Evaluation of Pending Virtual Interrupts" */
void vapic_evaluate_pending(struct vapic *v);

/* "TPR Virtualization", with virtual-interrupt delivery; after VTPR was written. */
void vapic_tpr_virtualization(struct vapic *v);

/* "EOI Virtualization". True: an EOI-induced exit for *vector, instead of an evaluation. */
bool vapic_eoi_virtualization(struct vapic *v, uint8_t *vector);

/* "Virtual-Interrupt Delivery": returns the vector. Only while recognized. */
uint8_t vapic_deliver(struct vapic *v);

/* The part of VM entry that concerns it: PPR virtualization, evaluation. */
void vapic_vm_entry(struct vapic *v);

/* "Posted-Interrupt Processing", the steps that move PIR into VIRR and RVI. */
void vapic_merge_pir(struct vapic *v, struct pi_desc *d);

#endif
