/* SPDX-License-Identifier: BSD-2-Clause */
/* The lock of hyp/'s control operations, which come one at a time; and who holds it. */
#include "exec/threads/internal.h"

static _Thread_local const struct machine *held;

void control_lock(struct machine *m)
{
	pthread_mutex_lock(&m->control);
	held = m;
}

void control_unlock(struct machine *m)
{
	held = NULL;
	pthread_mutex_unlock(&m->control);
}

bool control_holds(const struct machine *m)
{
	return held == m;
}
