/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_host_eoi(const struct pstd_lapic *l)
{
	if (pstd_load_relaxed(&l->eois) != pstd_load_relaxed(&l->accepted))
		return "a host vector got no EOI, or more than one";
	if (pstd_apic_highest(&l->regs, PSTD_APIC_ISR) >= 0)
		return "a host vector is in service outside its handler";
	return NULL;
}
