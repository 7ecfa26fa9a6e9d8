/* SPDX-License-Identifier: BSD-2-Clause */
/* The search: which schedules are run. */
#include "explore/schedule/patience.h"
#include "explore/schedule/points.h"
#include "explore/search/choosers.h"
#include "explore/search/contested.h"
#include "explore/search/finals.h"
#include "explore/search/frontier.h"
#include "explore/search/prepare.h"
#include "explore/search/searching.h"
#include "explore/search/states.h"
#include "explore/search/team.h"
#include <string.h>

struct searching searching;

static bool reduces(void)
{
	return searching.options->strategy == EXPLORE_EVERY && !searching.options->full &&
	       !searching.options->preemptions;
}

/*
 * Where agents wait, for conditions or locks, a step can keep another from ever
 * being taken, and then no race shows. So there every order is begun, and sleep
 * sets alone prune; elsewhere the races say which orders to begin.
 */
bool searching_by_races(void)
{
	return reduces() && !(searching.traits & TRAIT_WAITS);
}

bool searching_splits(void)
{
	return searching.options->parts > 1;
}

/*
 * There the search keeps states, too: a schedule that comes to one from which
 * everything was explored is no news. Not where one schedule may come back to its
 * own states, which says nothing of what comes then; nor where its length matters.
 */
bool searching_keeps_states(void)
{
	return reduces() && !searching.options->forgets &&
	       searching.traits & TRAIT_WAITS && !(searching.traits & TRAIT_REPEATS) &&
	       !searching.most_steps;
}

/* One schedule by the strategy; the nodes up to known are answered already. */
static struct run_result run_one(unsigned fresh, unsigned depth)
{
	tree_begin_schedule();
	reduce_begin(reduces(), searching.traits & TRAIT_PLAIN, fresh);
	return run_schedule(searching.options->strategy == EXPLORE_EVERY
	                            ? (searching_keeps_states() ? &tree_matches : &tree_every)
	                            : sample_chooser(depth),
	                    searching.options->sc, 0, searching.options->finals);
}

/* Runs the schedule just run once more. False: it was not the same. */
static bool same_again(void)
{
	uint64_t signature = reduce_signature();
	struct explore_schedule same = tree_path();

	return given_run(&same, searching.options->sc, searching.traits & TRAIT_PLAIN, 0)
	               .possible &&
	       signature == reduce_signature();
}

static void count(struct explore_totals *t, const struct run_result *r)
{
	if (searching.skipped)
		return;
	if (r->abandoned)
		t->pruned++;
	else
		t->schedules++;
	t->steps += r->steps;
	if (r->steps > t->depth)
		t->depth = r->steps;
}

static enum explore_outcome broken(struct explore_totals *t, const char *why)
{
	t->stopped = why;
	return EXPLORE_ERROR;
}

static enum explore_outcome unusable(struct explore_totals *t, const char *why)
{
	t->stopped = why;
	return EXPLORE_UNUSABLE;
}

/* Who looks for a shorter schedule that violates has no use for one that does not fit. */
static enum explore_outcome unfit(struct explore_totals *t, const struct run_result *r)
{
	enum explore_outcome outcome = r->crashed ? EXPLORE_CRASHED : EXPLORE_UNFIT;

	t->stopped = r->unfit;
	if (searching.shortening)
		return outcome;
	t->failed = tree_path();
	t->failed_steps = r->steps;
	return outcome;
}

/* Every schedule within the bounds was run. */
static enum explore_outcome whole(struct explore_totals *t)
{
	searching.complete = true;
	if (searching.options->preemptions)
		t->stopped = "the bound on preemptions";
	if (searching.cut)
		t->stopped = "the bound on steps";
	return t->stopped ? EXPLORE_STOPPED : EXPLORE_PROVED;
}

/* Words were learnt, by this process or another, that the search does not heed yet. */
static bool has_news(void)
{
	return points_news() || (searching_keeps_states() && contested_news());
}

/* Only now a trait showed, and what was searched so far was searched without heed of it. */
static bool must_restart(struct explore_totals *t, unsigned *fresh)
{
	unsigned seen = run_traits();

	if (!(seen & ~searching.traits) && !has_news())
		return false;
	contested_heed();
	points_heed();
	searching.traits |= seen;
	*t = (struct explore_totals){ .failed = t->failed, .failed_steps = t->failed_steps };
	searching.cut = false;
	finals_clear();
	searching.known = *fresh = 0;
	searching.prefixes = searching.resumed = 0;
	return true;
}

/*
 * More processes join a search that lasts. (One that does not takes the same schedules
 * each time.) From where it is, each goes on in its own order.
 */
static void call_others(struct explore_totals *t)
{
	if (searching.options->jobs <= 1 || team_begun() ||
	    t->seconds - searching.resumed_seconds < searching.options->alone ||
	    !searching_keeps_states() || searching_splits() || searching.options->finals ||
	    searching.options->max_schedules)
		return;
	if (team_begin(searching.options->jobs))
		*t = (struct explore_totals){ .seconds = t->seconds };
}

/* A schedule that violates; where one crashes, and a shorter one is looked for, that. */
static bool is_sought(const struct run_result *r)
{
	return searching.crashing ? r->crashed : r->failed && !r->unfit;
}

enum explore_outcome searching_run(struct explore_totals *t, unsigned fresh)
{
	do {
		struct run_result r = run_one(fresh, t->depth);

		if (must_restart(t, &fresh))
			continue;
		if (!r.abandoned && searching.orders <= PART_NODES && tree_not_ours())
			r.abandoned = true;
		count(t, &r);
		if (searching.options->finals && !r.abandoned && !finals_add(r.final, t))
			return broken(t, "there is no memory for so many final states");
		if (searching.changed)
			return broken(t, "the scenario does not repeat itself: its agents must "
			                 "depend on nothing but its state");
		if (r.unfit && !is_sought(&r) && !searching.skipped)
			return unfit(t, &r);
		if (is_sought(&r) && !searching.skipped) {
			t->failed = tree_path();
			t->failed_steps = searching.most_steps = r.steps;
			if (!searching.shortening || !--searching.most_steps)
				return EXPLORE_VIOLATED;
		}
		if (searching.options->twice && !r.abandoned && !same_again())
			return broken(t, "a schedule that was run twice took other steps");
		if (searching.options->strategy == EXPLORE_EVERY && !tree_next(&fresh))
			return whole(t);
		t->stopped = bounds_reached(t);
		if (!t->stopped)
			call_others(t);
	} while (!t->stopped);
	return EXPLORE_STOPPED;
}

/* One schedule, to see whether agents wait. */
static void look_at_scenario(void)
{
	struct explore_schedule first = { .points = points_now() };

	given_run(&first, searching.options->sc, false, 0);
	searching.traits = run_traits();
}

/* What must be the same for a frontier to be gone on with. */
static void frontier_key(char *key, size_t size)
{
	snprintf(key, size, "%s %s %s%s preemptions %u steps %u part %u/%u build %s",
	         explore_scenario->name, searching.options->sc ? "sc" : "tso",
	         searching.options->full ? "full" : "reduced",
	         searching.options->all_points ? " all points" : "", searching.options->preemptions,
	         searching.options->max_steps, searching.options->part, searching.options->parts,
	         searching.options->build ? searching.options->build : "unknown");
}

/*
 * Where the search stopped, or that it is over. Null, or what is wrong. Of a search
 * that is to begin again, as another process has just learnt, nothing is kept.
 */
static const char *keep(const char *key, struct explore_totals *t)
{
	struct frontier at = { .known = searching.known,
		               .prefixes = searching.prefixes,
		               .cut = searching.cut,
		               .traits = searching.traits };
	const char *wrong;

	if (searching.known && has_news())
		return NULL;
	wrong = frontier_save(searching.options->frontier, key, &at, t);
	t->saved = !wrong && searching.known;
	return wrong;
}

/* A search that is over, by this process and others, and found no schedule has proved nothing. */
static enum explore_outcome judge(enum explore_outcome outcome, struct explore_totals *t)
{
	if (outcome != EXPLORE_PROVED || t->schedules || searching.options->parts > 1)
		return outcome;
	t->stopped = "no schedule came to its end";
	return EXPLORE_STOPPED;
}

static enum explore_outcome search_on(struct explore_totals *t)
{
	enum explore_outcome outcome;
	struct frontier at = { 0 };
	char key[240];
	const char *wrong = NULL;

	look_at_scenario();
	frontier_key(key, sizeof(key));
	if (searching.options->frontier)
		wrong = frontier_load(searching.options->frontier, key, &at, t);
	if (wrong)
		return unusable(t, wrong);
	searching.known = at.known;
	searching.prefixes = at.prefixes;
	searching.cut = at.cut;
	searching.traits |= at.traits;
	run_trait(at.traits);
	searching.resumed = t->schedules;
	searching.resumed_seconds = t->seconds;
	t->repeated = at.there && !at.known;
	if (t->repeated)
		return judge(whole(t), t);
	contested_heed();
	points_heed();
	if (!states_begin())
		return broken(t, "there is no room for states");
	outcome = searching_run(t, 0);
	t->states = states_count();
	t->racing = points_racing();
	finals_clear();
	states_end();
	outcome = team_end(outcome, t);
	if (outcome == EXPLORE_PROVED)
		searching.known = 0; /* though maybe not all by this process */
	outcome = judge(outcome, t);
	bounds_update(t);
	if (searching.options->frontier &&
	    (outcome == EXPLORE_PROVED || outcome == EXPLORE_STOPPED))
		wrong = keep(key, t);
	return wrong ? unusable(t, wrong) : outcome;
}

void searching_begin(const struct explore_options *o)
{
	searching.options = o;
	sample_begin(o);
	bounds_begin();
	searching.prefixes = 0;
	searching.changed = searching.cut = searching.complete = false;
	searching.most_steps = o->max_steps;
	searching.resumed = 0;
	searching.resumed_seconds = 0;
	/* One part may meet what another does not: all divide the search as if each had met it. */
	if (searching_splits())
		run_trait(TRAIT_FENCES);
	/*
	 * Nor does one part see the races of another, whose steps it leaves out as explored:
	 * no access of theirs may be in no order.
	 */
	points_all(o->all_points || searching_splits());
}

enum explore_outcome explore_search(const struct explore_scenario *s,
                                    const struct explore_options *o, struct explore_totals *t)
{
	struct explore_options own = *o;
	enum explore_outcome outcome;

	memset(t, 0, sizeof(*t));
	if (s && !own.preemptions)
		own.preemptions = s->preemptions;
	patience_set(own.patience);
	t->stopped = prepare(s);
	if (t->stopped) {
		outcome = prepare_crashed() ? EXPLORE_CRASHED : EXPLORE_ERROR;
	} else {
		searching_begin(&own);
		outcome = search_on(t);
	}
	if (outcome == EXPLORE_VIOLATED && !own.first)
		shorten(&own, t);
	if (outcome == EXPLORE_CRASHED && !own.first && t->failed_steps > 1)
		shorten_crash(&own, t);
	prepare_undo();
	return outcome;
}
