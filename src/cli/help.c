/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/help.h"
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

enum { LONG_ONLY = 256 };

/* How the usage line shows its operands. */
static const char *const operand_format[] = {
	[VERB_ONE_OR_NONE] = "[%s]",
	[VERB_ANY] = "[%s...]",
	[VERB_ONE] = "%s",
	[VERB_NONE] = "%s",
	[VERB_SOURCES] = "%s...",
};

static void operand_text(const struct verb *v, char text[64])
{
	snprintf(text, 64, operand_format[v->operands], v->operand);
}

bool help_screen(void)
{
	char operand[64];

	puts("posted " POSTED_VERSION ": posted interrupts end to end, without the hardware\n");
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		operand_text(v, operand);
		printf("  posted %s%s%s\n        %s\n", v->name, *operand ? " " : "", operand,
		       v->summary);
	}
	puts("\nTry:\n"
	     "  posted run                   the built-in machine, all three ways\n"
	     "  posted check --all           every scenario, proved or refuted\n"
	     "  posted cc my_pi.c -o my.so   your own code, for posted check --load my.so\n"
	     "  posted decode                what the bits of posting mean: what it takes\n"
	     "  posted help run              flags and more examples, for each verb\n"
	     "  man posted                   the machine file, and what each figure means");
	return !fflush(stdout);
}

/* A paragraph, and after the flags the examples. */
static char *verb_text(const struct verb *v)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s\vExamples:\n", v->text);
	for (const struct verb_example *e = v->examples; e->command; e++)
		fprintf(out, "  %s\n      %s\n", e->command, e->what);
	fputs("\nposted(1) says more: what goes in, and what each figure means.", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* What has a letter, too, which the C library's help shows. */
static int flag_key(enum verb_flag_id id)
{
	switch (id) {
	case FLAG_HELP:
		return 'h';
	case FLAG_VERSION:
		return 'V';
	case FLAG_OUTPUT:
		return 'o';
	default:
		return LONG_ONLY + (int)id;
	}
}

static unsigned add_options(struct argp_option *options, unsigned n, const struct verb_flag *f,
                            int group)
{
	for (; f->name; f++)
		options[n++] = (struct argp_option){ f->name, flag_key(f->id), f->value,
			                             0,       f->help,         group };
	return n;
}

/* The C library's layout, of our table. */
static bool print(enum verb_id id, unsigned how)
{
	const struct verb *v = &verbs[id];
	struct argp_option options[FLAGS + 1] = { { 0 } };
	char operand[64], name[64], *text = verb_text(v);
	struct argp parser = { options, NULL, NULL, text, NULL, NULL, NULL };

	add_options(options, add_options(options, 0, v->flags, 0), verb_standard_flags, -1);
	operand_text(v, operand);
	if (*operand)
		parser.args_doc = operand;
	snprintf(name, sizeof(name), "posted %s", v->name);
	argp_help(&parser, stdout, how, name);
	free(text);
	return text && !fflush(stdout);
}

bool help_verb(enum verb_id id)
{
	return print(id, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC);
}

bool help_usage(enum verb_id id)
{
	return print(id, ARGP_HELP_USAGE);
}
