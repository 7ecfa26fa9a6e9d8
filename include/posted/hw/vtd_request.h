/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests, inline: a posted request should cost little beside the locked operation
 * of its post, and a result that is returned in memory would cost as much as all
 * the rest. Part of posted/hw/vtd.h.
 *
 * VT-d, "Interrupt-Remapping Hardware Operation": the order of the checks is that of
 * its text. No lock: the configuration in force is one word, an entry is one 128-bit
 * read, of memory or of the cache.
 */
#ifndef POSTED_HW_VTD_REQUEST_H
#define POSTED_HW_VTD_REQUEST_H

#include <posted/hw/vtd.h>

#pragma GCC visibility push(default)

/* What a remappable request asks for, and how: in one register. */
struct vtd_asked {
	uint32_t index;
	uint16_t sid;
	bool x2apic;
	bool missed; /* its entry was not in the cache */
};

/* The results of requests that are not posted. */
struct vtd_request_result vtd_blocked(enum vtd_fault fault, struct vtd_asked a, bool qualified);
struct vtd_request_result vtd_passed(struct msi_msg m);
struct vtd_request_result vtd_remapped(struct irte e, struct vtd_asked a);

/* The result of a request whose entry the cache does not have, or without a cache. */
struct vtd_request_result vtd_uncached(struct vtd *u, uint64_t active, struct vtd_asked a);

/* "Source-ID validation"; SVT = 3 is a reserved encoding. */
static inline bool vtd_source_allowed(struct irte e, uint16_t sid)
{
	uint16_t ignored = irte_sq_ignored((unsigned)pi_field_get(IRTE_SQ, e.raw.hi));
	uint16_t allowed = e.raw.hi & IRTE_SID;
	uint8_t bus = sid >> 8;

	switch (pi_field_get(IRTE_SVT, e.raw.hi)) {
	case IRTE_SVT_NONE:
		return true;
	case IRTE_SVT_SID:
		return !((sid ^ allowed) & ~ignored);
	case IRTE_SVT_BUS:
		return allowed >> 8 <= bus && bus <= (allowed & 0xff);
	default:
		return false;
	}
}

static inline bool vtd_above_width(const struct vtd *u, uint64_t address)
{
	return u->config.address_width < 64 && address >> u->config.address_width;
}

/* "IRTE for Remapped Interrupts" and "for Posted Interrupts": bits that must be zero. */
static inline bool vtd_reserved_set(const struct vtd *u, struct irte e, bool x2apic)
{
	uint64_t lo = e.raw.lo, hi = e.raw.hi;

	if (!(lo & IRTE_IM))
		return (lo & IRTE_REMAPPED_RSVD) || (hi & IRTE_REMAPPED_RSVD_HI) ||
		       (!x2apic && (lo & IRTE_DST & ~IRTE_DST_XAPIC));
	return !(u->config.cap & VTD_CAP_PI) || (lo & IRTE_POSTED_RSVD) ||
	       (hi & IRTE_POSTED_RSVD_HI) || vtd_above_width(u, hi & IRTE_PDAH);
}

static inline struct vtd_request_result vtd_posted(const struct vtd *u, struct irte e,
                                                   struct vtd_asked a)
{
	struct irte_fields f = irte_decode(e);
	struct pi_desc *pid = memory_at(u->config.memory, f.pda, sizeof(*pid));

	if (!pid)
		return vtd_blocked(VTD_FAULT_PID, a, f.fpd);
	return (struct vtd_request_result){
		.kind = VTD_POST, .index = a.index, .qualified = f.fpd, .missed = a.missed,
		.urgent = f.urg, .x2apic = a.x2apic, .vector = f.vector, .pid = pid,
	};
}

/* What an entry, from the table or the cache, makes of a request. */
static inline struct vtd_request_result vtd_entry(const struct vtd *u, struct irte e,
                                                  struct vtd_asked a)
{
	bool fpd = e.raw.lo & IRTE_FPD;

	if (!(e.raw.lo & IRTE_P))
		return vtd_blocked(VTD_FAULT_NOT_PRESENT, a, fpd);
	if (!vtd_source_allowed(e, a.sid))
		return vtd_blocked(VTD_FAULT_SOURCE, a, fpd);
	if (vtd_reserved_set(u, e, a.x2apic))
		return vtd_blocked(VTD_FAULT_IRTE_RSVD, a, fpd);
	return e.raw.lo & IRTE_IM ? vtd_posted(u, e, a) : vtd_remapped(e, a);
}

/* "Interrupt Requests in Remappable Format". */
static inline struct vtd_request_result vtd_remappable(struct vtd *u, uint64_t active,
                                                       struct msi_msg m, uint16_t sid)
{
	struct vtd_asked a = { .index = msi_index(m), .sid = sid,
		               .x2apic = active & VTD_IRTA_EIME };
	struct irte e;

	if ((m.addr_lo & MSI_ADDR_SHV) && (m.data & MSI_DATA_RSVD))
		return vtd_blocked(VTD_FAULT_REQUEST_RSVD, a, false);
	if (a.index >> ((active & VTD_IRTA_S) + 1))
		return vtd_blocked(VTD_FAULT_INDEX, a, false);
	if (u->cache.slots && vtd_cache_lookup(&u->cache, a.index, &e))
		return vtd_entry(u, e, a);
	return vtd_uncached(u, active, a);
}

/* The message is one to FEEx_xxxxH; of its address only bits 19:2 are looked at. */
static inline struct vtd_request_result vtd_request(struct vtd *u, struct msi_msg m, uint16_t sid)
{
	uint64_t active = pi_load_acquire(&u->active), ecap = u->config.ecap;
	const struct vtd_asked no_entry = { 0 };

	/* While remapping is off, everything is taken for compatibility format. */
	if (!(active & VTD_ACTIVE_IRES) && (ecap & VTD_ECAP_IRREQ))
		return vtd_blocked(VTD_FAULT_IR_REQUIRED, no_entry, false);
	if (!(active & VTD_ACTIVE_IRES))
		return vtd_passed(m);
	if ((ecap & VTD_ECAP_EIMER) && !(active & VTD_IRTA_EIME))
		return vtd_blocked(VTD_FAULT_EIM_REQUIRED, no_entry, false);
	if (msi_is_remappable(m))
		return vtd_remappable(u, active, m, sid);
	/* CFI has no effect in x2APIC mode. */
	if ((active & VTD_IRTA_EIME) || !(active & VTD_ACTIVE_CFIS))
		return vtd_blocked(VTD_FAULT_COMPATIBILITY, no_entry, false);
	return vtd_passed(m);
}

#pragma GCC visibility pop

#endif
