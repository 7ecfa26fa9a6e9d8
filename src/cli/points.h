/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The points of a schedule, in its name: behind a colon the words whose plain accesses are
 * some, 3,17-20, or all of them, all; nothing where there are none.
 */
#ifndef CLI_POINTS_H
#define CLI_POINTS_H

#include <explore/search.h>

void points_print(const struct explore_points *points, FILE *out);

/* Text without the colon; null: none. False: it is no such list. */
bool points_parse(const char *text, struct explore_points *points);

#endif
