/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Depth-first: a schedule is a list of answered questions (nodes), the next one answers
 * the last question that has another answer.
 */
#include "explore/schedule/points.h"
#include "explore/search/choosers.h"
#include "explore/search/contested.h"
#include "explore/search/searching.h"
#include "explore/search/states.h"
#include "explore/search/team.h"
#include <string.h>

static unsigned preemptions; /* of this schedule */

void tree_begin_schedule(void)
{
	searching.made = preemptions = searching.orders = 0;
	searching.skipped = false;
}

/* Not where a search is split, which must be in the same places in all its parts. */
static bool by_states(void)
{
	return searching_keeps_states() && !(searching_splits() && searching.orders < PART_NODES);
}

static uint16_t bit(unsigned proc)
{
	return (uint16_t)(1u << proc);
}

/* Those that the bound on preemptions lets go on. */
static uint16_t allowed(const uint8_t *procs, unsigned n, bool goes_on)
{
	bool bound = searching.options->preemptions &&
	             preemptions >= searching.options->preemptions && goes_on;
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
	for (unsigned i = 0; i < searching.known; i++)
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
	struct node *node = &nodes[searching.known];
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
	if (searching_by_races() && !(searching_splits() && searching.orders < PART_NODES))
		node->todo = bit(procs[first]);
	node->choice = (uint8_t)first;
	searching.known++;
	return true;
}

bool tree_not_ours(void)
{
	searching.skipped = searching_splits() && searching.prefixes++ % searching.options->parts !=
	                                                  searching.options->part;
	return searching.skipped;
}

static int choose_step(const uint8_t *procs, unsigned n, bool goes_on)
{
	struct node *node = &nodes[searching.made];

	if (searching.most_steps && run_step() >= searching.most_steps) {
		searching.cut = true;
		return -1;
	}
	if (n == 1) {
		if (reduce_sleeping() & bit(procs[0]))
			return -1;
		reduce_step(procs[0], -1);
		return 0;
	}
	if (searching.made == searching.known) {
		if ((searching.orders == PART_NODES && tree_not_ours()) ||
		    !new_node(procs, n, goes_on))
			return -1;
	} else if (node->data || node->count != n || memcmp(node->proc, procs, n)) {
		searching.changed = true;
		return -1;
	}
	preemptions += goes_on && node->choice && !proc_flushes(procs[node->choice]);
	searching.orders++;
	reduce_step(procs[node->choice], (int)searching.made++);
	return node->choice;
}

static unsigned choose_data(unsigned n)
{
	struct node *node = &nodes[searching.made];

	if (searching.made == searching.known) {
		memset(node, 0, sizeof(*node));
		node->data = true;
		node->count = (uint8_t)n;
		searching.known++;
	}
	reduce_data(searching.made++);
	if (node->data && node->count == n)
		return node->choice;
	searching.changed = true;
	return 0;
}

const struct run_chooser tree_every = { choose_step, choose_data, false };
const struct run_chooser tree_matches = { choose_step, choose_data, true };

bool tree_next(unsigned *fresh)
{
	for (searching.known = searching.made; searching.known; searching.known--) {
		struct node *n = &nodes[searching.known - 1];
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
		*fresh = searching.known - 1;
		return true;
	}
	return false;
}

struct explore_schedule tree_path(void)
{
	struct explore_schedule s = { .length = searching.made };

	if (searching.options->strategy != EXPLORE_EVERY)
		s = sample_path();
	s.points = points_now();
	if (searching.options->strategy != EXPLORE_EVERY)
		return s;
	for (unsigned i = 0; i < searching.made; i++)
		s.choice[i] = nodes[i].choice;
	return s;
}

double tree_share_done(void)
{
	double weight = 1, behind = 0;

	for (unsigned i = 0; i < searching.known; i++) {
		const struct node *n = &nodes[i];
		unsigned all = n->data ? n->count : (unsigned)__builtin_popcount(n->todo);
		unsigned done = n->data ? n->choice : (unsigned)__builtin_popcount(n->done);

		behind += weight * done / all;
		weight /= all;
	}
	return behind;
}
