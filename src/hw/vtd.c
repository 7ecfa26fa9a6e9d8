/* SPDX-License-Identifier: BSD-2-Clause */
/* What requests need that are not posted from the cache; the rest is vtd_request.h. */
#include <posted/hw/vtd.h>

struct vtd_request_result vtd_blocked(enum vtd_fault fault, struct vtd_asked a, bool qualified)
{
	return (struct vtd_request_result){ .kind = VTD_BLOCKED, .fault = fault, .index = a.index,
		                            .qualified = qualified, .missed = a.missed };
}

/* In compatibility format, or taken for it: it goes on as it is. */
struct vtd_request_result vtd_passed(struct msi_msg m)
{
	return (struct vtd_request_result){
		.kind = VTD_PASS,
		.msg = {
			.dest = (uint32_t)pi_field_get(MSI_ADDR_DEST, m.addr_lo),
			.vector = msi_vector(m),
			.dlm = msi_delivery_mode(m),
			.logical = msi_logical(m),
			.redirection_hint = msi_redirection_hint(m),
			.level = m.data & MSI_DATA_TRIGGER,
		},
	};
}

struct vtd_request_result vtd_remapped(struct irte e, struct vtd_asked a)
{
	struct irte_fields f = irte_decode(e);

	return (struct vtd_request_result){
		.kind = VTD_REMAPPED,
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
static bool cacheable(const struct vtd *u, struct irte e, bool x2apic)
{
	return (u->config.cap & VTD_CAP_CM) ||
	       ((e.raw.lo & IRTE_P) && !vtd_reserved_set(u, e, x2apic));
}

/* Reads an entry from the table. */
static enum vtd_fault fetch(const struct vtd *u, uint64_t active, uint32_t index, struct irte *e)
{
	uint64_t address = (active & VTD_IRTA_BASE) + index * sizeof(*e);
	const struct irte *entry = memory_at(u->config.memory, address, sizeof(*entry));

	if (vtd_above_width(u, address))
		return VTD_FAULT_INDEX;
	if (!entry)
		return VTD_FAULT_TABLE;
	*e = irte_load(entry);
	return VTD_FAULT_NONE;
}

/*
 * Reads an entry, and caches it if it may. Nothing is cached if the table has been
 * changed since the request looked which: asked after begin, or an entry of the old
 * table could be filled in behind the invalidation that follows SIRTP.
 */
static enum vtd_fault miss(struct vtd *u, uint64_t active, uint32_t index, struct irte *e)
{
	struct vtd_cache_fill fill = vtd_cache_begin(&u->cache, index);
	bool same = pi_load_acquire(&u->active) == active;
	enum vtd_fault fault = fetch(u, active, index, e);

	if (same && !fault && cacheable(u, *e, active & VTD_IRTA_EIME))
		vtd_cache_end(&fill, *e);
	return fault;
}

struct vtd_request_result vtd_uncached(struct vtd *u, uint64_t active, struct vtd_asked a)
{
	enum vtd_fault fault;
	struct irte e;

	a.missed = u->cache.slots;
	fault = a.missed ? miss(u, active, a.index, &e) : fetch(u, active, a.index, &e);
	return fault ? vtd_blocked(fault, a, false) : vtd_entry(u, e, a);
}

struct vtd_request_result vtd_dma(struct vtd *u, uint64_t address, uint32_t data, unsigned size,
                                  bool write, uint16_t sid)
{
	struct msi_msg m = { .addr_lo = (uint32_t)address, .data = data };
	const struct vtd_asked no_entry = { 0 };

	if (!write || size != 4 || address % 4 || address >> 32 || !msi_is_interrupt(m))
		return vtd_blocked(VTD_FAULT_UNTRANSLATED, no_entry, false);
	return vtd_request(u, m, sid);
}
