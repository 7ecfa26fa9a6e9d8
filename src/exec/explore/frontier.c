/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A search that stopped, in a text file: its totals and its nodes. Words are
 * kept relative to the scenario's state, so that another process finds them.
 */
#include "exec/explore/internal.h"
#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char *const HEAD = "posted frontier 1: %s\n";

static uintptr_t base(void)
{
	return (uintptr_t)explore_scenario->state / 8;
}

static void save_node(FILE *f, const struct node *n)
{
	fprintf(f, "%d %u %u %x %x %x", n->data, n->count, n->choice, n->todo, n->done,
	        n->asleep);
	for (unsigned i = 0; !n->data && i < n->count; i++)
		fprintf(f, " %u", n->proc[i]);
	for (unsigned p = 0; p < PROCS; p++) {
		if (!(n->done >> p & 1))
			continue;
		fprintf(f, " %u", n->foot[p].count);
		for (unsigned i = 0; i < n->foot[p].count; i++)
			fprintf(f, " %" PRIdPTR " %d",
			        (intptr_t)(n->foot[p].access[i].word - base()),
			        n->foot[p].access[i].write);
	}
	fputc('\n', f);
}

const char *frontier_save(const char *file, const char *key, const struct frontier *at,
                          const struct explore_totals *t)
{
	FILE *f = fopen(file, "we");

	if (!f)
		return "the frontier cannot be written";
	fprintf(f, HEAD, key);
	fprintf(f, "%" PRIu64 " %" PRIu64 " %" PRIu64 " %u %" PRIu64 " %u %d\n",
	        t->schedules, t->pruned, t->steps, t->depth, at->prefixes, at->known, at->cut);
	for (unsigned i = 0; i < at->known; i++)
		save_node(f, &nodes[i]);
	return ferror(f) | fclose(f) ? "the frontier cannot be written" : NULL;
}

static bool load_foot(FILE *f, struct footprint *foot)
{
	unsigned count;

	if (fscanf(f, "%u", &count) != 1 || count > FOOTPRINT)
		return false;
	for (unsigned i = 0; i < count; i++) {
		intptr_t word;
		int write;

		if (fscanf(f, "%" SCNdPTR " %d", &word, &write) != 2)
			return false;
		foot->access[i].word = base() + (uintptr_t)word;
		foot->access[i].write = write;
	}
	foot->count = (uint8_t)count;
	return true;
}

static bool load_node(FILE *f, struct node *n)
{
	unsigned count, choice, todo, done, asleep, proc;
	int data;

	memset(n, 0, sizeof(*n));
	if (fscanf(f, "%d %u %u %x %x %x", &data, &count, &choice, &todo, &done, &asleep) != 6 ||
	    choice >= count || count > (data ? UINT8_MAX : PROCS) ||
	    (todo | done | asleep) > 0xffff)
		return false;
	*n = (struct node){ .data = data, .count = (uint8_t)count, .choice = (uint8_t)choice,
	                    .todo = (uint16_t)todo, .done = (uint16_t)done,
	                    .asleep = (uint16_t)asleep };
	for (unsigned i = 0; !data && i < count; i++) {
		if (fscanf(f, "%u", &proc) != 1 || proc >= PROCS)
			return false;
		n->proc[i] = (uint8_t)proc;
	}
	for (unsigned p = 0; p < PROCS; p++)
		if ((done >> p & 1) && !load_foot(f, &n->foot[p]))
			return false;
	return true;
}

static const char *load(FILE *f, const char *key, struct frontier *at, struct explore_totals *t)
{
	char want[300], have[300];
	int cut;

	snprintf(want, sizeof(want), HEAD, key);
	if (!fgets(have, sizeof(have), f) || strncmp(have, HEAD, 16))
		return "the frontier's file is no frontier";
	if (strcmp(have, want))
		return "the frontier is of another scenario, other options or another build";
	if (fscanf(f, "%" SCNu64 " %" SCNu64 " %" SCNu64 " %u %" SCNu64 " %u %d", &t->schedules,
	           &t->pruned, &t->steps, &t->depth, &at->prefixes, &at->known, &cut) != 7 ||
	    at->known > EXPLORE_DEPTH)
		return "the frontier's file is damaged";
	at->cut = cut;
	for (unsigned i = 0; i < at->known; i++)
		if (!load_node(f, &nodes[i]))
			return "the frontier's file is damaged";
	return NULL;
}

const char *frontier_load(const char *file, const char *key, struct frontier *at,
                          struct explore_totals *t)
{
	FILE *f = fopen(file, "re");
	const char *wrong;

	if (!f)
		return errno == ENOENT ? NULL : "the frontier cannot be read";
	wrong = load(f, key, at, t);
	fclose(f);
	return wrong;
}
