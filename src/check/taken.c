/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_taken(const struct hyp_vcpu *v, uint8_t vector)
{
	if (pi_load_relaxed(&v->pid->pir[vector / 64]) & PI_BIT(vector % 64))
		return pi_on(v->pid) ? "an interrupt is lost: it stays in PIR with ON set, and no "
		                       "notification is on its way"
		                     : "an interrupt is lost: it stays in PIR with ON clear";
	if (apic_test(v->apic, APIC_IRR, vector))
		return "an interrupt is lost: it stays in VIRR";
	return NULL;
}
