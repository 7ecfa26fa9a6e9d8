/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out.h"
#include "cli/status.h"
#include "cli/terminal.h"
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct out {
	const char *command;
	json_t *root; /* null: text */
	unsigned problems;
	bool failed; /* JSON: out of memory */
};

static void put(struct out *o, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		o->failed = true;
}

struct out *out_begin(const char *command, bool json)
{
	struct out *o = calloc(1, sizeof(*o));

	if (!o) {
		fprintf(stderr, "%s: out of memory\n", command);
		return NULL;
	}
	o->command = command;
	if (!json)
		return o;
	o->root = json_object();
	put(o, o->root, "schema", json_integer(OUT_SCHEMA));
	put(o, o->root, "version", json_string(POSTED_VERSION));
	put(o, o->root, "problems", json_array());
	return o;
}

void out_line(struct out *o, const char *key, const char *text)
{
	if (!o->root)
		terminal_fold(stdout, text, 0, terminal_width(STDOUT_FILENO));
	else if (key)
		put(o, o->root, key, json_string(text));
}

/* File names may hold any bytes, JSON only UTF-8. */
static json_t *json_text(char *text)
{
	json_t *string = json_string(text);

	if (string)
		return string;
	for (char *c = text; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return json_string(text);
}

bool out_is_json(const struct out *o)
{
	return o->root;
}

void out_value(struct out *o, const char *key, json_t *value)
{
	put(o, o->root, key, value);
}

void out_append(struct out *o, const char *key, json_t *value)
{
	if (!json_object_get(o->root, key))
		put(o, o->root, key, json_array());
	if (json_array_append_new(json_object_get(o->root, key), value))
		o->failed = true;
}

void out_problem(struct out *o, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "%s\n", text);
	o->problems++;
	if (o->root && json_array_append_new(json_object_get(o->root, "problems"),
	                                     json_text(text)))
		o->failed = true;
}

unsigned out_problems(const struct out *o)
{
	return o->problems;
}

int out_end(struct out *o, int status)
{
	bool good = !o->failed;

	if (o->root) {
		put(o, o->root, "ok", json_boolean(status == STATUS_GOOD));
		good &= !json_dumpf(o->root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
		good &= putchar('\n') != EOF;
		json_decref(o->root);
	}
	if (fflush(stdout) || ferror(stdout) || !good) {
		fprintf(stderr, "%s: standard output cannot be written: %s\n", o->command,
		        strerror(errno));
		status = STATUS_FAILED;
	}
	free(o);
	return status;
}
