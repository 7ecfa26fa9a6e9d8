/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * APIC virtualization: the virtual-APIC page and the guest interrupt status.
 * SDM, "APIC Virtualization and Virtual Interrupts"; the functions bear its
 * names. All belong to the pCPU in guest mode.
 */
#ifndef PSTD_HW_VAPIC_H
#define PSTD_HW_VAPIC_H

#include <posted/apic.h>
#include <posted/hw/memory.h>
#include <posted/pid.h>

#pragma GCC visibility push(default)

struct pstd_vapic {
	struct pstd_apic_page *page; /* null: no "use TPR shadow", nothing is virtualized */
	uint8_t rvi, svi;            /* guest interrupt status */
	bool recognized;             /* a pending virtual interrupt was recognized */
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
	const struct pstd_memory *memory; /* where the PID-pointer table lies */
	/*
	 * Counts requests that merged, by vector, if not null: not silicon's. Around a
	 * write that may post an IPI, its target's.
	 */
	uint64_t *coalesced;
};

/* What an emulated write leads to beyond itself. */
enum pstd_vapic_effect {
	PSTD_VAPIC_NOTHING,
	PSTD_VAPIC_TPR_BELOW_THRESHOLD, /* a VM exit */
	PSTD_VAPIC_EOI_INDUCED,         /* a VM exit, with the vector that ended */
	PSTD_VAPIC_APIC_WRITE,          /* a VM exit, with the offset */
	PSTD_VAPIC_SEND,                /* a notification */
};

struct pstd_vapic_result {
	enum pstd_vapic_effect effect;
	uint16_t qualification;
	struct pstd_apic_msg notification;
};

/* vapic.c */

/* "PPR Virtualization" */
void pstd_vapic_ppr_virtualization(struct pstd_vapic *v);

/* "Evaluation of Pending Virtual Interrupts" */
void pstd_vapic_evaluate_pending(struct pstd_vapic *v);

/* The condition of "TPR Virtualization" and of VM entry: VTPR's class is below the threshold. */
bool pstd_vapic_tpr_below_threshold(const struct pstd_vapic *v);

/* "TPR Virtualization", after VTPR was written. True: a TPR-below-threshold exit. */
bool pstd_vapic_tpr_virtualization(struct pstd_vapic *v);

/* "EOI Virtualization". True: an EOI-induced exit for *vector, instead of an evaluation. */
bool pstd_vapic_eoi_virtualization(struct pstd_vapic *v, uint8_t *vector);

/* "Self-IPI Virtualization" */
void pstd_vapic_self_ipi_virtualization(struct pstd_vapic *v, uint8_t vector);

/* "Virtual-Interrupt Delivery": returns the vector. Only while recognized. */
uint8_t pstd_vapic_deliver(struct pstd_vapic *v);

/* The part of VM entry that concerns it: PPR virtualization, evaluation. */
void pstd_vapic_vm_entry(struct pstd_vapic *v);

/* "Posted-Interrupt Processing", the steps that move PIR into VIRR and RVI. */
void pstd_vapic_merge_pir(struct pstd_vapic *v, struct pstd_desc *d);

/* vapic_ipi.c */

/*
 * "IPI Virtualization": posts vector to the descriptor that the table has for
 * target. PSTD_VAPIC_APIC_WRITE if anything is in the way, else PSTD_VAPIC_SEND or
 * PSTD_VAPIC_NOTHING. Others post to the same descriptor meanwhile.
 */
struct pstd_vapic_result pstd_vapic_ipi_virtualization(struct pstd_vapic *v, uint8_t vector,
                                                       uint32_t target);

/* vapic_access.c */

/* "Virtualizing Reads from the APIC-Access Page": true if the page is read, false: an exit. */
bool pstd_vapic_reads(const struct pstd_vapic *v, unsigned offset, unsigned size);

/* "Virtualizing Writes to the APIC-Access Page" */
bool pstd_vapic_writes(const struct pstd_vapic *v, unsigned offset, unsigned size);

/* "APIC-Write Emulation": after a virtualized write to the register at offset, a multiple of 16. */
struct pstd_vapic_result pstd_vapic_write_emulation(struct pstd_vapic *v, unsigned offset);

/* "Virtualizing MSR-Based APIC Accesses": the page is read, or written, and not the APIC. */
bool pstd_vapic_reads_msr(const struct pstd_vapic *v, unsigned offset);
bool pstd_vapic_writes_msr(const struct pstd_vapic *v, unsigned offset);

/*
 * True if a value of this MSR has reserved bits set: #GP. Of those that
 * pstd_vapic_writes_msr says.
 */
bool pstd_vapic_msr_reserved(unsigned offset, uint64_t value);

/* The write itself, 64 bits to the page, and its emulation. */
struct pstd_vapic_result pstd_vapic_write_msr(struct pstd_vapic *v, unsigned offset,
                                              uint64_t value);

#pragma GCC visibility pop

#endif
