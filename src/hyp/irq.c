/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's vector on the host, and its remapping entry: always computed from
 * where the interrupt stands now, never from what the entry was before.
 */
#include "hyp/internal.h"

static struct pstd_irte entry(const struct pstd_irq *irq, const struct pstd_irqfd *consumer)
{
	const struct pstd_hyp *h = irq->pcpu->hyp;
	uint64_t target = consumer ? pstd_load_relaxed(&consumer->target) : 0;
	const struct pstd_vcpu *v = consumer ? pstd_target_vcpu(consumer->vm, target) : 0;
	uint32_t host = pstd_irte_dst(irq->pcpu->apic_id, h->x2apic);

	if (v)
		return pstd_irte_posted(h->ops->phys(h->ctx, v->pid), pstd_target_vector(target),
		                        irq->sid);
	if (irq->posted_msi)
		return pstd_irte_posted(h->ops->phys(h->ctx, irq->pcpu->msi), irq->vector,
		                        irq->sid);
	return pstd_irte_remapped(host, irq->vector, irq->sid);
}

/* Only control writes entries, and waits each time: what stays as it is was invalidated before. */
static void replace(struct pstd_irq *irq, struct pstd_irte e)
{
	const struct pstd_hyp *h = irq->pcpu->hyp;

	if (pstd_irte_replace(irq->irte, e))
		h->ops->invalidate(h->ctx, irq->index);
}

void pstd_irq_update(struct pstd_irq *irq, const struct pstd_irqfd *consumer)
{
	replace(irq, entry(irq, consumer));
}

int pstd_irq_request(struct pstd_irq *irq, struct pstd_pcpu *p)
{
	unsigned vector = p->hyp->vectors.first_device;

	if (irq->posted_msi && !p->msi)
		return -PSTD_EINVAL;
	while (vector <= p->hyp->vectors.last_device && p->irq[vector])
		vector++;
	if (!vector || vector > p->hyp->vectors.last_device)
		return -PSTD_ENOSPC;
	irq->pcpu = p;
	irq->vector = (uint8_t)vector;
	pstd_store_ptr_release(&p->irq[vector], irq);
	pstd_irq_update(irq, 0);
	return 0;
}

bool pstd_irq_free(struct pstd_irq *irq)
{
	struct pstd_pcpu *p = irq->pcpu;
	struct pstd_hyp *h = p->hyp;
	struct pstd_irte none = { { 0, 0 } };
	bool given_up;

	/* First, nobody posts or sends through the entry any more, nor writes it again. */
	if (irq->trigger->producer == irq)
		irq->trigger->producer = 0;
	replace(irq, none);
	pstd_store_ptr_release(&p->irq[irq->vector], (struct pstd_irq *)0);
	/*
	 * Second, what was posted and not taken, or it would be the next owner's of the
	 * vector. Either we find the bit, or a handler has taken it before.
	 */
	given_up = irq->posted_msi && pstd_test_and_clear_pir(p->msi, irq->vector);
	/* Finally: that handler is in a read-side section, which had begun by now. */
	h->ops->synchronize(h->ctx);
	return given_up;
}
