/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

/* Where the route of a connected irqfd leads; null: there is none. */
static struct hyp_vcpu *target(const struct hyp_irq *irq, uint8_t *vector)
{
	const struct hyp_eventfd *e = irq->trigger;
	const struct hyp_irqfd *irqfd = pi_load_ptr_acquire(&e->irqfd);
	const struct hyp_route *route;
	struct hyp_vcpu *v;

	if (!irqfd || e->producer != irq)
		return NULL;
	route = &irqfd->vm->routes[irqfd->gsi];
	return route->set && !hyp_msi_target(irqfd->vm, route->msg, &v, vector) ? v : NULL;
}

static struct irte wanted(const struct hyp_irq *irq)
{
	const struct hyp *h = irq->pcpu->hyp;
	uint8_t vector;
	const struct hyp_vcpu *v = target(irq, &vector);

	if (pi_load_ptr_acquire(&irq->pcpu->irq[irq->vector]) != irq)
		return (struct irte){ { 0, 0 } };
	if (v)
		return irte_posted(h->ops->phys(h->ctx, v->pid), vector, irq->sid);
	if (irq->posted_msi)
		return irte_posted(h->ops->phys(h->ctx, irq->pcpu->msi), irq->vector, irq->sid);
	return irte_remapped(irte_dst(irq->pcpu->apic_id, h->x2apic), irq->vector, irq->sid);
}

const char *check_final_entry(const struct hyp_irq *irq)
{
	struct irte want = wanted(irq);

	if (pi_load_relaxed(&irq->irte->raw.lo) != want.raw.lo ||
	    pi_load_relaxed(&irq->irte->raw.hi) != want.raw.hi)
		return "a remapping entry is not what route and bypass ask for";
	return NULL;
}
