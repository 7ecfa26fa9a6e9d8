/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices, one for each vCPU, whose interrupts go through a VT-d unit. Bochs has none: the
 * unit is the project's model of one (src/hw), and the driver that programs its registers and
 * its queue is the project's too (src/exec/iommu.c).
 */
#include "exec/iommu.h"
#include "metal.h"
#include <posted/irte.h>

enum { TABLE_SIZE = 7, CACHE_SLOTS = 64, RECORDS = 8, POOL_PAGES = 4 };

static struct pstd_irte table[2 << TABLE_SIZE] __attribute__((aligned(4096)));
static struct pstd_vtd_cache_slot cache[CACHE_SLOTS] __attribute__((aligned(32)));
static uint64_t records[2 * RECORDS];
static uint8_t pool[POOL_PAGES][4096] __attribute__((aligned(4096)));

static struct pstd_memory memory;
static struct pstd_vtd unit;
static struct iommu driver;

static struct pstd_irq irqs[VCPUS];
static struct pstd_eventfd eventfds[VCPUS];
static struct pstd_irqfd irqfds[VCPUS];
static uint64_t irq_counts[VCPUS][CPUS];

/* A message from the unit to a local APIC. */
static void send(struct pstd_apic_msg m)
{
	send_to(m.dest, m.vector);
}

/* Requests are made with interrupts off: they have ended when read-side sections have. */
static void drain(void *ctx)
{
	hyp.ops->synchronize(hyp.ctx);
}

/* The unit's own events: it has none to tell of. */
static void fault_event(void *ctx, struct pstd_msi_msg event)
{
	give_up("no fault in the VT-d unit");
}

/* The unit from reset, in the mode of the host's local APICs. Null, or what is wrong. */
const char *devices_start(bool x2apic)
{
	const struct pstd_vtd_config config = {
		.memory = &memory,
		.address_width = 39,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20) |
		       pstd_field(PSTD_VTD_CAP_NFR, RECORDS - 1),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM |
		        pstd_field(PSTD_VTD_ECAP_MHMV, 15),
		.cache_entries = CACHE_SLOTS,
		.cache_ways = 2,
		.cache = cache,
		.frcd = records,
		.drain = drain,
	};
	const struct iommu_config start = {
		.unit = &unit,
		.memory = &memory,
		.table = (uintptr_t)table,
		.table_size = TABLE_SIZE,
		.x2apic = x2apic,
		.fault_event = pstd_msi_compat(cpus[0].p.apic_id, CALL_VECTOR),
		.send = fault_event,
	};
	const char *wrong;

	/* What the unit reads is in .bss: table, descriptors, and the driver's pool. */
	memory = (struct pstd_memory){
		.base = bss_start,
		.size = (size_t)(bss_end - bss_start),
		.used = (size_t)(pool[0] - bss_start),
		.moved = (uintptr_t)bss_start - PSTD_MEMORY_PHYS_BASE,
	};
	memset(cache, 0, sizeof(cache));
	memset(records, 0, sizeof(records));
	wrong = pstd_vtd_init(&unit, &config);
	return wrong ? wrong : iommu_start(&driver, &start);
}

void invalidate(uint16_t index)
{
	if (!iommu_invalidate(&driver, index))
		give_up("the VT-d unit invalidates an entry");
}

/* Device n interrupts vCPU n, by way of an eventfd and an irqfd. */
void devices_attach(unsigned n, unsigned pcpus)
{
	for (unsigned i = 0; i < n; i++) {
		struct pstd_msi_msg message = pstd_msi_compat(i, DEVICE_VECTOR);

		eventfds[i] = (struct pstd_eventfd){ 0 };
		irqfds[i] = (struct pstd_irqfd){ .vm = &vm, .gsi = i, .eventfd = &eventfds[i] };
		irqs[i] = (struct pstd_irq){
			.irte = &table[i],
			.index = (uint16_t)i,
			.sid = (uint16_t)(0x100 + 8 * i),
			.trigger = &eventfds[i],
			.counts = irq_counts[i],
		};
		if (pstd_route_set(&vm, i, &message) ||
		    pstd_irq_request(&irqs[i], &cpus[i % pcpus].p) || pstd_irqfd_assign(&irqfds[i]))
			give_up("a device's interrupt is routed");
	}
}

void devices_detach(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		device_bypass(i, false);
		pstd_irqfd_deassign(&irqfds[i]);
		pstd_irq_free(&irqs[i]);
	}
}

void device_bypass(unsigned device, bool on)
{
	if (on && pstd_bypass_register(&irqs[device]))
		give_up("a device's interrupt is posted");
	if (!on)
		pstd_bypass_unregister(&irqs[device]);
}

bool device_is_posted(unsigned device)
{
	return eventfds[device].producer;
}

/* What the unit makes of a device's message. */
static void request(uint16_t index, uint16_t sid)
{
	struct pstd_vtd_request_result r =
		pstd_vtd_request(&unit, pstd_msi_remappable(index, false, 0), sid);
	struct pstd_vtd_post_result posted;

	switch (r.kind) {
	case PSTD_VTD_REMAPPED:
		send(r.msg);
		break;
	case PSTD_VTD_POST:
		posted = pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
		if (posted.notify)
			send(posted.notification);
		break;
	default:
		give_up("the VT-d unit lets a device's interrupt through");
	}
}

void device_raise(unsigned device)
{
	uint64_t flags = irq_save();

	request(irqs[device].index, irqs[device].sid);
	irq_restore(flags);
}
