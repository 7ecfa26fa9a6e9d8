/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plain accesses that race are points; what is no point is ordered by what is, so that
 * it does not matter when in its step it happens. Nobody can tell which words race
 * before he has looked: they are learnt as the search goes on, and with each that is new
 * it begins again.
 */
#include "explore/schedule/points.h"
#include "explore/memory/number.h"
#include "explore/schedule/words.h"
#include <string.h>
#include <sys/mman.h>

/* Words that race, by their numbers; behind them those of stacks that are lent. */
enum { LENT = WORDS_STACKS, MANY = WORDS + LENT };

/* All processes that share a search share this. */
struct learnt {
	unsigned count;
	bool word[MANY];
	uint8_t looked[WORDS], written[WORDS]; /* agents */
};

static struct learnt *learnt;
static struct explore_points now;
static bool is_point[MANY]; /* as now has them */
static unsigned lent_count; /* the last ones of now */
static uint64_t number;     /* of them */

bool points_lend_any;

/* What is made of words that changed. */
static void put_to_use(void)
{
	struct number n = { 0, 0 };

	memset(is_point, 0, sizeof(is_point));
	lent_count = 0;
	for (unsigned i = 0; i < now.count; i++) {
		is_point[now.word[i] % MANY] = true;
		lent_count += now.word[i] >= WORDS;
		number_mix(&n, now.word[i], i);
	}
	number = now.count ? n.lo : 0;
	points_lend_any = lent_count;
}

bool points_prepare(void)
{
	now = (struct explore_points){ 0 };
	learnt = mmap(NULL, sizeof(*learnt), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	              0);
	if (learnt == MAP_FAILED)
		learnt = NULL;
	put_to_use();
	return learnt;
}

void points_release(void)
{
	if (learnt)
		munmap(learnt, sizeof(*learnt));
	learnt = NULL;
}

struct explore_points points_now(void)
{
	return now;
}

static unsigned learn(uint32_t word)
{
	if (__atomic_exchange_n(&learnt->word[word % MANY], true, __ATOMIC_ACQ_REL))
		return __atomic_load_n(&learnt->count, __ATOMIC_ACQUIRE);
	return __atomic_add_fetch(&learnt->count, 1, __ATOMIC_ACQ_REL);
}

void points_use(const struct explore_points *points)
{
	now = *points;
	for (unsigned i = 0; i < now.count; i++)
		learn(now.word[i]);
	put_to_use();
}

void points_learn(uint32_t word)
{
	if (learn(word) > EXPLORE_POINTS)
		run_unfit("more than %d words race, or are lent, which the explorer cannot hold",
		          EXPLORE_POINTS);
}

void points_lend(uint32_t word)
{
	points_learn(word + LENT);
}

bool points_lent(uint32_t word)
{
	return word >= WORDS_STATE && word < WORDS && is_point[word + LENT];
}

unsigned points_lent_count(void)
{
	return lent_count;
}

uint32_t points_lent_word(unsigned i)
{
	return now.word[now.count - lent_count + i] - LENT;
}

unsigned points_racing(void)
{
	return now.count - lent_count;
}

/* All joined before any is read: of two processes, one sees what both know. */
static void join(uint8_t *bits, uint8_t more, uint32_t word)
{
	uint8_t looked, written;

	if (!(more & ~__atomic_load_n(bits, __ATOMIC_RELAXED)))
		return;
	__atomic_or_fetch(bits, more, __ATOMIC_SEQ_CST);
	looked = __atomic_load_n(&learnt->looked[word], __ATOMIC_SEQ_CST);
	written = __atomic_load_n(&learnt->written[word], __ATOMIC_SEQ_CST);
	if (looked && written && (looked | written) & ((looked | written) - 1))
		points_learn(word);
}

void points_looked(const void *p, size_t size, uint8_t agents)
{
	const char *end = (const char *)p + size;

	if (explore_scenario->races != EXPLORE_RACES_ARE_POINTS)
		return;
	for (const char *at = p; at < end; at += 8 - (uintptr_t)at % 8) {
		uint32_t word = words_number(at);

		if (word < WORDS)
			join(&learnt->looked[word], agents, word);
	}
}

void points_written(uint32_t word, unsigned agent)
{
	if (explore_scenario->races == EXPLORE_RACES_ARE_POINTS)
		join(&learnt->written[word], (uint8_t)(1u << agent), word);
}

bool points_news(void)
{
	return __atomic_load_n(&learnt->count, __ATOMIC_ACQUIRE) > now.count &&
	       now.count < EXPLORE_POINTS;
}

/* In the order of the words, whoever learnt of them first. */
void points_heed(void)
{
	now.count = 0;
	for (uint32_t i = 0; i < MANY && now.count < EXPLORE_POINTS; i++)
		if (__atomic_load_n(&learnt->word[i], __ATOMIC_ACQUIRE))
			now.word[now.count++] = i;
	put_to_use();
}

void points_all(bool all)
{
	now.all = all;
}

bool points_at(const void *p, size_t size)
{
	const char *end = (const char *)p + size;

	if (explore_scenario->races != EXPLORE_RACES_ARE_POINTS)
		return false;
	if (now.all)
		return true;
	for (const char *at = p; at < end; at += 8 - (uintptr_t)at % 8) {
		uint32_t word = words_number(at);

		if (word < WORDS && is_point[word])
			return true;
	}
	return false;
}

uint64_t points_number(void)
{
	return number;
}
