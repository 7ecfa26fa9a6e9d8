/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_VMX_H
#define SHIM_VMX_H

#include "posted_intr.h"
#include "processor.h"
#include <linux/kvm_host.h>

struct vcpu_vmx {
	struct pi_desc pi_desc;
	struct kvm_vcpu vcpu;
	struct list_head pi_wakeup_list;
	struct {
		int posted_intr_nv;
		bool pi_pending, nested_run_pending;
	} nested;
	u64 host_debugctlmsr;
	/* what the hardware holds of it, and its APIC page */
	struct processor processor;
	struct kvm_lapic lapic;
	u8 page[1024] __attribute__((aligned(64)));
};

static inline struct vcpu_vmx *to_vmx(struct kvm_vcpu *vcpu)
{
	return container_of(vcpu, struct vcpu_vmx, vcpu);
}

#define vmx_can_use_ipiv(vcpu) ((void)(vcpu), enable_ipiv)
bool vmx_interrupt_blocked(struct kvm_vcpu *vcpu);

#endif
