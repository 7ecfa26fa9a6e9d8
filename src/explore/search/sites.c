/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/search/sites.h"
#include <stdint.h>
#include <stdlib.h>

struct site {
	unsigned step;
	const void *p, *code;
	size_t size;
};

static struct site *sites;
static size_t count, room;
static bool keeping;

void sites_begin(bool kept)
{
	keeping = kept;
	count = room = 0;
	free(sites);
	sites = NULL;
}

void sites_note(unsigned step, const void *p, size_t size, const void *code)
{
	if (!keeping)
		return;
	if (count == room) {
		size_t wanted = room ? 2 * room : 1024;
		struct site *more = realloc(sites, wanted * sizeof(*more));

		if (!more)
			return; /* one that is not known */
		sites = more;
		room = wanted;
	}
	sites[count++] = (struct site){ step, p, code, size };
}

const void *sites_find(unsigned step, const void *p)
{
	for (size_t i = count; i-- > 0;)
		if (sites[i].step == step && (uintptr_t)p - (uintptr_t)sites[i].p < sites[i].size)
			return sites[i].code;
	return NULL;
}
