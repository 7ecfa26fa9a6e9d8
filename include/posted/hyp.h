/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's side of interrupt posting: what it offers a hypervisor, and
 * the few operations it asks of hardware and of its host.
 *
 * Freestanding: no libc, no allocation, no globals. All memory comes from the
 * caller, zeroed. Three kinds of caller:
 *
 *   owner    the pCPU a vCPU is loaded on, with interrupts off
 *   data     any agent, any number at once, inside a read-side section: one
 *            that pstd_ops.synchronize waits for (an interrupt handler, RCU)
 *   control  one at a time (the caller's mutex), at any time beside the others
 *
 * Functions that can fail return 0 or a negative error number, Linux's.
 */
#ifndef PSTD_HYP_H
#define PSTD_HYP_H

#include <posted/apic.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>
#include <posted/vmx.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum pstd_errno {
	PSTD_ENOENT = 2,
	PSTD_EBUSY = 16,
	PSTD_EINVAL = 22,
	PSTD_ENOSPC = 28,
};

/*
 * The host's own vectors, each a different one. 0: the host has none of this kind.
 * Notification, wakeup and kick it must have.
 */
struct pstd_vectors {
	uint8_t notification; /* of posting: the CPU takes it in guest mode */
	uint8_t wakeup;       /* NV of a vCPU that sleeps */
	uint8_t nested;       /* notification of a guest's own guests: it is counted, no more */
	uint8_t msi_notification; /* of what is posted to a pCPU */
	uint8_t timer, reschedule; /* they set pstd_pcpu.resched */
	uint8_t kick;         /* the exit that it causes is its purpose */
	uint8_t spurious;     /* of each local APIC: as its SVR has it */
	/* what pstd_irq_request gives out; none of the above, nor of the caller's */
	uint8_t first_device, last_device;
};

/* Linux's: the kick is its function call. */
enum pstd_linux_vector {
	PSTD_LINUX_FIRST_DEVICE = 0x20,
	PSTD_LINUX_LAST_DEVICE = 0xea,
	PSTD_LINUX_MSI_NOTIFICATION = 0xeb,
	PSTD_LINUX_TIMER = 0xec,
	PSTD_LINUX_NESTED = 0xf0,
	PSTD_LINUX_WAKEUP = 0xf1,
	PSTD_LINUX_NOTIFICATION = 0xf2,
	PSTD_LINUX_KICK = 0xfc,
	PSTD_LINUX_RESCHEDULE = 0xfd,
	PSTD_LINUX_SPURIOUS = 0xff,
};

/* Of them, an initializer of struct pstd_vectors. */
#define PSTD_LINUX_VECTORS                                                               \
	{                                                                                \
		PSTD_LINUX_NOTIFICATION, PSTD_LINUX_WAKEUP, PSTD_LINUX_NESTED,           \
		PSTD_LINUX_MSI_NOTIFICATION, PSTD_LINUX_TIMER, PSTD_LINUX_RESCHEDULE,    \
		PSTD_LINUX_KICK, PSTD_LINUX_SPURIOUS, PSTD_LINUX_FIRST_DEVICE,           \
		PSTD_LINUX_LAST_DEVICE                                                   \
	}

struct pstd_pcpu;
struct pstd_vcpu;
struct pstd_irq;
struct pstd_irqfd;
struct pstd_eventfd;

/*
 * What is asked of hardware and host; ctx is hyp.ctx. The first six are one
 * instruction or one table look-up each on the metal. If callers keep to the
 * kinds above, each is asked only where it says: a host may check that.
 */
struct pstd_ops {
	/*
	 * VMREAD and VMWRITE on the calling pCPU, by the owner. v: whose VMCS is meant,
	 * which is the one that was loaded last.
	 */
	uint64_t (*vmread)(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field);
	void (*vmwrite)(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
	                uint64_t value);
	/*
	 * VMPTRLD and VMCLEAR on the calling pCPU, by the owner. vmclear comes before any
	 * other pCPU may load the vCPU: a VMCS is active on one at most, and what the
	 * guest has in the pCPU beside it must be saved by then. VMCLEAR is dear: a host may
	 * put it off until another pCPU is to load the vCPU, and have it carried out where
	 * the VMCS is active, by an IPI that it sends and waits for with interrupts on,
	 * before pstd_vcpu_load: two pCPUs may want that of each other. Whether VMLAUNCH or
	 * VMRESUME is next, it has to know by itself then.
	 */
	void (*vmptrld)(void *ctx, uint64_t vmcs);
	void (*vmclear)(void *ctx, uint64_t vmcs);
	/*
	 * Writes a register of the calling pCPU's local APIC: PSTD_APIC_ICR (64 bits),
	 * PSTD_APIC_EOI. By an owner, or inside a read-side section. In xAPIC mode the ICR is two
	 * writes, the upper half first, with interrupts off: a handler that sends from between them
	 * would change where this one goes. In x2APIC mode WRMSR waits for no store before
	 * it; none needs a fence here, for a locked operation comes before each IPI.
	 */
	void (*apic_write)(void *ctx, unsigned offset, uint64_t value);
	/* Physical address of memory that hardware uses. */
	uint64_t (*phys)(void *ctx, const void *p);
	/*
	 * Puts a woken vCPU on a run queue, and ends the idling of the pCPU that is to run
	 * it. Called with interrupts off or from an interrupt's handler, which may have come
	 * at any place where they are on: the queue's lock is to be taken with interrupts off
	 * everywhere. May be called with a wake-up lock held, so it takes none. Before it
	 * returns another pCPU may have loaded the vCPU. By an owner, or inside a
	 * read-side section.
	 */
	void (*runnable)(void *ctx, struct pstd_vcpu *v);
	/*
	 * Invalidates a remapping entry; returns when no request uses its old content.
	 * Sleeps. By control.
	 */
	void (*invalidate)(void *ctx, uint16_t index);
	/*
	 * Returns when every read-side section that had begun has ended and, with IPI
	 * virtualization, every instruction of a guest. (An interrupt to each pCPU,
	 * which makes its guest exit, is one way to do both.) Sleeps. By control.
	 */
	void (*synchronize)(void *ctx);
	/* Adds 1 to an eventfd that user space reads. Interrupt context. */
	void (*eventfd_write)(void *ctx, struct pstd_eventfd *e);
	/*
	 * p has accepted a vector of the caller's own: none of hyp.vectors, nor between the
	 * first and the last for devices. Its EOI has been written. Inside
	 * pstd_host_vector. Null: such a vector counts as spurious.
	 */
	void (*host_vector)(void *ctx, struct pstd_pcpu *p, uint8_t vector);
};

struct pstd_hyp {
	/* given by the caller */
	const struct pstd_ops *ops;
	void *ctx;
	struct pstd_vectors vectors; /* of every pCPU */
	bool x2apic;      /* the host's local APICs are in x2APIC mode */
	bool hlt_exiting; /* a guest's HLT exits, and its vCPU may sleep */
	/*
	 * There is no APIC virtualization: guests' local APICs are emulated in their
	 * APIC pages, and vectors are injected at VM entry. No device posts then.
	 */
	bool software_apic;
};

/* A node of a circular list; the head is one too. */
struct pstd_list {
	struct pstd_list *next, *prev;
};

/* One physical CPU. */
struct pstd_pcpu {
	/* given by the caller */
	struct pstd_hyp *hyp;
	unsigned index;
	uint32_t apic_id;
	struct pstd_desc *msi; /* where the host's own interrupts may be posted; null: nowhere */
	/* vCPUs that sleep with NV = wake-up and NDST = here */
	struct pstd_spinlock wakeup_lock;
	struct pstd_list wakeup;
	/* device vectors that arrive here; written by control, read by the pCPU */
	struct pstd_irq *irq[256];
	/*
	 * Set by the reschedule and timer vectors; the pCPU's own. The scheduler clears it,
	 * then chooses a vCPU, with interrupts off from there to pstd_vcpu_load: what is asked
	 * for after the choice is seen when the vCPU is about to be entered.
	 */
	bool resched;
	/* counters with Linux's meaning, tallied by the pCPU, readable by anyone */
	uint64_t pin; /* notifications that the host saw */
	uint64_t npi; /* nested ones */
	uint64_t piw; /* wake-ups */
	uint64_t pmn; /* posted MSI notifications */
	uint64_t interrupts; /* host vectors of any kind */
	uint64_t spurious;   /* the spurious vector, and vectors that belong to nobody */
};

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
	uint32_t apic_id; /* the guest's, and its index in vm.vcpus */
	struct pstd_desc *pid;
	struct pstd_apic_page *apic; /* the virtual-APIC page */
	uint64_t vmcs;               /* physical address; see "The VMCS" below */
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

struct pstd_route {
	bool set;
	struct pstd_msi_msg msg;
};

struct pstd_vm {
	/* given by the caller */
	struct pstd_hyp *hyp;
	bool x2apic; /* its guest's local APICs are in x2APIC mode */
	struct pstd_vcpu **vcpus; /* room for vcpu_count, which init and fini fill; by APIC id */
	unsigned vcpu_count;
	uint64_t *pid_pointers; /* vcpu_count of them; null: no IPI virtualization */
	struct pstd_route *routes; /* by GSI */
	unsigned route_count;
	/* control's */
	struct pstd_irqfd *irqfds;
};

/* Host and pCPUs. */

/* Makes a pCPU's lists empty, and readies its descriptor. Before anything else uses it. */
void pstd_pcpu_init(struct pstd_pcpu *p);

/*
 * A host vector was accepted by p's local APIC: writes its EOI, counts it and does what
 * it stands for; one of the caller's own it hands back, to pstd_ops.host_vector. Of the
 * spurious vector nothing is in service: it is counted, without an EOI. Owner of p,
 * read-side, interrupts off.
 */
void pstd_host_vector(struct pstd_pcpu *p, uint8_t vector);

/* vCPUs. SDM, "Posted-Interrupt Processing"; Linux, vmx/posted_intr.c. */

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

/*
 * The VMCS: who writes it when. First the caller, before the first load: VMCLEAR, then the
 * bits of the control words that its CPU wants as 1 (default1), and all fields and controls
 * of its own. At the first load the library sets and clears in the control words what
 * pstd_controls says, and leaves their other bits; and it writes, once: the notification
 * vector, the addresses of descriptor, APIC page and PID-pointer table, the last index.
 * Whoever writes a whole control word after that erases the library's bits, unless it
 * keeps what pstd_controls says. At entries and exits the library writes:
 *
 *   GUEST_INTR_STATUS            as the APIC page has it, at the first load; RVI before an
 *                                entry; SVI at an EOI that exits
 *   TPR_THRESHOLD                0 at the first load; without APIC virtualization, then too
 *   CPU_BASED_VM_EXEC_CONTROL    interrupt-window and NMI-window exiting: its own
 *   GUEST_INTERRUPTIBILITY_INFO  clears blocking by STI and MOV SS after an instruction
 *                                that it carried out, by NMI if an NMI's delivery was
 *                                cut short
 *   VM_ENTRY_INTR_INFO           if its valid bit is clear, before an entry: an interrupt
 *                                or an NMI, taken back if the entry is cancelled. At an
 *                                exit: #GP(0), or an exception or a software interrupt
 *                                whose delivery was cut short, with
 *   VM_ENTRY_EXCEPTION_ERROR_CODE, VM_ENTRY_INSTRUCTION_LEN
 *
 * It reads those and VM_EXIT_REASON, EXIT_QUALIFICATION, VM_EXIT_INTR_INFO,
 * VM_EXIT_INSTRUCTION_LEN, IDT_VECTORING_INFO and its error code, GUEST_RFLAGS,
 * GUEST_ACTIVITY_STATE. All else is the caller's: RIP, the APIC-access page, the MSR
 * bitmap.
 *
 * An event of the caller's own goes into VM_ENTRY_INTR_INFO between pstd_vcpu_exit and
 * pstd_vcpu_enter. It goes first; the library's waits for a later entry, at a window. It
 * ends a halt, if it is there when pstd_vcpu_block is called.
 * If there is an exception of the last exit's in the field, the caller combines the
 * two (into #DF, perhaps) or replaces it: its instruction is then begun anew. Exits
 * for the host's own NMIs are the caller's to handle, and exits that say that an
 * IRET had unblocked NMIs: blocking by NMI is to be set again for it.
 */

/* What a word of controls must have: 1 where required, 0 where forbidden. */
struct pstd_control_bits {
	uint64_t required, forbidden;
};

struct pstd_controls {
	struct pstd_control_bits pin, cpu, secondary, tertiary, exit;
};

/*
 * The controls that the library wants in a VM's VMCSs. Who writes a whole word writes
 * (its own & ~forbidden) | required, and for cpu, which is CPU_BASED_VM_EXEC_CONTROL,
 * v->windows too. Any time.
 */
void pstd_controls(const struct pstd_vm *vm, struct pstd_controls *c);

/*
 * What a CPU says that its controls can be: the values of IA32_VMX_PINBASED_CTLS,
 * _PROCBASED_CTLS, _PROCBASED_CTLS2, _PROCBASED_CTLS3 and _EXIT_CTLS (vmx.h), or of their
 * TRUE forms if it has them; 0 for one that it does not have.
 */
struct pstd_vmx_capabilities {
	uint64_t pin, cpu, secondary, tertiary, exit;
};

/*
 * Whether a CPU lets controls be as the library wants them in a VM's VMCSs: null, or the
 * manual's name of the first that it does not. Any time.
 */
const char *pstd_controls_missing(const struct pstd_vm *vm, const struct pstd_vmx_capabilities *c);

/*
 * Readies a vCPU: runnable, its descriptor addressed to p. Last it is published, in
 * vm->vcpus and the PID-pointer table: IPIs, messages and routes find all of it or nothing.
 * A zeroed APIC page becomes that of a local APIC as firmware leaves it: enabled by
 * software, the LVT masked; any other, say a restored one, is taken as it is. After
 * pstd_vcpu_fini a vCPU may be readied again, with a page and a VMCS made anew. Control.
 */
void pstd_vcpu_init(struct pstd_vcpu *v, struct pstd_pcpu *p);

/*
 * The reverse: when this returns no guest's IPI finds the vCPU, and it is on no
 * wake-up list. It is loaded nowhere and will not be, and no route leads to it.
 * Control, with interrupts off while it is taken off a list.
 */
void pstd_vcpu_fini(struct pstd_vcpu *v);

/*
 * Loads a vCPU on p, wherever it was: leaves the old wake-up list, points the
 * descriptor here, clears SN, and sets ON if anything was posted meanwhile. The
 * first time it also sets up the VMCS. It may still be halted, if something else woke it
 * than an interrupt: pstd_vcpu_enter says so. On p, the only one to load v.
 */
void pstd_vcpu_load(struct pstd_vcpu *v, struct pstd_pcpu *p);

/*
 * Says in an MSR bitmap which of a guest's accesses to x2APIC registers exit: all but
 * those that the CPU virtualizes as the manual has them. In xAPIC mode all. Any time.
 */
void pstd_msr_bitmap(const struct pstd_vm *vm, uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE]);

/*
 * Unloads a vCPU that is preempted: its VMCS is active nowhere, and from here on posts
 * are recorded silently (SN). When it has returned another pCPU may load it. Owner.
 */
void pstd_vcpu_preempt(struct pstd_vcpu *v);

/*
 * Puts a halted vCPU to sleep unless an interrupt or an NMI can be delivered to it.
 * With interrupts disabled only an NMI, or an event of the caller's, ends the halt.
 * True: it is unloaded, its VMCS is active nowhere, and it sleeps, or was woken, and
 * another pCPU may run it by now: the caller touches neither any more. False: it is
 * loaded, and halted no longer, or was kicked: pstd_vcpu_enter is next. Owner.
 */
bool pstd_vcpu_block(struct pstd_vcpu *v) __attribute__((warn_unused_result));

/* Wakes a vCPU if it sleeps or is about to. Data. */
void pstd_vcpu_wake(struct pstd_vcpu *v);

/*
 * The last step before VM entry. PSTD_KICKED: somebody kicked it since it last said so.
 * PSTD_BLOCK: it is halted. Neither is in guest mode, and nothing was injected. PSTD_ENTER:
 * guest mode was declared, then what was posted moved into the virtual IRR, and what
 * the entry injects chosen: first what an exit cut short, then an NMI, then (without
 * APIC virtualization) an interrupt; what is blocked gets a window. Owner.
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
 * Makes a vCPU leave guest mode, or end its sleep, so that its owner sees what the
 * caller asks of it, in memory of their own, written before: the next pstd_vcpu_enter
 * says PSTD_KICKED, whatever state the vCPU is in. Kicks merge until then. One locked
 * operation; takes no lock, but as pstd_vcpu_deliver for a sleeper. Data.
 */
void pstd_vcpu_kick(struct pstd_vcpu *v);

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
 * delivery modes are dropped. A look-up costs a step for each vCPU only for
 * broadcasts and xAPIC's logical destinations. Nothing counts for the APIC's timer.
 */
void pstd_vcpu_exit(struct pstd_vcpu *v);

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

/* Routes. */

/*
 * Sets, or clears if msg is null, where a GSI leads, for its irqfds and their
 * posted entries too. -PSTD_EINVAL: no such GSI, or pstd_msi_target refuses. Control.
 */
int pstd_route_set(struct pstd_vm *vm, uint32_t gsi, const struct pstd_msi_msg *msg);

/* Finds the vCPU and vector of a message. -PSTD_EINVAL: not fixed, physical, to one vCPU. Data. */
int pstd_msi_target(struct pstd_vm *vm, struct pstd_msi_msg msg, struct pstd_vcpu **v,
                    uint8_t *vector);

/* Injects a message on behalf of user space. Data. */
int pstd_msi_inject(struct pstd_vm *vm, struct pstd_msi_msg msg);

/* Host interrupts, eventfds, irqfds, bypass. */

/* Where an interrupt's producer and its consumer meet. */
struct pstd_eventfd {
	struct pstd_irqfd *irqfd; /* at most one; published */
	struct pstd_irq *producer; /* control's */
};

/* A device vector on the host. */
struct pstd_irq {
	/* given by the caller */
	struct pstd_irte *irte; /* its slot in the live table */
	uint16_t index;         /* of that slot */
	uint16_t sid;           /* the device's source id */
	bool posted_msi;        /* posted to its pCPU's descriptor while it is the host's own */
	struct pstd_eventfd *trigger;
	uint64_t *counts; /* host interrupts by pCPU, tallied by each */
	/* pstd_irq_request's */
	struct pstd_pcpu *pcpu;
	uint8_t vector;
};

/* A GSI of a VM that an eventfd triggers. */
struct pstd_irqfd {
	/* given by the caller */
	struct pstd_vm *vm;
	uint32_t gsi;
	struct pstd_eventfd *eventfd;
	/* snapshot of the route, one word so that it is never torn */
	uint64_t target;
	struct pstd_irqfd *next;
};

/*
 * Takes a free vector of p and points the entry at it: remapped, or posted to p's
 * descriptor. -PSTD_ENOSPC. -PSTD_EINVAL: it is to be posted, and p has none. Control.
 */
int pstd_irq_request(struct pstd_irq *irq, struct pstd_pcpu *p);

/*
 * Takes it back from bypass, clears the entry and gives the vector back: no more
 * requests get through. One that is already in p's local APIC counts as spurious
 * there, unless the vector was taken again meanwhile. One that is posted to p's
 * descriptor is given up: true. Control.
 */
bool pstd_irq_free(struct pstd_irq *irq);

/* Signals an eventfd: its irqfd posts, or user space is told. Data. */
void pstd_eventfd_signal(struct pstd_hyp *h, struct pstd_eventfd *e);

/* Binds an eventfd to a GSI. -PSTD_EBUSY: it has an irqfd. -PSTD_ENOENT: no such GSI. Control. */
int pstd_irqfd_assign(struct pstd_irqfd *irqfd);

/*
 * Unbinds it; when this returns nobody uses irqfd. A posted entry went back to
 * the host first. Control.
 */
void pstd_irqfd_deassign(struct pstd_irqfd *irqfd);

/*
 * Offers an interrupt for bypass: posted while its eventfd has an irqfd with a
 * route. -PSTD_EBUSY: the eventfd has another. -PSTD_EINVAL: without APIC
 * virtualization nobody would take in what is posted. Control.
 */
int pstd_bypass_register(struct pstd_irq *irq);

/* Takes it back; the entry is the host's when this returns. Control. */
void pstd_bypass_unregister(struct pstd_irq *irq);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
