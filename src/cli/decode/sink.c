/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/sink.h"
#include "cli/terminal.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 16, KEY_WIDTH = 10, VALUE_WIDTH = 18 };

/* Where the text behind a label begins, and the meaning behind a value. */
enum { LABELLED = 2 + KEY_WIDTH + 1, MEANING = LABELLED + VALUE_WIDTH + 1 };

struct sink {
	FILE *text; /* null: JSON */
	char *bytes;
	size_t size;
	json_t *root; /* the list of things */
	struct {
		json_t *value; /* null in text */
		bool list;
	} at[DEPTH];       /* what is open, the list of things first */
	unsigned depth;    /* how many of them */
	unsigned indent;   /* objects open within a thing */
	unsigned things;
	char *refusal;
	bool lacks;        /* a part was not decoded */
	bool failed;       /* out of memory, or a value that JSON cannot have */
	unsigned width;    /* that lines of text are folded to; 0: they are not */
};

/* Formats, and makes it printable; null on lack of memory. To be freed. */
static char *format_text(struct sink *s, const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0) {
		s->failed = true;
		return NULL;
	}
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return text;
}

/* A line of text. What is left over is behind so many columns, counted from where we are. */
static void __attribute__((format(printf, 3, 4)))
put_line(struct sink *s, size_t hang, const char *format, ...)
{
	char *line = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		s->failed = true;
	else
		terminal_fold(s->text, line, 2 * s->indent + hang, s->width);
	va_end(args);
	free(line);
}

/* "  key        text". */
static void put_labelled(struct sink *s, const char *label, const char *text)
{
	put_line(s, LABELLED, "%*s%-*s %s", 2 * (int)s->indent + 2, "", KEY_WIDTH, label, text);
}

/* Puts value where we are; it is taken over. */
static void put(struct sink *s, const char *key, json_t *value)
{
	json_t *at = s->at[s->depth - 1].value;

	if (key ? json_object_set_new(at, key, value) : json_array_append_new(at, value))
		s->failed = true;
}

static void enter(struct sink *s, const char *key, bool list)
{
	json_t *value = NULL;

	if (s->depth == DEPTH) {
		s->failed = true;
		return;
	}
	if (!s->text) {
		value = list ? json_array() : json_object();
		put(s, key, value);
	}
	s->at[s->depth].value = value;
	s->at[s->depth].list = list;
	s->depth++;
}

struct sink *sink_new(bool json)
{
	struct sink *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->at[0].list = true;
	s->depth = 1;
	if (json) {
		s->root = json_array();
		s->at[0].value = s->root;
	} else {
		s->text = open_memstream(&s->bytes, &s->size);
	}
	if (s->root || s->text)
		return s;
	free(s);
	return NULL;
}

void sink_fold(struct sink *s, unsigned width)
{
	s->width = width;
}

bool sink_is_json(const struct sink *s)
{
	return !s->text;
}

void sink_thing(struct sink *s, const char *kind)
{
	if (s->text && s->things)
		fputc('\n', s->text);
	s->things++;
	enter(s, NULL, false);
	sink_value(s, "kind", json_string(kind));
}

void sink_open(struct sink *s, const char *key)
{
	enter(s, key, false);
	s->indent++;
}

void sink_list(struct sink *s, const char *key)
{
	enter(s, key, true);
}

void sink_close(struct sink *s)
{
	s->depth--;
	if (s->indent && !s->at[s->depth].list)
		s->indent--;
}

static json_t *field_json(enum sink_kind kind, uint64_t value)
{
	char text[24];

	switch (kind) {
	case SINK_FLAG:
		return json_boolean(value);
	case SINK_HEX64:
		snprintf(text, sizeof(text), "0x%016llx", (unsigned long long)value);
		return json_string(text);
	default:
		return json_integer((json_int_t)value);
	}
}

static void field_text(enum sink_kind kind, uint64_t value, char *text, size_t size)
{
	const char *format = kind == SINK_HEX64 ? "0x%016llx"
	                   : kind == SINK_HEX8  ? "0x%02llx"
	                   : kind == SINK_HEX   ? "0x%llx"
	                                        : "%llu";

	snprintf(text, size, format, (unsigned long long)value);
}

void sink_field(struct sink *s, const char *key, const char *label, enum sink_kind kind,
                uint64_t value, const char *format, ...)
{
	char *meaning, shown[24];
	va_list args;

	if (!s->text) {
		put(s, key, field_json(kind, value));
		return;
	}
	va_start(args, format);
	meaning = format_text(s, format, args);
	va_end(args);
	field_text(kind, value, shown, sizeof(shown));
	if (meaning && *meaning)
		put_line(s, MEANING, "%*s%-*s %-*s %s", 2 * (int)s->indent + 2, "", KEY_WIDTH,
		         label, VALUE_WIDTH, shown, meaning);
	else
		put_labelled(s, label, shown);
	free(meaning);
}

void sink_say(struct sink *s, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = format_text(s, format, args);
	va_end(args);
	if (text && s->text)
		put_labelled(s, key, text);
	else if (text)
		put(s, key, json_string(text));
	free(text);
}

void sink_note(struct sink *s, const char *format, ...)
{
	json_t *at = s->at[s->depth - 1].value;
	va_list args;
	char *text;

	va_start(args, format);
	text = format_text(s, format, args);
	va_end(args);
	if (text && s->text) {
		put_labelled(s, "note", text);
	} else if (text) {
		if (!json_object_get(at, "notes"))
			put(s, "notes", json_array());
		if (json_array_append_new(json_object_get(at, "notes"), json_string(text)))
			s->failed = true;
	}
	free(text);
}

void sink_line(struct sink *s, const char *format, ...)
{
	va_list args;
	char *text;

	if (!s->text)
		return;
	va_start(args, format);
	text = format_text(s, format, args);
	va_end(args);
	if (text)
		put_line(s, strspn(text, " ") + 2, "%*s%s", 2 * (int)s->indent, "", text);
	free(text);
}

void sink_value(struct sink *s, const char *key, json_t *value)
{
	if (s->text)
		json_decref(value);
	else
		put(s, key, value);
}

void sink_string(struct sink *s, const char *key, const char *format, ...)
{
	va_list args;
	char *text;

	if (s->text)
		return;
	va_start(args, format);
	text = format_text(s, format, args);
	va_end(args);
	if (text)
		put(s, key, json_string(text));
	free(text);
}

bool sink_refuse(struct sink *s, const char *format, ...)
{
	va_list args;

	if (s->refusal)
		return false;
	va_start(args, format);
	s->refusal = format_text(s, format, args);
	va_end(args);
	return false;
}

const char *sink_refusal(const struct sink *s)
{
	return s->refusal;
}

void sink_lack(struct sink *s)
{
	s->lacks = true;
}

bool sink_lacks(const struct sink *s)
{
	return s->lacks;
}

bool sink_print(struct sink *s, FILE *out)
{
	return !s->failed && !fflush(s->text) && fwrite(s->bytes, 1, s->size, out) == s->size &&
	       !fflush(out);
}

json_t *sink_things(const struct sink *s)
{
	return s->failed ? NULL : json_incref(s->root);
}

void sink_free(struct sink *s)
{
	if (s->text)
		fclose(s->text);
	free(s->bytes);
	json_decref(s->root);
	free(s->refusal);
	free(s);
}
