/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_torn(struct pstd_irte seen, const struct pstd_irte *written, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (seen.raw.lo == written[i].raw.lo && seen.raw.hi == written[i].raw.hi)
			return NULL;
	return "a request saw a remapping entry torn, as nobody wrote it";
}
