/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_running_sn(const struct pstd_vcpu *v)
{
	if (pstd_load_relaxed(&v->pid->control) & PSTD_SN)
		return "a vCPU enters guest mode with SN set";
	return NULL;
}
