/* SPDX-License-Identifier: BSD-2-Clause */
/* Who accessed each word last, in the schedule under way: what later accesses come after. */
#include "explore/search/order.h"

enum { WORDS = 4096 }; /* twice as many as a schedule may access; a power of 2 */

static struct word words[WORDS];
static unsigned epoch, used;
static uint16_t used_word[WORDS / 2];

void accesses_begin(void)
{
	epoch++;
	used = 0;
}

struct word *accesses_find(uintptr_t word)
{
	unsigned i = (unsigned)(word * 0x9e3779b97f4a7c15u >> 48) % WORDS;

	while (words[i].epoch == epoch && words[i].word != word)
		i = (i + 1) % WORDS;
	if (words[i].epoch != epoch) {
		if (used == WORDS / 2) {
			run_unfit("a schedule accesses more than %d words, which the explorer "
			          "cannot hold",
			          WORDS / 2);
			used--;
		}
		words[i].word = word;
		words[i].epoch = epoch;
		words[i].write = words[i].other = NOWHERE;
		words[i].atomic_write = words[i].atomic_other = NOWHERE;
		for (unsigned p = 0; p < PROCS; p++)
			words[i].read[p] = words[i].atomic_read[p] = NOWHERE;
		used_word[used++] = (uint16_t)i;
	}
	return &words[i];
}

const struct word *accesses_used(unsigned i)
{
	return i < used ? &words[used_word[i]] : NULL;
}

static void insert(unsigned *list, unsigned *n, int step)
{
	unsigned i = *n;

	for (unsigned k = 0; k < *n; k++)
		if (list[k] == (unsigned)step)
			return;
	while (i && list[i - 1] < (unsigned)step) {
		list[i] = list[i - 1];
		i--;
	}
	list[i] = (unsigned)step;
	(*n)++;
}

/*
 * The last steps that e depends on, latest first. Those of its own agent need no
 * order; nor do they give one: a flush comes neither before nor after a load of
 * its agent, so that what lies beyond it must be looked at too.
 */
unsigned accesses_list(const struct step *e, unsigned *list)
{
	unsigned n = 0, own = proc_agent(e->proc);

	for (unsigned i = 0; i < e->foot.count; i++) {
		const struct word *w = accesses_find(e->foot.access[i].word);
		int write = step_is_of(w->write, own) ? w->other : w->write;

		if (write >= 0)
			insert(list, &n, write);
		for (unsigned p = 0; e->foot.access[i].write && p < PROCS; p++)
			if (w->read[p] >= 0 && proc_agent(p) != own)
				insert(list, &n, w->read[p]);
	}
	return n;
}

/* A write becomes the last; the one before it stays known if it is another agent's. */
static void last_write(int *write, int *other, unsigned e)
{
	if (*write >= 0 && !step_is_of(*write, proc_agent(steps[e].proc)))
		*other = *write;
	*write = (int)e;
}

void accesses_remember(unsigned e)
{
	const struct footprint *f = &steps[e].foot;

	for (unsigned i = 0; i < f->count; i++) {
		struct word *w = accesses_find(f->access[i].word);

		if (f->access[i].write)
			last_write(&w->write, &w->other, e);
		w->read[steps[e].proc] = (int)e;
		if (f->access[i].atomic && f->access[i].write)
			last_write(&w->atomic_write, &w->atomic_other, e);
		if (f->access[i].atomic)
			w->atomic_read[steps[e].proc] = (int)e;
	}
}
