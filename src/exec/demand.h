/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libposted's callers owe it, where its operations can see whether they keep to
 * it (posted/hyp.h: owner, data, control). An executor's operations demand it of
 * whoever asks, and count a breach as a violation.
 */
#ifndef EXEC_DEMAND_H
#define EXEC_DEMAND_H

#include <stdio.h>

enum demand {
	DEMAND_LOADED,  /* of VMREAD and VMWRITE */
	DEMAND_ALONE,   /* of VMPTRLD and VMCLEAR */
	DEMAND_SECTION, /* of who sends or wakes, and is no pCPU with interrupts off */
	DEMAND_CONTROL, /* of who invalidates an entry, or waits for all readers */
};

enum { DEMAND_TEXT = 128 };

/* Who asked for which operation, and what that demands. */
static inline void demand_text(char text[DEMAND_TEXT], const char *who, const char *operation,
                               enum demand demand)
{
	static const char *const words[] = {
		[DEMAND_LOADED] = "that this pCPU has the vCPU's VMCS loaded",
		[DEMAND_ALONE] = "that the VMCS is active on no other pCPU",
		[DEMAND_SECTION] = "a read-side section of who is no pCPU",
		[DEMAND_CONTROL] = "that the caller holds the control lock",
	};

	snprintf(text, DEMAND_TEXT, "%s demands %s, but %s asked for it without", operation,
	         words[demand], who);
}

#endif
