/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: gathers what it was given, decodes it, prints all or nothing. */
#include "cli/decode/decode.h"
#include "cli/out.h"
#include "cli/status.h"
#include "cli/terminal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 1 << 16 };

/*
 * Of one file, or of standard input. A host of 256 CPUs prints 256 counts of 11
 * characters, and 80 more, in a row of /proc/interrupts, and has at most 200
 * vectors for devices on each CPU: 148 MB.
 */
#define MAX_SIZE ((size_t)256 << 20)

/* One input, with what was decoded as it is. */
struct given {
	char *text;
	size_t size, room;
	const char *name;  /* of the file; null for operands themselves and standard input */
	const char *shown; /* how an error calls it */
	const char *no_file; /* of operands themselves: what may have been meant as a file's name */
	const struct decoder *decoder;
	bool joined; /* with what follows it */
};

struct gathering {
	struct out *out;
	struct given *given;
	unsigned count;
	bool literal; /* the last one is of operands themselves: the next joins it */
};

static int complain(struct out *out, const char *what, const char *why)
{
	out_problem(out, "posted decode: %s: %s", what, why);
	return STATUS_FAILED;
}

/* Room for so many bytes more, and for a NUL. */
static bool reserve(struct given *g, size_t size)
{
	size_t room = g->room ? g->room : FIRST_ROOM;
	char *grown;

	while (room < g->size + size + 1)
		room *= 2;
	if (room == g->room)
		return true;
	grown = realloc(g->text, room);
	if (!grown)
		return false;
	g->text = grown;
	g->room = room;
	return true;
}

static bool append(struct given *g, const char *text, size_t size)
{
	if (!reserve(g, size))
		return false;
	memcpy(g->text + g->size, text, size);
	g->size += size;
	g->text[g->size] = '\0';
	return true;
}

static bool is_too_long(FILE *in)
{
	struct stat st;

	return !fstat(fileno(in), &st) && S_ISREG(st.st_mode) && (size_t)st.st_size > MAX_SIZE;
}

/* All of a stream; null, or why it cannot be had. */
static const char *read_all(FILE *in, struct given *g)
{
	static const char too_long[] = "more than 256 MiB at once; give a part of it";
	size_t size;

	_Static_assert(MAX_SIZE == (size_t)256 << 20, "too_long says so");
	if (is_too_long(in))
		return too_long;
	do {
		if (!reserve(g, FIRST_ROOM))
			return "out of memory";
		size = fread(g->text + g->size, 1, FIRST_ROOM, in);
		g->size += size;
		if (g->size > MAX_SIZE)
			return too_long;
	} while (size);
	g->text[g->size] = '\0';
	return ferror(in) ? strerror(errno) : NULL;
}

static struct given *begin(struct gathering *all, const char *shown, const char *name)
{
	struct given *g = &all->given[all->count++];

	g->shown = shown;
	g->name = name;
	all->literal = false;
	return g;
}

static int take_file(struct gathering *all, const char *path)
{
	FILE *in = fopen(path, "re");
	const char *why;

	if (!in)
		return complain(all->out, path, strerror(errno));
	why = read_all(in, begin(all, path, path));
	fclose(in);
	return why ? complain(all->out, path, why) : STATUS_GOOD;
}

/* A word that may be a file's name; not one that is a number with an error in it. */
static bool may_be_name(const char *text, bool alone)
{
	struct decode_input in = { NULL, text, strlen(text) };

	return !strpbrk(text, " =:\n") &&
	       (alone || !strpbrk(text, "0123456789") || !decode_find(&in));
}

/* Operands that are things themselves: a line of words. */
static int take_literal(struct gathering *all, const char *text)
{
	bool joins = all->literal;
	struct given *g = joins ? &all->given[all->count - 1] : begin(all, "operand", NULL);

	all->literal = true;
	if ((joins && !append(g, " ", 1)) || !append(g, text, strlen(text)))
		return complain(all->out, "operand", "out of memory");
	if (!g->no_file && may_be_name(text, false))
		g->no_file = text;
	return STATUS_GOOD;
}

/* A file that is there, or that cannot be looked at; or what is written like the path of one. */
static bool is_file(const char *operand)
{
	struct stat st;

	return !stat(operand, &st) || errno == EACCES ||
	       (strchr(operand, '/') && !strchr(operand, ' '));
}

static int gather(struct gathering *all, const char *operand)
{
	const char *why;

	if (!strcmp(operand, "-")) {
		why = read_all(stdin, begin(all, "standard input", NULL));
		return why ? complain(all->out, "standard input", why) : STATUS_GOOD;
	}
	return is_file(operand) ? take_file(all, operand) : take_literal(all, operand);
}

/* Neighbours of one kind that joins become one; the later is left empty, without a decoder. */
static bool join(struct gathering *all)
{
	struct given *before = NULL;

	for (unsigned i = 0; i < all->count; i++) {
		struct given *g = &all->given[i];
		struct decode_input in = { g->name, g->text, g->size };

		g->decoder = decode_find(&in);
		if (!g->decoder || !g->decoder->joins || !before || before->decoder != g->decoder) {
			before = g;
			continue;
		}
		if (!append(before, "\n", 1) || !append(before, g->text, g->size))
			return false;
		before->joined = true;
		g->decoder = NULL;
		g->size = 0;
	}
	return true;
}

/* Of an operand that could be meant as a file's name, that there is none comes first. */
static int complain_refused(struct out *out, const struct given *g, const char *why)
{
	const char *name = g->no_file;

	if (!name && !strcmp(g->shown, "operand") && may_be_name(g->text, true))
		name = g->text;
	if (name)
		out_problem(out, "posted decode: %s: no such file; as a thing itself: %s", name,
		            why);
	else
		out_problem(out, "posted decode: %s%s: %s", g->shown,
		            g->joined ? " and what follows it" : "", why);
	if (!g->decoder && !name)
		decode_expected(stderr);
	return STATUS_FAILED;
}

/* Decodes one after the other, up to the first that is refused. */
static int decode_all(const struct gathering *all, struct sink *s)
{
	for (unsigned i = 0; i < all->count; i++) {
		const struct given *g = &all->given[i];
		struct decode_input in = { g->name, g->text, g->size };

		if (i && all->given[i - 1].joined && !g->decoder && !g->size)
			continue;
		if (!decode_bytes(&in, s))
			return complain_refused(all->out, g, sink_refusal(s) ? sink_refusal(s)
			                                           : "out of memory");
	}
	return STATUS_GOOD;
}

/* As one JSON object, or as text. */
static int print(struct gathering *all, struct sink *s)
{
	json_t *things = NULL;

	if (!out_is_json(all->out))
		return sink_print(s, stdout) ? STATUS_GOOD : STATUS_FAILED;
	things = sink_things(s);
	if (!things)
		return complain(all->out, "operand", "out of memory");
	out_value(all->out, "things", things);
	return STATUS_GOOD;
}

static int decode_given(struct gathering *all)
{
	struct sink *s = sink_new(out_is_json(all->out));
	int status;

	if (!s || !join(all)) {
		if (s)
			sink_free(s);
		return complain(all->out, "operand", "out of memory");
	}
	sink_fold(s, terminal_fold_width(STDOUT_FILENO));
	status = decode_all(all, s);
	if (status == STATUS_GOOD)
		status = print(all, s);
	if (status == STATUS_GOOD && sink_lacks(s))
		status = complain(all->out, "Linux's log", "not all of it could be read");
	sink_free(s);
	return status;
}

static int gather_all(struct gathering *all, const struct verb_args *args)
{
	int status = STATUS_GOOD;

	all->given = calloc(args->operands, sizeof(*all->given));
	if (!all->given)
		return complain(all->out, "operand", "out of memory");
	for (unsigned i = 0; i < args->operands && status == STATUS_GOOD; i++)
		status = gather(all, args->operand[i]);
	if (status == STATUS_GOOD)
		status = decode_given(all);
	for (unsigned i = 0; i < all->count; i++)
		free(all->given[i].text);
	free(all->given);
	return status;
}

int decode_main(const struct verb_args *args)
{
	struct gathering all = { .out = out_begin("posted decode", args->value[FLAG_JSON]) };
	int status = STATUS_GOOD;

	if (!all.out)
		return STATUS_FAILED;
	if (args->operands)
		status = gather_all(&all, args);
	else if (out_is_json(all.out))
		out_value(all.out, "takes", decode_takes());
	else
		decode_expected(stdout);
	return out_end(all.out, status);
}
