/* SPDX-License-Identifier: BSD-2-Clause */
/* One schedule, from its beginning to what it comes to. */
#include "explore/schedule/locks.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/tell.h"
#include <stdlib.h>
#include <string.h>

enum { USED = 4 * 1024 }; /* of a stack, in all likelihood */

struct run run;
const struct run_watch *run_watch;
const struct run_between *run_between;

/* Outside of an exploration, where accesses are plain ones, too. */
static const struct explore_scenario nothing;
const struct explore_scenario *explore_scenario = &nothing;

static unsigned traits; /* of the scenario, as far as seen */

unsigned run_step(void)
{
	return run.result.steps;
}

unsigned run_traits(void)
{
	return traits;
}

void run_trait(unsigned trait)
{
	traits |= trait;
}

void run_prepare(const struct explore_scenario *s, const struct run_watch *watch)
{
	if (s->state_size > STATE_MOST) {
		fprintf(stderr, "the state of %s has more than %d bytes\n", s->name, STATE_MOST);
		exit(2);
	}
	traits = 0;
	explore_scenario = s;
	run_watch = watch;
	run_between = NULL;
	if (s->initial)
		memcpy(s->state, s->initial, s->state_size);
	else
		memset(s->state, 0, s->state_size);
	if (s->setup)
		s->setup();
	if (!state_keep(s)) {
		fprintf(stderr, "no memory for the state of %s\n", s->name);
		exit(2);
	}
}

void run_release(void)
{
	state_forget();
}

struct number run_number(void)
{
	return state_whole();
}

void explore_fail(const char *format, ...)
{
	va_list args;

	patch_settle();
	if (run.phase == OVER || run.result.failed)
		return;
	run.result.failed = true;
	va_start(args, format);
	tell_verdict(format, &args);
	va_end(args);
}

void run_unfit(const char *format, ...)
{
	static char why[EXPLORE_WHY];
	va_list args;

	if (run.phase == OVER || run.result.failed)
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	explore_fail("unfit: %s", why);
	run.result.unfit = why;
}

unsigned explore_choose(unsigned n)
{
	patch_settle();
	if (n == 1 || run.phase == OVER || !next_may_ask())
		return 0;
	cycle_asked();
	return run.chooser->data(n);
}

static void start(const struct explore_scenario *s, bool sc)
{
	/* What a schedule left on stacks is no part of the state of the next one. */
	size_t cleared = traits & TRAIT_CIRCLES || run.chooser->looks ? USED : 0;

	state_put_back();
	run.result = (struct run_result){ 0 };
	run.questions = 0;
	run.sign = 0;
	run.doubt = false;
	run.owed = 0;
	change_begin();
	patch_begin();
	locks_begin();
	circles_begin();
	stacks_begin();
	if (run_between)
		run_between->begin(cleared);
	run.phase = STARTING;
	for (unsigned i = 0; i < s->agent_count; i++) {
		memset(&agents[i], 0, offsetof(struct agent, buffer.store));
		agents[i].is = &s->agents[i];
		agents[i].buffered = !sc && !s->agents[i].unbuffered;
		turns_new(i, cleared);
		turns_give(&agents[i]);
	}
}

/* What the schedule came to, if it was walked to its end. */
static void judge(const struct explore_scenario *s)
{
	if (run_between)
		run_between->judge();
	for (unsigned i = 0; i < s->agent_count; i++)
		if (!agents[i].done && !agents[i].resting)
			explore_fail("deadlock: %s waits for a lock that nobody will free",
			             agents[i].is->name);
	if (!run.result.failed && s->finish)
		quit_or_return(s->finish);
}

/*
 * Every agent goes on to its end, unheard. Those of a schedule that was given up
 * are left where they are: some of them may have none.
 */
static void unwind(const struct explore_scenario *s)
{
	run.phase = OVER;
	tell_begin(NULL);
	for (unsigned i = 0; i < s->agent_count; i++) {
		agents[i].buffered = false;
		agents[i].buffer.stores = 0;
		if (!agents[i].done && !agents[i].shares)
			turns_give(&agents[i]);
	}
}

struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final)
{
	const struct explore_scenario *s = explore_scenario;
	bool complete;

	run.chooser = c;
	run.last_step = stop_at;
	start(s, sc);
	run.phase = WALKING;
	turns_give(next_agent());
	complete = !run.result.failed && !run.result.abandoned && !run_stopped();
	if (complete)
		judge(s);
	complete &= !run.result.failed; /* or some may never end */
	if (final)
		run.result.final = state_final();
	if (complete)
		unwind(s);
	return run.result;
}
