/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's VMCS: only what posting needs is set, or taken away; the rest is the
 * caller's. And which x2APIC registers exit.
 */
#include "hyp/internal.h"

/* The controls of APIC virtualization, and posting. */
static void setup_apicv(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;

	hyp_change_bits(v, VMX_PIN_BASED_VM_EXEC_CONTROL, 0, VMX_PIN_POSTED_INTR);
	hyp_change_bits(v, VMX_SECONDARY_VM_EXEC_CONTROL, 0,
	                VMX_SEC_APIC_REGISTER | VMX_SEC_VIRTUAL_INTR);
	hyp_vmwrite(v, VMX_GUEST_INTR_STATUS,
	            pi_field(VMX_RVI, apic_highest_or_0(v->apic, APIC_IRR)) |
	                    pi_field(VMX_SVI, apic_highest_or_0(v->apic, APIC_ISR)));
	hyp_vmwrite(v, VMX_POSTED_INTR_NV, POSTED_INTR_VECTOR);
	hyp_vmwrite(v, VMX_POSTED_INTR_DESC_ADDR, h->ops->phys(h->ctx, v->pid));
}

static void setup_ipiv(struct hyp_vcpu *v)
{
	struct hyp_vm *vm = v->vm;
	struct hyp *h = vm->hyp;

	hyp_change_bits(v, VMX_CPU_BASED_VM_EXEC_CONTROL, 0, VMX_CPU_TERTIARY);
	hyp_change_bits(v, VMX_TERTIARY_VM_EXEC_CONTROL, 0, VMX_TER_IPI_VIRT);
	hyp_vmwrite(v, VMX_PID_POINTER_TABLE, h->ops->phys(h->ctx, vm->pid_pointers));
	hyp_vmwrite(v, VMX_LAST_PID_POINTER_INDEX, vm->vcpu_count - 1);
}

void hyp_vmcs_setup(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;

	hyp_change_bits(v, VMX_PIN_BASED_VM_EXEC_CONTROL, 0,
	                VMX_PIN_EXT_INTR | VMX_PIN_NMI | VMX_PIN_VIRTUAL_NMI);
	hyp_change_bits(v, VMX_CPU_BASED_VM_EXEC_CONTROL, VMX_CPU_HLT | HYP_WINDOWS,
	                VMX_CPU_TPR_SHADOW | VMX_CPU_SECONDARY |
	                        (h->hlt_exiting ? VMX_CPU_HLT : 0));
	hyp_change_bits(v, VMX_SECONDARY_VM_EXEC_CONTROL, VMX_SEC_X2APIC | VMX_SEC_VIRTUALIZE_APIC,
	                v->vm->x2apic ? VMX_SEC_X2APIC : VMX_SEC_VIRTUALIZE_APIC);
	hyp_change_bits(v, VMX_VM_EXIT_CONTROLS, 0, VMX_EXIT_ACK_INTR);
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
