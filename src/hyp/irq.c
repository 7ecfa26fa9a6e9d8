/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's vector on the host, and its remapping entry: always computed from
 * where the interrupt stands now, never from what the entry was before.
 */
#include "hyp/internal.h"

static struct irte entry(const struct hyp_irq *irq, const struct hyp_irqfd *consumer)
{
	const struct hyp *h = irq->pcpu->hyp;
	uint64_t target = consumer ? pi_load_relaxed(&consumer->target) : 0;
	const struct hyp_vcpu *v = consumer ? hyp_target_vcpu(consumer->vm, target) : 0;
	uint32_t host = irte_dst(irq->pcpu->apic_id, h->x2apic);

	if (v)
		return irte_posted(h->ops->phys(h->ctx, v->pid), hyp_target_vector(target),
		                   irq->sid);
	if (irq->posted_msi)
		return irte_posted(h->ops->phys(h->ctx, irq->pcpu->msi), irq->vector, irq->sid);
	return irte_remapped(host, irq->vector, irq->sid);
}

/* Only control writes entries, and waits each time: what stays as it is was invalidated before. */
static void replace(struct hyp_irq *irq, struct irte e)
{
	const struct hyp *h = irq->pcpu->hyp;

	if (irte_replace(irq->irte, e))
		h->ops->invalidate(h->ctx, irq->index);
}

void hyp_irq_update(struct hyp_irq *irq, const struct hyp_irqfd *consumer)
{
	replace(irq, entry(irq, consumer));
}

int hyp_irq_request(struct hyp_irq *irq, struct hyp_pcpu *p)
{
	unsigned vector = p->hyp->vectors.first_device;

	if (irq->posted_msi && !p->msi)
		return -HYP_EINVAL;
	while (vector <= p->hyp->vectors.last_device && p->irq[vector])
		vector++;
	if (vector > p->hyp->vectors.last_device)
		return -HYP_ENOSPC;
	irq->pcpu = p;
	irq->vector = (uint8_t)vector;
	pi_store_ptr_release(&p->irq[vector], irq);
	hyp_irq_update(irq, 0);
	return 0;
}

bool hyp_irq_free(struct hyp_irq *irq)
{
	struct hyp_pcpu *p = irq->pcpu;
	struct hyp *h = p->hyp;
	struct irte none = { { 0, 0 } };
	bool given_up;

	/* First, nobody posts or sends through the entry any more, nor writes it again. */
	if (irq->trigger->producer == irq)
		irq->trigger->producer = 0;
	replace(irq, none);
	pi_store_ptr_release(&p->irq[irq->vector], (struct hyp_irq *)0);
	/*
	 * Second, what was posted and not taken, or it would be the next owner's of the
	 * vector. Either we find the bit, or a handler has taken it before.
	 */
	given_up = irq->posted_msi && pi_test_and_clear_pir(p->msi, irq->vector);
	/* Finally: that handler is in a read-side section, which had begun by now. */
	h->ops->synchronize(h->ctx);
	return given_up;
}
