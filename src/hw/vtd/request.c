/* SPDX-License-Identifier: BSD-2-Clause */
/* What requests need that are not posted from the cache; the rest is posted/hw/vtd/request.h. */
#include <posted/hw/vtd.h>

struct pstd_vtd_request_result pstd_vtd_blocked(enum pstd_vtd_fault fault, struct pstd_vtd_asked a,
                                                bool qualified)
{
	return (struct pstd_vtd_request_result){ .kind = PSTD_VTD_BLOCKED, .fault = fault,
		                                 .index = a.index,
		                                 .qualified = qualified, .missed = a.missed };
}

/* In compatibility format, or taken for it: it goes on as it is. */
struct pstd_vtd_request_result pstd_vtd_passed(struct pstd_msi_msg m)
{
	return (struct pstd_vtd_request_result){
		.kind = PSTD_VTD_PASS,
		.msg = {
			.dest = (uint32_t)pstd_field_get(PSTD_MSI_ADDR_DEST, m.addr_lo),
			.vector = pstd_msi_vector(m),
			.dlm = pstd_msi_delivery_mode(m),
			.logical = pstd_msi_logical(m),
			.redirection_hint = pstd_msi_redirection_hint(m),
			.level = m.data & PSTD_MSI_DATA_TRIGGER,
		},
	};
}

struct pstd_vtd_request_result pstd_vtd_remapped(struct pstd_irte e, struct pstd_vtd_asked a)
{
	struct pstd_irte_fields f = pstd_irte_decode(e);

	return (struct pstd_vtd_request_result){
		.kind = PSTD_VTD_REMAPPED,
		.index = a.index,
		.missed = a.missed,
		.msg = {
			.dest = a.x2apic ? f.dst : f.dst >> 8 & 0xff,
			.vector = f.vector,
			.dlm = f.dlm,
			.logical = f.dm,
			.redirection_hint = f.rh,
			.level = f.tm,
		},
	};
}

/* An entry that faults is cached in caching mode only. */
static bool cacheable(const struct pstd_vtd *u, struct pstd_irte e, bool x2apic)
{
	return (u->config.cap & PSTD_VTD_CAP_CM) ||
	       ((e.raw.lo & PSTD_IRTE_P) && !pstd_vtd_reserved_set(u, e, x2apic));
}

/* Reads an entry from the table. */
static enum pstd_vtd_fault fetch(const struct pstd_vtd *u, uint64_t active, uint32_t index,
                                 struct pstd_irte *e)
{
	uint64_t address = (active & PSTD_VTD_IRTA_BASE) + index * sizeof(*e);
	const struct pstd_irte *entry = pstd_memory_at(u->config.memory, address, sizeof(*entry));

	if (pstd_vtd_above_width(u, address))
		return PSTD_VTD_FAULT_INDEX;
	if (!entry)
		return PSTD_VTD_FAULT_TABLE;
	*e = pstd_irte_load(entry);
	return PSTD_VTD_FAULT_NONE;
}

/*
 * Reads an entry, and caches it if it may. Nothing is cached if the table has been
 * changed since the request looked which: asked after begin, or an entry of the old
 * table could be filled in behind the invalidation that follows SIRTP.
 */
static enum pstd_vtd_fault miss(struct pstd_vtd *u, uint64_t active, uint32_t index,
                                struct pstd_irte *e)
{
	struct pstd_vtd_cache_fill fill = pstd_vtd_cache_begin(&u->cache, index);
	bool same = pstd_load_acquire(&u->active) == active;
	enum pstd_vtd_fault fault = fetch(u, active, index, e);

	if (same && !fault && cacheable(u, *e, active & PSTD_VTD_IRTA_EIME))
		pstd_vtd_cache_end(&fill, *e);
	return fault;
}

struct pstd_vtd_request_result pstd_vtd_uncached(struct pstd_vtd *u, uint64_t active,
                                                 struct pstd_vtd_asked a)
{
	enum pstd_vtd_fault fault;
	struct pstd_irte e;

	a.missed = u->cache.slots;
	fault = a.missed ? miss(u, active, a.index, &e) : fetch(u, active, a.index, &e);
	return fault ? pstd_vtd_blocked(fault, a, false) : pstd_vtd_entry(u, e, a);
}

struct pstd_vtd_request_result pstd_vtd_dma(struct pstd_vtd *u, uint64_t address, uint32_t data,
                                            unsigned size, bool write, uint16_t sid)
{
	struct pstd_msi_msg m = { .addr_lo = (uint32_t)address, .data = data };
	const struct pstd_vtd_asked no_entry = { 0 };

	if (!write || size != 4 || address % 4 || address >> 32 || !pstd_msi_is_interrupt(m))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_UNTRANSLATED, no_entry, false);
	return pstd_vtd_request(u, m, sid);
}
