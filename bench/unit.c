/* SPDX-License-Identifier: BSD-2-Clause */
#include "unit.h"
#include "harness.h"
#include <stdlib.h>
#include <string.h>

enum { CACHE = 4 * RING, WAYS = 4 };

/* Nobody changes an entry while requests are under way. */
static void drain(void *unused)
{
}

static void send(void *unused, struct pstd_msi_msg event)
{
	bench_fail("the VT-d unit sent an event, data 0x%x", event.data);
}

static void *zeroed(size_t size)
{
	void *p = aligned_alloc(4096, size);

	if (!p)
		bench_fail("no memory for a VT-d unit");
	return memset(p, 0, size);
}

/* An odd stride: no two of the ring in one set of the cache. */
static void fill_table(struct unit *u, unsigned entries, bool posted)
{
	unsigned stride = entries > RING ? RING + 1 : 1;
	uint32_t dst = pstd_irte_dst(PCPU, true);

	for (unsigned i = 0; i < RING; i++) {
		uint16_t index = (uint16_t)(i * stride % entries);

		uint64_t pid = pstd_memory_phys(&u->memory, &u->pids[i]);

		u->irtes[index] = posted ? pstd_irte_posted(pid, VECTOR, SID)
		                         : pstd_irte_remapped(dst, VECTOR, SID);
		u->msi[i] = pstd_msi_remappable(index, false, 0);
	}
}

static const char *bring_up(struct unit *u, unsigned table_size)
{
	const struct pstd_vtd_config c = {
		.memory = &u->memory,
		.address_width = 46,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_MGAW, 45) |
		       pstd_field(PSTD_VTD_CAP_FRO, 0x40),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.cache_entries = CACHE,
		.cache_ways = WAYS,
		.cache = u->cache,
		.frcd = u->records,
		.drain = drain,
	};
	const struct iommu_config driver = {
		.unit = &u->vtd,
		.memory = &u->memory,
		.table = pstd_memory_phys(&u->memory, u->irtes),
		.table_size = table_size,
		.x2apic = true,
		.send = send,
	};
	const char *wrong = pstd_vtd_init(&u->vtd, &c);

	return wrong ? wrong : iommu_start(&u->iommu, &driver);
}

void unit_open(struct unit *u, unsigned table_size, bool posted)
{
	unsigned entries = 2u << table_size;
	const char *wrong;

	memset(u, 0, sizeof(*u));
	u->memory.size = entries * sizeof(*u->irtes) + RING * sizeof(*u->pids) + IOMMU_MEMORY +
	                 4096;
	u->memory.size = (u->memory.size + 4095) & ~(size_t)4095;
	u->memory.base = zeroed(u->memory.size);
	u->cache = zeroed(CACHE * sizeof(*u->cache));
	u->irtes = pstd_memory_take(&u->memory, entries * sizeof(*u->irtes), 4096);
	u->pids = pstd_memory_take(&u->memory, RING * sizeof(*u->pids), 64);
	if (!u->irtes || !u->pids)
		bench_fail("the VT-d unit's memory is too small for the ring");
	fill_table(u, entries, posted);
	wrong = bring_up(u, table_size);
	if (wrong)
		bench_fail("the VT-d unit: %s", wrong);
}

void unit_close(struct unit *u)
{
	free(u->memory.base);
	free(u->cache);
}
