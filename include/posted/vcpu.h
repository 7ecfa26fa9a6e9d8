/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU: its life, its way to guest mode and to sleep, and what is sent to it. Who may
 * call (owner, data, control): posted/hyp.h. SDM, "Posted-Interrupt Processing"; Linux,
 * vmx/posted_intr.c.
 */
#ifndef PSTD_VCPU_H
#define PSTD_VCPU_H

#include <posted/apic.h>
#include <posted/host.h>
#include <posted/vm.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* What software must know of a vCPU before it may skip a notification. */
enum pstd_mode {
	PSTD_OUTSIDE_GUEST_MODE,
	PSTD_IN_GUEST_MODE,
};

/* The vCPU as the host's scheduler sees it. */
enum pstd_task {
	PSTD_TASK_RUNNABLE, /* on a run queue */
	PSTD_TASK_RUNNING,  /* loaded on a pCPU */
	PSTD_TASK_BLOCKING, /* about to sleep: a wake-up now cancels it */
	PSTD_TASK_SLEEPING, /* a wake-up makes it runnable */
};

/* What is next for a vCPU that is loaded. */
enum pstd_next {
	PSTD_ENTER,  /* VM entry, or pstd_vcpu_cancel */
	PSTD_BLOCK,  /* it is halted: pstd_vcpu_block */
	PSTD_KICKED, /* its owner looks at what is asked of it, then calls pstd_vcpu_enter again */
};

struct pstd_vcpu {
	/* given by the caller */
	struct pstd_vm *vm;
	uint32_t apic_id; /* the guest's, and its index in pstd_vm.vcpus */
	struct pstd_desc *pid;
	struct pstd_apic_page *apic; /* the virtual-APIC page */
	uint64_t vmcs;               /* physical address; who writes it when: posted/controls.h */
	/*
	 * Guest registers of the last exit, by the caller's entry stub. Of an APIC-access
	 * exit rax stands for what the instruction writes, and then for what it reads.
	 */
	uint64_t rax, rcx, rdx;
	/* shared words */
	uint64_t mode; /* enum pstd_mode */
	uint64_t task; /* enum pstd_task */
	uint64_t nmi;  /* 1: one was sent, and is not injected yet */
	uint64_t kick; /* 1: it was kicked, and its owner does not know yet */
	uint64_t identity; /* LDR, DFR and software enable, for who sends it IPIs */
	/* for the caller */
	bool carried_out; /* the last exit's instruction was: RIP is to be moved past it */
	/* the owner's */
	struct pstd_pcpu *pcpu; /* where it is, or was last, loaded */
	struct pstd_list wakeup;
	bool vmcs_ready; /* its VMCS has its controls */
	bool launched; /* its launch state: VM entry is by VMRESUME, else by VMLAUNCH */
	bool halted;   /* in HLT until an interrupt can be delivered */
	uint8_t tpr_threshold; /* as the VMCS has it */
	uint32_t windows;      /* so too: interrupt-window and NMI-window exiting */
	uint32_t interrupted;  /* an interrupt that an exit cut short, to be injected again */
	uint32_t errors;       /* of its local APIC, since ESR was last written */
	/* counters: exits by reason, the owner's; merged requests by vector (NMIs: 2), anyone's */
	uint64_t exits[PSTD_VMX_EXIT_REASONS];
	uint64_t coalesced[256];
};

/*
 * The run loop of a pCPU, with interrupts off from where it cleared resched and chose
 * the vCPU; vm_enter is the caller's stub, which says if the instruction failed:
 *
 *	pstd_vcpu_load(v, p);
 *	for (;;) {
 *		if (p->resched) {
 *			pstd_vcpu_preempt(v);
 *			return PREEMPTED; // it goes on a run queue
 *		}
 *		switch (pstd_vcpu_enter(v)) {
 *		case PSTD_KICKED:
 *			requests(v);
 *			continue;
 *		case PSTD_BLOCK:
 *			if (pstd_vcpu_block(v))
 *				return BLOCKED; // v is not ours any more
 *			continue;
 *		case PSTD_ENTER:
 *			break;
 *		}
 *		if (vm_enter(registers, v->launched)) {
 *			pstd_vcpu_cancel(v);
 *			...
 *		}
 *		pstd_vcpu_exit(v);
 *		... // other exits; RIP, if v->carried_out; interrupts on for a moment
 *	}
 */

/* Its life. */

/*
 * Readies a vCPU: runnable, though pstd_ops.runnable is not called, and its descriptor
 * addressed to p. Last it is published, in vm->vcpus and the PID-pointer table: IPIs,
 * messages and routes find all of it or nothing. A zeroed APIC page becomes that of a local
 * APIC as firmware leaves it: enabled by software, the LVT masked; any other, say a
 * restored one, is taken as it is. After pstd_vcpu_fini a vCPU may be readied again, with a
 * page and a VMCS made anew. -PSTD_EINVAL: vm->vcpus has no room for its APIC id, or an
 * xAPIC none for so large a one (0 to 254). -PSTD_EBUSY: another vCPU has that id. Then
 * nothing was done. Control.
 *
 * Who saves an unloaded vCPU keeps of it, beside page and VMCS: halted, interrupted,
 * errors, nmi, and PIR. After this, before the first load, the first three are written
 * back, and what the other two say is sent anew: pstd_vcpu_nmi, pstd_vcpu_deliver.
 */
int pstd_vcpu_init(struct pstd_vcpu *v, struct pstd_pcpu *p);

/*
 * The reverse: when this returns no guest's IPI finds the vCPU, and it is on no wake-up
 * list. It is loaded nowhere and will not be, and no route leads to it. Who had found it
 * may still have it woken: what pstd_ops.runnable put on a run queue until this returns,
 * the caller takes off again. Control, with interrupts off, for the lock of a wake-up list;
 * pstd_ops.synchronize, its last step, may turn them on.
 */
void pstd_vcpu_fini(struct pstd_vcpu *v);

/* The run loop, step by step. */

/*
 * Loads a vCPU on p, wherever it was: leaves the old wake-up list, points the
 * descriptor here, clears SN, and sets ON if anything was posted meanwhile. The
 * first time it also sets up the VMCS. It may still be halted, if something else woke it
 * than an interrupt: pstd_vcpu_enter says so. Only of a runnable one: it was readied or
 * preempted, or handed to pstd_ops.runnable, which pstd_vcpu_wake does for a sleeper. On
 * p, the only one to load v.
 */
void pstd_vcpu_load(struct pstd_vcpu *v, struct pstd_pcpu *p);

/*
 * The last step before VM entry. PSTD_KICKED: somebody kicked it since it last said so.
 * PSTD_BLOCK: it is halted. Neither is in guest mode, and nothing was injected.
 * PSTD_ENTER: guest mode was declared, then what was posted moved into the virtual IRR,
 * and what the entry injects chosen: first what an exit cut short, then an NMI, then
 * (without APIC virtualization) an interrupt; what is blocked gets a window. Owner.
 */
enum pstd_next pstd_vcpu_enter(struct pstd_vcpu *v) __attribute__((warn_unused_result));

/*
 * After PSTD_ENTER: the VM entry failed without an exit (VMfail), or the caller gives it
 * up. Leaves guest mode. What was to be injected waits for another entry: an interrupt
 * or an NMI is taken out of VM_ENTRY_INTR_INFO, anything else stays there. An NMI may
 * merge with one that was sent meanwhile. Owner.
 */
void pstd_vcpu_cancel(struct pstd_vcpu *v);

/*
 * The first step after a VM exit. An APIC-access exit, which only guests in xAPIC mode
 * have, needs an instruction decoder, the caller's: the CPU says what was accessed, not
 * with which value. rax is to be what the instruction writes, before this; if it read,
 * rax is then what it reads, and the caller puts it where that belongs.
 *
 * Leaves guest mode and handles the exit, if it is one of these: external interrupts,
 * HLT, accesses to the guest's local APIC (the APIC-access page, MSRs 800H to 8FFH). If
 * the instruction is carried_out, RIP is to be moved past it; of these MSRs, one that
 * is not raises #GP(0) at the next entry. All other exits are the caller's. Of a VM entry
 * that failed with an exit (bit 31 of the reason) it leaves guest mode and counts it, no
 * more; one that failed without an exit is pstd_vcpu_cancel's. Owner, read-side.
 *
 * Of the guest's ICR all destinations, shorthands and lowest priority (by vector
 * hashing) are carried out, for interrupts and NMIs; INIT, SIPI, SMI and reserved
 * delivery modes are dropped, but the caller finds them on the page. A look-up costs a
 * step for each vCPU only for broadcasts and xAPIC's logical destinations. Nothing
 * counts for the APIC's timer.
 */
void pstd_vcpu_exit(struct pstd_vcpu *v);

/*
 * Puts a halted vCPU to sleep unless an interrupt or an NMI can be delivered to it.
 * With interrupts disabled only an NMI, or an event of the caller's, ends the halt.
 * True: it is unloaded, its VMCS is active nowhere, and it sleeps, or was woken, and
 * another pCPU may run it by now: the caller touches neither any more. False: it is
 * loaded, and halted no longer, or was kicked: pstd_vcpu_enter is next. Owner.
 */
bool pstd_vcpu_block(struct pstd_vcpu *v) __attribute__((warn_unused_result));

/*
 * Unloads a vCPU that is preempted: its VMCS is active nowhere, and from here on posts
 * are recorded silently (SN). When it has returned another pCPU may load it. Owner.
 */
void pstd_vcpu_preempt(struct pstd_vcpu *v);

/* What is sent to it. */

/*
 * Sends a fixed edge interrupt to a vCPU in any state: posts it, then notifies
 * it in guest mode or wakes it. False if it merged with one that was already
 * posted. Two locked operations, one if ON is set; one and a count if it merged.
 * Takes no lock to post and to notify; waking a sleeper calls pstd_ops.runnable. Data.
 */
bool pstd_vcpu_deliver(struct pstd_vcpu *v, uint8_t vector);

/*
 * Sends an NMI to a vCPU in any state; it ends a halt even with interrupts disabled.
 * Makes a guest exit, or wakes it, and the next VM entry that may injects it. False:
 * it merged with one that was not injected yet, as in a local APIC. One locked
 * operation, and a count if it merged; takes no lock, but as pstd_vcpu_deliver for a
 * sleeper. Data.
 */
bool pstd_vcpu_nmi(struct pstd_vcpu *v);

/*
 * Makes a vCPU leave guest mode, or end its sleep, so that its owner sees what the
 * caller asks of it, in memory of their own, written before: the next pstd_vcpu_enter
 * says PSTD_KICKED, whatever state the vCPU is in. Kicks merge until then. One locked
 * operation; takes no lock, but as pstd_vcpu_deliver for a sleeper. Data.
 */
void pstd_vcpu_kick(struct pstd_vcpu *v);

/* Wakes a vCPU if it sleeps or is about to. Data. */
void pstd_vcpu_wake(struct pstd_vcpu *v);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
