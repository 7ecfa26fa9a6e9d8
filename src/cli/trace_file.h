/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What --trace writes: schedules in Chrome's trace format. A process a schedule, a
 * thread an agent, a microsecond a step.
 */
#ifndef CLI_TRACE_FILE_H
#define CLI_TRACE_FILE_H

#include "cli/out.h"
#include <explore/table.h>
#include <jansson.h>
#include <stdio.h>

struct trace_file {
	struct out *out;
	const char *command, *path;
	FILE *file; /* null: none is wanted, or it is written */
	json_t *events;
};

/* Of a command such as "posted check"; a path of null: none is wanted. False: a problem is told. */
bool trace_file_open(struct trace_file *t, struct out *out, const char *command, const char *path);

void trace_file_add(struct trace_file *t, const struct explore_table *schedule);

/* Writes what was added. */
void trace_file_write(struct trace_file *t);

/* Also of one that was not written. */
void trace_file_free(struct trace_file *t);

#endif
