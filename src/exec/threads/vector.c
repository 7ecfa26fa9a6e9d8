/* SPDX-License-Identifier: BSD-2-Clause */
/* A device's vector: from its remapping entry to the guest's vector, and what joins them. */
#include "exec/threads/internal.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The guest's vectors for devices; those below are Linux's for legacy interrupts. */
enum { FIRST_GUEST_VECTOR = 0x31, LAST_GUEST_VECTOR = 0xdf };

void vector_destroy(struct machine_vector *v)
{
	if (v->eventfd.producer)
		pstd_bypass_unregister(&v->irq);
	if (v->eventfd.irqfd)
		pstd_irqfd_deassign(&v->irqfd);
	if (v->pin)
		pins_disconnect(v);
	if (v->irq.pcpu)
		pstd_irq_free(&v->irq);
	if (v->fd >= 0)
		close(v->fd);
	free(v->irq.counts);
	free(v->name);
	free(v);
}

/* Room for one more GSI of the VM, and for one more vector of the machine. */
static bool grow(struct machine *m, struct vm *vm)
{
	unsigned gsis = vm->hyp.route_count;
	struct pstd_route *routes = realloc(vm->hyp.routes, (gsis + 1) * sizeof(*routes));
	struct machine_vector **vectors;

	if (!routes)
		return false;
	routes[gsis] = (struct pstd_route){ 0 };
	vm->hyp.routes = routes;
	vm->hyp.route_count = gsis + 1;
	vectors = realloc(m->vectors, (m->vector_count + 1) * sizeof(*vectors));
	if (!vectors)
		return false;
	m->vectors = vectors;
	return true;
}

/* The guest's driver programs the vector; the VMM routes it and joins it to the host's IRQ. */
static bool connect(struct machine_vector *v, char error[MACHINE_ERROR])
{
	struct machine *m = v->machine;
	struct vm *vm = v->vcpu->vm;
	struct pstd_msi_msg guest_msi = pstd_msi_compat(v->vcpu->hyp.apic_id, v->guest_vector);
	struct pstd_pcpu *p = &m->pcpus[v->irq.index % m->config.pcpus].hyp;

	v->irqfd = (struct pstd_irqfd){ .vm = &vm->hyp, .gsi = vm->hyp.route_count - 1,
		                        .eventfd = &v->eventfd };
	if (v->way == MACHINE_USER && !userspace_watch(v))
		return machine_fail(error, "no eventfd for an interrupt");
	if (pstd_irq_request(&v->irq, p)) {
		snprintf(error, MACHINE_ERROR, "pCPU %u has no host vector left for %s: give the "
		         "machine more pcpus", p->index, v->name);
		return false;
	}
	if (v->pin)
		pins_connect(v);
	pstd_route_set(&vm->hyp, v->irqfd.gsi, &guest_msi);
	if (v->way != MACHINE_USER)
		pstd_irqfd_assign(&v->irqfd);
	if (v->way == MACHINE_POSTED && pstd_bypass_register(&v->irq)) {
		snprintf(error, MACHINE_ERROR, "%s cannot be posted without APIC virtualization: "
		         "give it another way", v->name);
		return false;
	}
	return true;
}

static struct machine_vector *new_vector(struct machine *m, const struct machine_vector_config *c)
{
	struct machine_vector *v = aligned_alloc(_Alignof(struct machine_vector), sizeof(*v));

	if (!v)
		return NULL;
	memset(v, 0, sizeof(*v));
	v->machine = m;
	v->vcpu = &m->vms[c->vm].vcpus[c->vcpu];
	v->name = strdup(c->name);
	v->unit = &m->units[c->pin ? 0 : c->unit];
	v->sid = c->pin ? MACHINE_IOAPIC_SID : c->sid;
	v->entry = c->entry;
	v->pin = c->pin;
	v->way = c->way;
	v->fd = -1;
	v->guest_vector = (uint8_t)(FIRST_GUEST_VECTOR + v->vcpu->vectors);
	v->irq = (struct pstd_irq){ .irte = &v->unit->irtes[m->vector_count],
		                    .index = (uint16_t)m->vector_count, .sid = v->sid,
		                    .posted_msi = m->msi && !v->pin &&
		                                  (v->unit->vtd.config.cap & PSTD_VTD_CAP_PI),
		                    .trigger = &v->eventfd,
		                    .counts = calloc(m->config.pcpus, sizeof(uint64_t)) };
	v->msi = pstd_msi_remappable(v->irq.index, false, 0);
	return v;
}

static bool pin_is_free(const struct machine *m, unsigned pin)
{
	for (unsigned n = 0; pin && n < m->vector_count; n++)
		if (m->vectors[n]->pin == pin)
			return false;
	return pin < MACHINE_PINS;
}

static struct machine_vector *add(struct machine *m, const struct machine_vector_config *c,
                                  char error[MACHINE_ERROR])
{
	struct vcpu *vcpu = &m->vms[c->vm].vcpus[c->vcpu];
	struct machine_vector *v;

	if (FIRST_GUEST_VECTOR + vcpu->vectors > LAST_GUEST_VECTOR ||
	    m->vector_count == MACHINE_ENTRIES) {
		snprintf(error, MACHINE_ERROR, "vCPU %u has no vector left for %s: spread the "
		         "device over more vCPUs", c->vcpu, c->name);
		return NULL;
	}
	if (!pin_is_free(m, c->pin)) {
		snprintf(error, MACHINE_ERROR, "%s: pin %u of the I/O APIC is taken, or not there",
		         c->name, c->pin);
		return NULL;
	}
	v = new_vector(m, c);
	if (!v || !v->name || !v->irq.counts || !grow(m, vcpu->vm)) {
		if (v)
			vector_destroy(v);
		return machine_fail(error, "no memory for an interrupt");
	}
	m->vectors[m->vector_count] = v;
	if (!connect(v, error)) {
		vector_destroy(v);
		return NULL;
	}
	vcpu->by_vector[v->guest_vector] = v;
	vcpu->vectors++;
	m->vector_count++;
	return v;
}

struct machine_vector *machine_vector_add(struct machine *m, const struct machine_vector_config *c,
                                          char error[MACHINE_ERROR])
{
	struct machine_vector *v;

	control_lock(m);
	v = add(m, c, error);
	control_unlock(m);
	return v;
}

uint8_t machine_vector_guest(const struct machine_vector *v)
{
	return v->guest_vector;
}
