/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A physical CPU: root and guest mode, VM entry and exit, external interrupts,
 * posted-interrupt processing, virtual-interrupt delivery, injected events,
 * activity states. All belongs to its own agent; only the local APIC's inbox is
 * open to others.
 */
#ifndef POSTED_HW_CPU_H
#define POSTED_HW_CPU_H

#include <posted/hw/lapic.h>
#include <posted/hw/memory.h>
#include <posted/hw/pic.h>
#include <posted/hw/vapic.h>
#include <posted/hw/vmcs.h>

#pragma GCC visibility push(default)

/* What a VM entry leaves for the boundaries after it. */
enum cpu_pending {
	CPU_PENDING_INJECTION = 1,  /* it injects an event */
	CPU_PENDING_TPR = 2,        /* it induces a TPR-below-threshold exit */
	CPU_PENDING_NMI_WINDOW = 4, /* "NMI-window exiting" */
};

enum { CPU_ADDRESS_WIDTH = 46 };

struct cpu {
	struct lapic lapic;
	const struct memory *memory;
	unsigned address_width; /* of physical addresses; 0 stands for CPU_ADDRESS_WIDTH */
	struct pic_pair *pic;   /* answers acknowledge cycles, its INTR is LINT0; null: none */
	struct vmcs *vmcs;      /* the current one; null: none */
	bool guest;             /* non-root operation */
	uint64_t broken;        /* the rules that the last VM entry broke (posted/hw/vmcs.h) */
	uint64_t smis;          /* SMIs taken, as MSR_SMI_COUNT has it */
	/* while in guest mode */
	unsigned pending;       /* enum cpu_pending */
	struct vapic vapic;
	struct pi_desc *pid;    /* null: the VMCS does not post */
	uint8_t *msr_bitmap;    /* null: every MSR exits */
	uint8_t nv;
	enum vmx_activity activity;
	bool mwait_breaks;      /* ECX[0] of the MWAIT that it waits in */
	uint64_t rflags, interruptibility;
	/* the event whose handler is about to begin */
	struct {
		uint32_t info, error_code; /* as interruption information; 0: none under way */
		uint64_t rflags;           /* before it */
	} delivery;
};

/* What happens at an instruction boundary of the guest. */
enum cpu_event {
	CPU_NONE,      /* the next instruction; none if the CPU is not active */
	CPU_DELIVER,   /* an interrupt, its vector given: virtual, injected, or external */
	CPU_EXIT,      /* a VM exit took place; the VMCS says why */
	CPU_NMI,       /* an NMI, vector 2 */
	CPU_EXCEPTION, /* an injected exception or software interrupt, its vector given */
};

/* What became of an instruction that reaches for the APIC. */
enum cpu_outcome {
	CPU_DONE,    /* carried out */
	CPU_EXITED,  /* a VM exit took place, instead of it or right after it */
	CPU_GP,      /* #GP in the guest, nothing else */
	CPU_THROUGH, /* not virtualized: it is for the pCPU's own local APIC, by the caller */
	CPU_SEND,    /* carried out, and a notification is to be sent: the caller carries it */
};

/* VMPTRLD: from now on the VMCS is active here, and current. False: no VMCS there. */
bool cpu_vmptrld(struct cpu *c, uint64_t vmcs);

/* VMCLEAR: it is active nowhere, not current here, and clear. False: no VMCS there. */
bool cpu_vmclear(struct cpu *c, uint64_t vmcs);

/*
 * A VMCS is active on another CPU, which has parts of it: then neither instruction does
 * what it should, and no CPU notices. Whoever executes one for software asks before.
 */
bool cpu_active_elsewhere(const struct cpu *c, uint64_t vmcs);

/*
 * VM entry from the current VMCS, by VMRESUME if it was launched, else by VMLAUNCH.
 * False: refused, and without a current VMCS that is all. Else bit 31 of VM_EXIT_REASON
 * is set if guest state was wrong, as at a VM exit; else VM_INSTRUCTION_ERROR says that
 * controls were, or that it was the wrong instruction. cpu.broken has the rules, by name.
 */
bool cpu_vm_entry(struct cpu *c, bool launched);

/*
 * An instruction boundary in guest mode: at most one event, by priority: an
 * injected event, an exit that the entry induces, INIT and SIPI, NMI window, NMI,
 * interrupt window, a recognized virtual interrupt, then external interrupts, an
 * ExtINT before the local APIC's own. SMIs and notifications that make nothing
 * deliverable are no events. After CPU_NONE the local APIC has nothing that is not
 * blocked.
 */
enum cpu_event cpu_boundary(struct cpu *c, uint8_t *vector);

/*
 * The acknowledge cycle of root mode, with interrupts open: the vector of an ExtINT, else
 * as lapic_inta. An ExtINT's comes from the 8259 pair, whose INTR LINT0 follows then; where
 * there is none nobody drives the bus, which is FFH. Whoever else changes the pair, by a
 * port or a line, is to have lapic_pin called on each CPU that has it as its pic, by its owner.
 */
uint8_t cpu_acknowledge(struct cpu *c);

/*
 * "Default Treatment of SMI Delivery": takes an SMI that waits, to SMM and back, which
 * leaves no trace but smis. For root mode; in guest mode cpu_boundary does it.
 */
void cpu_take_smi(struct cpu *c);

/*
 * "Posted-Interrupt Processing": the external interrupt that is offered, by the local
 * APIC or as an ExtINT. True: it was the notification and was processed; false: an
 * external-interrupt exit took place.
 */
bool cpu_posted_interrupt_processing(struct cpu *c);

/*
 * The delivery that cpu_boundary has just reported met a VM exit on its way, at
 * the stack or the IDT: an APIC-access exit at this offset of the APIC-access
 * page. IDT-vectoring information says what was being delivered. Before any
 * other instruction of the guest.
 */
void cpu_delivery_exit(struct cpu *c, unsigned offset);

/* Instructions of the guest. True: a VM exit took place instead. */
bool cpu_hlt(struct cpu *c);
bool cpu_mwait(struct cpu *c, bool break_on_masked); /* the latter is ECX[0] */
void cpu_sti(struct cpu *c);
void cpu_cli(struct cpu *c);
void cpu_mov_ss(struct cpu *c);

/* The end of an interrupt's handler: IRET, to where interrupts were enabled. */
void cpu_iret(struct cpu *c);

/*
 * IRET to RFLAGS as the delivery left them on the guest's stack: what
 * delivery.rflags was when cpu_boundary reported it. Ends blocking by NMI.
 */
void cpu_iret_to(struct cpu *c, uint64_t rflags);

/* An instruction that does nothing here: blocking by STI and MOV SS ends with it. */
void cpu_retire(struct cpu *c);

/*
 * The guest's ways to an APIC: memory (at an offset of the page where it has its
 * APIC), MSRs, CR8. A notification that is to be sent goes to *msg.
 */
enum cpu_outcome cpu_mmio_read(struct cpu *c, unsigned offset, unsigned size, uint64_t *value);
enum cpu_outcome cpu_mmio_write(struct cpu *c, unsigned offset, unsigned size, uint64_t value,
                                struct apic_msg *msg);
enum cpu_outcome cpu_mmio_fetch(struct cpu *c, unsigned offset);
enum cpu_outcome cpu_rdmsr(struct cpu *c, uint32_t msr, uint64_t *value);
enum cpu_outcome cpu_wrmsr(struct cpu *c, uint32_t msr, uint64_t value, struct apic_msg *msg);
enum cpu_outcome cpu_mov_to_cr8(struct cpu *c, uint64_t value);
enum cpu_outcome cpu_mov_from_cr8(struct cpu *c, uint64_t *value);

#pragma GCC visibility pop

#endif
