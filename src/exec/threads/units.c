/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine's VT-d units, brought up by the host's driver, and their faults. */
#include "exec/threads/internal.h"
#include <stdlib.h>
#include <string.h>

const struct machine_unit machine_default_unit = {
	.name = "iommu0",
	.posting = true,
	.fault_records = 8,
	.cache_entries = 256,
	.cache_ways = 4,
};

enum { ADDRESS_WIDTH = 46, RECORDS_AT = 0x400 };

static unsigned count(const struct machine_config *c)
{
	return c->units ? c->unit_count : 1;
}

size_t units_memory(const struct machine_config *c)
{
	return count(c) * (MACHINE_ENTRIES * sizeof(struct pstd_irte) + IOMMU_MEMORY);
}

static uint64_t capabilities(const struct machine_unit *c)
{
	return pstd_field(PSTD_VTD_CAP_MGAW, ADDRESS_WIDTH - 1) |
	       pstd_field(PSTD_VTD_CAP_FRO, RECORDS_AT / 16) |
	       pstd_field(PSTD_VTD_CAP_NFR, c->fault_records - 1) |
	       (c->posting ? PSTD_VTD_CAP_PI : 0) | (c->caching_mode ? PSTD_VTD_CAP_CM : 0) |
	       (c->esirtps ? PSTD_VTD_CAP_ESIRTPS : 0);
}

static void drain(void *ctx)
{
	read_synchronize();
}

static void send(void *ctx, struct pstd_msi_msg event)
{
	bus_event(ctx, event);
}

static const char *start(struct machine *m, struct unit *u)
{
	const struct iommu_config c = {
		.unit = &u->vtd,
		.memory = &m->memory,
		.table = pstd_memory_phys(&m->memory, u->irtes),
		.table_size = MACHINE_TABLE_SIZE,
		.x2apic = m->config.x2apic,
		.fault_event = pstd_msi_compat(0, MACHINE_FAULT_VECTOR),
		.send = send,
		.ctx = m,
	};

	return iommu_start(&u->iommu, &c);
}

static void *zeroed(size_t align, size_t size)
{
	size_t whole = (size + align) & ~(align - 1); /* never none */
	void *p = aligned_alloc(align, whole);

	return p ? memset(p, 0, whole) : NULL;
}

/* Null, or what went wrong. */
static const char *make(struct machine *m, struct unit *u, const struct machine_unit *c)
{
	const struct pstd_vtd_config v = {
		.memory = &m->memory,
		.address_width = ADDRESS_WIDTH,
		.cap = capabilities(c),
		.ecap = PSTD_VTD_ECAP_C | PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM |
		        pstd_field(PSTD_VTD_ECAP_MHMV, 15),
		.cache_entries = c->cache_entries,
		.cache_ways = c->cache_ways,
		.cache_replace = c->cache_random ? PSTD_VTD_REPLACE_RANDOM : PSTD_VTD_REPLACE_FIFO,
		.cache = u->cache = zeroed(64, c->cache_entries * sizeof(*u->cache)),
		.frcd = u->records = zeroed(64, c->fault_records * 2 * sizeof(*u->records)),
		.drain = drain,
	};
	const char *wrong;

	u->name = strdup(c->name);
	u->irtes = pstd_memory_take(&m->memory, MACHINE_ENTRIES * sizeof(*u->irtes), 4096);
	if (!u->name || !u->cache || !u->records || !u->irtes)
		return "no memory for it";
	wrong = pstd_vtd_init(&u->vtd, &v);
	return wrong ? wrong : start(m, u);
}

/* pCPU 0 gets the fault events of all units. */
static bool request_vector(struct machine *m)
{
	m->fault_irq.trigger = &m->fault_event;
	m->fault_irq.counts = calloc(m->config.pcpus, sizeof(uint64_t));
	m->pcpus[0].hyp.irq[MACHINE_FAULT_VECTOR] = &m->fault_irq;
	return m->fault_irq.counts;
}

bool units_create(struct machine *m, const struct machine_config *c, char error[MACHINE_ERROR])
{
	const struct machine_unit *units = c->units ? c->units : &machine_default_unit;

	m->units = zeroed(_Alignof(struct unit), count(c) * sizeof(*m->units));
	if (!m->units || !request_vector(m))
		return machine_fail(error, "no memory for the VT-d units");
	while (m->unit_count < count(c)) {
		const struct machine_unit *unit = &units[m->unit_count];
		const char *wrong = make(m, &m->units[m->unit_count++], unit);

		if (wrong) {
			snprintf(error, MACHINE_ERROR, "the VT-d unit %s: %s", unit->name, wrong);
			return false;
		}
	}
	return true;
}

void units_destroy(struct machine *m)
{
	for (unsigned i = 0; i < m->unit_count; i++) {
		free(m->units[i].name);
		free(m->units[i].cache);
		free(m->units[i].records);
	}
	free(m->units);
	free(m->fault_irq.counts);
}

/* As Linux's log has it, but for the words behind the reason. */
static void take(void *unit, const struct iommu_fault *f)
{
	const char *words = pstd_vtd_fault_words(f->reason);
	struct unit *u = unit;

	pstd_tally(&u->faults, 1);
	snprintf(u->last_fault, sizeof(u->last_fault),
	         "[INTR-REMAP] Request device [%02x:%02x.%d] fault index 0x%x "
	         "[fault reason 0x%02x] %s", f->sid >> 8, f->sid >> 3 & 31, f->sid & 7, f->index,
	         f->reason, words ? words : "unknown");
}

/* By pCPU 0, and when that has stopped. */
void units_take_faults(struct machine *m)
{
	for (unsigned i = 0; i < m->unit_count; i++)
		iommu_faults(&m->units[i].iommu, take, &m->units[i]);
}

unsigned machine_units(const struct machine *m)
{
	return m->unit_count;
}

struct machine_unit_faults machine_unit_faults(const struct machine *m, unsigned unit)
{
	const struct unit *u = &m->units[unit];

	return (struct machine_unit_faults){ u->name, pstd_load_relaxed(&u->faults),
		                             u->last_fault };
}
