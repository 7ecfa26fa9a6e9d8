/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Posting by software, and taking in what was posted. Linux, vmx.c:
 * __vmx_deliver_posted_interrupt and vmx_sync_pir_to_irr.
 */
#include "hyp/internal.h"

/*
 * In guest mode: hardware takes it in by itself, or exits. Elsewhere: the way to
 * VM entry looks at what was left for it.
 */
static void notify(struct hyp_vcpu *v, uint8_t vector)
{
	struct hyp *h = v->vm->hyp;

	if (pi_load_acquire(&v->mode) == HYP_IN_GUEST_MODE)
		hyp_send_ipi(h, pi_destination(pi_load_relaxed(&v->pid->control), h->x2apic),
		             vector);
	else
		hyp_vcpu_wake(v);
}

bool hyp_vcpu_deliver(struct hyp_vcpu *v, uint8_t vector)
{
	const struct hyp_vectors *own = hyp_vectors_of(v);

	/* First PIR: whoever set the bit before us sees to the notification. */
	if (pi_test_and_set_pir(v->pid, vector)) {
		pi_count(&v->coalesced[vector], 1);
		return false;
	}
	/*
	 * Second ON, whatever SN says: a preempted vCPU keeps it until it is loaded.
	 * The locked operation stands between ON and our look at mode and task;
	 * pairs with the exchanges in hyp_vcpu_enter and hyp_vcpu_block.
	 */
	if (!pi_test_and_set_on(v->pid))
		notify(v, v->vm->hyp->software_apic ? own->kick : own->notification);
	return true;
}

bool hyp_vcpu_nmi(struct hyp_vcpu *v)
{
	/*
	 * An exchange stands between the latch and our look at mode and task; pairs
	 * with the exchanges in hyp_vcpu_enter and hyp_vcpu_block. Whoever found the
	 * latch clear sees to the notification. Only an exit makes it injected, so it is
	 * a kick even where notifications are processed without one.
	 */
	if (!hyp_latch_nmi(v))
		return false;
	notify(v, hyp_vectors_of(v)->kick);
	return true;
}

void hyp_vcpu_kick(struct hyp_vcpu *v)
{
	/*
	 * As an NMI. The exchange also comes after what the caller asked for, and pairs
	 * with the one by which hyp_vcpu_enter takes the latch: who finds it set leaves the
	 * notification to another, but not his request unseen.
	 */
	if (!pi_exchange_seq(&v->kick, 1))
		notify(v, hyp_vectors_of(v)->kick);
}

void hyp_sync_pir_to_irr(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;
	uint64_t pir[4], merged[4], status;

	if (!pi_on(v->pid))
		return;
	/* ON before PIR: what is posted behind our back sets ON again and notifies. */
	pi_clear_on(v->pid);
	if (!pi_take_pir(v->pid, pir))
		return;
	/* A local APIC that is disabled by software accepts none. */
	if (h->software_apic && !(apic_read(v->apic, APIC_SVR) & APIC_SVR_ENABLE))
		return;
	if (apic_merge(v->apic, APIC_IRR, pir, merged))
		pi_count_bits(v->coalesced, merged);
	if (h->software_apic)
		return;
	/* RVI is the highest VIRR at every entry. */
	status = hyp_vmread(v, VMX_GUEST_INTR_STATUS) & ~VMX_RVI;
	hyp_vmwrite(v, VMX_GUEST_INTR_STATUS,
	            status | pi_field(VMX_RVI, apic_highest_or_0(v->apic, APIC_IRR)));
}
