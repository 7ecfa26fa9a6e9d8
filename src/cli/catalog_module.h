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
};

/*
 * Loads it, and tells what it does on trust. False: a problem is told, which begins so:
 * "posted check: --load".
 */
bool catalog_module_load(struct out *out, const char *begins, const char *path,
                         struct catalog_module *m);

/* A flag with its value, --load FILE, as a shell takes it, and a space; null: no memory. */
char *catalog_module_flag(const char *name, const char *value);

#endif
