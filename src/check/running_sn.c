/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_running_sn(const struct hyp_vcpu *v)
{
	if (pi_load_relaxed(&v->pid->control) & PI_SN)
		return "a vCPU enters guest mode with SN set";
	return NULL;
}
