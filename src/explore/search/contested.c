/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of which two agents make use, one of them plainly and one to write. No
 * state tells whether they race: that is a matter of which steps come after which.
 * So where states are to meet, this joins their numbers, of these words only. They
 * are learnt as the search goes on; a new one and it begins again.
 */
#include "explore/search/contested.h"
#include "explore/schedule/points.h"
#include "explore/schedule/words.h"
#include "explore/search/early.h"
#include "explore/search/races.h"
#include <string.h>
#include <sys/mman.h>

enum { MANY = WORDS };

/* Agents that have accessed a word, in any schedule; as bits. */
struct user {
	uint8_t plain, plain_write, any, any_write;
	bool contested, early; /* the latter: see early.h */
};

/* All processes that share a search share this. */
struct learnt {
	unsigned count; /* of contested words */
	struct user user[MANY];
};

static struct learnt *learnt;
static uint32_t heeded[MANY];
static unsigned heeded_count;
static bool is_heeded[MANY];

bool contested_prepare(void)
{
	heeded_count = 0;
	learnt = mmap(NULL, sizeof(*learnt), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	              0);
	if (learnt == MAP_FAILED)
		learnt = NULL;
	return learnt;
}

void contested_release(void)
{
	if (learnt)
		munmap(learnt, sizeof(*learnt));
	learnt = NULL;
}

/* In the order of the words, whoever learnt of them first. */
unsigned contested_heed(void)
{
	unsigned count = __atomic_load_n(&learnt->count, __ATOMIC_ACQUIRE);

	heeded_count = 0;
	memset(is_heeded, 0, sizeof(is_heeded));
	for (uint32_t i = 0; count && i < MANY; i++)
		if (__atomic_load_n(&learnt->user[i].contested, __ATOMIC_ACQUIRE))
			is_heeded[heeded[heeded_count++] = i] = true;
	return heeded_count;
}

bool contested_news(void)
{
	return __atomic_load_n(&learnt->count, __ATOMIC_ACQUIRE) > heeded_count;
}

uint32_t contested_word(unsigned i)
{
	return heeded[i];
}

bool contested_heeded(uint32_t word)
{
	return is_heeded[word];
}

void contested_add(uint32_t word)
{
	struct user *u = &learnt->user[word];

	if (__atomic_exchange_n(&u->contested, true, __ATOMIC_SEQ_CST))
		return;
	__atomic_add_fetch(&learnt->count, 1, __ATOMIC_ACQ_REL);
	if (__atomic_load_n(&u->early, __ATOMIC_SEQ_CST))
		points_learn(word);
}

void contested_early(uint32_t word)
{
	struct user *u = &learnt->user[word];

	if (__atomic_exchange_n(&u->early, true, __ATOMIC_SEQ_CST))
		return;
	if (__atomic_load_n(&u->contested, __ATOMIC_SEQ_CST))
		points_learn(word);
}

static void join(uint8_t *bits, uint8_t more)
{
	if (more & ~__atomic_load_n(bits, __ATOMIC_SEQ_CST))
		__atomic_or_fetch(bits, more, __ATOMIC_SEQ_CST);
}

static uint8_t joined(const uint8_t *bits)
{
	return __atomic_load_n(bits, __ATOMIC_SEQ_CST);
}

static bool makes_contested(uint8_t one, uint8_t other)
{
	return one && other && ((one | other) & ((one | other) - 1));
}

/* All joined before any is read: of two processes, one sees what both know. */
void contested_learn(uint32_t word, unsigned agent, bool plainly, bool write)
{
	struct user *u = &learnt->user[word];
	uint8_t bit = (uint8_t)(1u << agent);

	if (__atomic_load_n(&u->contested, __ATOMIC_RELAXED))
		return;
	join(&u->any, bit);
	join(&u->any_write, write ? bit : 0);
	join(&u->plain, plainly ? bit : 0);
	join(&u->plain_write, plainly && write ? bit : 0);
	if (makes_contested(joined(&u->plain_write), joined(&u->any)) ||
	    makes_contested(joined(&u->plain), joined(&u->any_write)))
		contested_add(word);
}

void contested_mix(struct number *n)
{
	struct record r[RECORDS];

	early_mix(n);
	for (unsigned i = 0; i < heeded_count; i++) {
		unsigned count = races_records(heeded[i], r);

		number_mix(n, heeded[i], count);
		known_mix(n, r, count);
	}
}
