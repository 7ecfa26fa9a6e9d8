/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/lent.h"
#include "explore/schedule/names.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/points.h"
#include "explore/schedule/words.h"
#include <string.h>

bool lent_plainly;

_Static_assert(8 * WORDS_STACK == 16 * 1024, "so much is looked at, and said");

static bool framed, unframed; /* some functions told of their beginning; some did not */
static uint8_t places[WORDS_STACKS]; /* enum lent */
static bool placed;
static uint64_t nowhere[EXPLORE_AGENTS];

void lent_begin(void)
{
	if (placed)
		memset(places, LENT_UNTOLD, sizeof(places));
	placed = false;
}

void lent_mix(struct number *n)
{
	for (unsigned i = 0; placed && i < points_lent_count(); i++)
		number_mix(n, points_lent_word(i), lent_is(i));
}

void lent_told(bool frames)
{
	framed |= frames;
	unframed |= !frames;
	lent_plainly = true;
}

void *lent_word(unsigned i)
{
	return i < points_lent_count() ? words_at(points_lent_word(i)) : NULL;
}

enum lent lent_is(unsigned i)
{
	return places[points_lent_word(i) - WORDS_STATE];
}

void lent_set(unsigned i, enum lent is)
{
	places[points_lent_word(i) - WORDS_STATE] = (uint8_t)is;
	placed = true;
}

/* Why words of stacks cannot be lent here; or null. */
static const char *why_not(uint32_t word)
{
	if (!framed || unframed)
		return "of which its compiler does not tell enough: take gcc";
	if (points_now().all)
		return "which a search that is divided, or takes all accesses for points, does not "
		       "follow: search the whole";
	if (word == WORD_NONE)
		return "deeper than the 16 KiB that the explorer looks at: let functions that call "
		       "each other have less there";
	return NULL;
}

static void lend(uint32_t word)
{
	const char *why = why_not(word);

	if (why)
		run_unfit("an agent accesses another one's stack, %s, or make static what agents "
		          "share",
		          why);
	else
		points_lend(word);
}

/* Lends the word; and says so if it is gone. */
static void borrow(const char *who, const char *does, uint32_t word)
{
	char name[64];

	lend(word);
	if (word == WORD_NONE || places[word - WORDS_STATE] != LENT_GONE)
		return;
	names_find(name, sizeof(name), words_at(word));
	explore_fail("%s %s %s, of a function that has returned", who, does, name);
}

void lent_access(unsigned agent, const void *p, size_t size)
{
	const char *first = (const char *)((uintptr_t)p / 8 * 8);
	const struct agent *a = run_who(agent);

	/* Of code whose plain accesses nobody hears of, those through a seam are all there are. */
	for (; lent_plainly && first < (const char *)p + size; first += 8)
		if (stacks_whose(a, first) == STACKS_OTHERS)
			borrow(a->is->name, "accesses", words_number(first));
}

void lent_looked(const void *p, size_t size, uint8_t who)
{
	const struct agent *a = run_who((unsigned)__builtin_ctz(who));
	const char *first = (const char *)((uintptr_t)p / 8 * 8);
	enum stacks_whose whose = stacks_whose(a, p);
	bool all = who & (who - 1); /* what judges each step, on nobody's stack */

	if (!lent_plainly || whose == STACKS_NONE || (whose == STACKS_OWN && !all))
		return;
	for (; first < (const char *)p + size; first += 8)
		borrow(all ? "each" : a->is->name, "looks at", words_number(first));
}

bool lent_has(const void *p, size_t size)
{
	const char *first = (const char *)((uintptr_t)p / 8 * 8);

	for (; points_lent_count() && first < (const char *)p + size; first += 8)
		if (points_lent(words_number(first)))
			return true;
	return false;
}

void lent_drop_stores(const char *from, const char *end)
{
	struct agent *a = explore_running;

	for (unsigned i = 0; i < a->buffer.stores; i++) {
		const char *at = a->buffer.store[i].at;

		if (at + a->buffer.store[i].size > from && at < end)
			run_buffer_drop(i, &nowhere[run_agent(a)]);
	}
}

bool lent_is_nowhere(const void *p)
{
	return (uintptr_t)p - (uintptr_t)nowhere < sizeof(nowhere);
}
