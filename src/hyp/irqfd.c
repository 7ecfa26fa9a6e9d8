/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Eventfds inside the hypervisor, the irqfds on them, and bypass: a producer
 * (a device's vector) and a consumer (an irqfd) meet at their eventfd, and then
 * the remapping entry posts to the consumer's vCPU.
 */
#include "hyp/internal.h"

void hyp_eventfd_signal(struct hyp *h, struct hyp_eventfd *e)
{
	struct hyp_irqfd *irqfd = pi_load_ptr_acquire(&e->irqfd);
	uint64_t target = irqfd ? pi_load_acquire(&irqfd->target) : 0;
	struct hyp_vcpu *v = irqfd ? hyp_target_vcpu(irqfd->vm, target) : 0;

	if (v)
		hyp_vcpu_deliver(v, hyp_target_vector(target));
	else
		h->ops->eventfd_write(h->ctx, e);
}

int hyp_irqfd_assign(struct hyp_irqfd *irqfd)
{
	struct hyp_vm *vm = irqfd->vm;

	if (irqfd->gsi >= vm->route_count)
		return -HYP_ENOENT;
	if (irqfd->eventfd->irqfd)
		return -HYP_EBUSY;
	pi_store_relaxed(&irqfd->target, hyp_route_target(vm, irqfd->gsi));
	irqfd->next = vm->irqfds;
	vm->irqfds = irqfd;
	pi_store_ptr_release(&irqfd->eventfd->irqfd, irqfd);
	if (irqfd->eventfd->producer)
		hyp_irq_update(irqfd->eventfd->producer, irqfd);
	return 0;
}

void hyp_irqfd_deassign(struct hyp_irqfd *irqfd)
{
	struct hyp *h = irqfd->vm->hyp;
	struct hyp_irqfd **link = &irqfd->vm->irqfds;

	/* First the entry goes back to the host, while the irqfd still takes what arrives there. */
	if (irqfd->eventfd->producer)
		hyp_irq_update(irqfd->eventfd->producer, 0);
	while (*link != irqfd)
		link = &(*link)->next;
	*link = irqfd->next;
	pi_store_ptr_release(&irqfd->eventfd->irqfd, (struct hyp_irqfd *)0);
	/* Finally, whoever still found it on the eventfd is done with it. */
	h->ops->synchronize(h->ctx);
}

int hyp_bypass_register(struct hyp_irq *irq)
{
	if (irq->trigger->producer)
		return -HYP_EBUSY;
	if (irq->pcpu->hyp->software_apic)
		return -HYP_EINVAL;
	irq->trigger->producer = irq;
	hyp_irq_update(irq, irq->trigger->irqfd);
	return 0;
}

void hyp_bypass_unregister(struct hyp_irq *irq)
{
	if (irq->trigger->producer != irq)
		return;
	irq->trigger->producer = 0;
	hyp_irq_update(irq, 0);
}
