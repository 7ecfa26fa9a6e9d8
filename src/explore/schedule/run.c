/* SPDX-License-Identifier: BSD-2-Clause */
/* One schedule, from its beginning to what it comes to. */
#include "explore/schedule/fault.h"
#include "explore/schedule/lent.h"
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
static const struct tell_listener *unheard; /* who does not hear how agents come to their end */

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

static void set_up(void *scenario)
{
	const struct explore_scenario *s = scenario;

	if (s->initial)
		memcpy(s->state, s->initial, s->state_size);
	else
		memset(s->state, 0, s->state_size);
	run.in = "setup";
	if (s->setup)
		s->setup();
	run.in = NULL;
}

static bool before_agents(void)
{
	return !run.chooser || (run.in && !strcmp(run.in, "setup"));
}

/* What setup, or a constructor, said with explore_fail: of what it leaves nothing is explored. */
static char refused[EXPLORE_WHY];
static bool constructed_wrong;

static void refuse(const char *format, va_list *args)
{
	size_t said;

	if (*refused)
		return; /* the first is what the others come of */
	constructed_wrong |= !run.in;
	said = (size_t)snprintf(refused, sizeof(refused), "in %s: ",
	                        run.in ? run.in : "a constructor");
	vsnprintf(refused + said, sizeof(refused) - said, format, *args);
}

const char *run_prepare(const struct explore_scenario *s, const struct run_watch *watch,
                        bool *crashed)
{
	traits = 0;
	explore_scenario = s;
	run_watch = watch;
	run_between = NULL;
	run.result = (struct run_result){ 0 };
	quit_begin();
	hear_begin();
	*crashed = false;
	if (!constructed_wrong)
		*refused = '\0';
	fault_begin();
	if (!turns_room() || !stacks_room())
		return "there is no memory for its agents' stacks";
	*crashed = !fault_guard(set_up, (void *)(uintptr_t)s);
	if (*crashed)
		return fault_in_words();
	if (*refused)
		return refused;
	return state_keep(s) ? NULL : "there is no memory for a copy of its state";
}

void run_release(void)
{
	fault_end();
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
	va_start(args, format);
	if (before_agents()) {
		refuse(format, &args);
	} else if (run.phase != OVER && !run.result.failed) {
		run.result.failed = true;
		tell_verdict(format, &args);
	}
	va_end(args);
}

void run_unfit(const char *format, ...)
{
	static char why[EXPLORE_WHY];
	va_list args;

	if (!before_agents() && (run.phase == OVER || run.result.failed))
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	explore_fail(before_agents() ? "%s" : "unfit: %s", why);
	run.result.unfit = why;
}

static unsigned choose(unsigned n)
{
	patch_settle();
	if (n != 1 && before_agents())
		run_unfit("explore_choose is for agents");
	if (n == 1 || before_agents() || run.phase == OVER || !next_may_ask())
		return 0;
	cycle_asked();
	if (!n || n > EXPLORE_CHOICES) {
		run_unfit("explore_choose(%u): it takes 1 to %d", n, EXPLORE_CHOICES);
		return 0;
	}
	return run.chooser->data(n);
}

unsigned explore_choose(unsigned n)
{
	unsigned choice = choose(n);

	run_wipe();
	return choice;
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
	lent_begin();
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
	run.in = "finish";
	if (!run.result.failed && s->finish)
		quit_or_return(s->finish);
	run.in = NULL;
}

/*
 * Every agent goes on to its end, unheard. Those of a schedule that was given up
 * are left where they are: some of them may have none.
 */
static void unwind(const struct explore_scenario *s)
{
	run.phase = OVER;
	unheard = tell_begin(NULL);
	for (unsigned i = 0; i < s->agent_count; i++) {
		agents[i].buffered = false;
		agents[i].buffer.stores = 0;
		if (!agents[i].done && !agents[i].shares)
			turns_give(&agents[i]);
	}
}

/* What a schedule is run with. */
struct how {
	bool sc, final;
};

static void run_whole(void *arg)
{
	const struct explore_scenario *s = explore_scenario;
	const struct how *how = arg;
	bool complete;

	start(s, how->sc);
	run.phase = WALKING;
	turns_give(next_agent());
	complete = !run.result.failed && !run.result.abandoned && !run_stopped();
	if (complete)
		judge(s);
	complete &= !run.result.failed; /* or some may never end */
	if (how->final)
		run.result.final = state_final();
	if (complete)
		unwind(s);
}

/* What it violated before is so all the same. */
static void crash(void)
{
	quit_begin();
	hear_begin();
	if (run.phase == OVER)
		tell_begin(unheard);
	else if (run.result.failed)
		return;
	run.phase = WALKING;
	run.result.unfit = fault_in_words();
	run.result.crashed = true;
	explore_fail("%s", run.result.unfit);
}

struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final)
{
	struct how how = { sc, final };

	run.chooser = c;
	run.last_step = stop_at;
	run.in = NULL;
	if (!fault_guard(run_whole, &how))
		crash();
	return run.result;
}
