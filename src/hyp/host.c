/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's vectors: what each stands for, and its count. */
#include "hyp/internal.h"

void hyp_pcpu_init(struct hyp_pcpu *p)
{
	hyp_list_init(&p->wakeup);
	if (p->msi)
		pi_store_release(&p->msi->control,
		                 pi_control(POSTED_MSI_NOTIFICATION_VECTOR,
		                            pi_ndst(p->apic_id, p->hyp->x2apic)));
}

static void device_vector(struct hyp_pcpu *p, uint8_t vector)
{
	struct hyp_irq *irq = pi_load_ptr_acquire(&p->irq[vector]);

	if (!irq) {
		pi_tally(&p->spurious, 1);
		return;
	}
	pi_tally(&irq->counts[p->index], 1);
	hyp_eventfd_signal(p->hyp, irq->trigger);
}

/* Of what is posted to p, in ascending order. False: there was nothing. */
static bool posted_vectors(struct hyp_pcpu *p)
{
	uint64_t pir[4];

	if (!pi_take_pir(p->msi, pir))
		return false;
	for (unsigned i = 0; i < 4; i++)
		for (uint64_t left = pir[i]; left; left &= left - 1)
			device_vector(p, (uint8_t)(i * 64 + (unsigned)__builtin_ctzll(left)));
	return true;
}

/*
 * Linux, sysvec_posted_msi_notification: one notification stands for all that is
 * posted while ON stays set. Only so many rounds, or a device that never rests
 * would keep the pCPU here.
 */
static void posted_msi(struct hyp_pcpu *p)
{
	pi_tally(&p->pmn, 1);
	for (unsigned i = 0; i < 2 && posted_vectors(p); i++)
		;
	/*
	 * First ON is cleared, then PIR is read once more. A poster sets PIR, then ON:
	 * one that still found ON set, and so sent nothing, has its bit visible to this
	 * last look; one that comes later finds ON clear and notifies anew. The other
	 * way round, what is posted between look and clearing would stay, with nobody to
	 * tell of it. Pairs with vtd_post.
	 */
	pi_clear_on(p->msi);
	posted_vectors(p);
}

static void eoi(const struct hyp_pcpu *p)
{
	p->hyp->ops->apic_write(p->hyp->ctx, APIC_EOI, 0);
}

void hyp_host_vector(struct hyp_pcpu *p, uint8_t vector)
{
	pi_tally(&p->interrupts, 1);
	/* One EOI, at the end: a notification in between would find PIR empty. */
	if (vector == POSTED_MSI_NOTIFICATION_VECTOR && p->msi) {
		posted_msi(p);
		eoi(p);
		return;
	}
	/* EOI first: all are edges, and what comes during the handler is a new one. */
	eoi(p);
	switch (vector) {
	case POSTED_INTR_VECTOR:
		/* Came too late for guest mode; the next entry finds ON. */
		pi_tally(&p->pin, 1);
		break;
	case POSTED_INTR_WAKEUP_VECTOR:
		pi_tally(&p->piw, 1);
		hyp_wakeup_handler(p);
		break;
	case POSTED_INTR_NESTED_VECTOR:
		pi_tally(&p->npi, 1);
		break;
	case HYP_LOCAL_TIMER_VECTOR:
	case HYP_RESCHEDULE_VECTOR:
		p->resched = true;
		break;
	case HYP_KICK_VECTOR:
		break; /* the next entry finds what was requested */
	default:
		device_vector(p, vector);
	}
}
