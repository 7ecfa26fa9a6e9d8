/* SPDX-License-Identifier: BSD-2-Clause */
/* KVM's structures, as far as what is taken looks at them. */
#ifndef SHIM_LINUX_KVM_TYPES_H
#define SHIM_LINUX_KVM_TYPES_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/rcuwait.h>
#include <linux/srcu.h>
#include <linux/types.h>

struct kvm_vcpu;
struct kvm_kernel_irq_routing_entry {
	u32 gsi, type;
	struct hlist_node link;
};

struct kvm_irq_routing_table {
	u32 nr_rt_entries;
	struct hlist_head map[1];
};

struct kvm_lapic_irq {
	u32 vector, delivery_mode, trig_mode;
	bool level;
};

struct kvm_timer {
	atomic_t pending;
	u64 tscdeadline, expired_tscdeadline;
	s64 target_expiration;
	u32 timer_mode, timer_mode_mask, timer_advance_ns;
	bool hv_timer_in_use;
};

struct kvm_lapic {
	struct kvm_vcpu *vcpu;
	void *regs;
	struct kvm_timer lapic_timer;
	bool apicv_active, irr_pending, sw_enabled;
	s16 isr_count;
	int highest_isr_cache;
	unsigned long pending_events;
	unsigned sipi_vector;
};

struct dest_map {
	unsigned long map[1];
	u8 vectors[64];
};

struct kvm_vcpu_arch {
	struct kvm_lapic *apic;
	int mp_state, apic_arb_prio;
	unsigned nmi_pending;
	bool apicv_active, smi_pending, at_instruction_boundary, l1tf_flush_l1d;
	struct {
		int pv_unhalted;
	} pv;
	struct {
		bool halted;
	} apf;
	struct {
		bool pending;
	} exception;
};

struct kvm_vcpu_stat {
	struct {
		u64 blocking, halt_wakeup, halt_wait_ns, halt_wait_hist[1];
	} generic;
	u64 halt_wakeup, halt_attempted_poll, halt_successful_poll, halt_poll_invalid;
	u64 request_irq_exits;
};

struct kvm_run {
	u32 exit_reason;
};

struct kvm_arch {
	atomic_t assigned_device_count;
	bool mwait_in_guest, hlt_in_guest;
};

struct kvm {
	struct srcu_struct srcu, irq_srcu;
	struct kvm_irq_routing_table *irq_routing;
	struct kvm_arch arch;
	unsigned max_halt_poll_ns;
};

/*
 * What others access has words of its own: the explorer's points are words, and others in
 * them would be points, too.
 */
struct kvm_vcpu {
	struct kvm *kvm;
	struct preempt_notifier preempt_notifier;
	int vcpu_id, srcu_idx;
	int cpu __aligned(8);
	int mode __aligned(8);
	u64 requests;
	bool ready;
	bool preempted __aligned(8), scheduled_out, wants_to_run;
	int pre_pcpu; /* before 5.17 */
	unsigned halt_poll_ns;
	struct list_head blocked_vcpu_list; /* before 5.17 */
	struct rcuwait wait;
	struct {
		struct list_head done;
	} async_pf;
	struct kvm_run *run;
	struct kvm_vcpu_arch arch;
	struct kvm_vcpu_stat stat;
};

#endif
