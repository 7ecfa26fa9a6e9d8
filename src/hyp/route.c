/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a GSI or a message leads: one vCPU and one vector. */
#include "hyp/internal.h"

int pstd_msi_target(struct pstd_vm *vm, struct pstd_msi_msg m, struct pstd_vcpu **v,
                    uint8_t *vector)
{
	struct pstd_vcpu *there;

	if (!pstd_msi_is_interrupt(m) || pstd_msi_is_remappable(m) || pstd_msi_logical(m) ||
	    pstd_msi_delivery_mode(m) != PSTD_APIC_DM_FIXED || (m.data & PSTD_MSI_DATA_TRIGGER) ||
	    pstd_msi_vector(m) < PSTD_APIC_FIRST_VECTOR)
		return -PSTD_EINVAL;
	there = pstd_vcpu_of(vm, pstd_msi_dest(m));
	if (!there)
		return -PSTD_EINVAL;
	*v = there;
	*vector = pstd_msi_vector(m);
	return 0;
}

int pstd_msi_inject(struct pstd_vm *vm, struct pstd_msi_msg m)
{
	struct pstd_vcpu *v;
	uint8_t vector;
	int error = pstd_msi_target(vm, m, &v, &vector);

	if (!error)
		pstd_vcpu_deliver(v, vector);
	return error;
}

uint64_t pstd_route_target(struct pstd_vm *vm, uint32_t gsi)
{
	struct pstd_vcpu *v;
	uint8_t vector;

	if (gsi >= vm->route_count || !vm->routes[gsi].set ||
	    pstd_msi_target(vm, vm->routes[gsi].msg, &v, &vector))
		return 0;
	return PSTD_TARGET_VALID | pstd_field(PSTD_TARGET_VCPU, v->apic_id) | vector;
}

int pstd_route_set(struct pstd_vm *vm, uint32_t gsi, const struct pstd_msi_msg *msg)
{
	struct pstd_vcpu *v;
	uint8_t vector;

	if (gsi >= vm->route_count || (msg && pstd_msi_target(vm, *msg, &v, &vector)))
		return -PSTD_EINVAL;
	vm->routes[gsi].set = msg;
	if (msg)
		vm->routes[gsi].msg = *msg;
	for (struct pstd_irqfd *i = vm->irqfds; i; i = i->next) {
		if (i->gsi != gsi)
			continue;
		pstd_store_release(&i->target, pstd_route_target(vm, gsi));
		if (i->eventfd->producer)
			pstd_irq_update(i->eventfd->producer, i);
	}
	/* Signals that still saw the old target are done with its vCPU. */
	vm->hyp->ops->synchronize(vm->hyp->ctx);
	return 0;
}
