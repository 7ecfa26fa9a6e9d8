/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_account(uint64_t sent, uint64_t accounted)
{
	if (accounted < sent)
		return "an interrupt is lost: fewer are accounted for than were sent";
	if (accounted > sent)
		return "an interrupt is doubled: more are accounted for than were sent";
	return NULL;
}
