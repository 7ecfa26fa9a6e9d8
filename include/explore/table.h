/* SPDX-License-Identifier: BSD-2-Clause */
/* A schedule to read: one column an agent, one row a step, and what its steps mean. */
#ifndef EXPLORE_TABLE_H
#define EXPLORE_TABLE_H

#include <explore/replay.h>

struct table_row {
	unsigned step; /* these four as in explore_row */
	int agent;
	bool note;
	char *text;
};

struct table {
	const struct explore_scenario *scenario;
	unsigned steps; /* of the whole schedule, wherever the rows end */
	struct table_row *row;
	unsigned count, room;
	bool no_memory; /* rows are missing */
};

/* As explore_replay; keeps the rows. To be freed, whatever the verdict is. */
enum explore_verdict table_make(struct table *t, const struct explore_scenario *s, bool sc,
                                const struct explore_schedule *schedule, unsigned stop_at);
void table_free(struct table *t);

/* The rows, at most 120 columns wide, then what is violated. */
void table_print(const struct table *t, FILE *out);

#endif
