/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/search/early.h"
#include "explore/schedule/words.h"
#include "explore/search/contested.h"

enum { MOST = 2048, MANY = WORDS };

/* Words, each once: those with the list's stamp. */
static struct list {
	unsigned count, stamp;
	uint32_t word[MOST];
	unsigned stamped[MANY];
} lists[EXPLORE_AGENTS];
static unsigned stamp;

void early_drained(unsigned agent)
{
	if (lists[agent].count || !lists[agent].stamp)
		lists[agent].stamp = ++stamp;
	lists[agent].count = 0;
}

void early_begin(void)
{
	for (unsigned i = 0; i < EXPLORE_AGENTS; i++)
		early_drained(i);
}

void early_stored(uint32_t word, unsigned agent)
{
	struct list *l = &lists[agent];

	if (l->stamped[word] == l->stamp)
		return;
	if (l->count == MOST)
		return run_unfit("an agent stores to more than %d words plainly before a fence, "
		                 "which the explorer cannot hold",
		                 MOST);
	l->stamped[word] = l->stamp;
	l->word[l->count++] = word;
}

void early_told(unsigned agent)
{
	for (unsigned i = 0; i < lists[agent].count; i++)
		contested_early(lists[agent].word[i]);
}

void early_mix(struct number *n)
{
	for (unsigned i = 0; i < EXPLORE_AGENTS; i++)
		for (unsigned k = 0; k < lists[i].count; k++)
			if (contested_heeded(lists[i].word[k]))
				number_mix(n, lists[i].word[k], i);
}
