/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's VMCS: only what posting needs is set, or taken away; the rest is the
 * caller's. And which x2APIC registers exit.
 */
#include "hyp/internal.h"

/* What virtual-interrupt delivery and posting work with. */
static void setup_apicv(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;

	hyp_vmwrite(v, VMX_GUEST_INTR_STATUS,
	            pi_field(VMX_RVI, apic_highest_or_0(v->apic, APIC_IRR)) |
	                    pi_field(VMX_SVI, apic_highest_or_0(v->apic, APIC_ISR)));
	hyp_vmwrite(v, VMX_POSTED_INTR_NV, h->vectors.notification);
	hyp_vmwrite(v, VMX_POSTED_INTR_DESC_ADDR, h->ops->phys(h->ctx, v->pid));
}

static void setup_ipiv(struct hyp_vcpu *v)
{
	struct hyp_vm *vm = v->vm;
	struct hyp *h = vm->hyp;

	hyp_vmwrite(v, VMX_PID_POINTER_TABLE, h->ops->phys(h->ctx, vm->pid_pointers));
	hyp_vmwrite(v, VMX_LAST_PID_POINTER_INDEX, vm->vcpu_count - 1);
}

static void set_bits(const struct hyp_vcpu *v, enum vmx_field field,
                     const struct hyp_control_bits *b)
{
	hyp_change_bits(v, field, b->forbidden, b->required);
}

static void set_controls(const struct hyp_vcpu *v)
{
	struct hyp_controls c;

	hyp_controls(v->vm, &c);
	set_bits(v, VMX_PIN_BASED_VM_EXEC_CONTROL, &c.pin);
	set_bits(v, VMX_CPU_BASED_VM_EXEC_CONTROL, &c.cpu);
	set_bits(v, VMX_SECONDARY_VM_EXEC_CONTROL, &c.secondary);
	set_bits(v, VMX_VM_EXIT_CONTROLS, &c.exit);
	/* A CPU that has no tertiary controls does not have their field either. */
	if (hyp_vmread(v, VMX_CPU_BASED_VM_EXEC_CONTROL) & VMX_CPU_TERTIARY)
		set_bits(v, VMX_TERTIARY_VM_EXEC_CONTROL, &c.tertiary);
}

void hyp_vmcs_setup(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;

	set_controls(v);
	hyp_vmwrite(v, VMX_VIRTUAL_APIC_PAGE_ADDR, h->ops->phys(h->ctx, v->apic));
	hyp_vmwrite(v, VMX_TPR_THRESHOLD, 0);
	if (!h->software_apic)
		setup_apicv(v);
	if (v->vm->pid_pointers)
		setup_ipiv(v);
	v->windows = v->tpr_threshold = 0;
	v->vmcs_ready = true;
}

/*
 * Accesses that the CPU virtualizes, and rightly. With APIC-register virtualization
 * it would read whatever is on the page, register or not, and a count that stands
 * still; in xAPIC mode all of them go to the host's own local APIC.
 */
static bool virtualized(const struct hyp_vm *vm, uint32_t msr, bool write)
{
	if (!vm->x2apic)
		return false;
	if (msr == APIC_X2APIC_MSR(APIC_TPR))
		return true;
	if (vm->hyp->software_apic)
		return false;
	if (!write)
		return hyp_apic_msr_readable(msr) && msr != APIC_X2APIC_MSR(APIC_CURRENT_COUNT);
	return msr == APIC_X2APIC_MSR(APIC_EOI) || msr == APIC_X2APIC_MSR(APIC_SELF_IPI) ||
	       (msr == APIC_X2APIC_MSR(APIC_ICR) && vm->pid_pointers);
}

void hyp_msr_bitmap(const struct hyp_vm *vm, uint8_t bitmap[VMX_MSR_BITMAP_SIZE])
{
	for (uint32_t msr = APIC_X2APIC_MSR_FIRST; msr <= APIC_X2APIC_MSR_LAST; msr++) {
		vmx_msr_exits(bitmap, msr, false, !virtualized(vm, msr, false));
		vmx_msr_exits(bitmap, msr, true, !virtualized(vm, msr, true));
	}
}
