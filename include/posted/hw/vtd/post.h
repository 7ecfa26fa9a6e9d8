/* SPDX-License-Identifier: BSD-2-Clause */
/* The posting step, inline: what the unit does to a descriptor. Part of posted/hw/vtd.h. */
#ifndef PSTD_HW_VTD_POST_H
#define PSTD_HW_VTD_POST_H

#include <posted/hw/vtd.h>

#pragma GCC visibility push(default)

static inline bool pstd_vtd_descriptor_reserved(const struct pstd_desc *d, uint64_t control,
                                                bool x2apic)
{
	return (control & (x2apic ? PSTD_CONTROL_RSVD : PSTD_CONTROL_RSVD_XAPIC)) ||
	       (pstd_load_relaxed(&d->rsvd[0]) | pstd_load_relaxed(&d->rsvd[1]) |
	        pstd_load_relaxed(&d->rsvd[2]));
}

/*
 * "Interrupt Posting Hardware Operation": posts a vector to a descriptor. One locked
 * operation if ON is set already or SN suppresses, two otherwise. Requester.
 *
 * Silicon owns the cache line from the first step to the last. Here the vector
 * is set in one locked operation and ON in a second, as IPI virtualization is
 * allowed to do it; between them others may see PIR[vector] with ON still
 * clear. That is harmless: whoever clears ON or SN looks at PIR afterwards, and
 * then this step finds ON clear and notifies once more, at worst for nothing.
 */
static inline struct pstd_vtd_post_result pstd_vtd_post(struct pstd_desc *d, uint8_t vector,
                                                        bool urgent, bool x2apic)
{
	uint64_t control = pstd_load_relaxed(&d->control);
	bool merged;

	/* Reserved fields: release the line unchanged. */
	if (pstd_vtd_descriptor_reserved(d, control, x2apic))
		return (struct pstd_vtd_post_result){ .fault = PSTD_VTD_FAULT_PID_RSVD };
	/* PIR[vector] := 1. Pairs with whoever clears ON or SN and then reads PIR. */
	merged = pstd_test_and_set_pir(d, vector);
	/* X := ON == 0 and (URG or SN == 0); if X, ON := 1. */
	control = pstd_load_relaxed(&d->control);
	do {
		if ((control & PSTD_ON) || ((control & PSTD_SN) && !urgent))
			return (struct pstd_vtd_post_result){ .merged = merged };
	} while (!pstd_cmpxchg_seq(&d->control, &control, control | PSTD_ON));
	/* The descriptor is visible: now the notification, fixed, physical, edge. */
	return (struct pstd_vtd_post_result){
		.merged = merged,
		.notify = true,
		.notification = {
			.dest = pstd_destination(control, x2apic),
			.vector = (uint8_t)pstd_field_get(PSTD_NV, control),
			.dlm = PSTD_APIC_DM_FIXED,
		},
	};
}

#pragma GCC visibility pop

#endif
