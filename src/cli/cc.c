/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The verb: makes a module of a user's C files. Each is compiled as for the thread
 * sanitizer, whose calls are renamed to the explorer's; in between it is looked at
 * for what the explorer does not see.
 */
#include "cli/cc.h"
#include "cli/cc_build.h"
#include "cli/out.h"
#include "cli/status.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* --allow: functions and places, with commas between. */
static bool judge_allowed(struct out *out, const char *list)
{
	if (!list || !list[strspn(list, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                "0123456789_,./:+-")])
		return true;
	out_problem(out,
	            "posted cc: --allow: \"%s\" is no list of functions and lines such as "
	            "sin,my_pi.c:12",
	            list);
	return false;
}

static const char *ending(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot ? dot : "";
}

static bool judge_output(struct out *out, const char *output)
{
	const char *end = output ? ending(output) : "";

	if (output && *output && strcmp(end, ".c") && strcmp(end, ".h"))
		return true;
	if (output && *output)
		out_problem(out, "posted cc: -o %s would overwrite a source: -o FILE.so", output);
	else
		out_problem(out, "posted cc: what is the module to be called? -o FILE.so");
	return false;
}

/* Some that keep a compiler from compiling. */
static bool judge_options(struct out *out, const struct verb_args *args)
{
	static const char *const idle[] = { "-E", "-M", "-MM", "-fsyntax-only" };

	for (unsigned i = 0; i < args->compilers; i++)
		for (unsigned k = 0; k < sizeof(idle) / sizeof(idle[0]); k++)
			if (!strcmp(args->compiler[i], idle[k])) {
				out_problem(out, "posted cc: %s makes no code: leave it out",
				            idle[k]);
				return false;
			}
	return true;
}

static bool judge_arguments(struct out *out, const struct verb_args *args)
{
	if (!judge_allowed(out, args->value[FLAG_ALLOW]))
		return false;
	if (!args->operands) {
		out_problem(out, "posted cc: which FILE.c?");
		return false;
	}
	if (!judge_output(out, args->value[FLAG_OUTPUT]) || !judge_options(out, args))
		return false;
	for (unsigned i = 0; i < args->operands; i++) {
		const char *file = args->operand[i];

		if (!strcmp(ending(file), ".c"))
			continue;
		out_problem(out,
		            "posted cc: %s is no FILE.c: a module is made of C that is compiled "
		            "here, so that the explorer sees it", file);
		return false;
	}
	return true;
}

static int make(struct cc_build *b)
{
	const char *output = b->in->output;

	if (cc_build(b)) {
		if (out_is_json(b->out)) {
			out_value(b->out, "module", json_string(output));
			out_value(b->out, "scenarios", json_integer(b->scenarios));
		} else {
			printf("%s: %u scenario%s\n", output, b->scenarios,
			       b->scenarios == 1 ? "" : "s");
		}
		return STATUS_GOOD;
	}
	if (b->wrong)
		out_problem(b->out,
		            "posted cc: %s is not made: of what the explorer does not see it could "
		            "prove nothing", output);
	return STATUS_USAGE;
}

int cc_main(const struct verb_args *args)
{
	const struct cc_input in = {
		.command = "posted cc",
		.output = args->value[FLAG_OUTPUT],
		.compiler = args->value[FLAG_COMPILER],
		.allow = args->value[FLAG_ALLOW],
		.file = args->operand,
		.files = args->operands,
		.option = args->compiler,
		.options = args->compilers,
	};
	struct cc_build b = { .in = &in, .out = out_begin("posted cc", args->value[FLAG_JSON]) };
	int status = STATUS_USAGE;

	if (!b.out)
		return STATUS_FAILED;
	if (judge_arguments(b.out, args) && cc_build_begin(&b)) {
		status = make(&b);
		cc_build_end(&b);
	}
	return out_end(b.out, status);
}
