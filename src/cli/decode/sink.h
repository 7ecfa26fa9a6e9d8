/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where decoders put what they found: as text or as JSON, by the same calls.
 * It is kept until the end, so that a refusal leaves nothing on standard output.
 * Bytes that are no printable ASCII become '?' in all texts.
 */
#ifndef CLI_DECODE_SINK_H
#define CLI_DECODE_SINK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct sink;

/* How a field is shown, in text and in JSON. */
enum sink_kind {
	SINK_FLAG,   /* 0 or 1; false or true */
	SINK_NUMBER, /* 12; 12 */
	SINK_HEX8,   /* 0x0c; 12 */
	SINK_HEX,    /* 0xc; 12: at most 32 bits */
	SINK_HEX64,  /* 0x000000000000000c; the same as a string */
};

/* Null on lack of memory. */
struct sink *sink_new(bool json);
bool sink_is_json(const struct sink *s);

/* From now on lines of text are folded to so many columns. */
void sink_fold(struct sink *s, unsigned width);

/* One more thing; its kind is JSON's "kind". Ends with sink_close. */
void sink_thing(struct sink *s, const char *kind);

/* An object within; in a list key is null. Text in it is indented. Ends with sink_close. */
void sink_open(struct sink *s, const char *key);

/* A list of objects. Ends with sink_close. */
void sink_list(struct sink *s, const char *key);
void sink_close(struct sink *s);

/* A field: in text "label value meaning". The meaning, which may be "", is not in JSON. */
void sink_field(struct sink *s, const char *key, const char *label, enum sink_kind kind,
                uint64_t value, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* A sentence: in text a line that begins with its key; in JSON a string. */
void sink_say(struct sink *s, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One more sentence of the current object's "notes": what is odd, or what to know. */
void sink_note(struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* For what has a form of its own: a line that is only in the text; a value only in JSON. */
void sink_line(struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sink_value(struct sink *s, const char *key, json_t *value);
void sink_string(struct sink *s, const char *key, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says why an input cannot be decoded, and where; always false. The first one counts. */
bool sink_refuse(struct sink *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *sink_refusal(const struct sink *s); /* null: none */

/* Says that part of an input cannot be decoded, though the rest is; and whether any was so. */
void sink_lack(struct sink *s);
bool sink_lacks(const struct sink *s);

/* Writes the text; false if out of memory, or as stdio fails. */
bool sink_print(struct sink *s, FILE *out);

/* In JSON the list of things, a reference for the caller; null if out of memory. */
json_t *sink_things(const struct sink *s);
void sink_free(struct sink *s);

#endif
