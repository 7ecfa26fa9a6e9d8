/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A physical CPU: root and guest mode, external interrupts, posted-interrupt
 * processing, virtual-interrupt delivery, HLT. All belongs to its own agent;
 * only the local APIC's inbox is open to others.
 */
#ifndef HW_CPU_H
#define HW_CPU_H

#include "hw/lapic.h"
#include "hw/memory.h"
#include "hw/vapic.h"
#include "hw/vmcs.h"

struct cpu {
	struct lapic lapic;
	const struct memory *memory;
	struct vmcs *vmcs;  /* loaded by VMPTRLD */
	bool guest;         /* non-root operation */
	/* while in guest mode */
	struct vapic vapic;
	struct pi_desc *pid;
	uint8_t nv;
	bool hlt;           /* activity state HLT */
	uint64_t rflags, interruptibility;
};

/* What happens at an instruction boundary of the guest. */
enum cpu_event {
	CPU_NONE,    /* the next instruction */
	CPU_DELIVER, /* a virtual interrupt, its vector given */
	CPU_EXIT,    /* a VM exit took place; the VMCS says why */
};

/* VMPTRLD. False: no VMCS there. */
bool cpu_vmptrld(struct cpu *c, uint64_t vmcs);

/* VM entry, from the loaded VMCS. */
void cpu_vm_entry(struct cpu *c);

/*
 * An instruction boundary in guest mode: at most one event, by priority: first
 * a recognized virtual interrupt, then external interrupts; notifications that
 * make nothing deliverable are no events. After CPU_NONE the local APIC is empty.
 */
enum cpu_event cpu_boundary(struct cpu *c, uint8_t *vector);

/*
 * "Posted-Interrupt Processing": the external interrupt that the local APIC
 * offers. True: it was the notification and was processed; false: an
 * external-interrupt exit took place.
 */
bool cpu_posted_interrupt_processing(struct cpu *c);

/* Instructions of the guest. True: a VM exit took place instead. */
bool cpu_hlt(struct cpu *c);
bool cpu_write_eoi(struct cpu *c);
bool cpu_write_tpr(struct cpu *c, uint8_t value);
bool cpu_write_icr(struct cpu *c, uint64_t icr);

/* The end of a handler: interrupts are enabled again. */
void cpu_iret(struct cpu *c);

#endif
