/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_invalidated(struct pstd_irte used, struct pstd_irte now)
{
	if (used.raw.lo != now.raw.lo || used.raw.hi != now.raw.hi)
		return "a request uses an entry that was replaced, after the wait for that ended";
	return NULL;
}
