/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/number.h"
#include <string.h>
#include <strings.h>

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

const char *number_where(const struct number_reader *r, const char *at, char text[NUMBER_WHERE])
{
	if (r->line)
		snprintf(text, NUMBER_WHERE, "line %u, character %zu", r->line,
		         (size_t)(at - r->start) + 1);
	else
		snprintf(text, NUMBER_WHERE, "character %zu", (size_t)(at - r->start) + 1);
	return text;
}

unsigned number_key(struct words *word)
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

static bool refuse_digit(struct number_reader *r, const char *at)
{
	char text[NUMBER_WHERE];

	return sink_refuse(r->s, "%s: '%c' where a hexadecimal digit was expected",
	                   number_where(r, at, text), *at);
}

/* The digits of a word, up to its end or to a colon between two numbers. */
static bool take_digits(struct number_reader *r, struct words *word, struct number *n)
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

bool number_next(struct number_reader *r, struct words *line, struct number *n)
{
	struct words word;
	unsigned key;
	char text[NUMBER_WHERE];

	*n = (struct number){ .keys = r->keys };
	while (words_next(line, &word)) {
		while (word.at < word.end && (key = number_key(&word)) != 0)
			n->keys |= key;
		if (word.at == word.end)
			continue;
		if (!take_digits(r, &word, n))
			return false;
		line->at = word.at;
		return true;
	}
	if (n->keys & ~r->keys)
		sink_refuse(r->s, "%s: a number is missing", number_where(r, line->at, text));
	return false;
}

bool number_next_part(struct number_reader *r, struct words *line, struct number *n)
{
	struct words rest = *line;

	if (!number_next(r, &rest, n) || n->count > NUMBER_WORD)
		return false;
	*line = rest;
	return true;
}
