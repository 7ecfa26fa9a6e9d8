/* SPDX-License-Identifier: BSD-2-Clause */
#include "ipi.h"
#include <explore/scenario.h>
#include <explore/sched.h>

enum { PRESENT = 1, ON = 1, SN = 2 };

struct notification {
	struct explore_descriptor *d;
	uint64_t old; /* the control word, as it was */
};

/* One locked operation: ON is set, unless it is, or SN. */
static void set_on(void *notification)
{
	struct notification *n = notification;

	n->old = n->d->control;
	if (!(n->old & (ON | SN)))
		n->d->control = n->old | ON;
}

bool ipi_post(const uint64_t *table, unsigned id, uint8_t vector)
{
	struct notification n = { (void *)(uintptr_t)(table[id] & ~(uint64_t)PRESENT), 0 };
	uint64_t bit = (uint64_t)1 << vector % 64;
	bool merged;

	if (!(table[id] & PRESENT)) {
		explore_fail("APIC ID %u has no descriptor: the IPI exits", id);
		return false;
	}
	merged = __atomic_fetch_or(&n.d->pir[vector / 64], bit, __ATOMIC_SEQ_CST) & bit;
	explore_one_step(set_on, &n);
	if (!(n.old & (ON | SN)))
		explore_interrupt((unsigned)(n.old >> 32), n.old >> 16 & 0xff);
	return merged;
}
