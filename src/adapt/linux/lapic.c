/* SPDX-License-Identifier: BSD-2-Clause */
/* Of lapic.c: how an interrupt is accepted, and what of PIR and IRR is pending. */
#include "linux.h"
#include "trace.h"

#define kvm_inject_nmi(vcpu) ((void)(vcpu))
#define kvm_inject_smi(vcpu) ((void)(vcpu), 0)

/* What is taken out of a word of PIR, where it is counted: what the IRR has already merges. */
static u32 take_pir(u32 *word)
{
	u32 bits = __atomic_exchange_n(word, 0, __ATOMIC_SEQ_CST);
	struct pi_desc *d = (struct pi_desc *)((uintptr_t)word & ~(uintptr_t)63);
	struct vcpu_vmx *vmx = container_of(d, struct vcpu_vmx, pi_desc);

	processor_merge(&vmx->processor, (unsigned)((char *)word - (char *)d) * 8, bits);
	return bits;
}
#undef xchg
#define xchg(word, zero) take_pir(word)

/* A timer's interrupt is posted if the VM may halt without an exit. */
#define pi_inject_timer true
#define kvm_mwait_in_guest(kvm) ((kvm)->arch.mwait_in_guest)
#define kvm_hlt_in_guest(kvm) ((kvm)->arch.hlt_in_guest)
#define __kvm_wait_lapic_expire(vcpu) ((void)(vcpu))
#define guest_cpuid_is_intel_compatible(vcpu) ((void)(vcpu), true)

#include "lapic.inc"
#line 31 "adapter/lapic.c"

bool lapic_timer_expires(struct processor *to, uint8_t vector)
{
	apic_timer_expired(&vcpus[to->number].lapic, true);
	return false;
}
