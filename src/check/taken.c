/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_taken(const struct pstd_vcpu *v, uint8_t vector)
{
	if (pstd_load_relaxed(&v->pid->pir[vector / 64]) & PSTD_BIT(vector % 64))
		return pstd_on(v->pid)
		               ? "an interrupt is lost: it stays in PIR with ON set, and no "
		                 "notification is on its way"
		               : "an interrupt is lost: it stays in PIR with ON clear";
	if (pstd_apic_test(v->apic, PSTD_APIC_IRR, vector))
		return "an interrupt is lost: it stays in VIRR";
	return NULL;
}
