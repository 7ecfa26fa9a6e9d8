/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * APIC virtualization: the virtual-APIC page and the guest interrupt status.
 * SDM, "APIC Virtualization and Virtual Interrupts"; the functions bear its
 * names. All belong to the pCPU in guest mode.
 */
#ifndef POSTED_HW_VAPIC_H
#define POSTED_HW_VAPIC_H

#include <posted/apic.h>
#include <posted/hw/memory.h>
#include <posted/pid.h>

#pragma GCC visibility push(default)

struct vapic {
	struct apic_page *page; /* null: no "use TPR shadow", nothing is virtualized */
	uint8_t rvi, svi;       /* guest interrupt status */
	bool recognized;        /* a pending virtual interrupt was recognized */
	/* controls, constant from VM entry to VM exit */
	bool vid;               /* "virtual-interrupt delivery" */
	bool register_virt;     /* "APIC-register virtualization" */
	bool ipi_virt;          /* "IPI virtualization" */
	bool intr_window;       /* "interrupt-window exiting" */
	uint8_t tpr_threshold;
	uint64_t eoi_exit[4];   /* EOI-exit bitmap */
	uint64_t pid_table;     /* PID-pointer table address */
	uint16_t pid_last;      /* last PID-pointer index */
	unsigned address_width; /* of physical addresses */
	bool x2apic;            /* the real local APIC's mode: the form of NDST */
	const struct memory *memory; /* where the PID-pointer table lies */
	/*
	 * Counts requests that merged, by vector, if not null: not silicon's. Around a
	 * write that may post an IPI, its target's.
	 */
	uint64_t *coalesced;
};

/* What an emulated write leads to beyond itself. */
enum vapic_effect {
	VAPIC_NOTHING,
	VAPIC_TPR_BELOW_THRESHOLD, /* a VM exit */
	VAPIC_EOI_INDUCED,         /* a VM exit, with the vector that ended */
	VAPIC_APIC_WRITE,          /* a VM exit, with the offset */
	VAPIC_SEND,                /* a notification */
};

struct vapic_result {
	enum vapic_effect effect;
	uint16_t qualification;
	struct apic_msg notification;
};

/* vapic.c */

/* "PPR Virtualization" */
void vapic_ppr_virtualization(struct vapic *v);

/* "Evaluation of Pending Virtual Interrupts" */
void vapic_evaluate_pending(struct vapic *v);

/* The condition of "TPR Virtualization" and of VM entry: VTPR's class is below the threshold. */
bool vapic_tpr_below_threshold(const struct vapic *v);

/* "TPR Virtualization", after VTPR was written. True: a TPR-below-threshold exit. */
bool vapic_tpr_virtualization(struct vapic *v);

/* "EOI Virtualization". True: an EOI-induced exit for *vector, instead of an evaluation. */
bool vapic_eoi_virtualization(struct vapic *v, uint8_t *vector);

/* "Self-IPI Virtualization" */
void vapic_self_ipi_virtualization(struct vapic *v, uint8_t vector);

/* "Virtual-Interrupt Delivery": returns the vector. Only while recognized. */
uint8_t vapic_deliver(struct vapic *v);

/* The part of VM entry that concerns it: PPR virtualization, evaluation. */
void vapic_vm_entry(struct vapic *v);

/* "Posted-Interrupt Processing", the steps that move PIR into VIRR and RVI. */
void vapic_merge_pir(struct vapic *v, struct pi_desc *d);

/* vapic_ipi.c */

/*
 * "IPI Virtualization": posts vector to the descriptor that the table has for
 * target. VAPIC_APIC_WRITE if anything is in the way, else VAPIC_SEND or
 * VAPIC_NOTHING. Others post to the same descriptor meanwhile.
 */
struct vapic_result vapic_ipi_virtualization(struct vapic *v, uint8_t vector, uint32_t target);

/* vapic_access.c */

/* "Virtualizing Reads from the APIC-Access Page": true if the page is read, false: an exit. */
bool vapic_reads(const struct vapic *v, unsigned offset, unsigned size);

/* "Virtualizing Writes to the APIC-Access Page" */
bool vapic_writes(const struct vapic *v, unsigned offset, unsigned size);

/* "APIC-Write Emulation": after a virtualized write to the register at offset, a multiple of 16. */
struct vapic_result vapic_write_emulation(struct vapic *v, unsigned offset);

/* "Virtualizing MSR-Based APIC Accesses": the page is read, or written, and not the APIC. */
bool vapic_reads_msr(const struct vapic *v, unsigned offset);
bool vapic_writes_msr(const struct vapic *v, unsigned offset);

/* True if a value of this MSR has reserved bits set: #GP. Of those that vapic_writes_msr says. */
bool vapic_msr_reserved(unsigned offset, uint64_t value);

/* The write itself, 64 bits to the page, and its emulation. */
struct vapic_result vapic_write_msr(struct vapic *v, unsigned offset, uint64_t value);

#pragma GCC visibility pop

#endif
