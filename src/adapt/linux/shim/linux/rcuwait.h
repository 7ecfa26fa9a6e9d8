/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_RCUWAIT_H
#define SHIM_LINUX_RCUWAIT_H

#include <linux/rcupdate.h>
#include <linux/sched.h>

struct rcuwait {
	struct task_struct *task;
};

int rcuwait_wake_up(struct rcuwait *w);

static inline bool rcuwait_active(struct rcuwait *w)
{
	return rcu_access_pointer(w->task);
}

static inline void prepare_to_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, current);
}

static inline void finish_rcuwait(struct rcuwait *w)
{
	rcu_assign_pointer(w->task, NULL);
	__set_current_state(TASK_RUNNING);
}

#endif
