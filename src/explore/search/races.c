/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Data races: two agents access the same bytes of the state, at least one of
 * them writes, at least one of them plainly (not through a seam), and nothing orders
 * the two. The compiler tells of plain accesses (seam/tsan.c). What a race is, the
 * scenario says: a violation, or that the word's accesses are points.
 *
 * What orders steps is what reduce.c knows: accesses through a seam to the same
 * word, and touches. Of a step they come first, most often: what it does plainly
 * after the last of them comes before another's only with a later step.
 */
#include "explore/search/races.h"
#include "explore/schedule/names.h"
#include "explore/schedule/points.h"
#include "explore/schedule/tell.h"
#include "explore/schedule/words.h"
#include "explore/search/contested.h"
#include "explore/search/early.h"
#include "explore/search/order.h"
#include "explore/search/sites.h"
#include <string.h>

enum {
	PLAIN = 2048, /* accesses looked at in one step */
};

struct plain {
	uint32_t word;
	uint8_t mask; /* its bytes */
	bool write;
};

/* When a byte was accessed plainly last: 2 * step + 2, + 1 if after all others see of it; or 0. */
struct shadow {
	unsigned epoch;
	uint16_t write[8], read[EXPLORE_AGENTS][8];
	/* what there is no need to look for: agents that accessed it plainly, and if any did not */
	uint8_t agents;
	bool atomic;
};

static struct plain plain[PLAIN];
static unsigned count, synced, epoch; /* those before synced come before what others see */
static struct shadow shadows[WORDS];
static bool unchanging[WORDS]; /* words with constants of the scenario in them */

void races_prepare(void)
{
	const struct explore_constant *c = explore_scenario->constants;

	memset(unchanging, 0, WORDS_STATE * sizeof(*unchanging));
	for (; c && c->at; c++) {
		uintptr_t at = (uintptr_t)c->at - (uintptr_t)explore_scenario->state;

		for (size_t i = 0; i < c->size && at + i < STATE_MOST; i++)
			unchanging[(at + i) / 8] = true;
	}
}

void races_begin(void)
{
	count = synced = 0;
	epoch++;
	early_begin();
}

void races_sync(void)
{
	synced = count;
}

/* Its stores of this step, too, are no older than that. */
void races_told(unsigned agent)
{
	if (explore_scenario->races != EXPLORE_RACES_ARE_POINTS)
		return;
	for (unsigned i = 0; i < count; i++)
		if (plain[i].write)
			contested_early(plain[i].word);
	early_told(agent);
}

/* As reduce.c counts them. */
static uintptr_t address(uint32_t word)
{
	return (uintptr_t)words_at(word) / 8;
}

static struct shadow *shadow(uint32_t word)
{
	struct shadow *s = &shadows[word];

	if (s->epoch != epoch) {
		memset(s, 0, sizeof(*s));
		s->epoch = epoch;
	}
	return s;
}

/* What a word is called, or one of its bytes where debug information tells them apart. */
static void name_byte(char *name, size_t size, const uint64_t *word, unsigned byte)
{
	bool whole = names_word(word) || !names_debug;

	names_find(name, size, (const uint8_t *)word + (whole ? 0 : byte));
}

/* The agent that took a step, and where: P0 (pi.c:41 pi_post). */
static void describe(char *who, size_t size, unsigned step, const void *byte)
{
	char site[96];

	names_site(site, sizeof(site), sites_find(step, byte));
	snprintf(who, size, *site ? "%s (%s)" : "%s%s", reduce_name(step), site);
}

static void report(uint32_t word, unsigned byte, unsigned d, unsigned e)
{
	const uint64_t *at = words_at(word);
	char name[96] = "", one[160] = "", other[160] = "";

	if (explore_scenario->races == EXPLORE_RACES_ARE_POINTS) {
		points_learn(word);
		return;
	}
	if (tell_heard()) {
		name_byte(name, sizeof(name), at, byte);
		describe(one, sizeof(one), d, (const uint8_t *)at + byte);
		describe(other, sizeof(other), e, (const uint8_t *)at + byte);
	}
	explore_fail("data race: %s and %s access %s, one of them plainly, in either order", one,
	             other, name);
}

/* Accesses of step e to bytes that were accessed at these times. */
static void meet_bytes(uint32_t word, uint8_t mask, const uint16_t when[8], unsigned e)
{
	uint16_t judged = 0;

	for (unsigned i = 0; i < 8; i++) {
		if (!(mask >> i & 1) || when[i] == judged)
			continue;
		judged = when[i];
		if (judged && known_unordered(judged / 2 - 1u, judged % 2, e))
			report(word, i, judged / 2 - 1u, e);
	}
}

/* An access of step e, an agent's, against those who accessed the word plainly before. */
static void meet(uint32_t word, uint8_t mask, bool write, unsigned e, unsigned agent)
{
	const struct shadow *s = shadow(word);

	if (!(s->agents & ~(1u << agent)))
		return;
	meet_bytes(word, mask, s->write, e);
	for (unsigned a = 0; write && a < explore_scenario->agent_count; a++)
		meet_bytes(word, mask, s->read[a], e);
}

/* A plain access of step e, against those through a seam before. */
static void meet_atomic(const struct plain *p, unsigned e)
{
	int d = shadow(p->word)->atomic ? known_last(address(p->word), p->write, e) : -1;

	if (d >= 0)
		report(p->word, (unsigned)__builtin_ctz(p->mask), (unsigned)d, e);
}

/* The accesses of so many times to a word, each once, with a mask of its bytes. */
static unsigned list_times(uint32_t word, unsigned kind, const uint16_t when[8], struct record *r)
{
	unsigned n = 0;
	uint8_t listed = 0;

	for (unsigned i = 0; i < 8; i++) {
		uint8_t mask = 0;

		if (!when[i] || listed >> i & 1)
			continue;
		for (unsigned k = i; k < 8; k++)
			mask |= (uint8_t)((when[k] == when[i]) << k);
		listed |= mask;
		r[n++] = (struct record){ when[i] / 2 - 1u, when[i] % 2,
			                  (uint64_t)word << 16 | kind << 8 | mask };
	}
	return n;
}

unsigned races_records(uint32_t word, struct record *r)
{
	const struct shadow *s = shadow(word);
	unsigned n = list_times(word, 0, s->write, r);

	for (unsigned a = 0; a < explore_scenario->agent_count; a++)
		n += list_times(word, 1 + a, s->read[a], r + n);
	return s->atomic ? n + known_records(address(word), r + n) : n;
}

static void remember(const struct plain *p, bool after, unsigned e, unsigned agent)
{
	struct shadow *s = shadow(p->word);
	uint16_t *when = p->write ? s->write : s->read[agent];

	if (reduce_news())
		contested_learn(p->word, agent, true, p->write);
	s->agents |= (uint8_t)(1u << agent);
	if (p->write)
		points_written(p->word, agent);
	if (p->write && explore_scenario->races == EXPLORE_RACES_ARE_POINTS &&
	    run_who(agent)->buffered)
		early_stored(p->word, agent);
	for (unsigned i = 0; i < 8; i++)
		when[i] = p->mask >> i & 1 ? (uint16_t)(2 * e + 2 + after) : when[i];
}

void races_close(unsigned e, unsigned agent, const struct footprint *f)
{
	for (unsigned i = 0; i < f->count; i++) {
		uint32_t word = words_number((const void *)(f->access[i].word * 8));

		if (word == WORD_NONE || !f->access[i].atomic)
			continue;
		meet(word, 0xff, f->access[i].write, e, agent);
		if (reduce_news())
			contested_learn(word, agent, false, f->access[i].write);
		shadow(word)->atomic = true;
	}
	for (unsigned i = 0; i < count; i++) {
		meet(plain[i].word, plain[i].mask, plain[i].write, e, agent);
		meet_atomic(&plain[i], e);
	}
	for (unsigned i = 0; i < count; i++)
		remember(&plain[i], i >= synced, e, agent);
	count = synced = 0;
}

static void add(const char *at, unsigned size, bool write)
{
	uint32_t word = words_number(at);
	uint8_t mask = (uint8_t)(((1u << size) - 1) << (uintptr_t)at % 8);

	if (word == WORD_NONE)
		return; /* deep on a stack: nobody else's */
	if (write && unchanging[word])
		run_written(at, size);
	if (count > synced && plain[count - 1].word == word && plain[count - 1].write == write)
		plain[count - 1].mask |= mask;
	else if (count < PLAIN)
		plain[count++] = (struct plain){ word, mask, write };
	else
		run_unfit("a step has more than %d plain accesses, which the explorer cannot hold",
		          PLAIN);
}

void races_plain(const void *p, size_t size, bool write)
{
	if (reduce_orders())
		sites_note(reduce_now(), p, size, run_at.site);
	for (size_t done = 0, n; reduce_orders() && done < size; done += n) {
		n = 8 - ((uintptr_t)p + done) % 8;
		if (n > size - done)
			n = size - done;
		add((const char *)p + done, (unsigned)n, write);
	}
}
