/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The search: which schedules are run, and in what order. Depth-first: a schedule
 * is a list of answered questions (nodes), the next one answers the last question
 * that has another answer.
 */
#include "explore/search/choosers.h"
#include "explore/search/contested.h"
#include "explore/search/finals.h"
#include "explore/search/frontier.h"
#include "explore/search/prepare.h"
#include "explore/search/reduce.h"
#include "explore/search/states.h"
#include "explore/search/team.h"
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
	PART_NODES = 6,       /* a search is split by the answers to so many first questions */
	CLOCK_EVERY = 16,     /* schedules between two looks at the clock */
	SHORTEN = 1000000,   /* steps taken to find a shorter failing schedule, for each bound; */
	LOOK = 100,           /* a look at a whole state counts as so many */
};

static const struct explore_options *options;
static unsigned known, made;   /* nodes with an answer; those that this schedule came to */
static unsigned preemptions;   /* of this schedule */
static unsigned orders;        /* nodes of this schedule that are about order */
static uint64_t prefixes;      /* different beginnings seen, to split the search by */
static bool skipped;           /* the schedule is another part's */
static bool cut;               /* a schedule was longer than the bound on steps */
static bool complete;          /* nothing within the bounds is left */
static bool changed;           /* a question was not what it was the last time */
static unsigned traits;        /* of the scenario, that the search heeds */
static uint64_t started;
static uint64_t resumed;       /* schedules of the runs before, by the frontier, */
static double resumed_seconds; /* and their time */
static unsigned most_steps;    /* of a schedule; 0: no bound */
static uint64_t looks_before;  /* this search */
static bool shortening;        /* look for failing schedules that are ever shorter */

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool reducing(void)
{
	return options->strategy == EXPLORE_EVERY && !options->full && !options->preemptions;
}

/*
 * Where agents wait, for conditions or locks, a step can keep another from ever
 * being taken, and then no race shows. So there every order is begun, and sleep
 * sets alone prune; elsewhere the races say which orders to begin.
 */
static bool by_races(void)
{
	return reducing() && !(traits & TRAIT_WAITS);
}

static bool split(void)
{
	return options->parts > 1;
}

/*
 * There the search keeps states, too: a schedule that comes to one from which
 * everything was explored is no news. Not where one schedule may come back to its
 * own states, which says nothing of what comes then; nor where its length matters.
 */
static bool keeps_states(void)
{
	return reducing() && !options->forgets && traits & TRAIT_WAITS &&
	       !(traits & TRAIT_REPEATS) && !most_steps;
}

/* Nor where a search is split, which must be in the same places in all its parts. */
static bool by_states(void)
{
	return keeps_states() && !(split() && orders < PART_NODES);
}

static uint16_t bit(unsigned proc)
{
	return (uint16_t)(1u << proc);
}

/* Those that the bound on preemptions lets go on. */
static uint16_t allowed(const uint8_t *procs, unsigned n, bool goes_on)
{
	bool bound = options->preemptions && preemptions >= options->preemptions && goes_on;
	uint16_t bits = 0;

	for (unsigned i = 0; i < n; i++)
		if (!bound || !i || proc_flushes(procs[i]))
			bits |= bit(procs[i]);
	return bits;
}

/*
 * The first option to be explored that is neither done nor asleep; -1: none. Of
 * several processes each has another order.
 */
static int next_option(const struct node *n)
{
	unsigned team = team_number();

	for (unsigned i = 0; i < n->count; i++) {
		unsigned turned = (i + team / 2) % n->count;
		unsigned option = team % 2 ? n->count - 1 - turned : turned;

		if (n->todo & bit(n->proc[option]) & (uint16_t) ~(n->done | n->asleep))
			return (int)option;
	}
	return -1;
}

/* False: the schedule was in this state before. Else what is left to be explored from it. */
static bool meet(struct node *node)
{
	node->state = run_number();
	contested_mix(&node->state);
	node->meets = true;
	for (unsigned i = 0; i < known; i++)
		if (nodes[i].meets && number_same(nodes[i].state, node->state)) {
			run_trait(TRAIT_REPEATS);
			return false;
		}
	states_meet(node->state, &node->todo, &node->asleep);
	return true;
}

/* A question not asked before in this place. False: nothing here is to be explored. */
static bool new_node(const uint8_t *procs, unsigned n, bool goes_on)
{
	struct node *node = &nodes[known];
	uint16_t may = allowed(procs, n, goes_on);
	int first;

	memset(node, 0, sizeof(*node));
	node->count = (uint8_t)n;
	memcpy(node->proc, procs, n);
	node->asleep = reduce_sleeping();
	node->todo = may;
	if (by_states() && !meet(node))
		return false;
	first = next_option(node);
	if (first < 0)
		return false;
	if (by_races() && !(split() && orders < PART_NODES))
		node->todo = bit(procs[first]);
	node->choice = (uint8_t)first;
	known++;
	return true;
}

/* True if the schedule's beginning is another part's; asked where a beginning ends. */
static bool not_ours(void)
{
	skipped = split() && prefixes++ % options->parts != options->part;
	return skipped;
}

static int choose_step(const uint8_t *procs, unsigned n, bool goes_on)
{
	struct node *node = &nodes[made];

	if (most_steps && run_step() >= most_steps) {
		cut = true;
		return -1;
	}
	if (n == 1) {
		if (reduce_sleeping() & bit(procs[0]))
			return -1;
		reduce_step(procs[0], -1);
		return 0;
	}
	if (made == known) {
		if ((orders == PART_NODES && not_ours()) || !new_node(procs, n, goes_on))
			return -1;
	} else if (node->data || node->count != n || memcmp(node->proc, procs, n)) {
		changed = true;
		return -1;
	}
	preemptions += goes_on && node->choice && !proc_flushes(procs[node->choice]);
	orders++;
	reduce_step(procs[node->choice], (int)made++);
	return node->choice;
}

static unsigned choose_data(unsigned n)
{
	struct node *node = &nodes[made];

	if (made == known) {
		memset(node, 0, sizeof(*node));
		node->data = true;
		node->count = (uint8_t)n;
		known++;
	}
	reduce_data(made++);
	if (node->data && node->count == n)
		return node->choice;
	changed = true;
	return 0;
}

static const struct run_chooser every = { choose_step, choose_data, false };
static const struct run_chooser matches = { choose_step, choose_data, true };

/* The next schedule in order; false: there is none. The nodes after fresh are new. */
static bool next_schedule(unsigned *fresh)
{
	for (known = made; known; known--) {
		struct node *n = &nodes[known - 1];
		int next = -1;

		if (n->data) {
			next = n->choice + 1 < n->count ? n->choice + 1 : -1;
		} else {
			n->done |= bit(n->proc[n->choice]);
			next = next_option(n);
		}
		if (next < 0) {
			if (n->meets)
				states_add(n->state, n->asleep);
			continue;
		}
		n->choice = (uint8_t)next;
		*fresh = known - 1;
		return true;
	}
	return false;
}

static struct explore_schedule path(void)
{
	struct explore_schedule s = { .length = made };

	if (options->strategy != EXPLORE_EVERY)
		return sample_path();
	for (unsigned i = 0; i < made; i++)
		s.choice[i] = nodes[i].choice;
	return s;
}

/* One schedule by the strategy; the nodes up to known are answered already. */
static struct run_result run_one(unsigned fresh, unsigned depth)
{
	made = preemptions = orders = 0;
	skipped = false;
	reduce_begin(reducing(), traits & TRAIT_PLAIN, fresh);
	return run_schedule(options->strategy == EXPLORE_EVERY
	                            ? (keeps_states() ? &matches : &every)
	                            : sample_chooser(depth),
	                    options->sc, 0, options->finals);
}

/* Runs the schedule just run once more. False: it was not the same. */
static bool same_again(void)
{
	uint64_t signature = reduce_signature();
	struct explore_schedule same = path();

	return given_run(&same, options->sc, traits & TRAIT_PLAIN, 0).possible &&
	       signature == reduce_signature();
}

/* The share of the search that is behind: at each node, of its branches known so far. */
static double share_done(void)
{
	double weight = 1, behind = 0;

	for (unsigned i = 0; i < known; i++) {
		const struct node *n = &nodes[i];
		unsigned all = n->data ? n->count : (unsigned)__builtin_popcount(n->todo);
		unsigned done = n->data ? n->choice : (unsigned)__builtin_popcount(n->done);

		behind += weight * done / all;
		weight /= all;
	}
	return behind;
}

static void update(struct explore_totals *t)
{
	t->seconds = resumed_seconds + (double)(clock_ns() - started) / 1e9;
	t->done = options->strategy == EXPLORE_EVERY ? share_done()
	                                             : (double)t->schedules / (double)options->runs;
	if (options->progress && !team_number())
		options->progress(t, options->arg);
}

static void count(struct explore_totals *t, const struct run_result *r)
{
	if (skipped)
		return;
	if (r->abandoned)
		t->pruned++;
	else
		t->schedules++;
	t->steps += r->steps;
	if (r->steps > t->depth)
		t->depth = r->steps;
}

static unsigned long peak_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (unsigned long)u.ru_maxrss;
}

/* The bound that is reached, null: none. */
static const char *bound(struct explore_totals *t)
{
	uint64_t runs = t->schedules + t->pruned;

	if (options->strategy != EXPLORE_EVERY && t->schedules >= options->runs)
		return "only a sample of the schedules was run";
	if (team_over())
		return "another process is through";
	if (options->interrupted && *options->interrupted)
		return "interrupted";
	if (options->max_schedules && t->schedules - resumed >= options->max_schedules)
		return "the bound on schedules";
	if (shortening && t->steps + LOOK * (run_looks - looks_before) >= SHORTEN)
		return "the bound on steps in all";
	if (runs % CLOCK_EVERY == 0)
		update(t);
	if (options->max_seconds > 0 && t->seconds - resumed_seconds >= options->max_seconds)
		return "the bound on time";
	if (options->max_memory && runs % CLOCK_EVERY == 0 && peak_kib() >= options->max_memory)
		return "the bound on memory";
	return NULL;
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
	t->stopped = r->unfit;
	if (shortening)
		return EXPLORE_UNFIT;
	t->failed = path();
	t->failed_steps = r->steps;
	return EXPLORE_UNFIT;
}

/* Every schedule within the bounds was run. */
static enum explore_outcome whole(struct explore_totals *t)
{
	complete = true;
	if (options->preemptions)
		t->stopped = "the bound on preemptions";
	if (cut)
		t->stopped = "the bound on steps";
	return t->stopped ? EXPLORE_STOPPED : EXPLORE_PROVED;
}

/* Only now a trait showed, and what was searched so far was searched without heed of it. */
static bool must_restart(struct explore_totals *t, unsigned *fresh)
{
	unsigned seen = run_traits();

	if (!(seen & ~traits) && (!keeps_states() || !contested_news()))
		return false;
	contested_heed();
	traits |= seen;
	*t = (struct explore_totals){ .failed = t->failed, .failed_steps = t->failed_steps };
	cut = false;
	finals_clear();
	known = *fresh = 0;
	prefixes = resumed = 0;
	return true;
}

/*
 * More processes join a search that lasts. (One that does not takes the same schedules
 * each time.) From where it is, each goes on in its own order.
 */
static void call_others(struct explore_totals *t)
{
	if (options->jobs <= 1 || team_begun() || t->seconds - resumed_seconds < options->alone ||
	    !keeps_states() || split() || options->finals || options->max_schedules)
		return;
	if (team_begin(options->jobs))
		*t = (struct explore_totals){ .seconds = t->seconds };
}

static enum explore_outcome search(struct explore_totals *t, unsigned fresh)
{
	do {
		struct run_result r = run_one(fresh, t->depth);

		if (must_restart(t, &fresh))
			continue;
		if (!r.abandoned && orders <= PART_NODES && not_ours())
			r.abandoned = true;
		count(t, &r);
		if (options->finals && !r.abandoned && !finals_add(r.final, t))
			return broken(t, "there is no memory for so many final states");
		if (changed)
			return broken(t, "the scenario does not repeat itself: its agents must "
			                 "depend on nothing but its state");
		if (r.unfit && !skipped)
			return unfit(t, &r);
		if (r.failed && !skipped) {
			t->failed = path();
			t->failed_steps = most_steps = r.steps;
			if (!shortening || !--most_steps)
				return EXPLORE_VIOLATED;
		}
		if (options->twice && !r.abandoned && !same_again())
			return broken(t, "a schedule that was run twice took other steps");
		if (options->strategy == EXPLORE_EVERY && !next_schedule(&fresh))
			return whole(t);
		t->stopped = bound(t);
		if (!t->stopped)
			call_others(t);
	} while (!t->stopped);
	return EXPLORE_STOPPED;
}

/* One schedule, to see whether agents wait. */
static void look_at_scenario(void)
{
	struct explore_schedule first = { 0 };

	given_run(&first, options->sc, false, 0);
	traits = run_traits();
}

/* What must be the same for a frontier to be gone on with. */
static void frontier_key(char *key, size_t size)
{
	snprintf(key, size, "%s %s %s preemptions %u steps %u part %u/%u build %s",
	         explore_scenario->name, options->sc ? "sc" : "tso",
	         options->full ? "full" : "reduced", options->preemptions, options->max_steps,
	         options->part, options->parts, options->build ? options->build : "unknown");
}

/*
 * Where the search stopped, or that it is over. Null, or what is wrong. Of a search
 * that is to begin again, as another process has just learnt, nothing is kept.
 */
static const char *keep(const char *key, struct explore_totals *t)
{
	struct frontier at = { .known = known, .prefixes = prefixes, .cut = cut, .traits = traits };
	const char *wrong;

	if (known && keeps_states() && contested_news())
		return NULL;
	wrong = frontier_save(options->frontier, key, &at, t);
	t->saved = !wrong && known;
	return wrong;
}

/* A search that is over, by this process and others, and found no schedule has proved nothing. */
static enum explore_outcome judge(enum explore_outcome outcome, struct explore_totals *t)
{
	if (outcome != EXPLORE_PROVED || t->schedules || options->parts > 1)
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
	if (options->frontier)
		wrong = frontier_load(options->frontier, key, &at, t);
	if (wrong)
		return unusable(t, wrong);
	known = at.known;
	prefixes = at.prefixes;
	cut = at.cut;
	traits |= at.traits;
	run_trait(at.traits);
	resumed = t->schedules;
	resumed_seconds = t->seconds;
	t->repeated = at.there && !at.known;
	if (t->repeated)
		return judge(whole(t), t);
	contested_heed();
	if (!states_begin())
		return broken(t, "there is no room for states");
	outcome = search(t, 0);
	t->states = states_count();
	finals_clear();
	states_end();
	outcome = team_end(outcome, t);
	if (outcome == EXPLORE_PROVED)
		known = 0; /* though maybe not all by this process */
	outcome = judge(outcome, t);
	update(t);
	if (options->frontier && (outcome == EXPLORE_PROVED || outcome == EXPLORE_STOPPED))
		wrong = keep(key, t);
	return wrong ? unusable(t, wrong) : outcome;
}

static void begin(const struct explore_options *o)
{
	options = o;
	sample_begin(o);
	prefixes = 0;
	changed = cut = complete = false;
	most_steps = o->max_steps;
	resumed = 0;
	resumed_seconds = 0;
	started = clock_ns();
	looks_before = run_looks;
	/* One part may meet what another does not: all divide the search as if each had met it. */
	if (split())
		run_trait(TRAIT_FENCES);
}

/* One search for a failing schedule of fewer steps. True: it saw all there are. */
static bool shorten_by(const struct explore_options *o, struct explore_totals *t)
{
	struct explore_totals totals = { .failed_steps = t->failed_steps };

	begin(o);
	known = 0;
	search(&totals, 0);
	if (totals.failed_steps < t->failed_steps) {
		t->failed = totals.failed;
		t->failed_steps = totals.failed_steps;
	}
	return complete && !o->preemptions;
}

/*
 * For a reader's sake: the shortest failing schedule. Few preemptions first, for
 * those are found soon, and each leaves less to search. A schedule that is as
 * long as another in a different order of idle steps is pruned with it; but races
 * are not looked for in what is cut off, so every order is begun.
 */
static void shorten(const struct explore_options *o, struct explore_totals *t)
{
	static const unsigned preemption_bounds[] = { 1, 2, 3, 0 };
	struct explore_options fewer = { .sc = o->sc,
		                         .interrupted = o->interrupted,
		                         .max_memory = o->max_memory };
	double seconds = t->seconds;
	uint64_t began = clock_ns();

	shortening = true;
	traits |= TRAIT_WAITS;
	for (unsigned i = 0; i < 4; i++) {
		fewer.preemptions = preemption_bounds[i];
		fewer.max_steps = t->failed_steps ? t->failed_steps - 1 : 0;
		fewer.max_seconds = o->max_seconds > 0 ? o->max_seconds - t->seconds : 0;
		if (fewer.max_seconds < 0)
			break;
		t->shortest = t->failed_steps <= 1 || shorten_by(&fewer, t);
		t->seconds = seconds + (double)(clock_ns() - began) / 1e9;
	}
	shortening = false;
}

enum explore_outcome explore_search(const struct explore_scenario *s,
                                    const struct explore_options *o, struct explore_totals *t)
{
	struct explore_options own = *o;
	enum explore_outcome outcome;

	memset(t, 0, sizeof(*t));
	if (!own.preemptions)
		own.preemptions = s->preemptions;
	prepare(s);
	begin(&own);
	outcome = search_on(t);
	if (outcome == EXPLORE_VIOLATED && !own.first)
		shorten(&own, t);
	prepare_undo();
	return outcome;
}
