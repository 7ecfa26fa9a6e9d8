/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reader's side: both ends are full fences. Interrupts and preemption, which may come
 * anywhere there, come here.
 */
#ifndef SHIM_LINUX_SRCU_H
#define SHIM_LINUX_SRCU_H

#include <explore/sched.h>
#include <linux/rcupdate.h>

struct srcu_struct {
	char none;
};

static inline int srcu_read_lock(struct srcu_struct *s)
{
	explore_irq_window();
	explore_preempt_window();
	smp_mb();
	return 0;
}

static inline void srcu_read_unlock(struct srcu_struct *s, int idx)
{
	smp_mb();
	explore_irq_window();
	explore_preempt_window();
}

#define srcu_dereference(p, s) READ_ONCE(p)

#endif
