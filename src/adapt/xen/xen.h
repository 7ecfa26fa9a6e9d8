/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xen's structures, as far as what is taken looks at them, and what the parts of this
 * adapter are to each other: vmx.c has what is Xen's, softirq.c and schedule.c are Xen around
 * it, entry.c the way to VM entry and back, agents.c and scenarios.c who does what.
 */
#ifndef ADAPT_XEN_H
#define ADAPT_XEN_H

#include "processor.h"
#include "xen_types.h"
#include <xen/list.h>

enum { APIC_TASKPRI = 0x80, APIC_ISR = 0x100, APIC_TMR = 0x180, APIC_IRR = 0x200 };
#include "types.inc"

enum {
	VCPUS = 2,
	PI_WAKEUP_VECTOR = 0xf1,
	PI_VECTOR = 0xf2,
	EVENT_CHECK_VECTOR = 0xfb,
	FLUSH_VECTOR = 0xfc,
};
enum { SCHEDULE_SOFTIRQ, SCHED_SLAVE_SOFTIRQ, VCPU_KICK_SOFTIRQ };
enum { HVMIRQ_callback_vector = 2 };
/* VM-entry interruption information */
#define INTR_INFO_VALID_MASK 0x80000000u
#define INTR_INFO_TYPE 0x700u
#define INTR_TYPE_NMI 0x200u
#define PAGE_FAULT (INTR_INFO_VALID_MASK | 0xb0e)
enum { _VPF_blocked, VPF_blocked = 1 << _VPF_blocked };
enum { RUNSTATE_running, RUNSTATE_runnable, RUNSTATE_blocked, RUNSTATE_offline };

struct sched_unit {
	spinlock_t lock;
	bool is_running;
};

struct vlapic_page {
	uint8_t data[1024];
};
struct vlapic {
	struct vlapic_page *regs;
	struct vlapic_page page __attribute__((aligned(64)));
};

struct vmx_vcpu {
	struct pi_desc pi_desc;
	struct pi_blocking_vcpu pi_blocking;
	uint32_t exec_control;
	unsigned long eoi_exitmap_changed;
};

struct vm_event {
	bool sync_event;
};

struct domain;
struct vcpu {
	struct {
		struct {
			struct vmx_vcpu vmx;
			struct vlapic vlapic;
			bool single_step;
		} hvm;
		struct vm_event *vm_event;
		bool nmi_pending, mce_pending;
	} arch;
	struct domain *domain;
	unsigned vcpu_id;
	unsigned processor;
	bool is_running, force_context_switch;
	unsigned long pause_flags;
	int pause_count;
	int poll_evtchn;
	struct {
		int state;
	} runstate;
	struct sched_unit *sched_unit, unit;
	unsigned dirty_cpu; /* whose registers hold its state still; NR_CPUS: none */
	struct processor virtual;
	/* what else VM entry heeds */
	struct guest {
		uint32_t entry_info; /* VM-entry interruption information */
		bool upcall;         /* an event channel's is pending, until its vector comes */
	} guest;
};

struct hvm_irq {
	int callback_via_type;
	struct {
		uint8_t vector;
	} callback_via;
};

struct domain {
	struct {
		struct hvm_domain {
			struct {
				unsigned flags;
				void (*vcpu_block)(struct vcpu *v);
			} pi_ops;
			struct hvm_irq *irq;
			struct {
				bool int_output;
			} vpic[1];
		} hvm;
	} arch;
	struct vcpu *vcpu;
	unsigned vcpu_count;
	int pause_count;
	unsigned long poll_mask[1];
	unsigned domain_id;
};

#define vcpu_of(processor) container_of((processor), struct vcpu, virtual)

extern struct vcpu vcpus[VCPUS], idle_vcpu;
extern struct domain domain;
extern bool iommu_intpost;
extern uint8_t posted_intr_vector, pi_wakeup_vector;

/* softirq.c */
extern uint64_t pending_softirqs[NR_CPUS];
extern unsigned per_cpu_irq_count[NR_CPUS];
bool in_irq(void);
void raise_softirq(unsigned nr);
void cpu_raise_softirq(unsigned cpu, unsigned nr);
void do_softirq(void);
void handle_interrupt(unsigned cpu, unsigned vector);
void handle_exit_for(uint8_t vector); /* a vector that the guest exited for */

/* schedule.c */
struct vcpu *current_vcpu(void);
#define current current_vcpu()
void sched_init(unsigned count);
void schedule(void);
void sched_out(unsigned task, bool runnable);
void sched_arrive(struct vcpu *v);
void sched_wake(const struct vcpu *v);
void flush_state(void);
void domain_pause(struct domain *d);
void domain_unpause(struct domain *d);
bool vcpu_runnable(const struct vcpu *v);

/* vmx.c: what is taken, for the others */
void xen_init(void);
void xen_assign(void);
void xen_deassign(void);
bool xen_deliver(struct processor *to, uint8_t vector); /* true: its bit in PIR was set */
void xen_switch_from(struct vcpu *v);
void xen_switch_to(struct vcpu *v);
void xen_wakeup_interrupt(void);
void xen_notification_interrupt(void);
void xen_intr_assist(void);
void xen_resume(void);
void xen_halt(void);
void vcpu_unblock(struct vcpu *v);
void vcpu_wake(struct vcpu *v);
void vcpu_kick(struct vcpu *v);
bool xen_listed(const struct vcpu *v, unsigned cpu);

/* entry.c */
void run_vcpu(void *vcpu);

/* scenarios.c */
extern struct explore_machine machine;

#endif
