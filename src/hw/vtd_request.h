/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests, inline: a posted request should cost little beside the locked operation
 * of its post, and a result that is returned in memory would cost as much as all
 * the rest. Part of hw/vtd.h.
 *
 * VT-d, "Interrupt-Remapping Hardware Operation": the order of the checks is that of
 * its text. No lock: the configuration in force is one word, an entry is one 128-bit
 * read, of memory or of the cache.
 */
#ifndef HW_VTD_REQUEST_H
#define HW_VTD_REQUEST_H

#include "hw/vtd.h"

/* The results of requests that are not posted. */
struct vtd_request_result vtd_blocked(enum vtd_fault fault, uint32_t index, bool qualified);
struct vtd_request_result vtd_passed(struct msi_msg m);
struct vtd_request_result vtd_remapped(struct irte e, uint32_t index, bool x2apic);

/* Reads an entry that the cache does not have, and caches it if it may. */
struct irte vtd_miss(struct vtd *u, uint64_t active, uint32_t index, enum vtd_fault *fault);

/* "Source-ID validation"; SVT = 3 is a reserved encoding. */
static inline bool vtd_source_allowed(struct irte e, uint16_t sid)
{
	static const uint16_t ignored[] = { 0, 4, 6, 7 }; /* by SQ: bits of the function number */
	uint16_t allowed = e.raw.hi & IRTE_SID;
	uint8_t bus = sid >> 8;

	switch (pi_field_get(IRTE_SVT, e.raw.hi)) {
	case IRTE_SVT_NONE:
		return true;
	case IRTE_SVT_SID:
		return !((sid ^ allowed) & ~ignored[pi_field_get(IRTE_SQ, e.raw.hi)]);
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

/* Reads an entry from the table. */
static inline struct irte vtd_fetch(const struct vtd *u, uint64_t active, uint32_t index,
                                    enum vtd_fault *fault)
{
	uint64_t address = (active & VTD_IRTA_BASE) + index * sizeof(struct irte);
	const struct irte *entry = memory_at(u->config.memory, address, sizeof(*entry));
	struct irte none = { { 0, 0 } };

	*fault = entry ? VTD_FAULT_NONE : VTD_FAULT_TABLE;
	if (vtd_above_width(u, address))
		*fault = VTD_FAULT_INDEX;
	return *fault ? none : irte_load(entry);
}

static inline struct vtd_request_result vtd_posted(const struct vtd *u, struct irte e,
                                                   uint32_t index, bool x2apic)
{
	struct irte_fields f = irte_decode(e);
	struct pi_desc *pid = memory_at(u->config.memory, f.pda, sizeof(*pid));

	if (!pid)
		return vtd_blocked(VTD_FAULT_PID, index, f.fpd);
	return (struct vtd_request_result){
		.kind = VTD_POST, .index = index, .qualified = f.fpd, .urgent = f.urg,
		.x2apic = x2apic, .vector = f.vector, .pid = pid,
	};
}

/* "Interrupt Requests in Remappable Format". */
static inline struct vtd_request_result vtd_remappable(struct vtd *u, uint64_t active,
                                                       struct msi_msg m, uint16_t sid)
{
	uint32_t index = msi_index(m);
	bool x2apic = active & VTD_IRTA_EIME, fpd;
	enum vtd_fault fault = VTD_FAULT_NONE;
	struct irte e;

	if ((m.addr_lo & MSI_ADDR_SHV) && (m.data & MSI_DATA_RSVD))
		return vtd_blocked(VTD_FAULT_REQUEST_RSVD, index, false);
	if (index >> ((active & VTD_IRTA_S) + 1))
		return vtd_blocked(VTD_FAULT_INDEX, index, false);
	if (!u->cache.slots)
		e = vtd_fetch(u, active, index, &fault);
	else if (!vtd_cache_lookup(&u->cache, index, &e))
		e = vtd_miss(u, active, index, &fault);
	if (fault)
		return vtd_blocked(fault, index, false);
	fpd = e.raw.lo & IRTE_FPD;
	if (!(e.raw.lo & IRTE_P))
		return vtd_blocked(VTD_FAULT_NOT_PRESENT, index, fpd);
	if (!vtd_source_allowed(e, sid))
		return vtd_blocked(VTD_FAULT_SOURCE, index, fpd);
	if (vtd_reserved_set(u, e, x2apic))
		return vtd_blocked(VTD_FAULT_IRTE_RSVD, index, fpd);
	if (e.raw.lo & IRTE_IM)
		return vtd_posted(u, e, index, x2apic);
	return vtd_remapped(e, index, x2apic);
}

static inline struct vtd_request_result vtd_request(struct vtd *u, struct msi_msg m, uint16_t sid)
{
	uint64_t active = pi_load_acquire(&u->active), ecap = u->config.ecap;

	/* While remapping is off, everything is taken for compatibility format. */
	if (!(active & VTD_ACTIVE_IRES) && (ecap & VTD_ECAP_IRREQ))
		return vtd_blocked(VTD_FAULT_IR_REQUIRED, 0, false);
	if (!(active & VTD_ACTIVE_IRES))
		return vtd_passed(m);
	if ((ecap & VTD_ECAP_EIMER) && !(active & VTD_IRTA_EIME))
		return vtd_blocked(VTD_FAULT_EIM_REQUIRED, 0, false);
	if (msi_is_remappable(m))
		return vtd_remappable(u, active, m, sid);
	/* CFI has no effect in x2APIC mode. */
	if ((active & VTD_IRTA_EIME) || !(active & VTD_ACTIVE_CFIS))
		return vtd_blocked(VTD_FAULT_COMPATIBILITY, 0, false);
	return vtd_passed(m);
}

#endif
