/* SPDX-License-Identifier: BSD-2-Clause */
/* Of kvm_main.c: who blocks, who wakes, who is kicked; and the preemption notifiers. */
#include "linux.h"
#include "trace.h"

/* Nobody polls before it sleeps. */
#define kvm_vcpu_max_halt_poll_ns(vcpu) ((void)(vcpu), 0)
#define kvm_arch_no_poll(vcpu) ((void)(vcpu), true)
#define kvm_vcpu_can_poll(now, stop) ((void)(now), (void)(stop), false)
#define single_task_running() false
#define need_resched() false
#define cpu_relax() ((void)0)
#define vcpu_valid_wakeup(vcpu) ((void)(vcpu), true)
#define shrink_halt_poll_ns(vcpu) ((void)(vcpu))
#define grow_halt_poll_ns(vcpu) ((void)(vcpu))
#define update_halt_poll_stats(vcpu, ...) ((void)(vcpu))
#define KVM_STATS_LOG_HIST_UPDATE(...) ((void)0)

#include "kvm_main.inc"
#line 21 "adapter/kvm_main.c"

void kvm_thread_leaves(struct kvm_vcpu *vcpu)
{
	kvm_sched_out(&vcpu->preempt_notifier, NULL);
}

void kvm_thread_comes(struct kvm_vcpu *vcpu)
{
	kvm_sched_in(&vcpu->preempt_notifier, (int)smp_processor_id());
}

/* What asks all vCPUs for something: the request, and a kick. */
void kvm_make_all_cpus_request(struct kvm *kvm, unsigned req)
{
	for (unsigned i = 0; i < VCPUS; i++) {
		struct kvm_vcpu *vcpu = &vcpus[i].vcpu;

		if (vcpu->kvm != kvm)
			continue;
		set_bit((long)req, (unsigned long *)&vcpu->requests);
		smp_mb();
		kvm_vcpu_kick(vcpu);
	}
}
