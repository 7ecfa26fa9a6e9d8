/* SPDX-License-Identifier: BSD-2-Clause */
/* What the rows of /proc/interrupts add up to, and what that means. */
#ifndef CLI_DECODE_INTERRUPTS_TOTALS_H
#define CLI_DECODE_INTERRUPTS_TOTALS_H

#include "cli/decode/interrupts_sum.h"

/* What the rows add up to. */
struct irq_totals {
	unsigned vfio, silent, postable, flat, fresh, gone, others, notifications;
	unsigned remapped, unremapped, amd;
	uint64_t vfio_count, others_count, remapped_msi_count, pmn;
	struct irq_sum pin;
};

struct interrupts {
	struct sink *s;
	const struct irq_text *text;
	const struct irq_copy *last, *older; /* older is null if there is one copy */
	bool time_passed; /* between the two */
	struct irq_totals totals;
};

/* Into the object that is open, behind the rows. */
void interrupts_say_totals(const struct interrupts *t);

#endif
