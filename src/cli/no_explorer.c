/* SPDX-License-Identifier: BSD-2-Clause */
/* The verbs of the explorer, in a build that has none: its agents switch stacks. */
#include "cli/check.h"
#include "cli/replay.h"
#include <stdio.h>

enum { USAGE = 2 };

static int refuse(const char *verb)
{
	fprintf(stderr, "posted %s: this build cannot explore: thread sanitizer\n", verb);
	return USAGE;
}

int check_main(const struct verb_args *args)
{
	return refuse("check");
}

int replay_main(const struct verb_args *args)
{
	return refuse("replay");
}
