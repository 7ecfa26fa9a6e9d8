/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: gathers what it was given, decodes it, prints all or nothing. */
#include "cli/decode/decode.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GOOD = 0, REFUSED = 1, USAGE = 2, FIRST_ROOM = 1 << 16 };

/* One input, with what was decoded as it is. */
struct given {
	char *text;
	size_t size;
	const char *name;  /* of the file; null for operands themselves and standard input */
	const char *shown; /* how an error calls it */
	const struct decoder *decoder;
	bool joined; /* with what follows it */
};

struct gathering {
	struct given *given;
	unsigned count;
	bool literal; /* the last one is of operands themselves: the next joins it */
};

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "posted decode: %s: %s\n", what, why);
	return REFUSED;
}

static bool append(struct given *g, const char *text, size_t size)
{
	char *grown = realloc(g->text, g->size + size + 1);

	if (!grown)
		return false;
	memcpy(grown + g->size, text, size);
	g->text = grown;
	g->size += size;
	g->text[g->size] = '\0';
	return true;
}

/* All of a stream, but no more than what decoding refuses. */
static const char *read_all(FILE *in, struct given *g)
{
	static char part[FIRST_ROOM];
	size_t size;

	while ((size = fread(part, 1, sizeof(part), in)) > 0 && g->size <= DECODE_MAX_SIZE)
		if (!append(g, part, size))
			return "out of memory";
	if (ferror(in))
		return strerror(errno);
	return append(g, "", 0) ? NULL : "out of memory";
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
		return complain(path, strerror(errno));
	why = read_all(in, begin(all, path, path));
	fclose(in);
	return why ? complain(path, why) : GOOD;
}

/* Operands that are things themselves: a line of words. */
static int take_literal(struct gathering *all, const char *text)
{
	bool joins = all->literal;
	struct given *g = joins ? &all->given[all->count - 1] : begin(all, "operand", NULL);

	all->literal = true;
	if ((joins && !append(g, " ", 1)) || !append(g, text, strlen(text)))
		return complain("operand", "out of memory");
	return GOOD;
}

static int gather(struct gathering *all, const char *operand)
{
	struct stat st;
	const char *why;

	if (!strcmp(operand, "-")) {
		why = read_all(stdin, begin(all, "standard input", NULL));
		return why ? complain("standard input", why) : GOOD;
	}
	if (!stat(operand, &st) || (strchr(operand, '/') && !strchr(operand, ' ')))
		return take_file(all, operand);
	return take_literal(all, operand);
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

/* Decodes one after the other, up to the first that is refused. */
static int decode_all(const struct gathering *all, struct sink *s)
{
	for (unsigned i = 0; i < all->count; i++) {
		const struct given *g = &all->given[i];
		struct decode_input in = { g->name, g->text, g->size };

		if (i && all->given[i - 1].joined && !g->decoder && !g->size)
			continue;
		if (decode_bytes(&in, s))
			continue;
		fprintf(stderr, "posted decode: %s%s: %s\n", g->shown,
		        g->joined ? " and what follows it" : "",
		        sink_refusal(s) ? sink_refusal(s) : "out of memory");
		if (!g->decoder && g->size <= DECODE_MAX_SIZE)
			decode_expected(stderr);
		return REFUSED;
	}
	return GOOD;
}

static int decode_given(struct gathering *all, bool json)
{
	struct sink *s = sink_new(json);
	int status;

	if (!s || !join(all)) {
		if (s)
			sink_free(s);
		return complain("operand", "out of memory");
	}
	status = decode_all(all, s);
	if (status == GOOD && !sink_print(s, stdout))
		status = complain("standard output cannot be written", strerror(errno));
	sink_free(s);
	return status;
}

int decode_main(const struct verb_args *args)
{
	struct gathering all = { .given = calloc(args->operands + 1, sizeof(*all.given)) };
	int status = GOOD;

	if (!args->operands) {
		decode_expected(stdout);
		free(all.given);
		return fflush(stdout) ? REFUSED : GOOD;
	}
	if (!all.given)
		return complain("operand", "out of memory");
	for (unsigned i = 0; i < args->operands && status == GOOD; i++)
		status = gather(&all, args->operand[i]);
	if (status == GOOD)
		status = decode_given(&all, args->value[FLAG_JSON] != NULL);
	for (unsigned i = 0; i < all.count; i++)
		free(all.given[i].text);
	free(all.given);
	return status;
}
