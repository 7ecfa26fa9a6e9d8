/* SPDX-License-Identifier: BSD-2-Clause */
/* What waits: SRCU, and sequence counters. */
#include "irq_kernel.h"

enum { DEEP = 0xff, OUT = 0x100 };

int srcu_read_lock(struct srcu_struct *s)
{
	irq_alive(s);
	return (int)__atomic_fetch_add(&s->reader[irq_self()], 1, __ATOMIC_SEQ_CST) & DEEP;
}

void srcu_read_unlock(struct srcu_struct *s, int depth)
{
	__atomic_fetch_add(&s->reader[irq_self()], (u64)(depth ? -1 : OUT - 1), __ATOMIC_SEQ_CST);
}

struct inside {
	const u64 *reader;
	u64 was;
};

static bool has_left(const void *inside)
{
	const struct inside *i = inside;

	return READ_ONCE(*i->reader) / OUT != i->was / OUT;
}

/* Until who is inside now has come out: whoever is so himself would wait for ever. */
void synchronize_srcu(struct srcu_struct *s)
{
	struct inside was[IRQ_AGENTS];

	if (READ_ONCE(s->reader[irq_self()]) & DEEP)
		explore_fail("SRCU waits for its caller, who is a reader");

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		was[i] = (struct inside){ &s->reader[i], READ_ONCE(s->reader[i]) };
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		if (was[i].was & DEEP && !explore_rest(has_left, &was[i]))
			explore_fail("SRCU waits for ever for a reader");
}

static bool is_even(const void *sequence)
{
	return !(READ_ONCE(*(const unsigned *)sequence) % 2);
}

unsigned irq_seqcount_begin(const seqcount_spinlock_t *s)
{
	unsigned now;

	while ((now = READ_ONCE(s->sequence)) % 2)
		if (!explore_rest(is_even, &s->sequence))
			explore_fail("a sequence counter stays odd");
	return now;
}
