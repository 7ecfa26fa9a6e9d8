/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug put back into a copy of the sources, compiled, and loaded with the scenarios. */
#ifndef CLI_BUG_OBJECT_H
#define CLI_BUG_OBJECT_H

#include "cli/bug.h"
#include "scenarios/scenarios.h"

struct bug_object {
	const struct scenario_row *scenarios;
	void (*show_world)(FILE *out, const char *what);
};

/*
 * Of a command such as "posted check", which says on standard error that it compiles, unless
 * quiet. Once in a process. False: out is told why, and what to do.
 */
bool bug_object_load(struct out *out, const char *command, const struct bug *bug, bool quiet,
                     struct bug_object *object);

#endif
