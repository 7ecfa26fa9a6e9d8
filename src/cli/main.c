/* SPDX-License-Identifier: BSD-2-Clause */
/* The command: finds the verb, parses what it takes, runs it. */
#include "cli/bugs.h"
#include "cli/catalog.h"
#include "cli/cc.h"
#include "cli/check.h"
#include "cli/decode/decode.h"
#include "cli/dmar.h"
#include "cli/help.h"
#include "cli/near.h"
#include "cli/out.h"
#include "cli/parse.h"
#include "cli/replay.h"
#include "cli/run.h"
#include "cli/status.h"
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The document of a command line that nothing can be done with. */
static int refuse(bool json, const char *why)
{
	struct out *out = out_begin("posted", json);

	if (!out)
		return STATUS_FAILED;
	out_problem(out, "%s", why);
	return out_end(out, STATUS_USAGE);
}

/* The verb of this name; VERBS, and why not in error, if there is none. */
static enum verb_id find_verb(const char *name, char error[PARSE_ERROR])
{
	struct near near = { .typed = name };
	int size;

	for (unsigned id = 0; id < VERBS; id++) {
		if (!strcmp(name, verbs[id].name))
			return id;
		near_look(&near, verbs[id].name);
	}
	size = snprintf(error, PARSE_ERROR, "posted: \"%.64s\" is no verb; ", name);
	if (near.word)
		snprintf(error + size, PARSE_ERROR - (size_t)size, "did you mean \"%s\"?",
		         near.word);
	else
		snprintf(error + size, PARSE_ERROR - (size_t)size,
		         "\"posted help\" has those that there are");
	return VERBS;
}

/* Of help; documents look after that themselves. */
static int printed(bool good)
{
	if (good)
		return STATUS_GOOD;
	fprintf(stderr, "posted: standard output cannot be written: %s\n", strerror(errno));
	return STATUS_FAILED;
}

static int help_main(const struct verb_args *args)
{
	char error[PARSE_ERROR];
	enum verb_id id;

	if (!args->operands)
		return printed(help_screen());
	id = find_verb(*args->operand, error);
	if (id == VERBS)
		return refuse(false, error);
	return printed(help_verb(id));
}

/* With the hash that a replay, a merge and a frontier must have in common with this program. */
static int version_main(const struct verb_args *args)
{
	struct out *out = out_begin("posted version", args->value[FLAG_JSON]);
	const char *build = catalog_build();

	if (!out)
		return STATUS_FAILED;
	if (out_is_json(out))
		out_value(out, "build", build ? json_string(build) : json_null());
	else if (build)
		printf("posted " POSTED_VERSION " (build %s)\n", build);
	else
		puts("posted " POSTED_VERSION);
	return out_end(out, STATUS_GOOD);
}

static int (*const verb_main[VERBS])(const struct verb_args *args) = {
	[VERB_RUN] = run_main,         [VERB_CHECK] = check_main, [VERB_REPLAY] = replay_main,
	[VERB_CC] = cc_main,           [VERB_BUGS] = bugs_main,   [VERB_DECODE] = decode_main,
	[VERB_DMAR] = dmar_main,       [VERB_HELP] = help_main,   [VERB_VERSION] = version_main,
};

/* Who asks for help gets it, whatever else is wrong. */
static int run_verb(enum verb_id id, int argc, char **argv)
{
	struct verb_args args = { 0 };
	char error[PARSE_ERROR];
	bool good = parse_args(id, argc, argv, &args, error);
	int status;

	if (args.value[FLAG_HELP])
		return printed(help_verb(id));
	if (args.value[FLAG_USAGE])
		return printed(help_usage(id));
	if (args.value[FLAG_VERSION])
		return version_main(&args);
	status = good ? verb_main[id](&args) : refuse(args.value[FLAG_JSON], error);
	free(args.compiler);
	return status;
}

/* Flags that stand where a verb does. */
static const char *verb_meant(const char *word)
{
	if (!strcmp(word, "--help") || !strcmp(word, "-h") || !strcmp(word, "-?"))
		return "help";
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return "version";
	return word;
}

int main(int argc, char **argv)
{
	char error[PARSE_ERROR];
	bool json = false;
	enum verb_id id;

	if (argc < 2)
		return printed(help_screen());
	id = find_verb(verb_meant(argv[1]), error);
	if (id != VERBS)
		return run_verb(id, argc - 1, argv + 1);
	for (int i = 1; i < argc; i++)
		json |= !strcmp(argv[i], "--json");
	return refuse(json, error);
}
