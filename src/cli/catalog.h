/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which scenarios there are: the command's own, those with the bug that --bug put back, those
 * of the module that --load named, or of one made of a tree's sources, as --with says.
 */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include "cli/out.h"
#include "cli/verbs.h"
#include "scenarios/scenarios.h"

/* In the order in which they are listed; ended by a row without one. */
const struct scenario_row *catalog(void);
unsigned catalog_count(void);

/* The scenario that shows the bug; null: none was put back. */
const char *catalog_shows(void);

/*
 * The hash of what is explored and of the explorer, by which replays, merges and
 * frontiers know what belongs together. Null: this build explores nothing.
 */
const char *catalog_build(void);

/* What stands behind the verb that goes on with them: "", --bug NAME, --load FILE or --with. */
const char *catalog_flag(void);

/* The flag, as catalog_flag, with which this program has a build; null: with none. */
const char *catalog_flag_of(const char *build);

/* As show_world, of the world that these scenarios have. */
void catalog_show(FILE *out, const char *what);

/*
 * From here on what --bug, --load or --with say, if they are there. False: a problem of the verb
 * is told.
 */
bool catalog_choose(struct out *out, const char *verb, const struct verb_args *args);

/* Nothing is explored or shown any more: what was made for it goes away. */
void catalog_end(void);

#endif
