/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vCPU's VMCS: only what posting needs is set, or taken away; the rest is the
 * caller's. And which x2APIC registers exit.
 */
#include "hyp/internal.h"

/* What virtual-interrupt delivery and posting work with. */
static void setup_apicv(struct pstd_vcpu *v)
{
	struct pstd_hyp *h = v->vm->hyp;

	pstd_vmwrite(v, PSTD_VMX_GUEST_INTR_STATUS, pstd_page_rvi(v) | pstd_page_svi(v));
	pstd_vmwrite(v, PSTD_VMX_POSTED_INTR_NV, h->vectors.notification);
	pstd_vmwrite(v, PSTD_VMX_POSTED_INTR_DESC_ADDR, h->ops->phys(h->ctx, v->pid));
}

static void setup_ipiv(struct pstd_vcpu *v)
{
	struct pstd_vm *vm = v->vm;
	struct pstd_hyp *h = vm->hyp;

	pstd_vmwrite(v, PSTD_VMX_PID_POINTER_TABLE, h->ops->phys(h->ctx, vm->pid_pointers));
	pstd_vmwrite(v, PSTD_VMX_LAST_PID_POINTER_INDEX, vm->vcpu_count - 1);
}

static void set_bits(const struct pstd_vcpu *v, enum pstd_vmx_field field,
                     const struct pstd_control_bits *b)
{
	pstd_change_bits(v, field, b->forbidden, b->required);
}

static void set_controls(const struct pstd_vcpu *v)
{
	struct pstd_controls c;

	pstd_controls(v->vm, &c);
	set_bits(v, PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL, &c.pin);
	set_bits(v, PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL, &c.cpu);
	set_bits(v, PSTD_VMX_SECONDARY_VM_EXEC_CONTROL, &c.secondary);
	set_bits(v, PSTD_VMX_VM_EXIT_CONTROLS, &c.exit);
	/* A CPU that has no tertiary controls does not have their field either. */
	if (pstd_vmread(v, PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL) & PSTD_VMX_CPU_TERTIARY)
		set_bits(v, PSTD_VMX_TERTIARY_VM_EXEC_CONTROL, &c.tertiary);
}

void pstd_vmcs_setup(struct pstd_vcpu *v)
{
	struct pstd_hyp *h = v->vm->hyp;

	set_controls(v);
	pstd_vmwrite(v, PSTD_VMX_VIRTUAL_APIC_PAGE_ADDR, h->ops->phys(h->ctx, v->apic));
	pstd_vmwrite(v, PSTD_VMX_TPR_THRESHOLD, 0);
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
static bool virtualized(const struct pstd_vm *vm, uint32_t msr, bool write)
{
	if (!vm->x2apic)
		return false;
	if (msr == PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR))
		return true;
	if (vm->hyp->software_apic)
		return false;
	if (!write)
		return pstd_apic_msr_readable(msr) &&
		       msr != PSTD_APIC_X2APIC_MSR(PSTD_APIC_CURRENT_COUNT);
	return msr == PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI) ||
	       msr == PSTD_APIC_X2APIC_MSR(PSTD_APIC_SELF_IPI) ||
	       (msr == PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR) && vm->pid_pointers);
}

void pstd_msr_bitmap(const struct pstd_vm *vm, uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE])
{
	for (uint32_t msr = PSTD_APIC_X2APIC_MSR_FIRST; msr <= PSTD_APIC_X2APIC_MSR_LAST; msr++) {
		pstd_vmx_msr_exits(bitmap, msr, false, !virtualized(vm, msr, false));
		pstd_vmx_msr_exits(bitmap, msr, true, !virtualized(vm, msr, true));
	}
}
