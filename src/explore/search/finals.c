/* SPDX-License-Identifier: BSD-2-Clause */
/* The final states of a search, as numbers: a hash set that doubles when half full. */
#include "explore/search/finals.h"
#include <stdlib.h>

static uint64_t *set; /* 0: empty */
static size_t size;

static bool insert(uint64_t final)
{
	size_t i = final & (size - 1);

	while (set[i] && set[i] != final)
		i = (i + 1) & (size - 1);
	if (set[i])
		return false;
	set[i] = final;
	return true;
}

static bool grow(void)
{
	uint64_t *old = set;
	size_t old_size = size;

	size = size ? 2 * size : 1024;
	set = calloc(size, sizeof(*set));
	if (!set) {
		free(old);
		size = 0;
		return false;
	}
	for (size_t i = 0; i < old_size; i++)
		if (old[i])
			insert(old[i]);
	free(old);
	return true;
}

bool finals_add(uint64_t final, struct explore_totals *t)
{
	if (t->finals >= size / 2 && !grow())
		return false;
	if (insert(final ? final : 1)) {
		t->finals++;
		t->finals_sum += final;
	}
	return true;
}

void finals_clear(void)
{
	free(set);
	set = NULL;
	size = 0;
}
