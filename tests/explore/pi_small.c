/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer against numbers that it did not make: how many schedules the
 * protocol has, counted by an enumerator of interleavings; how many executions,
 * counted by GenMC too; and which bug shows where.
 */
#include "protocol.h"
#include <inttypes.h>
#include <stdlib.h>

/* A set of hashes. */
enum { SLOTS = 1 << 15 };

struct set {
	uint64_t slot[SLOTS]; /* 0: free */
	unsigned count;
	uint64_t sum; /* of the members: equal for equal sets */
};

static void add(struct set *s, uint64_t hash)
{
	unsigned i = hash % SLOTS;

	hash += !hash;
	while (s->slot[i] && s->slot[i] != hash)
		i = (i + 1) % SLOTS;
	if (s->slot[i] || s->count == SLOTS / 2)
		return;
	s->slot[i] = hash;
	s->sum += hash;
	s->count++;
}

static struct found {
	struct set executions, states;
} *found;

static void ended(uint64_t execution, uint64_t state)
{
	add(&found->executions, execution);
	add(&found->states, state);
}

/*
 * E enters, B blocks. Executions are the same under both models; with reduction
 * each of them is one schedule.
 */
static const struct count {
	unsigned devices;
	bool blocks;
	unsigned executions;
	uint64_t schedules[2]; /* in full: TSO, SC; 0: too many to try each time */
} counts[] = {
	{ 1, false, 25, { 1932, 661 } },
	{ 1, true, 35, { 387801, 16926 } },
	{ 2, false, 1776, { 0, 0 } },
	{ 2, true, 2854, { 0, 0 } },
};

/* What takes minutes: for soak. */
static const struct count soak[] = {
	{ 2, false, 1776, { 45600700, 2949510 } },
	{ 2, true, 2854, { 0, 110662100 } },
};

static bool search(const struct count *c, bool sc, bool full, struct found *into)
{
	const struct protocol variant = { c->devices, c->blocks, RIGHT, ended };
	const struct explore_options o = { .sc = sc, .full = full, .twice = !full };
	uint64_t schedules = full ? c->schedules[sc] : c->executions;
	struct explore_totals t;
	bool right;

	found = into;
	right = explore_search(protocol_scenario(&variant), &o, &t) == EXPLORE_PROVED &&
	        t.schedules == schedules && into->executions.count == c->executions;
	printf("%s: %u%c %s %s: %" PRIu64 " schedules, %" PRIu64
	       " pruned, %u executions, %u final states%s%s\n",
	       right ? "ok" : "WRONG", c->devices, c->blocks ? 'B' : 'E', sc ? "SC" : "TSO",
	       full ? "in full" : "reduced", t.schedules, t.pruned, into->executions.count,
	       into->states.count, t.stopped ? "; " : "", t.stopped ? t.stopped : "");
	return right;
}

static bool count(const struct count *c, bool sc)
{
	struct found *f = calloc(2, sizeof(*f));
	bool right;

	if (!f) {
		puts("WRONG: no memory");
		return false;
	}
	right = search(c, sc, false, &f[0]);
	if (c->schedules[sc]) {
		right &= search(c, sc, true, &f[1]);
		if (f[0].states.sum != f[1].states.sum ||
		    f[0].executions.sum != f[1].executions.sum) {
			puts("WRONG: with reduction other executions or other final states");
			right = false;
		}
	}
	free(f);
	return right;
}

/* A bug, and where it shows: a digit for 1E, 1B, 2E, 2B under SC, then under TSO. */
static const struct {
	const char *name;
	enum protocol_bug bug;
	const char *shows;
} bugs[] = {
	{ "none", RIGHT, "0000 0000" },
	{ "no re-check", NO_RECHECK, "1111 1111" },
	/* not where a locked operation stands in between */
	{ "no fence", NO_FENCE, "0000 1010" },
	{ "PIR first", PIR_FIRST, "0011 0011" },
	{ "no look at ON", NO_LOOK, "0101 0101" },
};

static bool shows(enum protocol_bug bug, unsigned devices, bool blocks, bool sc)
{
	const struct protocol variant = { devices, blocks, bug, NULL };
	const struct explore_options o = { .sc = sc };
	struct explore_totals t;

	return explore_search(protocol_scenario(&variant), &o, &t) == EXPLORE_VIOLATED;
}

static bool find(const char *name, enum protocol_bug bug, const char *expected)
{
	bool right = true;

	for (unsigned i = 0; i < 8; i++) {
		bool sc = i < 4, blocks = i & 1;
		unsigned devices = 1 + (i & 2) / 2;
		bool shown = shows(bug, devices, blocks, sc);
		bool ok = shown == (expected[i + !sc] == '1');

		printf("%s: bug: %s: %u%c %s %s\n", ok ? "ok" : "WRONG", name, devices,
		       blocks ? 'B' : 'E', sc ? "SC" : "TSO", shown ? "shows" : "is not there");
		right &= ok;
	}
	return right;
}

/* With an argument, and in soak, also what takes minutes. */
int main(int argc, char **argv)
{
	bool right = true;

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		right &= count(&counts[i], true);
		right &= count(&counts[i], false);
	}
	for (size_t i = 0; i < sizeof(bugs) / sizeof(bugs[0]); i++)
		right &= find(bugs[i].name, bugs[i].bug, bugs[i].shows);
	if (argc > 1 && getenv("POSTED_SOAK")) {
		right &= count(&soak[0], false);
		right &= count(&soak[0], true);
		right &= count(&soak[1], true);
	}
	return !right;
}
