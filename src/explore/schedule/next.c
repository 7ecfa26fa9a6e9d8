/* SPDX-License-Identifier: BSD-2-Clause */
/* Who takes the next step. */
#include "explore/schedule/parts.h"
#include "explore/schedule/patch.h"

const struct agent *run_asks;

bool run_stopped(void)
{
	return run.last_step && run.result.steps == run.last_step;
}

bool next_may_ask(void)
{
	if (run.questions++ < EXPLORE_DEPTH)
		return true;
	explore_fail("endless: more than %d choices in a schedule", EXPLORE_DEPTH);
	return false;
}

bool next_ready(bool (*ready)(const void *arg), const void *arg)
{
	struct agent *running = explore_running;
	bool is;

	if (!ready)
		return true;
	explore_running = NULL;
	is = ready(arg);
	explore_running = running;
	return is;
}

bool run_ready(const struct agent *a)
{
	bool ready;

	hear_looks((uint8_t)(1u << run_agent(a)));
	run_asks = a;
	ready = next_ready(a->ready, a->arg);
	run_asks = NULL;
	patch_settle();
	hear_looks(0);
	return ready;
}

bool next_possible(const struct agent *a)
{
	return !a->done && a->buffer.stores <= a->may_hold &&
	       (run_ready(a) || (a->open && run_between->pending(a)));
}

/* The procs that can take a step, the running agent's first; true in *goes_on if it is there. */
static unsigned list_options(uint8_t option[PROCS], bool *goes_on)
{
	unsigned count = explore_scenario->agent_count, n = 0;
	unsigned first = explore_running ? (unsigned)(explore_running - agents) : 0;

	*goes_on = explore_running && next_possible(&agents[first]);
	for (unsigned i = 0; i < count; i++) {
		unsigned agent = (first + i) % count;

		if (next_possible(&agents[agent]))
			option[n++] = (uint8_t)(2 * agent);
		if (agents[agent].buffer.stores)
			option[n++] = (uint8_t)(2 * agent + 1);
	}
	return n;
}

/* Of those that can take a step, the ones that a scheduler owes one, if there are any. */
static unsigned leave_owed(uint8_t *option, unsigned n, bool *goes_on)
{
	uint8_t running = option[0];
	unsigned left = 0;

	for (unsigned i = 0; i < n; i++)
		if (run.owed >> option[i] & 1)
			option[left++] = option[i];
	if (!left)
		return n;
	run.owed = 0;
	*goes_on &= option[0] == running;
	return left;
}

/* Memory as it is between two steps: as no agent sees it. */
static void judge_step(void)
{
	struct agent *running = explore_running;

	if (!explore_scenario->each || run.result.failed)
		return;
	explore_running = NULL;
	explore_look_begin();
	run.in = "each";
	hear_looks(0xff); /* as nobody, and so beside whoever writes */
	quit_or_return(explore_scenario->each);
	hear_looks(0);
	run.in = NULL;
	explore_look_end();
	explore_running = running;
}

/* The procs of whom one takes the next step; 0 if there are none, or nothing more matters. */
static unsigned list_next(uint8_t option[PROCS], bool *goes_on)
{
	unsigned n;

	run_watch->closed();
	judge_step();
	if (run.result.failed || run_stopped())
		return 0;
	n = list_options(option, goes_on);
	if (n && run.result.steps == EXPLORE_DEPTH) {
		explore_fail("endless: more than %d steps, the last one of %s; an agent that polls "
		             "should wait in explore_rest, and what is that long be cut shorter",
		             EXPLORE_DEPTH,
		             explore_running ? explore_running->is->name : "a store buffer");
		return 0;
	}
	return n && !circles_close(option, n) ? n : 0;
}

struct agent *next_agent(void)
{
	for (;;) {
		uint8_t option[PROCS];
		bool goes_on;
		unsigned n = list_next(option, &goes_on);
		int choice;

		if (!n)
			return NULL;
		if (run.owed)
			n = leave_owed(option, n, &goes_on);
		if (n > 1 && !next_may_ask())
			return NULL;
		choice = run.chooser->step(option, n, goes_on);
		if (choice < 0) {
			run.result.abandoned = true;
			return NULL;
		}
		cycle_took(run.result.steps++, option[choice]);
		if (!proc_flushes(option[choice]))
			return &agents[proc_agent(option[choice])];
		run_flush(&agents[proc_agent(option[choice])]);
	}
}
