/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_SPINLOCK_H
#define SHIM_LINUX_SPINLOCK_H

#include <explore/scenario.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

typedef struct {
	u64 held;
} raw_spinlock_t, spinlock_t;

static inline void raw_spin_lock_init(raw_spinlock_t *l)
{
	l->held = 0;
}

static inline void raw_spin_lock(raw_spinlock_t *l)
{
	explore_preempt_disable();
	explore_lock(&l->held);
}

static inline void raw_spin_unlock(raw_spinlock_t *l)
{
	explore_unlock(&l->held);
	explore_preempt_enable();
}

#define raw_spin_lock_nested(l, subclass) raw_spin_lock(l)
#define raw_spin_lock_irqsave(l, flags) (local_irq_save(flags), raw_spin_lock(l))
#define raw_spin_unlock_irqrestore(l, flags) (raw_spin_unlock(l), local_irq_restore(flags))

#define spin_lock_init raw_spin_lock_init
#define spin_lock raw_spin_lock
#define spin_unlock raw_spin_unlock
#define spin_lock_irq(l) (local_irq_disable(), spin_lock(l))
#define spin_unlock_irq(l) (spin_unlock(l), local_irq_enable())
#define spin_lock_irqsave raw_spin_lock_irqsave
#define spin_unlock_irqrestore raw_spin_unlock_irqrestore

#endif
