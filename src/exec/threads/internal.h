/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the threaded executor share. */
#ifndef EXEC_THREADS_INTERNAL_H
#define EXEC_THREADS_INTERNAL_H

#include "exec/demand.h"
#include "exec/iommu.h"
#include "exec/host_apic.h"
#include "exec/threads/machine.h"
#include "exec/threads/poll.h"
#include <posted/hw/cpu.h>
#include <posted/hw/ioapic.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <pthread.h>
#include <stdatomic.h>

struct vm;

/* A vCPU as its guest program sees it. */
struct guest {
	const struct guest_ops *ops;
	void *state, *vm_state;
	struct vcpu *vcpu;
	bool ready; /* init has run */
};

struct vcpu {
	struct pstd_vcpu hyp;
	struct vm *vm;
	struct guest guest;
	int pin;                  /* its only pCPU, or -1 */
	_Atomic int prefer;       /* where a test wants it next, or -1 */
	_Atomic int runs_on;      /* the pCPU it is loaded on, or -1 */
	atomic_bool done;         /* its guest waits for nothing more */
	struct vcpu *next;        /* on a run queue */
	unsigned vectors;         /* device vectors given out */
	struct machine_vector *by_vector[256];
	uint64_t handled[256];    /* tallied where it runs */
	uint64_t ipis[256];       /* sent to it, by vector, by other vCPUs */
	uint64_t asked, seen;     /* requests of who kicked it, and those its owner saw */
	struct histogram latency; /* from raising to handler */
};

struct vm {
	struct machine *machine;
	struct pstd_vm hyp;
	char *name;
	const struct guest_ops *ops;
	void *state;
	unsigned vcpu_count;
	struct vcpu *vcpus;
	struct mapping *mappings;
	/* the user-space thread */
	pthread_t user;
	bool user_runs;
	int epoll, user_stop;
};

/* A device's registers, mapped into a VM. */
struct mapping {
	const char *kind;
	void *registers;
	struct mapping *next;
};

/* A VT-d unit with all that its driver knows. */
struct unit {
	struct pstd_vtd vtd;
	struct iommu iommu;
	char *name;
	struct pstd_irte *irtes;      /* its remapping table */
	struct pstd_vtd_cache_slot *cache;
	uint64_t *records;
	/* the handler's of the fault event */
	uint64_t faults;
	char last_fault[MACHINE_FAULT];
};

struct machine_vector {
	struct machine *machine;
	struct unit *unit;
	struct vcpu *vcpu;
	char *name;
	uint16_t sid;
	unsigned entry;
	unsigned pin;            /* of the I/O APIC; 0: it has an MSI */
	enum machine_way way;
	uint8_t guest_vector;
	struct pstd_msi_msg msi; /* what the device writes */
	struct pstd_irq irq;
	struct pstd_irqfd irqfd;
	struct pstd_eventfd eventfd;
	int fd;                  /* user space's end of eventfd, or -1 */
	uint64_t unread;         /* after stop: what it still held */
	uint64_t sent __attribute__((aligned(64))); /* tallied by the device */
	uint64_t merged;    /* of these, with one that still waited; tallied by the device */
	uint64_t missed;    /* of these, not in the unit's entry cache; tallied by the device */
	uint64_t stamp;     /* when the oldest unhandled one was raised, or 0 */
};

struct pcpu {
	struct pstd_cpu cpu;
	struct pstd_pcpu hyp;
	struct machine *machine;
	pthread_t thread;
	bool started;
	/* run queue */
	pthread_mutex_t lock;
	struct vcpu *head, **tail;
	_Atomic unsigned queued;
	atomic_bool idle; /* it runs no vCPU */
	/* 1 while it sleeps or is about to (exec/doze.h) */
	uint64_t asleep __attribute__((aligned(64)));
	struct poll poll;
	uint64_t preemptions, moves;
	uint64_t steps; /* instructions of guests: begun and ended, so odd while one is under way */
	uint64_t loaded; /* the VMCS that is, by its physical address */
};

struct machine {
	struct machine_config config;
	struct pstd_memory memory;
	struct unit *units;
	unsigned unit_count;
	struct pstd_ioapic ioapic;
	pthread_mutex_t pins;            /* from a pulse to its message */
	struct pstd_irq fault_irq;       /* the fault event of all units */
	struct pstd_eventfd fault_event; /* what it signals; units.c reads it */
	struct pstd_hyp hyp;
	/* by number over all VMs, so that a descriptor leads to its vCPU */
	struct pstd_desc *pids;
	struct pstd_apic_page *pages;
	struct pstd_vmcs *vmcss;
	struct vcpu **by_pid;
	unsigned vcpu_count;
	struct pstd_desc *msi; /* by pCPU; null: no posted MSI */
	uint64_t *pid_pointers; /* as pids, those of a VM together; null: no IPI virtualization */
	uint8_t *msr_bitmap;    /* of all vCPUs */
	void *apic_access;      /* the page where guests have their local APIC in xAPIC mode */
	struct pcpu *pcpus;
	struct vm *vms;
	struct machine_vector **vectors; /* by index in the table of the unit they are behind */
	unsigned vector_count;
	pthread_mutex_t control; /* of control.c */
	atomic_bool finishing, stopping;
	_Atomic uint64_t wakeups, faults;
	machine_check *on_entry;
	_Atomic(const char *) violation; /* the first that was found */
	atomic_flag undue;               /* ops.c has found one, */
	char undue_text[DEMAND_TEXT];    /* which is this */
};

/* The pCPU this thread is, null for any other thread. */
extern _Thread_local struct pcpu *this_pcpu;

static inline struct vcpu *vcpu_of(struct pstd_vcpu *v)
{
	return (struct vcpu *)((char *)v - offsetof(struct vcpu, hyp));
}

/* Entries of each remapping table: as many as Linux takes. And IRTA's S for them. */
enum { MACHINE_ENTRIES = 65536, MACHINE_TABLE_SIZE = 15 };

/* The host's vector for faults: above those of devices, where nothing else is. */
enum { MACHINE_FAULT_VECTOR = 0xee };

/* control.c: hyp/'s control operations are made with this lock held. */
void control_lock(struct machine *m);
void control_unlock(struct machine *m);
bool control_holds(const struct machine *m); /* the calling thread */

/* machine.c: keeps the first violation that is found. */
void machine_violated(struct machine *m, const char *found);

/* machine.c: "what: strerror(errno)" as an error; returns null. */
void *machine_fail(char error[MACHINE_ERROR], const char *what);

/* units.c: the VT-d units; what they take of the memory; their records of faults. */
bool units_create(struct machine *m, const struct machine_config *c, char error[MACHINE_ERROR]);
void units_destroy(struct machine *m);
size_t units_memory(const struct machine_config *c);
void units_take_faults(struct machine *m);

/* pins.c: the I/O APIC; its entry for a vector's pin; the message of a pin's edge. */
void pins_create(struct machine *m);
void pins_destroy(struct machine *m);
void pins_connect(struct machine_vector *v);
void pins_disconnect(struct machine_vector *v);
struct pstd_msi_msg pins_pulse(struct machine_vector *v);

/* stats.c: for each vCPU and vector, all that was sent was handled or merged. */
bool stats_all_handled(const struct machine *m);

/* vector.c: with the control lock held. */
void vector_destroy(struct machine_vector *v);

/* read.c: read-side sections, which pstd_ops.synchronize waits for. */
void read_register(void);
void read_unregister(void);
void read_lock(void);
void read_unlock(void);
bool read_inside(void); /* the calling thread is in one */
void read_synchronize(void);

/* sleep.c: an idle pCPU, and those who end its sleep. */
bool sleep_available(void);
void sleep_wait(struct pcpu *p, bool (*ready)(struct pcpu *));
void sleep_end(struct pcpu *p);

/* bus.c: messages between local APICs. */
void bus_notify(struct machine *m, const struct pstd_apic_msg *msg);
bool bus_accept(struct machine *m, const struct pstd_apic_msg *msg);
/* A message that a VT-d unit sends by itself: in compatibility format, never remapped. */
void bus_event(struct machine *m, struct pstd_msi_msg msg);

/* sched.c: run queues. */
void sched_place(struct vcpu *v);
struct vcpu *sched_pick(struct pcpu *p);

/* ops.c: the machine as hyp/ asks for it. */
extern const struct pstd_ops machine_hyp_ops;

/* pcpu.c */
void *pcpu_main(void *pcpu);
/* A guest's instruction exited: the hypervisor handles it and enters again. */
void pcpu_trap(struct pcpu *p, struct vcpu *v);
/* A VM entry injects an interrupt or an NMI: the guest takes it, and what follows so. */
void pcpu_injected(struct pcpu *p, struct vcpu *v);

/* userspace.c: the thread that reads eventfds and injects. */
bool userspace_watch(struct machine_vector *v);
bool userspace_start(struct vm *vm);
void userspace_stop(struct vm *vm);
/* Takes what nobody read, after all threads have stopped. */
void userspace_collect(struct machine_vector *v);

uint64_t now_ns(void);

#endif
