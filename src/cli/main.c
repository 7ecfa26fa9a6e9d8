/* SPDX-License-Identifier: BSD-2-Clause */
/* The command: finds the verb, parses what it takes, runs it. */
#include "cli/check.h"
#include "cli/decode/decode.h"
#include "cli/dmar.h"
#include "cli/replay.h"
#include "cli/run.h"
#include "cli/schedule.h"
#include "cli/verbs.h"
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 256, MAX_FLAGS = 32 };

static int (*const verb_main[VERBS])(const struct verb_args *args) = {
	[VERB_RUN] = run_main,
	[VERB_CHECK] = check_main,
	[VERB_REPLAY] = replay_main,
	[VERB_DECODE] = decode_main,
	[VERB_DMAR] = dmar_main,
};

/* How the usage line shows its operands. */
static const char *const operand_format[] = {
	[VERB_ONE_OR_NONE] = "[%s]",
	[VERB_ANY] = "[%s...]",
	[VERB_ONE] = "%s",
};

/* What take needs. */
struct parse {
	const struct verb *verb;
	struct verb_args args;
};

/* With the hash that a replay, a merge and a frontier must have in common with this program. */
static const char *version(void)
{
	static char text[64];
	const char *build = schedule_build();

	snprintf(text, sizeof(text), "posted " POSTED_VERSION "%s%s%s", build ? " (build " : "",
	         build ? build : "", build ? ")" : "");
	return text;
}

static void print_screen(FILE *out)
{
	char operand[64];

	fputs("posted " POSTED_VERSION ": posted interrupts end to end, without the hardware\n\n",
	      out);
	for (const struct verb *v = verbs; v < verbs + VERBS; v++) {
		snprintf(operand, sizeof(operand), operand_format[v->operands], v->operand);
		fprintf(out, "  posted %s %s\n        %s\n", v->name, operand, v->summary);
	}
	fputs("\nTry:\n"
	      "  posted run                   the built-in machine, all three ways\n"
	      "  posted check --all           every scenario, proved or refuted\n"
	      "  posted decode                what the bits of posting mean: what it takes\n"
	      "  posted run --help            flags and more examples, for each verb\n"
	      "  man posted                   the machine file, and what each figure means\n", out);
}

/* Operands come last, all at once. */
static error_t take(int key, char *value, struct argp_state *state)
{
	struct parse *p = state->input;
	const char *what = p->verb->operand;

	if (key >= FIRST_KEY && key < FIRST_KEY + FLAGS) {
		p->args.value[key - FIRST_KEY] = value ? value : "";
	} else if (key == ARGP_KEY_ARGS) {
		p->args.operand = state->argv + state->next;
		p->args.operands = (unsigned)(state->argc - state->next);
		if (p->args.operands > 1 && p->verb->operands != VERB_ANY)
			argp_error(state, "one %s at a time: \"%s\" is too many", what,
			           p->args.operand[1]);
	} else if (key == ARGP_KEY_NO_ARGS && p->verb->operands == VERB_ONE) {
		argp_error(state, "which %s?", what);
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
	fputs("\nposted(1) says more: what goes in, and what each figure means.", out);
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
	struct parse parse = { .verb = v };
	struct argp parser = { options, take, operand, text, NULL, NULL, NULL };

	for (unsigned i = 0; v->flags[i].name && i < MAX_FLAGS; i++) {
		options[i].name = v->flags[i].name;
		options[i].key = FIRST_KEY + (int)v->flags[i].id;
		options[i].arg = v->flags[i].value;
		options[i].doc = v->flags[i].help;
	}
	snprintf(operand, sizeof(operand), operand_format[v->operands], v->operand);
	snprintf(name, sizeof(name), "posted %s", v->name);
	argv[0] = name;
	argp_parse(&parser, argc, argv, 0, NULL, &parse);
	free(text);
	return verb_main[id](&parse.args);
}

int main(int argc, char **argv)
{
	argp_program_version = version();
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
