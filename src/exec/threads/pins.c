/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's I/O APIC, for devices that have a pin and no MSI, and the host's
 * driver of it. Entries are edges, in remappable format: its messages go through
 * the first VT-d unit, as from its own source id.
 */
#include "exec/threads/internal.h"
#include <stdlib.h>

static void write_register(struct pstd_ioapic *io, unsigned reg, uint32_t value)
{
	pstd_ioapic_write(io, PSTD_IOAPIC_IOREGSEL, reg);
	pstd_ioapic_write(io, PSTD_IOAPIC_IOWIN, value);
}

/* It is masked, or masked again, until its other half is there. */
static void write_entry(struct pstd_ioapic *io, unsigned pin, uint64_t rte)
{
	unsigned low = PSTD_IOAPIC_REG_RTE(pin);

	write_register(io, low, PSTD_IOAPIC_MASK);
	write_register(io, low + 1, (uint32_t)(rte >> 32));
	write_register(io, low, (uint32_t)rte);
}

void pins_create(struct machine *m)
{
	pthread_mutex_init(&m->pins, NULL);
	if (pstd_ioapic_init(&m->ioapic, PSTD_IOAPIC_WITH_EOIR, MACHINE_PINS, MACHINE_IOAPIC_SID))
		abort(); /* an impossible configuration */
	write_register(&m->ioapic, PSTD_IOAPIC_REG_ID,
	               (uint32_t)pstd_field(PSTD_IOAPIC_ID, MACHINE_IOAPIC_ID));
}

void pins_destroy(struct machine *m)
{
	pthread_mutex_destroy(&m->pins);
}

void pins_connect(struct machine_vector *v)
{
	write_entry(&v->machine->ioapic, v->pin,
	            pstd_ioapic_remappable(v->irq.index, v->irq.vector, false));
}

void pins_disconnect(struct machine_vector *v)
{
	write_entry(&v->machine->ioapic, v->pin, PSTD_IOAPIC_MASK);
}

/* One message at a time leaves the chip, so the one that is taken is this pin's. */
struct pstd_msi_msg pins_pulse(struct machine_vector *v)
{
	struct machine *m = v->machine;
	struct pstd_msi_msg msi;

	pthread_mutex_lock(&m->pins);
	pstd_ioapic_set_pin(&m->ioapic, v->pin, true);
	pstd_ioapic_set_pin(&m->ioapic, v->pin, false);
	if (!pstd_ioapic_next(&m->ioapic, &msi))
		abort(); /* its entry is an edge, and not masked */
	pthread_mutex_unlock(&m->pins);
	return msi;
}
