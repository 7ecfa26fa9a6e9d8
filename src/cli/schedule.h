/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule of a scenario by its name, which is one word:
 *   preempt:tso:1a2b3c4d:0,1,0x12,2
 * scenario, memory model (tso, sc), build, choices; 0x12 is twelve zeros.
 * Zeros at the end are left out. Where races are points, their words follow (points.h):
 *   mine:tso:1a2b3c4d:0,1:3,17-20
 */
#ifndef CLI_SCHEDULE_H
#define CLI_SCHEDULE_H

#include <explore/table.h>
#include <jansson.h>

enum { SCHEDULE_ERROR = 512 };

struct schedule {
	const struct explore_scenario *scenario;
	bool sc;
	struct explore_schedule choices;
};

/* Null: there is none of this name, as schedule_unknown says in a sentence. */
const struct explore_scenario *schedule_scenario(const char *name);
void schedule_unknown(const char *name, char error[SCHEDULE_ERROR]);

/* To be freed; null on lack of memory. */
char *schedule_name(const struct schedule *s);

/* What is to stand before such a name behind posted replay: "", or --bug NAME. */
const char *schedule_flag(const char *name);

/* False: error says why and what to do. */
bool schedule_parse(const char *name, struct schedule *s, char error[SCHEDULE_ERROR]);

/* The table; all: with the rows that are folded. */
void schedule_table(const struct explore_table *t, bool all);
/* The same of one that was replayed to its end, what came of it, and how to replay it. */
void schedule_print(const struct schedule *s, const struct explore_table *t, bool all,
                    enum explore_verdict v);

/* Its rows, and what one is: access, note, verdict. */
json_t *schedule_json(const struct explore_table *t);
const char *schedule_kind(const struct explore_table_row *row);

#endif
