/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec/threads/poll.h"

static uint64_t grown(uint64_t now)
{
	uint64_t next = now * POLL_GROW;

	return next < POLL_GROW_START ? POLL_GROW_START : next;
}

static uint64_t shrunk(uint64_t now)
{
	uint64_t next = now / POLL_SHRINK;

	return next < POLL_GROW_START ? 0 : next;
}

/* Linux, kvm_vcpu_halt: in the order of its tests. */
void poll_adapt(struct poll *p, uint64_t waited)
{
	if (waited <= p->now)
		return; /* polling was enough */
	if (p->now && waited > p->max)
		p->now = shrunk(p->now);
	else if (p->now < p->max && waited < p->max)
		p->now = grown(p->now);
	if (p->now > p->max)
		p->now = p->max;
}
