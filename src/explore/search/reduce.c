/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which orders of steps matter: dynamic partial-order reduction with source
 * sets and sleep sets (Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic
 * partial order reduction", 2014).
 *
 * Two steps depend on each other if one writes what the other accesses. A race
 * is two such steps with nothing in between that orders them; for each, the
 * other order is explored too. A proc sleeps while its next step, which was
 * explored before from here, meets nothing that it depends on.
 *
 * A store is a step of its agent that concerns nobody; its becoming visible is
 * a step of the agent's buffer, after the store and before the agent's next
 * locked operation. An agent's load commutes with its own buffer: it sees its
 * own stores wherever they are.
 */
#include "explore/schedule/lent.h"
#include "explore/search/early.h"
#include "explore/search/order.h"
#include "explore/search/races.h"
#include "explore/search/sites.h"
#include <string.h>

struct node nodes[EXPLORE_DEPTH];

static bool reducing;
static bool ordering; /* steps are put in order: to reduce, and for races.c */
struct step steps[EXPLORE_DEPTH + 1];
static unsigned count;       /* of steps, the one under way included */
static bool open;            /* the last one is under way */
static unsigned fresh;       /* steps that answer nodes before this one are old */
static bool seen_fresh;
uint16_t clocks[PROCS][PROCS];
/* Sleeping procs, and what their next steps access. */
static uint16_t sleeping;
static struct footprint dream[PROCS];

void reduce_begin(bool reduce, bool order, unsigned fresh_node)
{
	reducing = reduce;
	ordering = reduce || order;
	count = 0;
	open = false;
	fresh = fresh_node;
	seen_fresh = !fresh_node;
	sleeping = 0;
	accesses_begin();
	races_begin();
	if (ordering)
		memset(clocks, 0, sizeof(clocks));
}

unsigned reduce_now(void)
{
	return count - 1;
}

uint16_t reduce_sleeping(void)
{
	return sleeping;
}

void reduce_step(unsigned proc, int node)
{
	struct step *s = &steps[count++];

	s->proc = (uint8_t)proc;
	s->node = node;
	s->foot.count = 0;
	s->foot.everything = false;
	if (ordering)
		memcpy(s->clock, clocks[proc], sizeof(s->clock));
	seen_fresh |= node >= 0 && (unsigned)node >= fresh;
	open = true;
}

static void foot_add(struct footprint *f, uintptr_t word, bool write, bool atomic)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->access[i].word == word) {
			f->access[i].write |= write;
			f->access[i].atomic |= atomic;
			return;
		}
	if (f->count == FOOTPRINT) {
		run_unfit("a step accesses more than %d words, which the explorer cannot hold",
		          FOOTPRINT);
		return;
	}
	f->access[f->count].word = word;
	f->access[f->count].write = write;
	f->access[f->count++].atomic = atomic;
}

void reduce_data(unsigned node)
{
	seen_fresh |= node >= fresh;
}

static bool state_has(const void *p)
{
	return (uintptr_t)p - (uintptr_t)explore_scenario->state < explore_scenario->state_size;
}

static void add_access(const void *p, unsigned size, bool write)
{
	uintptr_t first = (uintptr_t)p / 8, last = ((uintptr_t)p + size - 1) / 8;

	races_sync();
	if (!open)
		return;
	if (!state_has(p))
		lent_access(proc_agent(steps[count - 1].proc), p, size);
	sites_note(count - 1, p, size, run_at.site);
	for (uintptr_t word = first; word <= last; word++)
		foot_add(&steps[count - 1].foot, word, write, true);
}

/* Where races are points, who touches what others access plainly makes it one. */
static void add_touch(const void *p, bool write)
{
	races_sync();
	if (write && ordering && explore_running->buffered && state_has(p))
		races_told((unsigned)run_agent(explore_running));
	if (open && !state_has(p))
		lent_access(proc_agent(steps[count - 1].proc), p, 1);
	if (open)
		foot_add(&steps[count - 1].foot, (uintptr_t)p / 8, write,
		         explore_scenario->races == EXPLORE_RACES_ARE_POINTS);
}

static void add_plain(const void *p, size_t size, bool write)
{
	if (open && !state_has(p))
		lent_access(proc_agent(steps[count - 1].proc), p, size);
	races_plain(p, size, write);
}

static void add_everything(void)
{
	if (open)
		steps[count - 1].foot.everything = true;
}

static void join(uint16_t *clock, const uint16_t *other)
{
	for (unsigned i = 0; i < PROCS; i++)
		if (other[i] > clock[i])
			clock[i] = other[i];
}

static void drained(void)
{
	early_drained((unsigned)run_agent(explore_running));
}

static void after_buffer(void)
{
	drained();
	if (ordering && open)
		join(steps[count - 1].clock, clocks[steps[count - 1].proc | 1]);
}

static void after_step(unsigned step)
{
	if (ordering && open && step < count - 1)
		join(steps[count - 1].clock, steps[step].clock);
}

static bool before(const struct step *d, const uint16_t *clock)
{
	return clock[d->proc] >= d->seq;
}

static bool depends(const struct footprint *a, const struct footprint *b)
{
	if (a->everything || b->everything)
		return true;
	for (unsigned i = 0; i < a->count; i++)
		for (unsigned j = 0; j < b->count; j++)
			if (a->access[i].word == b->access[j].word &&
			    (a->access[i].write || b->access[j].write))
				return true;
	return false;
}

/*
 * The procs that could begin, right before d, with what came after d without
 * need of it, and with e: by their first steps that need none of the others'.
 */
static uint16_t initials(unsigned d, unsigned e)
{
	uint16_t first[PROCS] = { 0 }, bits = 0;

	for (unsigned k = d + 1; k <= e; k++) {
		const struct step *s = &steps[k];
		bool initial = !first[s->proc];

		if (k < e && before(&steps[d], s->clock))
			continue;
		for (unsigned p = 0; initial && p < PROCS; p++)
			initial = p == s->proc || !first[p] || s->clock[p] < first[p];
		if (initial)
			bits |= (uint16_t)(1u << s->proc);
		if (!first[s->proc])
			first[s->proc] = s->seq;
	}
	return bits;
}

/* d and e could have come in the other order: somebody shall begin that one. */
static void race(unsigned d, unsigned e)
{
	struct node *n = steps[d].node >= 0 ? &nodes[steps[d].node] : NULL;
	uint16_t able = 0, begin;

	if (!n)
		return; /* there was no other step to take */
	for (unsigned i = 0; i < n->count; i++)
		able |= (uint16_t)(1u << n->proc[i]);
	begin = initials(d, e) & able;
	if (begin & n->todo)
		return;
	if (!begin)
		n->todo |= able;
	else if (begin & 1u << steps[e].proc)
		n->todo |= (uint16_t)(1u << steps[e].proc);
	else
		n->todo |= (uint16_t)(begin & -begin);
}

/* Those who slept, or were explored from this node before, sleep on if they do not depend on e. */
static void dream_on(const struct step *e)
{
	const struct node *n = e->node >= 0 ? &nodes[e->node] : NULL;

	if (n)
		sleeping &= n->asleep;
	for (unsigned p = 0; n && p < PROCS; p++)
		if ((n->done >> p & 1) && p != e->proc) {
			sleeping |= (uint16_t)(1u << p);
			dream[p] = n->foot[p];
		}
	sleeping &= (uint16_t) ~(1u << e->proc);
	for (unsigned p = 0; p < PROCS; p++)
		if ((sleeping >> p & 1) && proc_agent(p) != proc_agent(e->proc) &&
		    depends(&dream[p], &e->foot))
			sleeping &= (uint16_t) ~(1u << p);
}

static void order(unsigned e)
{
	unsigned list[(PROCS + 1) * FOOTPRINT], n = accesses_list(&steps[e], list);
	uint16_t so_far[PROCS];
	struct step *s = &steps[e];

	memcpy(so_far, s->clock, sizeof(so_far));
	s->seq = s->clock[s->proc] = (uint16_t)(clocks[s->proc][s->proc] + 1);
	for (unsigned i = 0; i < n; i++)
		join(s->clock, steps[list[i]].clock);
	for (unsigned i = 0; reducing && seen_fresh && i < n; i++) {
		if (!before(&steps[list[i]], so_far))
			race(list[i], e);
		join(so_far, steps[list[i]].clock);
	}
	memcpy(clocks[s->proc], s->clock, sizeof(s->clock));
}

static void foot_merge(struct footprint *to, const struct footprint *from)
{
	to->everything |= from->everything;
	for (unsigned i = 0; i < from->count; i++)
		foot_add(to, from->access[i].word, from->access[i].write, from->access[i].atomic);
}

bool reduce_news(void)
{
	return seen_fresh;
}

bool reduce_orders(void)
{
	return ordering && open;
}

static void close_step(void)
{
	bool orders = reduce_orders();
	struct step *s;

	open = false;
	if (!orders)
		return;
	s = &steps[count - 1];
	order(count - 1);
	races_close(count - 1, proc_agent(s->proc), &s->foot);
	accesses_remember(count - 1);
	if (!reducing)
		return;
	dream_on(s);
	/* With choices of data a step may be several: what any of them accesses. */
	if (s->node >= 0)
		foot_merge(&nodes[s->node].foot[s->proc], &s->foot);
}

const struct run_watch reduce_watch = {
	.access = add_access,
	.plain = add_plain,
	.touch = add_touch,
	.sync = races_sync,
	.everything = add_everything,
	.after_buffer = after_buffer,
	.drained = drained,
	.after_step = after_step,
	.closed = close_step,
};

const char *reduce_name(unsigned step)
{
	return explore_scenario->agents[proc_agent(steps[step].proc)].name;
}

uint64_t reduce_signature(void)
{
	uintptr_t base = (uintptr_t)explore_scenario->state / 8;
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned i = 0; i < count; i++) {
		hash = (hash ^ steps[i].proc) * 0x100000001b3u;
		for (unsigned k = 0; k < steps[i].foot.count; k++)
			hash = (hash ^ (steps[i].foot.access[k].word - base) ^
			        steps[i].foot.access[k].write) *
			       0x100000001b3u;
	}
	return hash;
}
