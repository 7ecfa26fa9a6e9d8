/* SPDX-License-Identifier: BSD-2-Clause */
/* What requests need that are not posted from the cache; the rest is vtd_request.h. */
#include "hw/vtd.h"

struct vtd_request_result vtd_blocked(enum vtd_fault fault, uint32_t index, bool qualified)
{
	return (struct vtd_request_result){ .kind = VTD_BLOCKED, .fault = fault, .index = index,
		                            .qualified = qualified };
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

struct vtd_request_result vtd_remapped(struct irte e, uint32_t index, bool x2apic)
{
	struct irte_fields f = irte_decode(e);

	return (struct vtd_request_result){
		.kind = VTD_REMAPPED,
		.index = index,
		.msg = {
			.dest = x2apic ? f.dst : f.dst >> 8 & 0xff,
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

/*
 * Nothing is cached if the table has been changed since the request looked which:
 * asked after begin, or an entry of the old table could be filled in behind the
 * invalidation that follows SIRTP.
 */
struct irte vtd_miss(struct vtd *u, uint64_t active, uint32_t index, enum vtd_fault *fault)
{
	struct vtd_cache_fill fill = vtd_cache_begin(&u->cache, index);
	bool same = pi_load_acquire(&u->active) == active;
	struct irte e = vtd_fetch(u, active, index, fault);

	pi_count(&u->misses, 1);
	if (same && !*fault && cacheable(u, e, active & VTD_IRTA_EIME))
		vtd_cache_end(&fill, e);
	return e;
}

struct vtd_request_result vtd_dma(struct vtd *u, uint64_t address, uint32_t data, unsigned size,
                                  bool write, uint16_t sid)
{
	struct msi_msg m = { .addr_lo = (uint32_t)address, .data = data };

	if (!write || size != 4 || address % 4 || address >> 32 || !msi_is_interrupt(m))
		return vtd_blocked(VTD_FAULT_UNTRANSLATED, 0, false);
	return vtd_request(u, m, sid);
}
