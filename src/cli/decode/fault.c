/* SPDX-License-Identifier: BSD-2-Clause */
/* A fault-recording register. */
#include "cli/decode/fault.h"
#include "cli/decode/say.h"
#include <posted/hw/vtd.h>

/* High quadword; bits that mean something in faults of DMA only. */
#define FRCD_RSVD PSTD_BITS(27, 16)
#define FRCD_PRIV PSTD_BIT(29)
#define FRCD_EXE PSTD_BIT(30)
#define FRCD_PP PSTD_BIT(31)
#define FRCD_PASID PSTD_BITS(59, 40)
#define FRCD_ADDRESS PSTD_BITS(63, 12) /* low quadword */

/* Reasons of DMA faults: legacy mode's, and those of scalable mode with their gaps. */
static bool is_dma_reason(unsigned reason)
{
	return (reason >= 0x01 && reason <= 0x0d) || (reason >= 0x30 && reason <= 0x91);
}

static struct fault fault_of(struct pstd_pair raw)
{
	struct fault f = { (uint16_t)pstd_field_get(PSTD_VTD_FRCD_SID, raw.hi),
		           (unsigned)pstd_field_get(PSTD_VTD_FRCD_REASON, raw.hi), raw.lo };

	return f;
}

/* In interrupt faults the information below the index is cleared, where it is defined at all. */
static bool is_clean(struct pstd_pair raw, unsigned reason)
{
	uint64_t may = say_fault_has_index(reason)      ? PSTD_VTD_FRCD_INDEX
	             : say_fault_is_interrupt(reason) ? ~(uint64_t)0
	                                                : FRCD_ADDRESS;

	return !(raw.hi & FRCD_RSVD) && !(raw.lo & ~may);
}

unsigned fault_rank(struct pstd_pair raw)
{
	unsigned reason = fault_of(raw).reason;
	bool valid = raw.hi & PSTD_VTD_FRCD_F;

	if (!is_clean(raw, reason))
		return 0;
	if (say_fault_is_interrupt(reason))
		return valid ? 3 : 1;
	return valid ? (is_dma_reason(reason) ? 2 : 1) : 0;
}

const char *fault_reason(unsigned reason)
{
	const char *words = pstd_vtd_fault_words(reason);

	return words ? words : is_dma_reason(reason) ? "DMA remapping" : "not known";
}

void fault_words(struct sink *s, const struct fault *f)
{
	unsigned index = (unsigned)pstd_field_get(PSTD_VTD_FRCD_INDEX, f->info);
	char source[SAY_SOURCE];

	say_source(f->sid, source);
	if (!say_fault_is_interrupt(f->reason) && !is_dma_reason(f->reason)) {
		sink_say(s, "means", "a request of %s faulted, for a reason that no manual known "
		         "here has", source);
		return;
	}
	if (!say_fault_is_interrupt(f->reason)) {
		sink_say(s, "means", "a DMA request of %s faulted, at address 0x%llx; this is not "
		         "an interrupt's fault", source,
		         (unsigned long long)(f->info & FRCD_ADDRESS));
		return;
	}
	if (say_fault_has_index(f->reason))
		sink_say(s, "means", "an interrupt request of %s for entry %u (0x%x) was blocked: "
		         "%s", source, index, index, pstd_vtd_fault_words(f->reason));
	else
		sink_say(s, "means", "an interrupt request of %s was blocked: %s; the record holds "
		         "no index", source, pstd_vtd_fault_words(f->reason));
	sink_say(s, "check", "%s", say_fault_check(f->reason));
}

void fault_say(struct sink *s, struct pstd_pair raw)
{
	struct fault f = fault_of(raw);
	char source[SAY_SOURCE];

	sink_field(s, "hi", "high", SINK_HEX64, raw.hi, "%s", "");
	sink_field(s, "lo", "low", SINK_HEX64, raw.lo, "%s", "");
	sink_field(s, "f", "F", SINK_FLAG, raw.hi & PSTD_VTD_FRCD_F ? 1 : 0, "%s",
	           raw.hi & PSTD_VTD_FRCD_F ? "the record is valid"
	                                    : "the record is free; this is what was there before");
	sink_field(s, "reason", "reason", SINK_HEX8, f.reason, "%s", fault_reason(f.reason));
	sink_field(s, "sid", "SID", SINK_HEX, f.sid, "%s", say_source(f.sid, source));
	if (say_fault_has_index(f.reason))
		sink_field(s, "index", "index", SINK_NUMBER,
		           pstd_field_get(PSTD_VTD_FRCD_INDEX, raw.lo), "of the remapping entry");
	if (!say_fault_is_interrupt(f.reason)) {
		sink_field(s, "address", "address", SINK_HEX64, raw.lo & FRCD_ADDRESS, "%s", "");
		sink_field(s, "t1", "T1", SINK_FLAG, raw.hi & PSTD_VTD_FRCD_TYPE ? 1 : 0, "%s", "");
		sink_field(s, "pasid", "PASID", SINK_HEX, pstd_field_get(FRCD_PASID, raw.hi),
		           "if PP is set");
		sink_field(s, "pp", "PP", SINK_FLAG, raw.hi & FRCD_PP ? 1 : 0, "%s", "");
		sink_field(s, "exe", "EXE", SINK_FLAG, raw.hi & FRCD_EXE ? 1 : 0, "%s", "");
		sink_field(s, "priv", "PRIV", SINK_FLAG, raw.hi & FRCD_PRIV ? 1 : 0, "%s", "");
	}
	fault_words(s, &f);
}
