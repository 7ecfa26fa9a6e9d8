/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's vectors: what each stands for, and its count. */
#include "hyp/internal.h"

static bool is_device(const struct pstd_vectors *own, uint8_t vector)
{
	return own->first_device && vector >= own->first_device && vector <= own->last_device;
}

/* Below are exceptions. */
enum { FIRST_VECTOR = 32 };

static bool devices_are_right(const struct pstd_vectors *own)
{
	if (!own->first_device)
		return !own->last_device;
	return own->first_device >= FIRST_VECTOR && own->first_device <= own->last_device;
}

/* One that is taken for another is an interrupt that is lost. */
static bool vectors_are_right(const struct pstd_vectors *own)
{
	const uint8_t each[] = { own->notification, own->wakeup,     own->kick,
		                 own->nested,       own->timer,      own->msi_notification,
		                 own->reschedule,   own->spurious };

	if (!own->notification || !own->wakeup || !own->kick || !devices_are_right(own))
		return false;
	for (unsigned i = 0; i < sizeof(each); i++) {
		if (each[i] && (each[i] < FIRST_VECTOR || is_device(own, each[i])))
			return false;
		for (unsigned j = 0; j < i; j++)
			if (each[i] && each[i] == each[j])
				return false;
	}
	return true;
}

int pstd_pcpu_init(struct pstd_pcpu *p)
{
	const struct pstd_vectors *own = &p->hyp->vectors;

	if (!vectors_are_right(own) || (p->msi && !own->msi_notification))
		return -PSTD_EINVAL;
	pstd_list_init(&p->wakeup);
	if (p->msi)
		pstd_store_release(&p->msi->control,
		                   pstd_control(own->msi_notification,
		                                pstd_ndst(p->apic_id, p->hyp->x2apic)));
	return 0;
}

static void device_vector(struct pstd_pcpu *p, uint8_t vector)
{
	struct pstd_irq *irq = pstd_load_ptr_acquire(&p->irq[vector]);

	if (!irq) {
		pstd_tally(&p->spurious, 1);
		return;
	}
	pstd_tally(&irq->counts[p->index], 1);
	pstd_eventfd_signal(p->hyp, irq->trigger);
}

/* Of what is posted to p, in ascending order. False: there was nothing. */
static bool posted_vectors(struct pstd_pcpu *p)
{
	uint64_t pir[4];

	if (!pstd_take_pir(p->msi, pir))
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
static void posted_msi(struct pstd_pcpu *p)
{
	pstd_tally(&p->pmn, 1);
	for (unsigned i = 0; i < 2 && posted_vectors(p); i++)
		;
	/*
	 * First ON is cleared, then PIR is read once more. A poster sets PIR, then ON:
	 * one that still found ON set, and so sent nothing, has its bit visible to this
	 * last look; one that comes later finds ON clear and notifies anew. The other
	 * way round, what is posted between look and clearing would stay, with nobody to
	 * tell of it. Pairs with pstd_vtd_post.
	 */
	pstd_clear_on(p->msi);
	posted_vectors(p);
}

static void eoi(const struct pstd_pcpu *p)
{
	p->hyp->ops->apic_write(p->hyp->ctx, PSTD_APIC_EOI, 0);
}

/* Those that nobody else sees. False: it is none of them. */
static bool own_vector(struct pstd_pcpu *p, uint8_t vector)
{
	const struct pstd_vectors *own = &p->hyp->vectors;

	if (vector == own->notification) {
		/* Came too late for guest mode; the next entry finds ON. */
		pstd_tally(&p->pin, 1);
	} else if (vector == own->wakeup) {
		pstd_tally(&p->piw, 1);
		pstd_wakeup_handler(p);
	} else if (vector == own->nested) {
		pstd_tally(&p->npi, 1);
	} else if (vector == own->timer || vector == own->reschedule) {
		p->resched = true;
	} else if (vector != own->kick) { /* of which the next entry finds what was requested */
		return false;
	}
	return true;
}

/* The notification of what is posted to p is none of his, even if p has no descriptor. */
static bool is_callers(const struct pstd_pcpu *p, uint8_t vector)
{
	const struct pstd_vectors *own = &p->hyp->vectors;

	return vector != own->msi_notification && !is_device(own, vector);
}

static void handle(struct pstd_pcpu *p, uint8_t vector)
{
	const struct pstd_hyp *h = p->hyp;

	if (own_vector(p, vector))
		return;
	if (is_callers(p, vector) && h->ops->host_vector)
		h->ops->host_vector(h->ctx, p, vector);
	else
		device_vector(p, vector);
}

void pstd_host_vector(struct pstd_pcpu *p, uint8_t vector)
{
	pstd_tally(&p->interrupts, 1);
	/* SDM, "Spurious Interrupt": nothing is in service, so an EOI would end another. */
	if (vector == p->hyp->vectors.spurious) {
		pstd_tally(&p->spurious, 1);
		return;
	}
	/* One EOI, at the end: a notification in between would find PIR empty. */
	if (vector == p->hyp->vectors.msi_notification && p->msi) {
		posted_msi(p);
		eoi(p);
		return;
	}
	/* EOI first: all are edges, and what comes during the handler is a new one. */
	eoi(p);
	handle(p, vector);
}
