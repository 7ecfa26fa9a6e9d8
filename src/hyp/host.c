/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's vectors: what each stands for, and its count. */
#include "hyp/internal.h"

void hyp_pcpu_init(struct hyp_pcpu *p)
{
	hyp_list_init(&p->wakeup);
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

void hyp_host_vector(struct hyp_pcpu *p, uint8_t vector)
{
	/* EOI first: all are edges, and what comes during the handler is a new one. */
	p->hyp->ops->apic_write(p->hyp->ctx, APIC_EOI, 0);
	pi_tally(&p->interrupts, 1);
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
	case POSTED_MSI_NOTIFICATION_VECTOR:
		pi_tally(&p->pmn, 1);
		break;
	case HYP_LOCAL_TIMER_VECTOR:
	case HYP_RESCHEDULE_VECTOR:
		p->resched = true;
		break;
	default:
		device_vector(p, vector);
	}
}
