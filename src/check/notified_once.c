/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_notified_once(const struct pstd_desc *d, unsigned sent)
{
	bool on = pstd_on(d);

	if (sent > on)
		return on ? "more than one notification was sent for one change of ON"
		          : "a notification was sent, but ON is not set";
	if (sent < on)
		return "ON was set, but no notification was sent";
	return NULL;
}
