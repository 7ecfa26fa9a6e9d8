/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a verb prints: as text at once, or the same calls collected into one
 * JSON object. Problems also go to standard error, when they are found.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stdint.h>

struct out;
struct json_t;

/* Of doc/json.md: raised when a key goes away or comes to mean another thing. */
enum { OUT_SCHEMA = 1 };

/* Of a command such as "posted run"; null on lack of memory, which is told. */
struct out *out_begin(const char *command, bool json);

/* A line about the whole, folded to the terminal; in JSON it has a key, or null: is not there. */
void out_line(struct out *o, const char *key, const char *text);

/* For what has a text of its own: a value is put, or added to a list; then it is out's. */
bool out_is_json(const struct out *o);
void out_value(struct out *o, const char *key, struct json_t *value);
void out_append(struct out *o, const char *key, struct json_t *value);

/* A sentence for standard error and the list of problems. */
void out_problem(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
unsigned out_problems(const struct out *o);

/*
 * Prints what is left, with ok for STATUS_GOOD, and frees. What to exit with: this
 * status, or STATUS_FAILED, which is told, if anything could not be written.
 */
int out_end(struct out *o, int status);

#endif
