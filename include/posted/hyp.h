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
 *            that hyp_ops.synchronize waits for (an interrupt handler, RCU)
 *   control  one at a time (the caller's mutex), at any time beside the others
 *
 * Functions that can fail return 0 or a negative error number, Linux's.
 */
#ifndef POSTED_HYP_H
#define POSTED_HYP_H

#include <posted/apic.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>
#include <posted/vmx.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

enum hyp_errno {
	HYP_ENOENT = 2,
	HYP_EBUSY = 16,
	HYP_EINVAL = 22,
	HYP_ENOSPC = 28,
};

/*
 * The host's own vectors, each a different one. 0: the host has none of this kind.
 * Notification, wakeup and kick it must have.
 */
struct hyp_vectors {
	uint8_t notification; /* of posting: the CPU takes it in guest mode */
	uint8_t wakeup;       /* NV of a vCPU that sleeps */
	uint8_t nested;       /* notification of a guest's own guests: it is counted, no more */
	uint8_t msi_notification; /* of what is posted to a pCPU */
	uint8_t timer, reschedule; /* they set hyp_pcpu.resched */
	uint8_t kick;         /* the exit that it causes is its purpose */
	uint8_t spurious;     /* of each local APIC: as its SVR has it */
	/* what hyp_irq_request gives out; none of the above, nor of the caller's */
	uint8_t first_device, last_device;
};

/* Linux's: the kick is its function call. */
enum hyp_linux_vector {
	HYP_LINUX_FIRST_DEVICE = 0x20,
	HYP_LINUX_LAST_DEVICE = 0xea,
	HYP_LINUX_MSI_NOTIFICATION = 0xeb,
	HYP_LINUX_TIMER = 0xec,
	HYP_LINUX_NESTED = 0xf0,
	HYP_LINUX_WAKEUP = 0xf1,
	HYP_LINUX_NOTIFICATION = 0xf2,
	HYP_LINUX_KICK = 0xfc,
	HYP_LINUX_RESCHEDULE = 0xfd,
	HYP_LINUX_SPURIOUS = 0xff,
};

/* Of them, an initializer of struct hyp_vectors. */
#define HYP_LINUX_VECTORS                                                             \
	{                                                                             \
		HYP_LINUX_NOTIFICATION, HYP_LINUX_WAKEUP, HYP_LINUX_NESTED,           \
		HYP_LINUX_MSI_NOTIFICATION, HYP_LINUX_TIMER, HYP_LINUX_RESCHEDULE,    \
		HYP_LINUX_KICK, HYP_LINUX_SPURIOUS, HYP_LINUX_FIRST_DEVICE,           \
		HYP_LINUX_LAST_DEVICE                                                 \
	}

struct hyp_pcpu;
struct hyp_vcpu;
struct hyp_irq;
struct hyp_irqfd;
struct hyp_eventfd;

/*
 * What is asked of hardware and host; ctx is hyp.ctx. The first six are one
 * instruction or one table look-up each on the metal. If callers keep to the
 * kinds above, each is asked only where it says: a host may check that.
 */
struct hyp_ops {
	/*
	 * VMREAD and VMWRITE on the calling pCPU, by the owner. v: whose VMCS is meant,
	 * which is the one that was loaded last.
	 */
	uint64_t (*vmread)(void *ctx, const struct hyp_vcpu *v, enum vmx_field field);
	void (*vmwrite)(void *ctx, const struct hyp_vcpu *v, enum vmx_field field, uint64_t value);
	/*
	 * VMPTRLD and VMCLEAR on the calling pCPU, by the owner. vmclear comes before any
	 * other pCPU may load the vCPU: a VMCS is active on one at most, and what the
	 * guest has in the pCPU beside it must be saved by then. VMCLEAR is dear: a host may
	 * put it off until another pCPU is to load the vCPU, and have it carried out where
	 * the VMCS is active, by an IPI that it sends and waits for with interrupts on,
	 * before hyp_vcpu_load: two pCPUs may want that of each other. Whether VMLAUNCH or
	 * VMRESUME is next, it has to know by itself then.
	 */
	void (*vmptrld)(void *ctx, uint64_t vmcs);
	void (*vmclear)(void *ctx, uint64_t vmcs);
	/*
	 * Writes a register of the calling pCPU's local APIC: APIC_ICR (64 bits), APIC_EOI.
	 * By an owner, or inside a read-side section. In xAPIC mode the ICR is two writes,
	 * the upper half first, with interrupts off: a handler that sends from between them
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
	void (*runnable)(void *ctx, struct hyp_vcpu *v);
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
	void (*eventfd_write)(void *ctx, struct hyp_eventfd *e);
	/*
	 * p has accepted a vector of the caller's own: none of hyp.vectors, nor between the
	 * first and the last for devices. Its EOI has been written. Inside
	 * hyp_host_vector. Null: such a vector counts as spurious.
	 */
	void (*host_vector)(void *ctx, struct hyp_pcpu *p, uint8_t vector);
};

struct hyp {
	/* given by the caller */
	const struct hyp_ops *ops;
	void *ctx;
	struct hyp_vectors vectors; /* of every pCPU */
	bool x2apic;      /* the host's local APICs are in x2APIC mode */
	bool hlt_exiting; /* a guest's HLT exits, and its vCPU may sleep */
	/*
	 * There is no APIC virtualization: guests' local APICs are emulated in their
	 * APIC pages, and vectors are injected at VM entry. No device posts then.
	 */
	bool software_apic;
};

/* A node of a circular list; the head is one too. */
struct hyp_list {
	struct hyp_list *next, *prev;
};

/* One physical CPU. */
struct hyp_pcpu {
	/* given by the caller */
	struct hyp *hyp;
	unsigned index;
	uint32_t apic_id;
	struct pi_desc *msi; /* where the host's own interrupts may be posted; null: nowhere */
	/* vCPUs that sleep with NV = wake-up and NDST = here */
	struct pi_spinlock wakeup_lock;
	struct hyp_list wakeup;
	/* device vectors that arrive here; written by control, read by the pCPU */
	struct hyp_irq *irq[256];
	/*
	 * Set by the reschedule and timer vectors; the pCPU's own. The scheduler clears it,
	 * then chooses a vCPU, with interrupts off from there to hyp_vcpu_load: what is asked
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
enum hyp_mode {
	HYP_OUTSIDE_GUEST_MODE,
	HYP_IN_GUEST_MODE,
};

/* The vCPU as the host's scheduler sees it. */
enum hyp_task {
	HYP_TASK_RUNNABLE, /* on a run queue */
	HYP_TASK_RUNNING,  /* loaded on a pCPU */
	HYP_TASK_BLOCKING, /* about to sleep: a wake-up now cancels it */
	HYP_TASK_SLEEPING, /* a wake-up makes it runnable */
};

/* What is next for a vCPU that is loaded. */
enum hyp_next {
	HYP_ENTER,  /* VM entry, or hyp_vcpu_cancel */
	HYP_BLOCK,  /* it is halted: hyp_vcpu_block */
	HYP_KICKED, /* its owner looks at what is asked of it, then calls hyp_vcpu_enter again */
};

struct hyp_vcpu {
	/* given by the caller */
	struct hyp_vm *vm;
	uint32_t apic_id; /* the guest's, and its index in vm.vcpus */
	struct pi_desc *pid;
	struct apic_page *apic; /* the virtual-APIC page */
	uint64_t vmcs;          /* physical address; see "The VMCS" below */
	/*
	 * Guest registers of the last exit, by the caller's entry stub. Of an APIC-access
	 * exit rax stands for what the instruction writes, and then for what it reads.
	 */
	uint64_t rax, rcx, rdx;
	/* shared words */
	uint64_t mode; /* enum hyp_mode */
	uint64_t task; /* enum hyp_task */
	uint64_t nmi;  /* 1: one was sent, and is not injected yet */
	uint64_t kick; /* 1: it was kicked, and its owner does not know yet */
	uint64_t identity; /* LDR, DFR and software enable, for who sends it IPIs */
	/* for the caller */
	bool carried_out; /* the last exit's instruction was: RIP is to be moved past it */
	/* the owner's */
	struct hyp_pcpu *pcpu; /* where it is, or was last, loaded */
	struct hyp_list wakeup;
	bool vmcs_ready; /* its VMCS has its controls */
	bool launched; /* its launch state: VM entry is by VMRESUME, else by VMLAUNCH */
	bool halted;   /* in HLT until an interrupt can be delivered */
	uint8_t tpr_threshold; /* as the VMCS has it */
	uint32_t windows;      /* so too: interrupt-window and NMI-window exiting */
	uint32_t interrupted;  /* an interrupt that an exit cut short, to be injected again */
	uint32_t errors;       /* of its local APIC, since ESR was last written */
	/* counters: exits by reason, the owner's; merged requests by vector (NMIs: 2), anyone's */
	uint64_t exits[VMX_EXIT_REASONS];
	uint64_t coalesced[256];
};

struct hyp_route {
	bool set;
	struct msi_msg msg;
};

struct hyp_vm {
	/* given by the caller */
	struct hyp *hyp;
	bool x2apic; /* its guest's local APICs are in x2APIC mode */
	struct hyp_vcpu **vcpus; /* room for vcpu_count, which init and fini fill; by APIC id */
	unsigned vcpu_count;
	uint64_t *pid_pointers; /* vcpu_count of them; null: no IPI virtualization */
	struct hyp_route *routes; /* by GSI */
	unsigned route_count;
	/* control's */
	struct hyp_irqfd *irqfds;
};

/* Host and pCPUs. */

/* Makes a pCPU's lists empty, and readies its descriptor. Before anything else uses it. */
void hyp_pcpu_init(struct hyp_pcpu *p);

/*
 * A host vector was accepted by p's local APIC: writes its EOI, counts it and does what
 * it stands for; one of the caller's own it hands back, to hyp_ops.host_vector. Of the
 * spurious vector nothing is in service: it is counted, without an EOI. Owner of p,
 * read-side, interrupts off.
 */
void hyp_host_vector(struct hyp_pcpu *p, uint8_t vector);

/* vCPUs. SDM, "Posted-Interrupt Processing"; Linux, vmx/posted_intr.c. */

/*
 * The run loop of a pCPU, with interrupts off from where it cleared resched and chose
 * the vCPU; vm_enter is the caller's stub, which says if the instruction failed:
 *
 *	hyp_vcpu_load(v, p);
 *	for (;;) {
 *		if (p->resched) {
 *			hyp_vcpu_preempt(v);
 *			return PREEMPTED; // it goes on a run queue
 *		}
 *		switch (hyp_vcpu_enter(v)) {
 *		case HYP_KICKED:
 *			requests(v);
 *			continue;
 *		case HYP_BLOCK:
 *			if (hyp_vcpu_block(v))
 *				return BLOCKED; // v is not ours any more
 *			continue;
 *		case HYP_ENTER:
 *			break;
 *		}
 *		if (vm_enter(registers, v->launched)) {
 *			hyp_vcpu_cancel(v);
 *			...
 *		}
 *		hyp_vcpu_exit(v);
 *		... // other exits; RIP, if v->carried_out; interrupts on for a moment
 *	}
 */

/*
 * The VMCS: who writes it when. First the caller, before the first load: VMCLEAR, then the
 * bits of the control words that its CPU wants as 1 (default1), and all fields and controls
 * of its own. At the first load the library sets and clears in the control words what
 * hyp_controls says, and leaves their other bits; and it writes, once: the notification
 * vector, the addresses of descriptor, APIC page and PID-pointer table, the last index.
 * Whoever writes a whole control word after that erases the library's bits, unless it
 * keeps what hyp_controls says. At entries and exits the library writes:
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
 * An event of the caller's own goes into VM_ENTRY_INTR_INFO between hyp_vcpu_exit and
 * hyp_vcpu_enter. It goes first; the library's waits for a later entry, at a window. It
 * ends a halt, if it is there when hyp_vcpu_block is called.
 * If there is an exception of the last exit's in the field, the caller combines the
 * two (into #DF, perhaps) or replaces it: its instruction is then begun anew. Exits
 * for the host's own NMIs are the caller's to handle, and exits that say that an
 * IRET had unblocked NMIs: blocking by NMI is to be set again for it.
 */

/* What a word of controls must have: 1 where required, 0 where forbidden. */
struct hyp_control_bits {
	uint64_t required, forbidden;
};

struct hyp_controls {
	struct hyp_control_bits pin, cpu, secondary, tertiary, exit;
};

/*
 * The controls that the library wants in a VM's VMCSs. Who writes a whole word writes
 * (its own & ~forbidden) | required, and for cpu, which is CPU_BASED_VM_EXEC_CONTROL,
 * v->windows too. Any time.
 */
void hyp_controls(const struct hyp_vm *vm, struct hyp_controls *c);

/*
 * What a CPU says that its controls can be: the values of IA32_VMX_PINBASED_CTLS,
 * _PROCBASED_CTLS, _PROCBASED_CTLS2, _PROCBASED_CTLS3 and _EXIT_CTLS (vmx.h), or of their
 * TRUE forms if it has them; 0 for one that it does not have.
 */
struct hyp_vmx_capabilities {
	uint64_t pin, cpu, secondary, tertiary, exit;
};

/*
 * Whether a CPU lets controls be as the library wants them in a VM's VMCSs: null, or the
 * manual's name of the first that it does not. Any time.
 */
const char *hyp_controls_missing(const struct hyp_vm *vm, const struct hyp_vmx_capabilities *c);

/*
 * Readies a vCPU: runnable, its descriptor addressed to p. Last it is published, in
 * vm->vcpus and the PID-pointer table: IPIs, messages and routes find all of it or nothing.
 * A zeroed APIC page becomes that of a local APIC as firmware leaves it: enabled by
 * software, the LVT masked; any other, say a restored one, is taken as it is. After
 * hyp_vcpu_fini a vCPU may be readied again, with a page and a VMCS made anew. Control.
 */
void hyp_vcpu_init(struct hyp_vcpu *v, struct hyp_pcpu *p);

/*
 * The reverse: when this returns no guest's IPI finds the vCPU, and it is on no
 * wake-up list. It is loaded nowhere and will not be, and no route leads to it.
 * Control, with interrupts off while it is taken off a list.
 */
void hyp_vcpu_fini(struct hyp_vcpu *v);

/*
 * Loads a vCPU on p, wherever it was: leaves the old wake-up list, points the
 * descriptor here, clears SN, and sets ON if anything was posted meanwhile. The
 * first time it also sets up the VMCS. It may still be halted, if something else woke it
 * than an interrupt: hyp_vcpu_enter says so. On p, the only one to load v.
 */
void hyp_vcpu_load(struct hyp_vcpu *v, struct hyp_pcpu *p);

/*
 * Says in an MSR bitmap which of a guest's accesses to x2APIC registers exit: all but
 * those that the CPU virtualizes as the manual has them. In xAPIC mode all. Any time.
 */
void hyp_msr_bitmap(const struct hyp_vm *vm, uint8_t bitmap[VMX_MSR_BITMAP_SIZE]);

/*
 * Unloads a vCPU that is preempted: its VMCS is active nowhere, and from here on posts
 * are recorded silently (SN). When it has returned another pCPU may load it. Owner.
 */
void hyp_vcpu_preempt(struct hyp_vcpu *v);

/*
 * Puts a halted vCPU to sleep unless an interrupt or an NMI can be delivered to it.
 * With interrupts disabled only an NMI, or an event of the caller's, ends the halt.
 * True: it is unloaded, its VMCS is active nowhere, and it sleeps, or was woken, and
 * another pCPU may run it by now: the caller touches neither any more. False: it is
 * loaded, and halted no longer, or was kicked: hyp_vcpu_enter is next. Owner.
 */
bool hyp_vcpu_block(struct hyp_vcpu *v) __attribute__((warn_unused_result));

/* Wakes a vCPU if it sleeps or is about to. Data. */
void hyp_vcpu_wake(struct hyp_vcpu *v);

/*
 * The last step before VM entry. HYP_KICKED: somebody kicked it since it last said so.
 * HYP_BLOCK: it is halted. Neither is in guest mode, and nothing was injected. HYP_ENTER:
 * guest mode was declared, then what was posted moved into the virtual IRR, and what
 * the entry injects chosen: first what an exit cut short, then an NMI, then (without
 * APIC virtualization) an interrupt; what is blocked gets a window. Owner.
 */
enum hyp_next hyp_vcpu_enter(struct hyp_vcpu *v) __attribute__((warn_unused_result));

/*
 * After HYP_ENTER: the VM entry failed without an exit (VMfail), or the caller gives it
 * up. Leaves guest mode. What was to be injected waits for another entry: an interrupt
 * or an NMI is taken out of VM_ENTRY_INTR_INFO, anything else stays there. An NMI may
 * merge with one that was sent meanwhile. Owner.
 */
void hyp_vcpu_cancel(struct hyp_vcpu *v);

/*
 * Makes a vCPU leave guest mode, or end its sleep, so that its owner sees what the
 * caller asks of it, in memory of their own, written before: the next hyp_vcpu_enter
 * says HYP_KICKED, whatever state the vCPU is in. Kicks merge until then. One locked
 * operation; takes no lock, but as hyp_vcpu_deliver for a sleeper. Data.
 */
void hyp_vcpu_kick(struct hyp_vcpu *v);

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
 * more; one that failed without an exit is hyp_vcpu_cancel's. Owner, read-side.
 *
 * Of the guest's ICR all destinations, shorthands and lowest priority (by vector
 * hashing) are carried out, for interrupts and NMIs; INIT, SIPI, SMI and reserved
 * delivery modes are dropped. A look-up costs a step for each vCPU only for
 * broadcasts and xAPIC's logical destinations. Nothing counts for the APIC's timer.
 */
void hyp_vcpu_exit(struct hyp_vcpu *v);

/*
 * Sends a fixed edge interrupt to a vCPU in any state: posts it, then notifies
 * it in guest mode or wakes it. False if it merged with one that was already
 * posted. Two locked operations, one if ON is set; one and a count if it merged.
 * Takes no lock to post and to notify; waking a sleeper calls hyp_ops.runnable. Data.
 */
bool hyp_vcpu_deliver(struct hyp_vcpu *v, uint8_t vector);

/*
 * Sends an NMI to a vCPU in any state; it ends a halt even with interrupts disabled.
 * Makes a guest exit, or wakes it, and the next VM entry that may injects it. False:
 * it merged with one that was not injected yet, as in a local APIC. One locked
 * operation, and a count if it merged; takes no lock, but as hyp_vcpu_deliver for a
 * sleeper. Data.
 */
bool hyp_vcpu_nmi(struct hyp_vcpu *v);

/* Routes. */

/*
 * Sets, or clears if msg is null, where a GSI leads, for its irqfds and their
 * posted entries too. -HYP_EINVAL: no such GSI, or hyp_msi_target refuses. Control.
 */
int hyp_route_set(struct hyp_vm *vm, uint32_t gsi, const struct msi_msg *msg);

/* Finds the vCPU and vector of a message. -HYP_EINVAL: not fixed, physical, to one vCPU. Data. */
int hyp_msi_target(struct hyp_vm *vm, struct msi_msg msg, struct hyp_vcpu **v, uint8_t *vector);

/* Injects a message on behalf of user space. Data. */
int hyp_msi_inject(struct hyp_vm *vm, struct msi_msg msg);

/* Host interrupts, eventfds, irqfds, bypass. */

/* Where an interrupt's producer and its consumer meet. */
struct hyp_eventfd {
	struct hyp_irqfd *irqfd; /* at most one; published */
	struct hyp_irq *producer; /* control's */
};

/* A device vector on the host. */
struct hyp_irq {
	/* given by the caller */
	struct irte *irte; /* its slot in the live table */
	uint16_t index;    /* of that slot */
	uint16_t sid;      /* the device's source id */
	bool posted_msi;   /* posted to its pCPU's descriptor while it is the host's own */
	struct hyp_eventfd *trigger;
	uint64_t *counts; /* host interrupts by pCPU, tallied by each */
	/* hyp_irq_request's */
	struct hyp_pcpu *pcpu;
	uint8_t vector;
};

/* A GSI of a VM that an eventfd triggers. */
struct hyp_irqfd {
	/* given by the caller */
	struct hyp_vm *vm;
	uint32_t gsi;
	struct hyp_eventfd *eventfd;
	/* snapshot of the route, one word so that it is never torn */
	uint64_t target;
	struct hyp_irqfd *next;
};

/*
 * Takes a free vector of p and points the entry at it: remapped, or posted to p's
 * descriptor. -HYP_ENOSPC. -HYP_EINVAL: it is to be posted, and p has none. Control.
 */
int hyp_irq_request(struct hyp_irq *irq, struct hyp_pcpu *p);

/*
 * Takes it back from bypass, clears the entry and gives the vector back: no more
 * requests get through. One that is already in p's local APIC counts as spurious
 * there, unless the vector was taken again meanwhile. One that is posted to p's
 * descriptor is given up: true. Control.
 */
bool hyp_irq_free(struct hyp_irq *irq);

/* Signals an eventfd: its irqfd posts, or user space is told. Data. */
void hyp_eventfd_signal(struct hyp *h, struct hyp_eventfd *e);

/* Binds an eventfd to a GSI. -HYP_EBUSY: it has an irqfd. -HYP_ENOENT: no such GSI. Control. */
int hyp_irqfd_assign(struct hyp_irqfd *irqfd);

/*
 * Unbinds it; when this returns nobody uses irqfd. A posted entry went back to
 * the host first. Control.
 */
void hyp_irqfd_deassign(struct hyp_irqfd *irqfd);

/*
 * Offers an interrupt for bypass: posted while its eventfd has an irqfd with a
 * route. -HYP_EBUSY: the eventfd has another. -HYP_EINVAL: without APIC
 * virtualization nobody would take in what is posted. Control.
 */
int hyp_bypass_register(struct hyp_irq *irq);

/* Takes it back; the entry is the host's when this returns. Control. */
void hyp_bypass_unregister(struct hyp_irq *irq);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
