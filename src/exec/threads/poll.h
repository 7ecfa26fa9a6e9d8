/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long to poll before sleeping, adapted to how long the last waits were:
 * KVM's halt polling as in Linux 6.19 (grow 2, from 10 us; shrink 2). Times in nanoseconds.
 */
#ifndef EXEC_POLL_H
#define EXEC_POLL_H

#include <stdint.h>

struct poll {
	uint64_t now; /* the current poll time */
	uint64_t max; /* 0: never poll */
};

enum { POLL_GROW = 2, POLL_GROW_START = 10000, POLL_SHRINK = 2 };

/* After a wait of waited ns in all, polling and sleeping. */
void poll_adapt(struct poll *p, uint64_t waited);

#endif
