/* SPDX-License-Identifier: BSD-2-Clause */
/* The command: finds the verb, parses what it takes, runs it. */
#include "cli/run.h"
#include "cli/verbs.h"
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 256, MAX_FLAGS = 32 };

static int (*const verb_main[VERBS])(const struct verb_args *args) = {
	[VERB_RUN] = run_main,
};

static void print_screen(FILE *out)
{
	fputs("posted " POSTED_VERSION ": posted interrupts end to end, without the hardware\n\n",
	      out);
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		fprintf(out, "  posted %s [%s]\n        %s\n", v->name, v->operand, v->summary);
	fputs("\nTry:\n", out);
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		fprintf(out, "  %-28s %s\n", v->examples->command, v->examples->what);
	fputs("  posted run --help            flags and more examples\n"
	      "  man posted                   the machine file, and what each figure means\n", out);
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct verb_args *args = state->input;

	if (key >= FIRST_KEY && key < FIRST_KEY + FLAGS) {
		args->value[key - FIRST_KEY] = value ? value : "";
	} else if (key == ARGP_KEY_ARG) {
		if (args->operand)
			argp_error(state, "one machine file at a time: \"%s\" is too many", value);
		args->operand = value;
	} else {
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The help's text: a paragraph, and after the flags the examples. */
static char *help_text(const struct verb *v)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s\vExamples:\n", v->text);
	for (const struct verb_example *e = v->examples; e->command; e++)
		fprintf(out, "  %s\n      %s\n", e->command, e->what);
	fputs("\nSee posted(1) for the machine file and for what each figure means.", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int run_verb(enum verb_id id, int argc, char **argv)
{
	const struct verb *v = &verbs[id];
	struct argp_option options[MAX_FLAGS + 1] = { { 0 } };
	char operand[64], name[64], *text = help_text(v);
	struct verb_args args = { { 0 }, NULL };
	struct argp parser = { options, take, operand, text, NULL, NULL, NULL };

	for (unsigned i = 0; v->flags[i].name && i < MAX_FLAGS; i++) {
		options[i].name = v->flags[i].name;
		options[i].key = FIRST_KEY + (int)v->flags[i].id;
		options[i].arg = v->flags[i].value;
		options[i].doc = v->flags[i].help;
	}
	snprintf(operand, sizeof(operand), "[%s]", v->operand);
	snprintf(name, sizeof(name), "posted %s", v->name);
	argv[0] = name;
	argp_parse(&parser, argc, argv, 0, NULL, &args);
	free(text);
	return verb_main[id](&args);
}

int main(int argc, char **argv)
{
	argp_program_version = "posted " POSTED_VERSION;
	argp_err_exit_status = 2;
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-?")) {
		print_screen(stdout);
		return fflush(stdout) != 0;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts(argp_program_version);
		return fflush(stdout) != 0;
	}
	for (unsigned id = 0; id < VERBS; id++)
		if (!strcmp(argv[1], verbs[id].name))
			return run_verb(id, argc - 1, argv + 1);
	fprintf(stderr, "posted: \"%s\" is no verb; the verbs are:", argv[1]);
	for (unsigned id = 0; id < VERBS; id++)
		fprintf(stderr, " %s", verbs[id].name);
	fputs("; \"posted --help\" says more\n", stderr);
	return 2;
}
