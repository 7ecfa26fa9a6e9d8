/* SPDX-License-Identifier: BSD-2-Clause */
/* What a row of /proc/interrupts adds up to, and on which CPUs. */
#ifndef CLI_DECODE_INTERRUPTS_SUM_H
#define CLI_DECODE_INTERRUPTS_SUM_H

#include "cli/decode/interrupts_text.h"

enum { IRQ_SHOWN_CPUS = 4, IRQ_WHERE = 160 };

/* A row's counts of all CPUs; of two copies, what was added between them. */
struct irq_sum {
	uint64_t total;
	bool restarted; /* a count went back: the row is of another request of the interrupt */
	unsigned cpus, counting; /* how many there are, and have more than 0 */
	/* the first of these, and the one that has most */
	struct on_cpu {
		unsigned cpu;
		uint64_t count;
	} first[IRQ_SHOWN_CPUS], most;
};

/* Of the copy's row r; old and list may be null. With a list, every CPU's count is put there. */
struct irq_sum irq_sum_of(const struct irq_copy *c, const struct irq_row *r,
                          const struct irq_row *old, json_t *list);

/* "all on CPU 13", "CPU 0: 5, CPU 1: 6", "on 96 of 128 CPUs, most on CPU 5: 312". */
const char *irq_where(const struct irq_sum *sum, char text[IRQ_WHERE]);

#endif
