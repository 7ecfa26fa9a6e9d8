/* SPDX-License-Identifier: BSD-2-Clause */
/* What words are called, so that two runs say the same of them. */
#include "explore/schedule/names.h"

const struct explore_word *names_word(const void *p)
{
	const struct explore_word *w = explore_scenario->words;

	while (w && w->at && w->at != p)
		w++;
	return w && w->at ? w : NULL;
}

static const struct explore_region *find_region(const char *p)
{
	const struct explore_region *r = explore_scenario->regions;

	while (r && r->at && (p < (const char *)r->at || p >= (const char *)r->at + r->size))
		r++;
	return r && r->at ? r : NULL;
}

void names_find(char *name, size_t size, const void *p)
{
	const struct explore_word *w = names_word(p);
	const struct explore_region *r = find_region(p);
	const char *from = r ? r->at : explore_scenario->state;

	if (w)
		snprintf(name, size, "%s", w->name);
	else if (r && p == r->at)
		snprintf(name, size, "%s", r->name);
	else
		snprintf(name, size, "%s+%#tx", r ? r->name : "state", (const char *)p - from);
}
