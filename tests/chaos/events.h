/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether enough of each kind of event has happened for a run of chaos to mean something. */
#ifndef CHAOS_EVENTS_H
#define CHAOS_EVENTS_H

#include "exec/threads/machine.h"
#include <stdio.h>

/* What chaos has asked of the machine, and the machine does not count. */
struct asked {
	uint64_t bypasses, irqfds, kicks;
};

/*
 * True if it has; wake-ups are events only where vCPUs sleep, bypass where devices post.
 * What has not goes to out, if that is not null.
 */
bool events_suffice(const struct machine *m, const struct asked *a, bool sleep, bool post,
                    FILE *out);

#endif
