/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/verbs.h"

static const struct verb_flag run_flags[] = {
	{ FLAG_SECONDS, "seconds", "N", NULL,
	  "Run each way for N seconds, which may have a fraction; the machine file's number is not "
	  "used." },
	{ FLAG_WAY, "way", "WAY[,WAY...]", "user irqfd posted",
	  "Run only these of the machine file's ways: user, irqfd, posted." },
	{ FLAG_QUIET, "quiet", NULL, NULL, "Print no progress line on standard error." },
	{ FLAG_JSON, "json", NULL, NULL,
	  "Print the same figures as one JSON object, also when something went wrong." },
	{ FLAG_HISTOGRAM, "histogram", "FILE", NULL,
	  "Write the latencies in HdrHistogram's text form to FILE, in microseconds; if more than "
	  "one way runs, to FILE.user, FILE.irqfd and FILE.posted." },
	{ .name = NULL },
};

static const struct verb_example run_examples[] = {
	{ "posted run", "the built-in machine, all three ways" },
	{ "posted run --seconds 5 --way irqfd,posted", "two of them, for longer" },
	{ "posted run --json machine.yaml", "a machine of your own, for a program to read" },
	{ "posted run --histogram latency.txt", "and the latencies, one file a way" },
	{ NULL, NULL },
};

const struct verb verbs[VERBS] = {
	[VERB_RUN] = {
		.name = "run",
		.operand = "MACHINE.yaml",
		.summary = "run a machine and compare the ways its interrupts can go",
		.text = "Boots the machine that the file describes, or a built-in one, lets its "
		        "devices interrupt its guests for a while, once for each way, and prints "
		        "what it cost.",
		.flags = run_flags,
		.examples = run_examples,
	},
};

const struct verb_flag verb_standard_flags[] = {
	{ FLAGS, "help", NULL, NULL, "Print the verb's flags and examples." },
	{ FLAGS, "usage", NULL, NULL, "Print a short usage line." },
	{ FLAGS, "version", NULL, NULL, "Print the version." },
	{ .name = NULL },
};
