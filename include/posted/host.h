/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host: its vectors, what is asked of it and of hardware, its pCPUs. Who may call
 * (owner, data, control): posted/hyp.h.
 */
#ifndef PSTD_HOST_H
#define PSTD_HOST_H

#include <posted/pid.h>
#include <posted/types.h>
#include <posted/vmx.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

struct pstd_pcpu;
struct pstd_vcpu;
struct pstd_irq;
struct pstd_eventfd;

enum pstd_errno {
	PSTD_ENOENT = 2,
	PSTD_EBUSY = 16,
	PSTD_EINVAL = 22,
	PSTD_ENOSPC = 28,
};

/*
 * The host's own vectors, each a different one, from 32 on. 0: the host has none of this
 * kind. Notification, wakeup and kick it must have. pstd_pcpu_init looks.
 */
struct pstd_vectors {
	uint8_t notification; /* of posting: the CPU takes it in guest mode */
	uint8_t wakeup;       /* NV of a vCPU that sleeps */
	uint8_t nested;       /* notification of a guest's own guests: it is counted, no more */
	uint8_t msi_notification; /* of what is posted to a pCPU */
	uint8_t timer, reschedule; /* they set pstd_pcpu.resched */
	uint8_t kick;         /* the exit that it causes is its purpose */
	uint8_t spurious;     /* of each local APIC: as its SVR has it */
	/* what pstd_irq_request gives out, both 0: nothing; none of the above, nor the caller's */
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

/*
 * What is asked of hardware and host; ctx is pstd_hyp.ctx. The first six are one
 * instruction or one table look-up each on the metal. If callers keep to the
 * kinds of posted/hyp.h, each is asked only where it says: a host may check that.
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
	 * which makes its guest exit, is one way to do both.) No lock is held, but
	 * pstd_vcpu_fini comes with interrupts off: who sleeps turns them on. By control.
	 */
	void (*synchronize)(void *ctx);
	/* Adds 1 to an eventfd that user space reads. Interrupt context. */
	void (*eventfd_write)(void *ctx, struct pstd_eventfd *e);
	/*
	 * p has accepted a vector of the caller's own: none of pstd_hyp.vectors, nor between the
	 * first and the last for devices. Its EOI has been written: a level-triggered one may
	 * be pending once more, and for nothing. Inside pstd_host_vector. Null: such a vector
	 * counts as spurious.
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

/*
 * Makes a pCPU's lists empty, and readies its descriptor. Before anything else uses it.
 * -PSTD_EINVAL, and nothing was done: the host's vectors are not what struct pstd_vectors
 * asks, or p has a descriptor and no vector tells of it.
 */
int pstd_pcpu_init(struct pstd_pcpu *p);

/*
 * A host vector was accepted by p's local APIC: writes its EOI, counts it and does what
 * it stands for; one of the caller's own it hands back, to pstd_ops.host_vector. Of the
 * spurious vector nothing is in service: it is counted, without an EOI. Owner of p,
 * read-side, interrupts off.
 */
void pstd_host_vector(struct pstd_pcpu *p, uint8_t vector);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
