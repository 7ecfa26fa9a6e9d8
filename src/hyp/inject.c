/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts without APIC virtualization. The vCPU's APIC page is its local APIC,
 * emulated by its owner: others only post to the descriptor, as ever, and kick.
 * SDM, "Event Injection" and "Interrupt-Window Exiting"; Linux, lapic.c and
 * kvm_check_and_inject_events.
 */
#include "hyp/internal.h"

/* TPR is the guest's own, by the TPR shadow; emulated, PPR follows it only here. */
static uint8_t update_ppr(struct hyp_vcpu *v)
{
	uint8_t tpr = (uint8_t)apic_read(v->apic, APIC_TPR);
	uint8_t ppr = apic_ppr(tpr, apic_highest_or_0(v->apic, APIC_ISR));

	apic_write(v->apic, APIC_PPR, ppr);
	return ppr;
}

int hyp_apic_pending(struct hyp_vcpu *v)
{
	uint8_t ppr = update_ppr(v);
	int vector = apic_highest(v->apic, APIC_IRR);

	return vector >= 0 && apic_above((uint8_t)vector, ppr) ? vector : -1;
}

void hyp_apic_eoi(struct hyp_vcpu *v)
{
	int vector = apic_highest(v->apic, APIC_ISR);

	if (vector >= 0)
		apic_clear(v->apic, APIC_ISR, (uint8_t)vector);
}

uint32_t hyp_apic_read(struct hyp_vcpu *v, unsigned offset)
{
	update_ppr(v);
	return apic_read(v->apic, offset);
}

/* The guest takes interrupts where it will be entered. */
static bool window_open(const struct hyp *h)
{
	return (hyp_vmread(h, VMX_GUEST_RFLAGS) & VMX_RFLAGS_IF) &&
	       !(hyp_vmread(h, VMX_GUEST_INTERRUPTIBILITY_INFO) &
	         (VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS));
}

/* The local APIC's acknowledge cycle, and its vector into the VM entry. */
static void inject(struct hyp_vcpu *v, uint8_t vector)
{
	apic_clear(v->apic, APIC_IRR, vector);
	apic_set(v->apic, APIC_ISR, vector);
	hyp_vmwrite(v->vm->hyp, VMX_VM_ENTRY_INTR_INFO,
	            vmx_intr_info(VMX_TYPE_EXTERNAL, vector));
}

/* A guest that lowers its TPR below the class of what waits exits. */
static void set_tpr_threshold(struct hyp_vcpu *v)
{
	unsigned class = apic_highest_or_0(v->apic, APIC_IRR) >> 4;
	unsigned tpr = (apic_read(v->apic, APIC_TPR) & 0xff) >> 4;

	hyp_vmwrite(v->vm->hyp, VMX_TPR_THRESHOLD, class <= tpr ? class : 0);
}

/* What the last exit cut short. False: nothing. */
static bool inject_again(struct hyp_vcpu *v)
{
	if (!v->interrupted)
		return false;
	hyp_vmwrite(v->vm->hyp, VMX_VM_ENTRY_INTR_INFO, v->interrupted);
	v->interrupted = 0;
	return true;
}

void hyp_inject(struct hyp_vcpu *v)
{
	const struct hyp *h = v->vm->hyp;
	bool taken = inject_again(v);
	int vector;

	if (!h->software_apic)
		return;
	vector = hyp_apic_pending(v);
	if (vector >= 0 && !taken && window_open(h)) {
		inject(v, (uint8_t)vector);
		vector = hyp_apic_pending(v);
	}
	/* What may be delivered, but not now: the guest exits as soon as it can take it. */
	hyp_change_bits(h, VMX_CPU_BASED_VM_EXEC_CONTROL, VMX_CPU_INTR_WINDOW,
	                vector >= 0 ? VMX_CPU_INTR_WINDOW : 0);
	set_tpr_threshold(v);
}

/*
 * "Information for VM Exits That Occur During Event Delivery": the vector is in
 * service already, and only another entry can bring it to its handler.
 */
void hyp_inject_exit(struct hyp_vcpu *v)
{
	uint64_t info = hyp_vmread(v->vm->hyp, VMX_IDT_VECTORING_INFO);

	v->interrupted = 0;
	if ((info & VMX_INTR_VALID) && pi_field_get(VMX_INTR_TYPE, info) == VMX_TYPE_EXTERNAL)
		v->interrupted = (uint32_t)(info & (VMX_INTR_VALID | VMX_INTR_VECTOR));
}
