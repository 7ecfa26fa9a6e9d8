/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks: one for each vCPU's thread. */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <asm/barrier.h>
#include <linux/types.h>

enum { TASK_RUNNING, TASK_INTERRUPTIBLE };

struct task_struct {
	union {
		u64 __state;
		u64 state; /* its name before 5.14 */
	};
	u64 on_rq, on_cpu;
	bool need_resched;
};

struct task_struct *get_current(void);
#define current get_current()

#define set_current_state(to) smp_store_mb(current->__state, (u64)(to))
#define __set_current_state(to) WRITE_ONCE(current->__state, (u64)(to))
#define task_is_runnable(t) (!!READ_ONCE((t)->on_rq))

void schedule(void);
int wake_up_process(struct task_struct *t);

/* Threads of vCPUs get no signals. */
#define signal_pending(t) ((void)(t), false)

#endif
