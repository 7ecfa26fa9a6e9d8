/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_dead(const struct pstd_desc *d)
{
	if (pstd_load_relaxed(&d->control) || !pstd_pir_empty(d))
		return "something posted to a descriptor after its vCPU was gone";
	return NULL;
}
