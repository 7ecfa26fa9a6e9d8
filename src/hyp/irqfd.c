/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eventfds inside the hypervisor, the irqfds on them, and bypass: a producer
 * (a device's vector) and a consumer (an irqfd) meet at their eventfd, and then
 * the remapping entry posts to the consumer's vCPU.
 */
#include "hyp/internal.h"

void pstd_eventfd_signal(struct pstd_hyp *h, struct pstd_eventfd *e)
{
	struct pstd_irqfd *irqfd = pstd_load_ptr_acquire(&e->irqfd);
	uint64_t target = irqfd ? pstd_load_acquire(&irqfd->target) : 0;
	struct pstd_vcpu *v = irqfd ? pstd_target_vcpu(irqfd->vm, target) : 0;

	if (v)
		pstd_vcpu_deliver(v, pstd_target_vector(target));
	else
		h->ops->eventfd_write(h->ctx, e);
}

int pstd_irqfd_assign(struct pstd_irqfd *irqfd)
{
	struct pstd_vm *vm = irqfd->vm;

	if (irqfd->gsi >= vm->route_count)
		return -PSTD_ENOENT;
	if (irqfd->eventfd->irqfd)
		return -PSTD_EBUSY;
	pstd_store_relaxed(&irqfd->target, pstd_route_target(vm, irqfd->gsi));
	irqfd->next = vm->irqfds;
	vm->irqfds = irqfd;
	pstd_store_ptr_release(&irqfd->eventfd->irqfd, irqfd);
	if (irqfd->eventfd->producer)
		pstd_irq_update(irqfd->eventfd->producer, irqfd);
	return 0;
}

void pstd_irqfd_deassign(struct pstd_irqfd *irqfd)
{
	struct pstd_hyp *h = irqfd->vm->hyp;
	struct pstd_irqfd **link = &irqfd->vm->irqfds;

	/* First the entry goes back to the host, while the irqfd still takes what arrives there. */
	if (irqfd->eventfd->producer)
		pstd_irq_update(irqfd->eventfd->producer, 0);
	while (*link != irqfd)
		link = &(*link)->next;
	*link = irqfd->next;
	pstd_store_ptr_release(&irqfd->eventfd->irqfd, (struct pstd_irqfd *)0);
	/* Finally, whoever still found it on the eventfd is done with it. */
	h->ops->synchronize(h->ctx);
}

int pstd_bypass_register(struct pstd_irq *irq)
{
	if (irq->trigger->producer)
		return -PSTD_EBUSY;
	if (irq->pcpu->hyp->software_apic)
		return -PSTD_EINVAL;
	irq->trigger->producer = irq;
	pstd_irq_update(irq, irq->trigger->irqfd);
	return 0;
}

void pstd_bypass_unregister(struct pstd_irq *irq)
{
	if (irq->trigger->producer != irq)
		return;
	irq->trigger->producer = 0;
	pstd_irq_update(irq, 0);
}
