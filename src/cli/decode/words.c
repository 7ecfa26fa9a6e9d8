/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/words.h"
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == ',' || c == '\0';
}

bool words_line(struct words *text, struct words *line)
{
	const char *end;

	if (text->at == text->end)
		return false;
	end = memchr(text->at, '\n', words_size(*text));
	*line = (struct words){ text->at, end ? end : text->end };
	text->at = end ? end + 1 : text->end;
	return true;
}

bool words_next(struct words *line, struct words *word)
{
	while (line->at < line->end && is_blank(*line->at))
		line->at++;
	word->at = line->at;
	while (line->at < line->end && !is_blank(*line->at))
		line->at++;
	word->end = line->at;
	return word->at < word->end;
}

bool words_equal(struct words w, const char *text)
{
	return words_size(w) == strlen(text) && !memcmp(w.at, text, words_size(w));
}

bool words_skip(struct words *w, const char *prefix)
{
	size_t size = strlen(prefix);

	if (words_size(*w) < size || memcmp(w->at, prefix, size))
		return false;
	w->at += size;
	return true;
}

const char *words_find(struct words w, const char *needle)
{
	return memmem(w.at, words_size(w), needle, strlen(needle));
}

bool words_after(struct words w, const char *needle, struct words *rest)
{
	const char *found = words_find(w, needle);

	if (!found)
		return false;
	*rest = (struct words){ found + strlen(needle), w.end };
	return true;
}

int words_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool words_take_hex(struct words *w, uint64_t *value)
{
	const char *first;

	if (words_size(*w) > 1 && w->at[0] == '0' && (w->at[1] | 0x20) == 'x')
		w->at += 2;
	first = w->at;
	for (*value = 0; w->at < w->end && words_digit(*w->at) >= 0; w->at++) {
		if (*value >> 60)
			return false;
		*value = *value << 4 | (unsigned)words_digit(*w->at);
	}
	return w->at > first;
}

bool words_take_decimal(struct words *w, uint64_t *value)
{
	const char *first = w->at;

	for (*value = 0; w->at < w->end && *w->at >= '0' && *w->at <= '9'; w->at++) {
		if (*value > (UINT64_MAX - 9) / 10)
			return false;
		*value = *value * 10 + (unsigned)(*w->at - '0');
	}
	return w->at > first;
}

bool words_hex(struct words w, uint64_t *value)
{
	return words_take_hex(&w, value) && w.at == w.end;
}

bool words_decimal(struct words w, uint64_t *value)
{
	return words_take_decimal(&w, value) && w.at == w.end;
}

bool words_source(struct words w, uint16_t *sid)
{
	uint64_t bus, device, function;
	struct words segment = w;

	/* Two colons: a segment goes first. */
	if (words_take_hex(&segment, &bus) && words_skip(&segment, ":") &&
	    words_find(segment, ":"))
		w = segment;
	if (!words_take_hex(&w, &bus) || !words_skip(&w, ":") || !words_take_hex(&w, &device) ||
	    !words_skip(&w, ".") || !words_hex(w, &function))
		return false;
	if (bus > 0xff || device > 0x1f || function > 7)
		return false;
	*sid = (uint16_t)(bus << 8 | device << 3 | function);
	return true;
}
