/* SPDX-License-Identifier: BSD-2-Clause */
/* KVM's own header, as far as what is taken goes: what stands for what is not there. */
#ifndef SHIM_LINUX_KVM_HOST_H
#define SHIM_LINUX_KVM_HOST_H

#include <asm/apic.h>
#include <asm/irq_vectors.h>
#include <errno.h>
#include <linux/bug.h>
#include <linux/find.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/kvm_types.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/spinlock.h>
#include <linux/static_call.h>

#define CONFIG_SMP 1
#define noinstr

enum { OUTSIDE_GUEST_MODE, IN_GUEST_MODE, EXITING_GUEST_MODE };
enum {
	KVM_MP_STATE_RUNNABLE,
	KVM_MP_STATE_INIT_RECEIVED = 2,
	KVM_MP_STATE_HALTED,
	KVM_MP_STATE_AP_RESET_HOLD = 9
};
enum { KVM_EXIT_UNKNOWN, KVM_EXIT_IRQ_WINDOW_OPEN = 7 };
enum { KVM_IRQ_ROUTING_MSI = 2 };

/* Requests, each with a bit of its own. */
#define KVM_REQUEST_MASK 63
#define KVM_REQUEST_NO_ACTION 0
enum {
	KVM_REQ_UNBLOCK,
	KVM_REQ_UNHALT,
	KVM_REQ_PENDING_TIMER,
	KVM_REQ_EVENT,
	KVM_REQ_NMI,
	KVM_REQ_SMI,
	KVM_REQ_PMI,
	KVM_REQ_UPDATE_PROTECTED_GUEST_STATE
};

extern bool enable_apicv, enable_ipiv;
#define irqchip_in_kernel(kvm) ((void)(kvm), true)
#define is_guest_mode(vcpu) ((void)(vcpu), false)
#define KVM_BUG_ON(c, kvm) ((void)(kvm), WARN_ON(c))
#define kvm_arch_has_assigned_device(kvm) (atomic_read(&(kvm)->arch.assigned_device_count) > 0)
#define kvm_arch_vcpu_blocking(vcpu) ((void)(vcpu))
#define kvm_arch_vcpu_unblocking(vcpu) ((void)(vcpu))
#define kvm_arch_vcpu_block_finish(vcpu) ((void)(vcpu))
#define kvm_arch_sched_in(vcpu, cpu) ((void)(vcpu), (void)(cpu))
#define preempt_notifier_to_vcpu(pn) container_of(pn, struct kvm_vcpu, preempt_notifier)
#define kvm_vcpu_srcu_read_lock(vcpu) ((vcpu)->srcu_idx = srcu_read_lock(&(vcpu)->kvm->srcu))
#define kvm_vcpu_srcu_read_unlock(vcpu) srcu_read_unlock(&(vcpu)->kvm->srcu, (vcpu)->srcu_idx)
#define __pa(p) ((u64)(uintptr_t)(p))

#include "requests.inc"
#line 62 "adapter/shim/linux/kvm_host.h"

/* Of what is taken, what one file calls of another. */
struct kvm_vcpu *kvm_get_running_vcpu(void);
bool kvm_vcpu_wake_up(struct kvm_vcpu *vcpu);
void kvm_vcpu_kick(struct kvm_vcpu *vcpu);
void kvm_vcpu_halt(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_runnable(struct kvm_vcpu *vcpu);
int kvm_arch_vcpu_should_kick(struct kvm_vcpu *vcpu);
int kvm_arch_interrupt_allowed(struct kvm_vcpu *vcpu);
int kvm_cpu_has_interrupt(struct kvm_vcpu *vcpu);
int kvm_cpu_has_pending_timer(struct kvm_vcpu *vcpu);
void kvm_arch_vcpu_load(struct kvm_vcpu *vcpu, int cpu);
void kvm_arch_vcpu_put(struct kvm_vcpu *vcpu);
void kvm_make_all_cpus_request(struct kvm *kvm, unsigned req);
#if ADAPT_VERSION < 5016
void kvm_vcpu_block(struct kvm_vcpu *vcpu);
#else
bool kvm_vcpu_block(struct kvm_vcpu *vcpu);
#endif

/* What of a processor's KVM x86.c and lapic.c call. */
struct kvm_x86_ops {
	int (*sync_pir_to_irr)(struct kvm_vcpu *vcpu);
	int (*deliver_posted_interrupt)(struct kvm_vcpu *vcpu, int vector);
	void (*deliver_interrupt)(struct kvm_lapic *apic, int mode, int trig_mode, int vector);
	int (*interrupt_allowed)(struct kvm_vcpu *vcpu, bool for_injection);
	int (*nmi_allowed)(struct kvm_vcpu *vcpu, bool for_injection);
	int (*smi_allowed)(struct kvm_vcpu *vcpu, bool for_injection);
	void (*vcpu_load)(struct kvm_vcpu *vcpu, int cpu);
	void (*vcpu_put)(struct kvm_vcpu *vcpu);
	int (*pre_block)(struct kvm_vcpu *vcpu);
	void (*post_block)(struct kvm_vcpu *vcpu);
	void (*set_hv_timer)(void);
	void (*pi_start_assignment)(struct kvm *kvm);
	const struct {
		bool (*has_events)(struct kvm_vcpu *vcpu, bool for_injection);
		bool (*hv_timer_pending)(struct kvm_vcpu *vcpu);
		void (*check_events)(struct kvm_vcpu *vcpu);
	} * nested_ops;
};
extern const struct kvm_x86_ops kvm_x86_ops;
#define kvm_x86_call(name) kvm_x86_ops.name
#define kvm_x86_sync_pir_to_irr kvm_x86_ops.sync_pir_to_irr
#define kvm_x86_deliver_interrupt kvm_x86_ops.deliver_interrupt
#define kvm_x86_interrupt_allowed kvm_x86_ops.interrupt_allowed
#define kvm_x86_nmi_allowed kvm_x86_ops.nmi_allowed
#define kvm_x86_smi_allowed kvm_x86_ops.smi_allowed
#define kvm_x86_pi_start_assignment kvm_x86_ops.pi_start_assignment

#endif
