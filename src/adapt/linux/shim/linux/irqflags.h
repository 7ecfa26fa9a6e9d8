/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_IRQFLAGS_H
#define SHIM_LINUX_IRQFLAGS_H

#include <explore/sched.h>

#define local_irq_save(flags) ((flags) = explore_irq_save())
#define local_irq_restore(flags) explore_irq_restore(flags)
#define local_irq_disable() explore_irq_disable()
#define local_irq_enable() explore_irq_enable()
bool irqs_disabled(void);

#define lockdep_assert_irqs_disabled() WARN_ON_ONCE(!irqs_disabled())
#define lockdep_assert_preemption_disabled() ((void)0)

#endif
