/* SPDX-License-Identifier: BSD-2-Clause */
/* Recording of faults. VT-d, "Primary Fault Logging" and "Fault Recording Registers". */
#include "hw/vtd/event.h"
#include "hw/vtd/regs.h"

static struct pstd_vtd_event record(struct pstd_vtd *u, enum pstd_vtd_fault reason, uint32_t index,
                                    uint16_t sid)
{
	uint64_t *frcd = &u->config.frcd[2 * u->next_record],
		 *fsts = pstd_vtd_reg(u, PSTD_VTD_FSTS);
	struct pstd_vtd_event none = { 0 };

	/* 1. While an overflow is not serviced, faults are dropped. */
	if (*fsts & PSTD_VTD_FSTS_PFO)
		return none;
	/* 2. No free record: an overflow, which raises no event. */
	if (frcd[1] & PSTD_VTD_FRCD_F)
		return pstd_vtd_event_fault(u, PSTD_VTD_FSTS_PFO);
	/* 3. The record, whose index is undefined for reasons 20h, 25h and 29h to 2Bh. */
	frcd[0] = pstd_field(PSTD_VTD_FRCD_INDEX, index);
	frcd[1] = PSTD_VTD_FRCD_F | pstd_field(PSTD_VTD_FRCD_REASON, reason) |
	          pstd_field(PSTD_VTD_FRCD_SID, sid);
	/* 4. The first that is pending is named, and raises the event. */
	if (!(*fsts & PSTD_VTD_FSTS_PPF))
		*fsts = (*fsts & ~PSTD_VTD_FSTS_FRI) |
		        pstd_field(PSTD_VTD_FSTS_FRI, u->next_record);
	u->next_record = (u->next_record + 1) % pstd_vtd_record_count(u);
	return pstd_vtd_event_fault(u, PSTD_VTD_FSTS_PPF);
}

/* "Interrupt Remapping Fault Conditions". */
const char *pstd_vtd_fault_words(unsigned reason)
{
	static const char *const words[] = {
		"a reserved field of the request is set",
		"the index is beyond the remapping table",
		"the remapping entry is not present",
		"the remapping table could not be read",
		"a reserved field of the remapping entry is set",
		"a compatibility-format message was blocked",
		"the requester may not use this entry",
		"the posted-interrupt descriptor could not be accessed",
		"a reserved field of the posted-interrupt descriptor is set",
		"an untranslated request to the interrupt range is no valid interrupt",
		"the unit demands x2APIC destinations (ECAP.EIMER), but IRTA.EIME is 0",
		"the unit demands interrupt remapping (ECAP.IRREQ), but it is off",
	};
	unsigned n = reason - PSTD_VTD_FAULT_REQUEST_RSVD;

	return n < sizeof(words) / sizeof(words[0]) ? words[n] : NULL;
}

struct pstd_vtd_event pstd_vtd_fault(struct pstd_vtd *u, enum pstd_vtd_fault reason, bool qualified,
                                     uint32_t index, uint16_t sid)
{
	struct pstd_vtd_event event = { 0 };

	if (qualified)
		return event;
	pstd_spin_lock(&u->registers);
	event = record(u, reason, index, sid);
	pstd_spin_unlock(&u->registers);
	return event;
}
