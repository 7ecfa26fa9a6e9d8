/* SPDX-License-Identifier: BSD-2-Clause */
/* Schedules drawn at random: plainly, or by priorities (Burckhardt and others, PCT). */
#include "explore/search/choosers.h"
#include "explore/search/reduce.h"

enum { CHANGE_POINTS = 16 };

static const struct explore_options *options;
static uint64_t random_state;
static struct explore_schedule path; /* of the schedule under way */
static uint64_t priority[PROCS];
static unsigned change_point[CHANGE_POINTS];

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void new_priorities(unsigned depth)
{
	for (unsigned p = 0; p < PROCS; p++)
		priority[p] = next_random() | (uint64_t)1 << 63;
	for (unsigned i = 0; i < options->change_points && i < CHANGE_POINTS; i++)
		change_point[i] = (unsigned)(next_random() % (depth ? depth : 1));
}

static unsigned highest(const uint8_t *procs, unsigned n)
{
	unsigned best = 0;

	for (unsigned i = 1; i < n; i++)
		if (priority[procs[i]] > priority[procs[best]])
			best = i;
	return best;
}

static unsigned draw_step(const uint8_t *procs, unsigned n)
{
	unsigned best;

	if (options->strategy == EXPLORE_RANDOM)
		return (unsigned)(next_random() % n);
	best = highest(procs, n);
	for (unsigned i = 0; i < options->change_points && i < CHANGE_POINTS; i++)
		if (change_point[i] == run_step()) {
			priority[procs[best]] = i; /* below all that were drawn */
			best = highest(procs, n);
		}
	return best;
}

static void note(unsigned choice)
{
	path.choice[path.length++] = (uint8_t)choice;
}

static int random_step(const uint8_t *procs, unsigned n, bool goes_on)
{
	unsigned choice = draw_step(procs, n);

	if (n > 1)
		note(choice);
	reduce_step(procs[choice], -1);
	return (int)choice;
}

static unsigned random_data(unsigned n)
{
	unsigned choice = (unsigned)(next_random() % n);

	note(choice);
	return choice;
}

void sample_begin(const struct explore_options *o)
{
	options = o;
	random_state = o->seed * 2 + 88172645463325253u;
}

const struct run_chooser *sample_chooser(unsigned depth)
{
	static const struct run_chooser at_random = { random_step, random_data, false };

	path.length = 0;
	if (options->strategy == EXPLORE_PCT)
		new_priorities(depth);
	return &at_random;
}

struct explore_schedule sample_path(void)
{
	return path;
}
