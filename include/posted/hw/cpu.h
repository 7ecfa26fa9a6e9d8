/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A physical CPU: root and guest mode, VM entry and exit, external interrupts,
 * posted-interrupt processing, virtual-interrupt delivery, injected events,
 * activity states. All belongs to its own agent; only the local APIC's inbox is
 * open to others.
 */
#ifndef PSTD_HW_CPU_H
#define PSTD_HW_CPU_H

#include <posted/hw/lapic.h>
#include <posted/hw/memory.h>
#include <posted/hw/pic.h>
#include <posted/hw/vapic.h>
#include <posted/hw/vmcs.h>

#pragma GCC visibility push(default)

/* What a VM entry leaves for the boundaries after it. */
enum pstd_cpu_pending {
	PSTD_CPU_PENDING_INJECTION = 1,  /* it injects an event */
	PSTD_CPU_PENDING_TPR = 2,        /* it induces a TPR-below-threshold exit */
	PSTD_CPU_PENDING_NMI_WINDOW = 4, /* "NMI-window exiting" */
};

enum { PSTD_CPU_ADDRESS_WIDTH = 46 };

struct pstd_cpu {
	struct pstd_lapic lapic;
	const struct pstd_memory *memory;
	unsigned address_width;    /* of physical addresses; 0 stands for PSTD_CPU_ADDRESS_WIDTH */
	struct pstd_pic_pair *pic; /* answers acknowledge cycles, its INTR is LINT0; null: none */
	struct pstd_vmcs *vmcs;    /* the current one; null: none */
	bool guest;                /* non-root operation */
	uint64_t broken;           /* the rules that the last VM entry broke (posted/hw/vmcs.h) */
	uint64_t smis;             /* SMIs taken, as MSR_SMI_COUNT has it */
	/* while in guest mode */
	unsigned pending;         /* enum pstd_cpu_pending */
	struct pstd_vapic vapic;
	struct pstd_desc *pid;    /* null: the VMCS does not post */
	uint8_t *msr_bitmap;      /* null: every MSR exits */
	uint8_t nv;
	enum pstd_vmx_activity activity;
	bool mwait_breaks;        /* ECX[0] of the MWAIT that it waits in */
	uint64_t rflags, interruptibility;
	/* the event whose handler is about to begin */
	struct {
		uint32_t info, error_code; /* as interruption information; 0: none under way */
		uint64_t rflags;           /* before it */
	} delivery;
};

/* What happens at an instruction boundary of the guest. */
enum pstd_cpu_event {
	PSTD_CPU_NONE,      /* the next instruction; none if the CPU is not active */
	PSTD_CPU_DELIVER,   /* an interrupt, its vector given: virtual, injected, or external */
	PSTD_CPU_EXIT,      /* a VM exit took place; the VMCS says why */
	PSTD_CPU_NMI,       /* an NMI, vector 2 */
	PSTD_CPU_EXCEPTION, /* an injected exception or software interrupt, its vector given */
};

/* What became of an instruction that reaches for the APIC. */
enum pstd_cpu_outcome {
	PSTD_CPU_DONE,    /* carried out */
	PSTD_CPU_EXITED,  /* a VM exit took place, instead of it or right after it */
	PSTD_CPU_GP,      /* #GP in the guest, nothing else */
	PSTD_CPU_THROUGH, /* not virtualized: it is for the pCPU's own local APIC, by the caller */
	PSTD_CPU_SEND,    /* carried out, and a notification is to be sent: the caller carries it */
};

/* VMPTRLD: from now on the VMCS is active here, and current. False: no VMCS there. */
bool pstd_cpu_vmptrld(struct pstd_cpu *c, uint64_t vmcs);

/* VMCLEAR: it is active nowhere, not current here, and clear. False: no VMCS there. */
bool pstd_cpu_vmclear(struct pstd_cpu *c, uint64_t vmcs);

/*
 * A VMCS is active on another CPU, which has parts of it: then neither instruction does
 * what it should, and no CPU notices. Whoever executes one for software asks before.
 */
bool pstd_cpu_active_elsewhere(const struct pstd_cpu *c, uint64_t vmcs);

/*
 * VM entry from the current VMCS, by VMRESUME if it was launched, else by VMLAUNCH.
 * False: refused, and without a current VMCS that is all. Else bit 31 of VM_EXIT_REASON
 * is set if guest state was wrong, as at a VM exit; else VM_INSTRUCTION_ERROR says that
 * controls were, or that it was the wrong instruction. cpu.broken has the rules, by name.
 */
bool pstd_cpu_vm_entry(struct pstd_cpu *c, bool launched);

/*
 * An instruction boundary in guest mode: at most one event, by priority: an
 * injected event, an exit that the entry induces, INIT and SIPI, NMI window, NMI,
 * interrupt window, a recognized virtual interrupt, then external interrupts, an
 * ExtINT before the local APIC's own. SMIs and notifications that make nothing
 * deliverable are no events. After PSTD_CPU_NONE the local APIC has nothing that is not
 * blocked.
 */
enum pstd_cpu_event pstd_cpu_boundary(struct pstd_cpu *c, uint8_t *vector);

/*
 * The acknowledge cycle of root mode, with interrupts open: the vector of an ExtINT, else
 * as pstd_lapic_inta. An ExtINT's comes from the 8259 pair, whose INTR LINT0 follows then;
 * where there is none nobody drives the bus, which is FFH. Whoever else changes the pair,
 * by a port or a line, is to have pstd_lapic_pin called on each CPU that has it as its pic,
 * by its owner.
 */
uint8_t pstd_cpu_acknowledge(struct pstd_cpu *c);

/*
 * "Default Treatment of SMI Delivery": takes an SMI that waits, to SMM and back, which
 * leaves no trace but smis. For root mode; in guest mode pstd_cpu_boundary does it.
 */
void pstd_cpu_take_smi(struct pstd_cpu *c);

/*
 * "Posted-Interrupt Processing": the external interrupt that is offered, by the local
 * APIC or as an ExtINT. True: it was the notification and was processed; false: an
 * external-interrupt exit took place.
 */
bool pstd_cpu_posted_interrupt_processing(struct pstd_cpu *c);

/*
 * The delivery that pstd_cpu_boundary has just reported met a VM exit on its
 * way, at the stack or the IDT: an APIC-access exit at this offset of the
 * APIC-access page. IDT-vectoring information says what was being delivered.
 * Before any other instruction of the guest.
 */
void pstd_cpu_delivery_exit(struct pstd_cpu *c, unsigned offset);

/* Instructions of the guest. True: a VM exit took place instead. */
bool pstd_cpu_hlt(struct pstd_cpu *c);
bool pstd_cpu_mwait(struct pstd_cpu *c, bool break_on_masked); /* the latter is ECX[0] */
void pstd_cpu_sti(struct pstd_cpu *c);
void pstd_cpu_cli(struct pstd_cpu *c);
void pstd_cpu_mov_ss(struct pstd_cpu *c);

/* The end of an interrupt's handler: IRET, to where interrupts were enabled. */
void pstd_cpu_iret(struct pstd_cpu *c);

/*
 * IRET to RFLAGS as the delivery left them on the guest's stack: what
 * delivery.rflags was when pstd_cpu_boundary reported it. Ends blocking by NMI.
 */
void pstd_cpu_iret_to(struct pstd_cpu *c, uint64_t rflags);

/* An instruction that does nothing here: blocking by STI and MOV SS ends with it. */
void pstd_cpu_retire(struct pstd_cpu *c);

/*
 * The guest's ways to an APIC: memory (at an offset of the page where it has its
 * APIC), MSRs, CR8. A notification that is to be sent goes to *msg.
 */
enum pstd_cpu_outcome pstd_cpu_mmio_read(struct pstd_cpu *c, unsigned offset, unsigned size,
                                         uint64_t *value);
enum pstd_cpu_outcome pstd_cpu_mmio_write(struct pstd_cpu *c, unsigned offset, unsigned size,
                                          uint64_t value, struct pstd_apic_msg *msg);
enum pstd_cpu_outcome pstd_cpu_mmio_fetch(struct pstd_cpu *c, unsigned offset);
enum pstd_cpu_outcome pstd_cpu_rdmsr(struct pstd_cpu *c, uint32_t msr, uint64_t *value);
enum pstd_cpu_outcome pstd_cpu_wrmsr(struct pstd_cpu *c, uint32_t msr, uint64_t value,
                                     struct pstd_apic_msg *msg);
enum pstd_cpu_outcome pstd_cpu_mov_to_cr8(struct pstd_cpu *c, uint64_t value);
enum pstd_cpu_outcome pstd_cpu_mov_from_cr8(struct pstd_cpu *c, uint64_t *value);

#pragma GCC visibility pop

#endif
