/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * States from which everything was explored: a schedule that comes to one ends
 * there. Of each it is kept who slept; those of them who are awake now are explored,
 * and nobody else (Godefroid, "Partial-order methods for the verification of
 * concurrent systems", 1996).
 *
 * A state is added when the search leaves it for good, so that what it leads to was
 * added before. Processes that share a search share this, without a lock: rows are
 * only ever added, and each is whole before it can be found.
 */
#include "explore/search/states.h"
#include <sys/mman.h>

enum { BUCKETS = 1 << 20, MANY = 1 << 26 };

struct state {
	struct number number;
	uint32_t next; /* in its bucket; 0: none */
	uint16_t asleep;
};

/* As much of it exists as was written to. */
struct states {
	uint32_t used; /* the first row is none */
	uint32_t bucket[BUCKETS];
	struct state state[MANY];
};

static struct states *states;

bool states_begin(void)
{
	states = mmap(NULL, sizeof(*states), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (states == MAP_FAILED)
		states = NULL;
	return states;
}

void states_end(void)
{
	if (states)
		munmap(states, sizeof(*states));
	states = NULL;
}

uint64_t states_count(void)
{
	return states ? __atomic_load_n(&states->used, __ATOMIC_RELAXED) : 0;
}

static uint32_t *bucket_of(struct number number)
{
	return &states->bucket[number.hi % BUCKETS];
}

/* Of the times that it was explored, the one that leaves the fewest of those who are awake now. */
static const struct state *find(struct number number, uint16_t awake)
{
	const struct state *best = NULL;
	int fewest = 0;
	uint32_t i = __atomic_load_n(bucket_of(number), __ATOMIC_ACQUIRE);

	for (; i; i = states->state[i].next) {
		const struct state *s = &states->state[i];
		int left = __builtin_popcount(s->asleep & awake);

		if (!number_same(s->number, number) || (best && left >= fewest))
			continue;
		best = s;
		fewest = left;
	}
	return best;
}

void states_meet(struct number number, uint16_t *todo, uint16_t *asleep)
{
	const struct state *s = find(number, *todo & (uint16_t) ~*asleep);

	if (!s)
		return;
	*todo &= s->asleep & (uint16_t) ~*asleep;
	*asleep &= s->asleep;
}

void states_add(struct number number, uint16_t asleep)
{
	uint32_t *bucket = bucket_of(number), i;
	struct state *s;

	if (__atomic_load_n(&states->used, __ATOMIC_RELAXED) >= MANY - EXPLORE_DEPTH)
		return; /* the search goes on without */
	i = __atomic_add_fetch(&states->used, 1, __ATOMIC_RELAXED);
	s = &states->state[i];
	*s = (struct state){ number, __atomic_load_n(bucket, __ATOMIC_RELAXED), asleep };
	while (!__atomic_compare_exchange_n(bucket, &s->next, i, false, __ATOMIC_RELEASE,
	                                    __ATOMIC_RELAXED))
		;
}
