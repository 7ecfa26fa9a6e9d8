/* SPDX-License-Identifier: BSD-2-Clause */
/* The scenarios of a module that --load named. */
#ifndef CLI_CATALOG_MODULE_H
#define CLI_CATALOG_MODULE_H

#include "cli/out.h"
#include "scenarios/scenarios.h"

enum { CATALOG_KEY = 9 }; /* of a build, with the 0 at its end */

struct catalog_module {
	const struct scenario_row *scenarios; /* null: none is loaded */
	char build[CATALOG_KEY]; /* by the file, and the explorer's own */
	char *flag;              /* --load FILE, as a shell takes it, and a space */
};

/* Loads it, and tells what it does on trust. False: a problem of that verb is told. */
bool catalog_module_load(struct out *out, const char *verb, const char *path,
                         struct catalog_module *m);

#endif
