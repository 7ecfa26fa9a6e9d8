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
static void notify(struct pstd_vcpu *v, uint8_t vector)
{
	struct pstd_hyp *h = v->vm->hyp;

	if (pstd_load_acquire(&v->mode) == PSTD_IN_GUEST_MODE)
		pstd_send_ipi(h, pstd_destination(pstd_load_relaxed(&v->pid->control), h->x2apic),
		              vector);
	else
		pstd_vcpu_wake(v);
}

bool pstd_vcpu_deliver(struct pstd_vcpu *v, uint8_t vector)
{
	const struct pstd_vectors *own = pstd_vectors_of(v);

	/* First PIR: whoever set the bit before us sees to the notification. */
	if (pstd_test_and_set_pir(v->pid, vector)) {
		pstd_count(&v->coalesced[vector], 1);
		return false;
	}
	/*
	 * Second ON, whatever SN says: a preempted vCPU keeps it until it is loaded.
	 * The locked operation stands between ON and our look at mode and task;
	 * pairs with the exchanges in pstd_vcpu_enter and pstd_vcpu_block.
	 */
	if (!pstd_test_and_set_on(v->pid))
		notify(v, v->vm->hyp->software_apic ? own->kick : own->notification);
	return true;
}

bool pstd_vcpu_nmi(struct pstd_vcpu *v)
{
	/*
	 * An exchange stands between the latch and our look at mode and task; pairs
	 * with the exchanges in pstd_vcpu_enter and pstd_vcpu_block. Whoever found the
	 * latch clear sees to the notification. Only an exit makes it injected, so it is
	 * a kick even where notifications are processed without one.
	 */
	if (!pstd_latch_nmi(v))
		return false;
	notify(v, pstd_vectors_of(v)->kick);
	return true;
}

void pstd_vcpu_kick(struct pstd_vcpu *v)
{
	/*
	 * As an NMI. The exchange also comes after what the caller asked for, and pairs
	 * with the one by which pstd_vcpu_enter takes the latch: who finds it set leaves the
	 * notification to another, but not his request unseen.
	 */
	if (!pstd_exchange_seq(&v->kick, 1))
		notify(v, pstd_vectors_of(v)->kick);
}

void pstd_sync_pir_to_irr(struct pstd_vcpu *v)
{
	struct pstd_hyp *h = v->vm->hyp;
	uint64_t pir[4], merged[4], status;

	if (!pstd_on(v->pid))
		return;
	/* ON before PIR: what is posted behind our back sets ON again and notifies. */
	pstd_clear_on(v->pid);
	if (!pstd_take_pir(v->pid, pir))
		return;
	/* A local APIC that is disabled by software accepts none. */
	if (h->software_apic && !(pstd_apic_read(v->apic, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE))
		return;
	if (pstd_apic_merge(v->apic, PSTD_APIC_IRR, pir, merged))
		pstd_count_bits(v->coalesced, merged);
	if (h->software_apic)
		return;
	/* RVI is the highest VIRR at every entry. */
	status = pstd_vmread(v, PSTD_VMX_GUEST_INTR_STATUS) & ~PSTD_VMX_RVI;
	pstd_vmwrite(v, PSTD_VMX_GUEST_INTR_STATUS, status | pstd_page_rvi(v));
}
