/* SPDX-License-Identifier: BSD-2-Clause */
/* A schedule to read: one column an agent, one row a step, and what its steps mean. */
#ifndef EXPLORE_TABLE_H
#define EXPLORE_TABLE_H

#include <explore/replay.h>

#ifdef __cplusplus
extern "C" {
#endif

struct explore_table_row {
	unsigned step; /* these four as in explore_row */
	int agent;
	bool note;
	char *text;
	const char *function, *file; /* and so are these */
	unsigned line;
	const void *at;
	unsigned size;
	bool look, late, changes;
	uint64_t value;
	bool folded; /* it sees nothing new */
};

struct explore_table {
	const struct explore_scenario *scenario;
	unsigned steps; /* of the whole schedule, wherever the rows end */
	struct explore_table_row *row;
	unsigned count, room;
	unsigned folded; /* rows */
	bool no_memory;  /* rows are missing */
};

/* As explore_replay; keeps the rows. To be freed, whatever the verdict is. */
enum explore_verdict explore_table_make(struct explore_table *t, const struct explore_scenario *s,
                                        bool sc, const struct explore_schedule *schedule,
                                        unsigned stop_at);
void explore_table_free(struct explore_table *t);

enum { EXPLORE_TABLE_WIDTH = 120, EXPLORE_TABLE_LEAST = 40 };

/*
 * The rows, at most so many columns wide, and the verdicts. Without those that are folded,
 * which the flag would show, as it says; null: with them.
 */
void explore_table_print(const struct explore_table *t, unsigned width, const char *flag,
                         FILE *out);

#ifdef __cplusplus
}
#endif

#endif
