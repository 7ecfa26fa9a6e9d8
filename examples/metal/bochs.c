/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where Bochs 3.0 differs from the manual, and what is done about it. A real CPU needs none of
 * this.
 *
 *   A descriptor has a page of its own (vm.c): one aligned to 64 bytes only is refused.
 *   IDT-vectoring information of a virtual interrupt's delivery names an event of before: below.
 *   A VM entry to the activity state HLT is not ended by a virtual interrupt that could be
 *   delivered: below.
 *   A notification that finds PIR empty makes RVI FFH: guests get that vector now and then.
 *   It is counted, and nothing else ("stray").
 *   Of a guest whose HLT does not exit: with IF = 0 no interrupt of the host's ends it, so that
 *   an NMI does not come through. No such guest halts so. With STI before HLT a virtual interrupt
 *   that was pending is delivered, and the CPU stays halted. Guests halt without (guest.c).
 *   A virtual interrupt may be delivered while RFLAGS.IF is 0, when a physical one arrives.
 *   That is counted too ("masked").
 */
#include "metal.h"

/* Of the last entry: what it began with. */
static struct {
	uint64_t status;
	bool injects;
} entries[VCPUS];

/* A halted guest that the entry should wake is entered as active. */
static void wake_entered_halt(const struct vcpu *v, uint64_t status)
{
	uint8_t ppr = pstd_apic_ppr((uint8_t)pstd_apic_read(v->h.apic, PSTD_APIC_TPR),
	                            (uint8_t)pstd_field_get(PSTD_VMX_SVI, status));

	if (vmread(PSTD_VMX_GUEST_ACTIVITY_STATE) == PSTD_VMX_HLT &&
	    (vmread(PSTD_VMX_GUEST_RFLAGS) & PSTD_VMX_RFLAGS_IF) &&
	    pstd_apic_above((uint8_t)pstd_field_get(PSTD_VMX_RVI, status), ppr))
		vmwrite(PSTD_VMX_GUEST_ACTIVITY_STATE, PSTD_VMX_ACTIVE);
}

void bochs_before_entry(struct vcpu *v)
{
	unsigned n = v->h.apic_id;

	if (hyp.software_apic)
		return;
	entries[n].status = vmread(PSTD_VMX_GUEST_INTR_STATUS);
	entries[n].injects = vmread(PSTD_VMX_VM_ENTRY_INTR_INFO) & PSTD_VMX_INTR_VALID;
	wake_entered_halt(v, entries[n].status);
}

/*
 * What the entry injected is delivered before anything else: if it was cut short, RVI and SVI
 * are as they were, and the information is right. Else it is the interrupt that is now in
 * service.
 */
void bochs_after_exit(struct vcpu *v)
{
	unsigned n = v->h.apic_id;
	uint64_t status = vmread(PSTD_VMX_GUEST_INTR_STATUS);

	if (hyp.software_apic || !(vmread(PSTD_VMX_IDT_VECTORING_INFO) & PSTD_VMX_INTR_VALID) ||
	    (entries[n].injects && entries[n].status == status))
		return;
	vmwrite(PSTD_VMX_IDT_VECTORING_INFO,
	        pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL,
	                           (uint8_t)pstd_field_get(PSTD_VMX_SVI, status)));
}
