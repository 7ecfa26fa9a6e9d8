/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose steps come after an access, and whose will: it cannot race with those. That
 * is what a state does not tell of the schedule that led to it.
 */
#include "explore/search/order.h"

bool known_unordered(unsigned d, bool after, unsigned e)
{
	return proc_agent(steps[d].proc) != proc_agent(steps[e].proc) &&
	       steps[e].clock[steps[d].proc] < steps[d].seq + after;
}

int known_last(uintptr_t word, bool write, unsigned e)
{
	const struct word *w = accesses_find(word);
	bool own = step_is_of(w->atomic_write, proc_agent(steps[e].proc));
	int last = own ? w->atomic_other : w->atomic_write;

	if (last >= 0 && known_unordered((unsigned)last, false, e))
		return last;
	for (unsigned p = 0; write && p < PROCS; p++)
		if (w->atomic_read[p] >= 0 &&
		    known_unordered((unsigned)w->atomic_read[p], false, e))
			return w->atomic_read[p];
	return NOWHERE;
}

unsigned known_records(uintptr_t word, struct record *r)
{
	const struct word *w = accesses_find(word);
	unsigned n = 0;

	for (unsigned i = 0; i < 2 + PROCS; i++) {
		int step = i == 0   ? w->atomic_write
		           : i == 1 ? w->atomic_other
		                    : w->atomic_read[i - 2];

		if (step >= 0)
			r[n++] = (struct record){ (unsigned)step, false, i | 64 };
	}
	return n;
}

static bool knows(const uint16_t *clock, const struct record *r)
{
	const struct step *s = &steps[r->step];

	return clock[s->proc] >= s->seq + r->after;
}

/* Those whose next steps come after it, and the stores that will, as bits; *all: everybody's. */
static uint64_t who_knows(const struct record *r, bool *all)
{
	uint64_t bits = 0;

	*all = true;
	for (unsigned i = 0, n = 0; i < explore_scenario->agent_count; i++) {
		const struct agent *a = run_who(i);
		bool own = step_is_of((int)r->step, i);

		bits = bits << 2 | (unsigned)knows(clocks[2 * i], r) << 1 |
		       knows(clocks[2 * i + 1], r);
		*all &= own || a->done || knows(clocks[2 * i], r);
		for (n = 0; n < a->buffer.stores; n++) {
			bool known = knows(steps[a->buffer.store[n].step].clock, r);

			*all &= own || known;
			bits = number_fold(bits ^ 0xa0761d6478bd642fu, 2 * n + known + 3);
		}
	}
	return bits;
}

/* Who accesses a word will know what its last accesses knew. */
static void add_word(struct number *sum, const struct word *w, const struct record *r, uint64_t id)
{
	for (unsigned i = 0; i < 2 + PROCS; i++) {
		int step = i == 0 ? w->write : i == 1 ? w->other : w->read[i - 2];
		struct number n = { id, i };

		if (step < 0 || !knows(steps[step].clock, r))
			continue;
		number_mix(&n, w->word, steps[step].proc);
		number_mix(&n, i, id);
		number_add(sum, n);
	}
}

void known_mix(struct number *n, const struct record *r, unsigned records)
{
	struct number sum = { 0, 0 };

	for (unsigned i = 0; i < records; i++) {
		uint64_t id = number_fold(r[i].id ^ 0x9e3779b97f4a7c15u,
		                          (steps[r[i].step].proc + 1u) << 1 | r[i].after);
		bool all;
		uint64_t who = who_knows(&r[i], &all);

		if (all)
			continue;
		number_mix(n, id, who);
		for (unsigned k = 0; accesses_used(k); k++)
			add_word(&sum, accesses_used(k), &r[i], id);
	}
	number_mix(n, sum.lo, sum.hi);
}
