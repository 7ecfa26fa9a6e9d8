/* SPDX-License-Identifier: BSD-2-Clause */
/* The verbs of the explorer, in a build that has none: its agents switch stacks. */
#include "cli/catalog.h"
#include "cli/cc.h"
#include "cli/check.h"
#include "cli/replay.h"
#include "cli/status.h"
#include <stdio.h>

static int refuse(const char *verb)
{
	fprintf(stderr, "posted %s: this build cannot explore: thread sanitizer\n", verb);
	return STATUS_USAGE;
}

const char *catalog_build(void)
{
	return NULL;
}

int cc_main(const struct verb_args *args)
{
	return refuse("cc");
}

int check_main(const struct verb_args *args)
{
	return refuse("check");
}

int replay_main(const struct verb_args *args)
{
	return refuse("replay");
}
