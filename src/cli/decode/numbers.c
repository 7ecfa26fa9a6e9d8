/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Things given as hexadecimal numbers. A line is read number by number: how
 * many digits each has, and words before it, tell which numbers are one thing.
 */
#include "cli/decode/numbers.h"
#include "cli/decode/caps.h"
#include "cli/decode/msi.h"
#include "cli/decode/pair.h"
#include "cli/decode/pid.h"
#include "cli/decode/words.h"
#include <string.h>
#include <strings.h>

enum { WORD = 16, PAIR = 32, DESCRIPTOR = 128 }; /* digits */

enum {
	KEY_CAP = 1 << 0,
	KEY_ECAP = 1 << 1,
	KEY_IRTE = 1 << 2,
	KEY_FAULT = 1 << 3,
	KEY_HI = 1 << 4,
	KEY_LO = 1 << 5,
	KEY_ADDRESS = 1 << 6,
	KEY_DATA = 1 << 7,
};

/* Words that may stand before a number, with '=', ':' or nothing behind. */
static const struct {
	const char *name;
	unsigned key;
} keys[] = {
	{ "cap", KEY_CAP },         { "ecap", KEY_ECAP },  { "irte", KEY_IRTE },
	{ "fault", KEY_FAULT },     { "high", KEY_HI },    { "hi", KEY_HI },
	{ "low", KEY_LO },          { "lo", KEY_LO },      { "address", KEY_ADDRESS },
	{ "addr", KEY_ADDRESS },    { "data", KEY_DATA },
};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

struct reader {
	struct sink *s;
	const char *start; /* of the line */
	unsigned line;     /* from 1; 0 if there is only one */
	unsigned keys;     /* that the input's name implies */
	unsigned things;
};

struct number {
	struct words digits;
	size_t count;
	uint64_t value; /* if it has no more than WORD digits */
	unsigned keys;
	bool joined;    /* the next follows a colon */
};

/* Where in the input: "line 2, character 5". */
static const char *where(const struct reader *r, const char *at, char text[64])
{
	if (r->line)
		snprintf(text, 64, "line %u, character %zu", r->line, (size_t)(at - r->start) + 1);
	else
		snprintf(text, 64, "character %zu", (size_t)(at - r->start) + 1);
	return text;
}

/* Takes a key and what separates it off the front of a word; 0 if there is none. */
static unsigned take_key(struct words *word)
{
	for (unsigned i = 0; i < KEYS; i++) {
		size_t size = strlen(keys[i].name);

		if (words_size(*word) < size || strncasecmp(word->at, keys[i].name, size))
			continue;
		if (word->at + size == word->end) {
			word->at += size;
			return keys[i].key;
		}
		if (word->at[size] == '=' || word->at[size] == ':') {
			word->at += size + 1;
			return keys[i].key;
		}
	}
	return 0;
}

static bool refuse_digit(struct reader *r, const char *at)
{
	char text[64];

	return sink_refuse(r->s, "%s: '%c' where a hexadecimal digit was expected",
	                   where(r, at, text), *at);
}

/* The digits of a word, up to its end or to a colon between two numbers. */
static bool take_digits(struct reader *r, struct words *word, struct number *n)
{
	if (words_size(*word) > 2 && word->at[0] == '0' && (word->at[1] | 0x20) == 'x')
		word->at += 2;
	n->digits.at = word->at;
	for (n->value = 0; word->at < word->end && words_digit(*word->at) >= 0; word->at++)
		n->value = n->value << 4 | (unsigned)words_digit(*word->at);
	n->digits.end = word->at;
	n->count = words_size(n->digits);
	if (word->at == word->end && n->count)
		return true;
	n->joined = n->count && *word->at == ':';
	if (!n->joined)
		return refuse_digit(r, word->at);
	word->at++;
	return true;
}

/* The next number of a line; false at its end, or if it was refused. */
static bool next_number(struct reader *r, struct words *line, struct number *n)
{
	struct words word;
	unsigned key;
	char text[64];

	*n = (struct number){ .keys = r->keys };
	while (words_next(line, &word)) {
		while (word.at < word.end && (key = take_key(&word)) != 0)
			n->keys |= key;
		if (word.at == word.end)
			continue;
		if (!take_digits(r, &word, n))
			return false;
		line->at = word.at;
		return true;
	}
	if (n->keys & ~r->keys)
		sink_refuse(r->s, "%s: a number is missing", where(r, line->at, text));
	return false;
}

/* As next_number, of what may be a part of a thing; takes it off only if it is. */
static bool next_part(struct reader *r, struct words *line, struct number *n)
{
	struct words rest = *line;

	if (!next_number(r, &rest, n) || n->count > WORD)
		return false;
	*line = rest;
	return true;
}

static void take_descriptor(struct reader *r, const struct number *n)
{
	uint8_t bytes[64];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(words_digit(n->digits.at[2 * i]) << 4 |
		                     words_digit(n->digits.at[2 * i + 1]));
	pid_say(r->s, bytes, PID_GROUPS_NONE, true);
}

static struct pair_hint hint_of(unsigned any, bool order)
{
	return (struct pair_hint){ any & KEY_IRTE, any & KEY_FAULT && !(any & KEY_IRTE), order };
}

static void take_wide(struct reader *r, const struct number *n)
{
	struct pi_pair raw = { 0, 0 };

	for (unsigned i = 0; i < WORD; i++) {
		raw.hi = raw.hi << 4 | (unsigned)words_digit(n->digits.at[i]);
		raw.lo = raw.lo << 4 | (unsigned)words_digit(n->digits.at[WORD + i]);
	}
	pair_say(r->s, raw, hint_of(n->keys, false));
}

/* Two 64-bit words; which is which may have been said of one or both. */
static bool take_words(struct reader *r, const struct number *a, const struct number *b)
{
	bool low_first = a->keys & KEY_LO || b->keys & KEY_HI;
	bool high_first = a->keys & KEY_HI || b->keys & KEY_LO;
	struct pi_pair raw = { .lo = low_first ? a->value : b->value,
		               .hi = low_first ? b->value : a->value };
	char text[64];

	if (low_first && high_first)
		return sink_refuse(r->s, "%s: the same half of 128 bits twice",
		                   where(r, b->digits.at, text));
	pair_say(r->s, raw, hint_of(a->keys | b->keys, low_first || high_first));
	return true;
}

static bool is_message_address(uint64_t address)
{
	return msi_is_interrupt((struct msi_msg){ .addr_lo = (uint32_t)address });
}

/* Of two words, one of them short: an address and data. */
static bool is_message(const struct number *a, const struct number *b)
{
	if (a->keys & KEY_ADDRESS || b->keys & KEY_DATA)
		return true;
	if ((a->keys | b->keys) & (KEY_IRTE | KEY_FAULT | KEY_HI | KEY_LO))
		return false;
	return is_message_address(a->value) && !(b->value >> 32) &&
	       (a->count <= WORD / 2 || b->count <= WORD / 2);
}

/* Address, data; or address, upper address, data. */
static bool take_message(struct reader *r, struct words *line, const struct number *a,
                         const struct number *b)
{
	struct msi_msg m = { (uint32_t)a->value, (uint32_t)(a->value >> 32), (uint32_t)b->value };
	bool may = a->count <= WORD / 2 && a->joined == b->joined && !(b->keys & KEY_DATA);
	struct words rest = *line;
	struct number third;
	char text[64];

	if (!is_message_address(a->value) || b->value >> 32)
		return sink_refuse(r->s, "%s: no message: an address is 0xfee00000 to 0xfeefffff, "
		                   "data has 32 bits", where(r, a->digits.at, text));
	if (may && next_part(r, &rest, &third) && third.count <= WORD / 2 &&
	    !is_message_address(third.value) && !(third.keys & ~(unsigned)KEY_DATA)) {
		m.addr_hi = (uint32_t)b->value;
		m.data = (uint32_t)third.value;
		*line = rest;
	}
	msi_say(r->s, m);
	return true;
}

static bool refuse_count(struct reader *r, const struct number *n)
{
	char text[64];

	where(r, n->digits.at, text);
	if (n->count > WORD)
		return sink_refuse(r->s, "%s: %zu digits: an entry or a fault record has 32 (or "
		                   "twice 16), a descriptor 128", text, n->count);
	if (is_message_address(n->value))
		return sink_refuse(r->s, "%s: a message's address without its data", text);
	return sink_refuse(r->s, "%s: one number of %zu digits alone: write cap=... or "
	                   "ecap=... for a capability register, or both halves of an entry "
	                   "or a fault record", text, n->count);
}

static bool take_thing(struct reader *r, struct words *line, const struct number *a)
{
	struct number b;

	if (a->keys & (KEY_CAP | KEY_ECAP) && a->count <= WORD)
		caps_say(r->s, a->value, a->keys & KEY_ECAP);
	else if (a->count == DESCRIPTOR)
		take_descriptor(r, a);
	else if (a->count == PAIR)
		take_wide(r, a);
	else if (a->count > WORD || !next_part(r, line, &b))
		return refuse_count(r, a);
	else if (is_message(a, &b))
		return take_message(r, line, a, &b);
	else
		return take_words(r, a, &b);
	return true;
}

static bool take_line(struct reader *r, struct words line)
{
	struct number first;

	while (next_number(r, &line, &first)) {
		if (++r->things > DECODE_MAX_THINGS)
			return sink_refuse(r->s, "line %u: more than %d things at once", r->line,
			                   DECODE_MAX_THINGS);
		if (!take_thing(r, &line, &first))
			return false;
	}
	return !sink_refusal(r->s);
}

/* What a file of /sys is called says which register it shows. */
static unsigned implied_keys(const char *name)
{
	const char *slash = name ? strrchr(name, '/') : NULL;
	const char *base = slash ? slash + 1 : name;

	if (base && !strcmp(base, "cap"))
		return KEY_CAP;
	return base && !strcmp(base, "ecap") ? KEY_ECAP : 0;
}

/* A key, or a word of digits; a long one may have an error in it, which is told of then. */
bool decode_numbers_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size), line, word;
	const char *first;
	bool any = false;

	while (!any && words_line(&text, &line))
		any = words_next(&line, &word);
	if (!any || take_key(&word))
		return any;
	if (words_skip(&word, "0x") && word.at == word.end)
		return false;
	for (first = word.at; word.at < word.end && words_digit(*word.at) >= 0; word.at++)
		;
	return word.at - first >= 4 ||
	       (word.at > first && (word.at == word.end || *word.at == ':'));
}

bool decode_numbers(const struct decode_input *in, struct sink *s)
{
	struct words text = words_of(in->text, in->size), line;
	struct reader r = { .s = s, .keys = implied_keys(in->name) };
	bool several = memchr(in->text, '\n', in->size) != NULL;

	while (words_line(&text, &line)) {
		r.start = line.at;
		r.line += several;
		if (!take_line(&r, line))
			return false;
	}
	return true;
}
