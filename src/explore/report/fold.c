/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at words that a reader need not see: the agent sees what it knew, from its
 * last look at the word or its own store to it. But not one after which somebody
 * else changes the word before the agent looks again: that is the look that missed it.
 */
#include "explore/report/fold.h"

static bool overlap(const struct explore_table_row *a, const struct explore_table_row *b)
{
	uintptr_t one = (uintptr_t)a->at, other = (uintptr_t)b->at;

	return a->at && b->at && one < other + b->size && other < one + a->size;
}

static bool knows(const struct explore_table *t, unsigned look)
{
	const struct explore_table_row *row = &t->row[look], *before;

	for (unsigned i = look; i-- > 0;) {
		before = &t->row[i];
		if (before->agent != row->agent || before->late || !overlap(before, row))
			continue;
		return before->at == row->at && before->size == row->size &&
		       before->value == row->value;
	}
	return false;
}

static bool misses(const struct explore_table *t, unsigned look)
{
	const struct explore_table_row *row = &t->row[look], *later;

	for (unsigned i = look + 1; i < t->count; i++) {
		later = &t->row[i];
		if (!overlap(later, row))
			continue;
		if (later->agent != row->agent && later->changes)
			return true;
		if (later->agent == row->agent && !later->late)
			return false;
	}
	return false;
}

void fold(struct explore_table *t)
{
	for (unsigned i = 0; i < t->count; i++) {
		struct explore_table_row *row = &t->row[i];

		row->folded = row->look && knows(t, i) && !misses(t, i);
		t->folded += row->folded;
	}
}
