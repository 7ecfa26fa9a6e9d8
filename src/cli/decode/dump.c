/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors, entries or a DMAR table as memory. A line of a dump is an offset and
 * groups of digits; a group is bytes in their order, or a little-endian number: where it
 * has a 0x, and in hexdump's own form, whose offsets have seven digits and no colon.
 * Groups of 4 or 8 bytes without 0x may be either: which makes a table or better
 * descriptors is found out.
 */
#include "cli/decode/dump.h"
#include "cli/decode/memory.h"
#include "cli/decode/words.h"
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTOR = 64, ROW = 16, HEXDUMP_OFFSET = 7, GROUP = 32 };

struct dump {
	struct sink *s;
	uint8_t *bytes;
	size_t size, room;
	uint64_t first, offset; /* of the first line, and of this one */
	bool repeats;           /* a line of '*' stands for rows like the last one */
	unsigned line;
	char ascii;             /* what begins the column of characters, 0: two blanks */
	bool little;            /* groups without 0x are little-endian */
	bool offsets;           /* lines begin with them */
	bool numbers;           /* how groups are read that may be either */
	bool either;            /* there were some */
};

static bool is_hex_word(struct words w)
{
	for (const char *c = w.at; c < w.end; c++)
		if (words_digit(*c) < 0)
			return false;
	return w.at < w.end;
}

/* Takes an offset off the front of a line, and what it tells of the dump's form; false: none. */
static bool take_offset(struct words *line, struct dump *d)
{
	struct words rest = *line, word;
	bool colon;

	if (!words_next(&rest, &word))
		return false;
	colon = word.end[-1] == ':';
	word.end -= colon;
	if (!words_hex(word, &d->offset) || (!colon && words_size(word) < HEXDUMP_OFFSET))
		return false;
	if (!colon && (!is_hex_word(word) || words_size(word) > HEXDUMP_OFFSET + 1))
		return false;
	d->ascii = colon ? 0 : '|';
	d->little = !colon && words_size(word) == HEXDUMP_OFFSET;
	*line = rest;
	return true;
}

/* A group may have an even number of digits, up to GROUP. */
static bool put_group(struct dump *d, struct words w)
{
	struct words digits = w;
	bool little = words_skip(&digits, "0x") || d->little;
	size_t count = words_size(digits) / 2;

	if (!little && (count == 4 || count == 8)) {
		d->either = true;
		little = d->numbers;
	}
	if (!is_hex_word(digits) || words_size(digits) % 2 || words_size(digits) > GROUP)
		return sink_refuse(d->s, "line %u: \"%.*s\" is no group of a dump's bytes", d->line,
		                   (int)(words_size(w) < 40 ? words_size(w) : 40), w.at);
	if (d->size + count > d->room)
		return sink_refuse(d->s, "line %u: more bytes than a dump of this size can have",
		                   d->line);
	for (size_t i = 0; i < count; i++) {
		const char *at = digits.at + 2 * (little ? count - 1 - i : i);

		d->bytes[d->size++] = (uint8_t)(words_digit(at[0]) << 4 | words_digit(at[1]));
	}
	return true;
}

/* Rows that a '*' left out, up to this line's offset. */
static bool repeat(struct dump *d)
{
	uint64_t size = d->offset - d->first;

	d->repeats = false;
	if (size % ROW || size <= d->size || d->size < ROW || size > d->room)
		return sink_refuse(d->s, "line %u: the offset does not fit to the \"*\" above it",
		                   d->line);
	for (; d->size < size; d->size += ROW)
		memcpy(d->bytes + d->size, d->bytes + d->size - ROW, ROW);
	return true;
}

/* The column of characters, which some forms have, is no bytes. */
static struct words without_ascii(struct words line, const struct dump *d)
{
	const char *end;

	while (line.at < line.end && (*line.at == ' ' || *line.at == '\t'))
		line.at++;
	end = d->ascii ? memchr(line.at, d->ascii, words_size(line)) : words_find(line, "  ");
	if (end)
		line.end = end;
	return line;
}

static bool put_line(struct dump *d, struct words line)
{
	struct words word;

	if (d->offsets && words_find(line, "*") == line.at && words_size(line) == 1) {
		d->repeats = true;
		return true;
	}
	if (d->offsets) {
		bool first = !d->size;

		if (!take_offset(&line, d))
			return sink_refuse(d->s, "line %u: no offset, as the lines above have",
			                   d->line);
		if (first)
			d->first = d->offset;
		if (d->repeats && !repeat(d))
			return false;
		if (d->offset - d->first != d->size)
			return sink_refuse(d->s, "line %u: the offset is %lld, after %zu bytes",
			                   d->line, (long long)(d->offset - d->first), d->size);
		line = without_ascii(line, d);
	}
	while (words_next(&line, &word))
		if (!put_group(d, word))
			return false;
	return true;
}

static bool is_blank_line(struct words line)
{
	struct words word;

	return !words_next(&line, &word);
}

static bool read_dump(struct dump *d, struct words text)
{
	struct words line, probe;
	bool first = true;

	while (words_line(&text, &line)) {
		d->line++;
		if (is_blank_line(line))
			continue;
		probe = line;
		if (first)
			d->offsets = take_offset(&probe, d);
		first = false;
		if (!put_line(d, line))
			return false;
	}
	return true;
}

/* How likely these are descriptors, in the ranks of one. */
static unsigned rank(const struct dump *d)
{
	unsigned sum = 0;

	for (size_t at = 0; at + DESCRIPTOR <= d->size; at += DESCRIPTOR)
		sum += pid_rank(d->bytes + at);
	return sum;
}

/*
 * Of both readings the likelier. Among equals numbers, which is what crash's rd and
 * xxd -e print of their own accord; xxd has to be told to group so many bytes.
 */
static bool say_likelier(struct sink *s, const struct dump *bytes, const struct dump *numbers)
{
	bool in_order = memory_is_dmar(bytes->bytes, bytes->size) || rank(bytes) > rank(numbers);
	const struct dump *best = in_order ? bytes : numbers;
	bool sure = rank(bytes) != rank(numbers) || !memcmp(bytes->bytes, numbers->bytes,
	                                                    bytes->size);

	return memory_say(s, best->bytes, best->size,
	                       best == bytes ? PID_GROUPS_OF_BYTES : PID_GROUPS_ARE_NUMBERS, sure);
}

/* Behind its first offset: two groups or more, of the size that the form demands. */
static bool begins_dump(struct words line, const struct dump *d)
{
	struct words text = without_ascii(line, d), word;
	unsigned groups = 0;

	if (d->ascii && !d->little && text.end == line.end)
		return false;
	while (words_next(&text, &word)) {
		if (d->little && words_size(word) != 4)
			return false;
		words_skip(&word, "0x");
		if (!is_hex_word(word))
			return false;
		groups++;
	}
	return groups > 1;
}

/* A first line with an offset and more, or of pairs of digits and nothing else. */
bool decode_dump_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size), line, word;
	unsigned groups = 0;
	struct dump d;

	do {
		if (!words_line(&text, &line))
			return false;
	} while (is_blank_line(line));
	if (take_offset(&line, &d))
		return begins_dump(line, &d);
	while (words_next(&line, &word)) {
		words_skip(&word, "0x");
		if (words_size(word) != 2 || !is_hex_word(word))
			return false;
		groups++;
	}
	return groups >= 4;
}

static bool decode_either(struct words text, struct dump *bytes, struct dump *numbers)
{
	if (!read_dump(bytes, text))
		return false;
	if (!bytes->either)
		return memory_say(bytes->s, bytes->bytes, bytes->size, PID_GROUPS_NONE, true);
	return read_dump(numbers, text) && say_likelier(bytes->s, bytes, numbers);
}

bool decode_dump(const struct decode_input *in, struct sink *s)
{
	size_t most = ((size_t)DECODE_MAX_THINGS + 1) * DESCRIPTOR;
	size_t room = in->size + DESCRIPTOR * (size_t)DESCRIPTOR;
	struct dump bytes = { .s = s, .room = room < most ? room : most };
	struct dump numbers = bytes;
	bool good = false;

	numbers.numbers = true;
	bytes.bytes = malloc(bytes.room);
	numbers.bytes = malloc(numbers.room);
	if (bytes.bytes && numbers.bytes)
		good = decode_either(words_of(in->text, in->size), &bytes, &numbers);
	else
		sink_refuse(s, "out of memory");
	free(bytes.bytes);
	free(numbers.bytes);
	return good;
}
