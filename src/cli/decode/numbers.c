/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Things given as hexadecimal numbers. A line is read number by number: how
 * many digits each has, and words before it, tell which numbers are one thing.
 */
#include "cli/decode/numbers.h"
#include "cli/decode/caps.h"
#include "cli/decode/msi.h"
#include "cli/decode/number.h"
#include "cli/decode/pair.h"
#include "cli/decode/pid.h"
#include <ctype.h>
#include <string.h>

enum { PAIR = 32, DESCRIPTOR = 128 }; /* digits */
enum { GROUPS = 4 }; /* of 32 bits in an entry */

struct reader {
	struct number_reader in;
	unsigned things;
};

static void take_descriptor(struct reader *r, const struct number *n)
{
	uint8_t bytes[64];

	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(words_digit(n->digits.at[2 * i]) << 4 |
		                     words_digit(n->digits.at[2 * i + 1]));
	pid_say(r->in.s, bytes, PID_GROUPS_NONE, true);
}

static struct pair_hint hint_of(unsigned any, bool order)
{
	return (struct pair_hint){ .irte = any & KEY_IRTE,
		                   .fault = any & KEY_FAULT && !(any & KEY_IRTE),
		                   .order = order };
}

static void take_wide(struct reader *r, const struct number *n)
{
	struct pstd_pair raw = { 0, 0 };

	for (unsigned i = 0; i < NUMBER_WORD; i++) {
		raw.hi = raw.hi << 4 | (unsigned)words_digit(n->digits.at[i]);
		raw.lo = raw.lo << 4 | (unsigned)words_digit(n->digits.at[NUMBER_WORD + i]);
	}
	pair_say(r->in.s, raw, hint_of(n->keys, false));
}

/* Two words that nobody called an entry or a fault record, and more like CAP and ECAP. */
static bool are_caps(const struct number *a, const struct number *b, struct pstd_pair raw,
                     struct pair_hint hint)
{
	unsigned said = KEY_IRTE | KEY_FAULT | KEY_HI | KEY_LO;

	return !((a->keys | b->keys) & said) && !pair_is_good(raw, hint) &&
	       (caps_are_likely(a->value, b->value) || caps_are_likely(b->value, a->value));
}

/* Two 64-bit words; which is which may have been said of one or both. */
static bool take_words(struct reader *r, const struct number *a, const struct number *b)
{
	bool low_first = a->keys & KEY_LO || b->keys & KEY_HI;
	bool high_first = a->keys & KEY_HI || b->keys & KEY_LO;
	struct pstd_pair raw = { .lo = low_first ? a->value : b->value,
		                 .hi = low_first ? b->value : a->value };
	struct pair_hint hint = hint_of(a->keys | b->keys, low_first || high_first);
	char text[NUMBER_WHERE];

	if (low_first && high_first)
		return sink_refuse(r->in.s, "%s: the same half of 128 bits twice",
		                   number_where(&r->in, b->digits.at, text));
	if (are_caps(a, b, raw, hint))
		return sink_refuse(r->in.s, "%s: an entry or a fault record would have reserved "
		                   "bits set; if these are the capability registers write "
		                   "cap=... ecap=..., else irte or fault before them",
		                   number_where(&r->in, a->digits.at, text));
	pair_say(r->in.s, raw, hint);
	return true;
}

/* Four groups, the most significant one first. */
static struct pstd_pair of_groups(const struct number n[GROUPS])
{
	return (struct pstd_pair){ .hi = n[0].value << 32 | n[1].value,
		                   .lo = n[2].value << 32 | n[3].value };
}

static struct pstd_pair of_words(const struct number n[2])
{
	return (struct pstd_pair){ .hi = n[0].value, .lo = n[1].value };
}

/*
 * Four numbers of 8 digits are one thing of 128 bits. Shorter ones may also be two
 * of two words each, without their zeros: they are what makes better entries.
 */
static bool are_groups(const struct number n[GROUPS])
{
	struct pair_hint two = hint_of(n[0].keys, false), one = two;
	bool whole = true;

	one.groups = true;
	for (unsigned i = 0; i < GROUPS; i++) {
		if (n[i].count > NUMBER_GROUP || (i && n[i].keys) ||
		    n[i].keys & ~(unsigned)(KEY_IRTE | KEY_FAULT))
			return false;
		whole = whole && n[i].count == NUMBER_GROUP;
	}
	return whole || (pair_is_good(of_groups(n), one) &&
	                 !(pair_is_good(of_words(n), two) && pair_is_good(of_words(n + 2), two)));
}

/* Takes the third and the fourth off the line, if all four are one thing. */
static bool take_groups(struct reader *r, struct words *line, const struct number *a,
                        const struct number *b)
{
	struct number n[GROUPS] = { *a, *b };
	struct pair_hint hint = hint_of(a->keys, false);
	struct words rest = *line;

	if (a->count > NUMBER_GROUP || b->count > NUMBER_GROUP ||
	    !number_next_part(&r->in, &rest, &n[2]) || !number_next_part(&r->in, &rest, &n[3]) ||
	    !are_groups(n))
		return false;
	*line = rest;
	hint.groups = true;
	pair_say(r->in.s, of_groups(n), hint);
	return true;
}

static bool is_message_address(uint64_t address)
{
	return pstd_msi_is_interrupt((struct pstd_msi_msg){ .addr_lo = (uint32_t)address });
}

/* Of two words, one of them short: an address and data. */
static bool is_message(const struct number *a, const struct number *b)
{
	if (a->keys & KEY_ADDRESS || b->keys & KEY_DATA)
		return true;
	if ((a->keys | b->keys) & (KEY_IRTE | KEY_FAULT | KEY_HI | KEY_LO))
		return false;
	return is_message_address(a->value) && !(b->value >> 32) &&
	       (a->count <= NUMBER_GROUP || b->count <= NUMBER_GROUP);
}

/* Address, data; or address, upper address, data. */
static bool take_message(struct reader *r, struct words *line, const struct number *a,
                         const struct number *b)
{
	struct pstd_msi_msg m = { (uint32_t)a->value, (uint32_t)(a->value >> 32),
		                  (uint32_t)b->value };
	bool may = a->count <= NUMBER_GROUP && a->joined == b->joined && !(b->keys & KEY_DATA);
	struct words rest = *line;
	struct number third;
	char text[NUMBER_WHERE];

	if (!is_message_address(a->value) || b->value >> 32)
		return sink_refuse(r->in.s, "%s: no message: an address is 0xfee00000 to "
		                   "0xfeefffff, data has 32 bits",
		                   number_where(&r->in, a->digits.at, text));
	if (may && number_next_part(&r->in, &rest, &third) && third.count <= NUMBER_GROUP &&
	    !is_message_address(third.value) && !(third.keys & ~(unsigned)KEY_DATA)) {
		m.addr_hi = (uint32_t)b->value;
		m.data = (uint32_t)third.value;
		*line = rest;
	}
	msi_say(r->in.s, m);
	return true;
}

static bool refuse_count(struct reader *r, const struct number *n)
{
	char text[NUMBER_WHERE];

	number_where(&r->in, n->digits.at, text);
	if (n->count > NUMBER_WORD)
		return sink_refuse(r->in.s, "%s: %zu digits: an entry or a fault record has 32 (or "
		                   "twice 16), a descriptor 128", text, n->count);
	if (is_message_address(n->value))
		return sink_refuse(r->in.s, "%s: a message's address without its data", text);
	return sink_refuse(r->in.s, "%s: one number of %zu digits alone: write cap=... or "
	                   "ecap=... for a capability register, or both halves of an entry "
	                   "or a fault record", text, n->count);
}

static bool take_thing(struct reader *r, struct words *line, const struct number *a)
{
	struct number b;

	if (a->keys & (KEY_CAP | KEY_ECAP) && a->count <= NUMBER_WORD)
		caps_say(r->in.s, a->value, a->keys & KEY_ECAP);
	else if (a->count == DESCRIPTOR)
		take_descriptor(r, a);
	else if (a->count == PAIR)
		take_wide(r, a);
	else if (a->count > NUMBER_WORD || !number_next_part(&r->in, line, &b))
		return refuse_count(r, a);
	else if (is_message(a, &b))
		return take_message(r, line, a, &b);
	else
		return take_groups(r, line, a, &b) ||
		       (!sink_refusal(r->in.s) && take_words(r, a, &b));
	return true;
}

static bool take_line(struct reader *r, struct words line)
{
	struct number first;

	while (number_next(&r->in, &line, &first)) {
		if (++r->things > DECODE_MAX_THINGS)
			return sink_refuse(r->in.s, "line %u: more than %d things at once",
			                   r->in.line, DECODE_MAX_THINGS);
		if (!take_thing(r, &line, &first))
			return false;
	}
	return !sink_refusal(r->in.s);
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

/* A word may be a number with an error in it, which is told of then; a date or "added" is none. */
static bool is_almost_number(struct words digits, struct words rest, bool prefix)
{
	bool decimal = prefix;

	for (const char *c = digits.at; c < digits.end; c++)
		decimal |= isdigit((unsigned char)*c) != 0;
	if (words_size(digits) >= NUMBER_WORD || rest.at == rest.end || *rest.at == ':')
		return words_size(digits) && (decimal || words_size(digits) >= NUMBER_GROUP);
	return words_size(digits) >= 4 && decimal && isalnum((unsigned char)*rest.at);
}

/* The first word is a key or a number. */
bool decode_numbers_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size), line, word;
	bool any = false, prefix;
	const char *first;

	while (!any && words_line(&text, &line))
		any = words_next(&line, &word);
	if (!any || number_key(&word))
		return any;
	prefix = words_skip(&word, "0x");
	for (first = word.at; word.at < word.end && words_digit(*word.at) >= 0; word.at++)
		;
	return is_almost_number((struct words){ first, word.at }, word, prefix);
}

bool decode_numbers(const struct decode_input *in, struct sink *s)
{
	struct words text = words_of(in->text, in->size), line;
	struct reader r = { .in = { .s = s, .keys = implied_keys(in->name) } };
	bool several = memchr(in->text, '\n', in->size) != NULL;

	while (words_line(&text, &line)) {
		r.in.start = line.at;
		r.in.line += several;
		if (!take_line(&r, line))
			return false;
	}
	return true;
}
