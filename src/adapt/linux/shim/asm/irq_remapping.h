/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_ASM_IRQ_REMAPPING_H
#define SHIM_ASM_IRQ_REMAPPING_H

#include <linux/types.h>

/* The unit can post. */
#define IRQ_POSTING_CAP 0
#define irq_remapping_cap(cap) true

struct vcpu_data {
	u64 pi_desc_addr;
	u32 vector;
};

int irq_set_vcpu_affinity(unsigned irq, void *info);

#endif
