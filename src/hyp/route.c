/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a GSI or a message leads: one vCPU and one vector. */
#include "hyp/internal.h"

int hyp_msi_target(struct hyp_vm *vm, struct msi_msg m, struct hyp_vcpu **v, uint8_t *vector)
{
	struct hyp_vcpu *there;

	if (!msi_is_interrupt(m) || msi_is_remappable(m) || msi_logical(m) ||
	    msi_delivery_mode(m) != APIC_DM_FIXED || (m.data & MSI_DATA_TRIGGER) ||
	    msi_vector(m) < APIC_FIRST_VECTOR)
		return -HYP_EINVAL;
	there = hyp_vcpu_of(vm, msi_dest(m));
	if (!there)
		return -HYP_EINVAL;
	*v = there;
	*vector = msi_vector(m);
	return 0;
}

int hyp_msi_inject(struct hyp_vm *vm, struct msi_msg m)
{
	struct hyp_vcpu *v;
	uint8_t vector;
	int error = hyp_msi_target(vm, m, &v, &vector);

	if (!error)
		hyp_vcpu_deliver(v, vector);
	return error;
}

uint64_t hyp_route_target(struct hyp_vm *vm, uint32_t gsi)
{
	struct hyp_vcpu *v;
	uint8_t vector;

	if (gsi >= vm->route_count || !vm->routes[gsi].set ||
	    hyp_msi_target(vm, vm->routes[gsi].msg, &v, &vector))
		return 0;
	return TARGET_VALID | pi_field(TARGET_VCPU, v->apic_id) | vector;
}

int hyp_route_set(struct hyp_vm *vm, uint32_t gsi, const struct msi_msg *msg)
{
	struct hyp_vcpu *v;
	uint8_t vector;

	if (gsi >= vm->route_count || (msg && hyp_msi_target(vm, *msg, &v, &vector)))
		return -HYP_EINVAL;
	vm->routes[gsi].set = msg;
	if (msg)
		vm->routes[gsi].msg = *msg;
	for (struct hyp_irqfd *i = vm->irqfds; i; i = i->next) {
		if (i->gsi != gsi)
			continue;
		pi_store_release(&i->target, hyp_route_target(vm, gsi));
		if (i->eventfd->producer)
			hyp_irq_update(i->eventfd->producer, i);
	}
	/* Signals that still saw the old target are done with its vCPU. */
	vm->hyp->ops->synchronize(vm->hyp->ctx);
	return 0;
}
