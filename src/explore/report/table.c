/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of a schedule, kept. */
#include "explore/report/fold.h"
#include <stdlib.h>
#include <string.h>

static void keep(const struct explore_row *row, void *arg)
{
	struct explore_table *t = arg;
	char *text = strdup(row->text);

	if (t->count == t->room) {
		unsigned room = t->room ? 2 * t->room : 64;
		struct explore_table_row *more = realloc(t->row, room * sizeof(*more));

		if (more) {
			t->row = more;
			t->room = room;
		}
	}
	if (!text || t->count == t->room) {
		t->no_memory = true;
		free(text);
		return;
	}
	t->row[t->count++] = (struct explore_table_row){
		.step = row->step, .agent = row->agent, .note = row->note, .text = text,
		.function = row->function, .file = row->file, .line = row->line,
		.at = row->at, .size = row->size,
		.look = row->look, .late = row->late, .changes = row->changes,
		.value = row->value,
	};
}

enum explore_verdict explore_table_make(struct explore_table *t, const struct explore_scenario *s,
                                        bool sc, const struct explore_schedule *schedule,
                                        unsigned stop_at)
{
	struct explore_replayed told;

	*t = (struct explore_table){ .scenario = s };
	told = explore_replay(s, sc, schedule, stop_at, keep, t);
	t->steps = told.steps;
	fold(t);
	return told.verdict;
}

void explore_table_free(struct explore_table *t)
{
	for (unsigned i = 0; i < t->count; i++)
		free(t->row[i].text);
	free(t->row);
}
