/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/vtd.h"

static struct vtd_request_result blocked(enum vtd_fault fault, uint32_t index, bool qualified)
{
	struct vtd_request_result r = { .kind = VTD_BLOCKED, .fault = fault, .index = index,
		                        .qualified = qualified };

	return r;
}

static struct vtd_request_result compatibility(const struct vtd *u, struct msi_msg m)
{
	struct vtd_request_result r = { .kind = VTD_PASS };

	if (u->enabled && (u->x2apic || !u->compatibility))
		return blocked(VTD_FAULT_COMPATIBILITY, 0, false);
	r.msg = (struct apic_msg){
		.dest = (uint32_t)pi_field_get(MSI_ADDR_DEST, m.addr_lo),
		.vector = msi_vector(m),
		.dlm = msi_delivery_mode(m),
		.logical = msi_logical(m),
		.redirection_hint = msi_redirection_hint(m),
		.level = m.data & MSI_DATA_TRIGGER,
	};
	return r;
}

/* "Source-ID validation"; SVT = 3 is a reserved encoding. */
static bool source_allowed(const struct irte_fields *f, uint16_t sid)
{
	static const uint16_t ignored[] = { 0, 4, 6, 7 }; /* by SQ: bits of the function number */
	uint8_t bus = sid >> 8;

	switch (f->svt) {
	case IRTE_SVT_NONE:
		return true;
	case IRTE_SVT_SID:
		return !((sid ^ f->sid) & ~ignored[f->sq]);
	case IRTE_SVT_BUS:
		return f->sid >> 8 <= bus && bus <= (f->sid & 0xff);
	default:
		return false;
	}
}

static bool reserved_set(const struct vtd *u, struct irte e)
{
	uint64_t lo = e.raw.lo, hi = e.raw.hi;

	if (!(lo & IRTE_IM))
		return (lo & IRTE_REMAPPED_RSVD) || (hi & IRTE_REMAPPED_RSVD_HI) ||
		       (!u->x2apic && (lo & IRTE_DST & ~IRTE_DST_XAPIC));
	return !u->posting || (lo & IRTE_POSTED_RSVD) || (hi & IRTE_POSTED_RSVD_HI) ||
	       (u->address_width < 64 && hi >> u->address_width);
}

static struct vtd_request_result remapped(const struct irte_fields *f, uint32_t index, bool x2apic)
{
	struct vtd_request_result r = { .kind = VTD_REMAPPED, .index = index };

	r.msg = (struct apic_msg){
		.dest = x2apic ? f->dst : f->dst >> 8 & 0xff,
		.vector = f->vector,
		.dlm = f->dlm,
		.logical = f->dm,
		.redirection_hint = f->rh,
		.level = f->tm,
	};
	return r;
}

static struct vtd_request_result posted(const struct vtd *u, const struct irte_fields *f,
                                        uint32_t index)
{
	struct vtd_request_result r = { .kind = VTD_POST, .index = index, .vector = f->vector,
		                        .urgent = f->urg };

	r.pid = memory_at(u->memory, f->pda, sizeof(*r.pid));
	return r.pid ? r : blocked(VTD_FAULT_PID, index, f->fpd);
}

/* The order of the checks is that of the text of "Interrupt Remapping Hardware Operation". */
struct vtd_request_result vtd_request(const struct vtd *u, struct msi_msg m, uint16_t sid)
{
	uint32_t index = msi_index(m);
	const struct irte *slot;
	struct irte_fields f;
	struct irte e;

	if (!u->enabled || !msi_is_remappable(m))
		return compatibility(u, m);
	if ((m.addr_lo & MSI_ADDR_SHV) && (m.data & MSI_DATA_RSVD))
		return blocked(VTD_FAULT_REQUEST_RSVD, index, false);
	if (index >= u->entries)
		return blocked(VTD_FAULT_INDEX, index, false);
	slot = memory_at(u->memory, u->table + index * sizeof(*slot), sizeof(*slot));
	if (!slot)
		return blocked(VTD_FAULT_TABLE, index, false);
	e = irte_load(slot);
	f = irte_decode(e);
	if (!f.p)
		return blocked(VTD_FAULT_NOT_PRESENT, index, f.fpd);
	if (!source_allowed(&f, sid))
		return blocked(VTD_FAULT_SOURCE, index, f.fpd);
	if (reserved_set(u, e))
		return blocked(VTD_FAULT_IRTE_RSVD, index, f.fpd);
	return f.posted ? posted(u, &f, index) : remapped(&f, index, u->x2apic);
}

static bool descriptor_reserved(const struct pi_desc *d, uint64_t control, bool x2apic)
{
	return (control & (x2apic ? PI_CONTROL_RSVD : PI_CONTROL_RSVD_XAPIC)) ||
	       (pi_load_relaxed(&d->rsvd[0]) | pi_load_relaxed(&d->rsvd[1]) |
	        pi_load_relaxed(&d->rsvd[2]));
}

/*
 * Silicon owns the cache line from the first step to the last. Here the vector
 * is set in one locked operation and ON in a second, as IPI virtualization is
 * allowed to do it; between them others may see PIR[vector] with ON still
 * clear. That is harmless: whoever clears ON or SN looks at PIR afterwards, and
 * then this step finds ON clear and notifies once more, at worst for nothing.
 */
struct vtd_post_result vtd_post(struct pi_desc *d, uint8_t vector, bool urgent, bool x2apic)
{
	struct vtd_post_result r = { 0 };
	uint64_t control = pi_load_relaxed(&d->control);

	/* Reserved fields: release the line unchanged. */
	if (descriptor_reserved(d, control, x2apic)) {
		r.fault = VTD_FAULT_PID_RSVD;
		return r;
	}
	/* PIR[vector] := 1. Pairs with whoever clears ON or SN and then reads PIR. */
	r.merged = pi_test_and_set_pir(d, vector);
	/* X := ON == 0 and (URG or SN == 0); if X, ON := 1. */
	control = pi_load_relaxed(&d->control);
	do {
		if ((control & PI_ON) || ((control & PI_SN) && !urgent))
			return r;
	} while (!pi_cmpxchg_seq(&d->control, &control, control | PI_ON));
	/* The descriptor is visible: now the notification, fixed, physical, edge. */
	r.notify = true;
	r.notification = (struct apic_msg){
		.dest = pi_destination(control, x2apic),
		.vector = (uint8_t)pi_field_get(PI_NV, control),
		.dlm = APIC_DM_FIXED,
	};
	return r;
}
