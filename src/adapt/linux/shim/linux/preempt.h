/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_PREEMPT_H
#define SHIM_LINUX_PREEMPT_H

#include <explore/sched.h>

#define preempt_disable() explore_preempt_disable()
#define preempt_enable() (explore_preempt_enable(), explore_irq_window())

struct preempt_notifier {
	char none;
};

#endif
