/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

/* Where the route of a connected irqfd leads; null: there is none. */
static struct pstd_vcpu *target(const struct pstd_irq *irq, uint8_t *vector)
{
	const struct pstd_eventfd *e = irq->trigger;
	const struct pstd_irqfd *irqfd = pstd_load_ptr_acquire(&e->irqfd);
	const struct pstd_route *route;
	struct pstd_vcpu *v;

	if (!irqfd || e->producer != irq)
		return NULL;
	route = &irqfd->vm->routes[irqfd->gsi];
	return route->set && !pstd_msi_target(irqfd->vm, route->msg, &v, vector) ? v : NULL;
}

static struct pstd_irte wanted(const struct pstd_irq *irq)
{
	const struct pstd_hyp *h = irq->pcpu->hyp;
	uint8_t vector;
	const struct pstd_vcpu *v = target(irq, &vector);

	if (pstd_load_ptr_acquire(&irq->pcpu->irq[irq->vector]) != irq)
		return (struct pstd_irte){ { 0, 0 } };
	if (v)
		return pstd_irte_posted(h->ops->phys(h->ctx, v->pid), vector, irq->sid);
	if (irq->posted_msi)
		return pstd_irte_posted(h->ops->phys(h->ctx, irq->pcpu->msi), irq->vector,
		                        irq->sid);
	return pstd_irte_remapped(pstd_irte_dst(irq->pcpu->apic_id, h->x2apic), irq->vector,
	                          irq->sid);
}

const char *check_final_entry(const struct pstd_irq *irq)
{
	struct pstd_irte want = wanted(irq);

	if (pstd_load_relaxed(&irq->irte->raw.lo) != want.raw.lo ||
	    pstd_load_relaxed(&irq->irte->raw.hi) != want.raw.hi)
		return "a remapping entry is not what route and bypass ask for";
	return NULL;
}
