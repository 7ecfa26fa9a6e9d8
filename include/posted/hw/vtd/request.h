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
#ifndef PSTD_HW_VTD_REQUEST_H
#define PSTD_HW_VTD_REQUEST_H

#include <posted/hw/vtd.h>

#pragma GCC visibility push(default)

/* What a remappable request asks for, and how: in one register. */
struct pstd_vtd_asked {
	uint32_t index;
	uint16_t sid;
	bool x2apic;
	bool missed; /* its entry was not in the cache */
};

/* The results of requests that are not posted. */
struct pstd_vtd_request_result pstd_vtd_blocked(enum pstd_vtd_fault fault, struct pstd_vtd_asked a,
                                                bool qualified);
struct pstd_vtd_request_result pstd_vtd_passed(struct pstd_msi_msg m);
struct pstd_vtd_request_result pstd_vtd_remapped(struct pstd_irte e, struct pstd_vtd_asked a);

/* The result of a request whose entry the cache does not have, or without a cache. */
struct pstd_vtd_request_result pstd_vtd_uncached(struct pstd_vtd *u, uint64_t active,
                                                 struct pstd_vtd_asked a);

/* "Source-ID validation"; SVT = 3 is a reserved encoding. */
static inline bool pstd_vtd_source_allowed(struct pstd_irte e, uint16_t sid)
{
	uint16_t ignored = pstd_irte_sq_ignored((unsigned)pstd_field_get(PSTD_IRTE_SQ, e.raw.hi));
	uint16_t allowed = e.raw.hi & PSTD_IRTE_SID;
	uint8_t bus = sid >> 8;

	switch (pstd_field_get(PSTD_IRTE_SVT, e.raw.hi)) {
	case PSTD_IRTE_SVT_NONE:
		return true;
	case PSTD_IRTE_SVT_SID:
		return !((sid ^ allowed) & ~ignored);
	case PSTD_IRTE_SVT_BUS:
		return allowed >> 8 <= bus && bus <= (allowed & 0xff);
	default:
		return false;
	}
}

static inline bool pstd_vtd_above_width(const struct pstd_vtd *u, uint64_t address)
{
	return u->config.address_width < 64 && address >> u->config.address_width;
}

/* "IRTE for Remapped Interrupts" and "for Posted Interrupts": bits that must be zero. */
static inline bool pstd_vtd_reserved_set(const struct pstd_vtd *u, struct pstd_irte e, bool x2apic)
{
	uint64_t lo = e.raw.lo, hi = e.raw.hi;

	if (!(lo & PSTD_IRTE_IM))
		return (lo & PSTD_IRTE_REMAPPED_RSVD) || (hi & PSTD_IRTE_REMAPPED_RSVD_HI) ||
		       (!x2apic && (lo & PSTD_IRTE_DST & ~PSTD_IRTE_DST_XAPIC));
	return !(u->config.cap & PSTD_VTD_CAP_PI) || (lo & PSTD_IRTE_POSTED_RSVD) ||
	       (hi & PSTD_IRTE_POSTED_RSVD_HI) || pstd_vtd_above_width(u, hi & PSTD_IRTE_PDAH);
}

static inline struct pstd_vtd_request_result pstd_vtd_posted(const struct pstd_vtd *u,
                                                             struct pstd_irte e,
                                                             struct pstd_vtd_asked a)
{
	struct pstd_irte_fields f = pstd_irte_decode(e);
	struct pstd_desc *pid = pstd_memory_at(u->config.memory, f.pda, sizeof(*pid));

	if (!pid)
		return pstd_vtd_blocked(PSTD_VTD_FAULT_PID, a, f.fpd);
	return (struct pstd_vtd_request_result){
		.kind = PSTD_VTD_POST, .index = a.index, .qualified = f.fpd, .missed = a.missed,
		.urgent = f.urg, .x2apic = a.x2apic, .vector = f.vector, .pid = pid,
	};
}

/* What an entry, from the table or the cache, makes of a request. */
static inline struct pstd_vtd_request_result pstd_vtd_entry(const struct pstd_vtd *u,
                                                            struct pstd_irte e,
                                                            struct pstd_vtd_asked a)
{
	bool fpd = e.raw.lo & PSTD_IRTE_FPD;

	if (!(e.raw.lo & PSTD_IRTE_P))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_NOT_PRESENT, a, fpd);
	if (!pstd_vtd_source_allowed(e, a.sid))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_SOURCE, a, fpd);
	if (pstd_vtd_reserved_set(u, e, a.x2apic))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_IRTE_RSVD, a, fpd);
	return e.raw.lo & PSTD_IRTE_IM ? pstd_vtd_posted(u, e, a) : pstd_vtd_remapped(e, a);
}

/* "Interrupt Requests in Remappable Format". */
static inline struct pstd_vtd_request_result pstd_vtd_remappable(struct pstd_vtd *u,
                                                                 uint64_t active,
                                                                 struct pstd_msi_msg m,
                                                                 uint16_t sid)
{
	struct pstd_vtd_asked a = { .index = pstd_msi_index(m), .sid = sid,
		                    .x2apic = active & PSTD_VTD_IRTA_EIME };
	struct pstd_irte e;

	if ((m.addr_lo & PSTD_MSI_ADDR_SHV) && (m.data & PSTD_MSI_DATA_RSVD))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_REQUEST_RSVD, a, false);
	if (a.index >> ((active & PSTD_VTD_IRTA_S) + 1))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_INDEX, a, false);
	if (u->cache.slots && pstd_vtd_cache_lookup(&u->cache, a.index, &e))
		return pstd_vtd_entry(u, e, a);
	return pstd_vtd_uncached(u, active, a);
}

/* The message is one to FEEx_xxxxH; of its address only bits 19:2 are looked at. */
static inline struct pstd_vtd_request_result pstd_vtd_request(struct pstd_vtd *u,
                                                              struct pstd_msi_msg m, uint16_t sid)
{
	uint64_t active = pstd_load_acquire(&u->active), ecap = u->config.ecap;
	const struct pstd_vtd_asked no_entry = { 0 };

	/* While remapping is off, everything is taken for compatibility format. */
	if (!(active & PSTD_VTD_ACTIVE_IRES) && (ecap & PSTD_VTD_ECAP_IRREQ))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_IR_REQUIRED, no_entry, false);
	if (!(active & PSTD_VTD_ACTIVE_IRES))
		return pstd_vtd_passed(m);
	if ((ecap & PSTD_VTD_ECAP_EIMER) && !(active & PSTD_VTD_IRTA_EIME))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_EIM_REQUIRED, no_entry, false);
	if (pstd_msi_is_remappable(m))
		return pstd_vtd_remappable(u, active, m, sid);
	/* CFI has no effect in x2APIC mode. */
	if ((active & PSTD_VTD_IRTA_EIME) || !(active & PSTD_VTD_ACTIVE_CFIS))
		return pstd_vtd_blocked(PSTD_VTD_FAULT_COMPATIBILITY, no_entry, false);
	return pstd_vtd_passed(m);
}

#pragma GCC visibility pop

#endif
