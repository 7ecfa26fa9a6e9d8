/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/trace_file.h"
#include "cli/schedule.h"
#include <errno.h>
#include <string.h>

bool trace_file_open(struct trace_file *t, struct out *out, const char *command, const char *path)
{
	*t = (struct trace_file){ .out = out, .command = command, .path = path };
	if (!path)
		return true;
	t->file = fopen(path, "we");
	t->events = json_array();
	if (!t->file)
		out_problem(out, "%s: --trace: cannot write %s: %s", command, path,
		            strerror(errno));
	return t->file;
}

/* Metadata: what a process or a thread is called. */
static json_t *name_event(const char *what, int process, int thread, const char *name)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "name", what, "ph", "M", "pid", process,
	                 "tid", thread, "args", "name", name);
}

/* Accesses last a microsecond; what is said of them, and verdicts, are instants at their end. */
static json_t *row_event(const struct explore_table_row *row, int process)
{
	bool access = row->agent >= 0 && !row->note;
	json_t *event = json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:{s:i}}", "name", row->text,
	                          "cat", schedule_kind(row), "ph", access ? "X" : "i", "ts",
	                          (int)row->step + !access, "pid", process, "tid",
	                          row->agent + 1, "args", "step", row->step);

	if (row->file)
		json_object_set_new(json_object_get(event, "args"), "where",
		                    json_sprintf("%s:%u%s%s", row->file, row->line,
		                                 row->function ? " " : "",
		                                 row->function ? row->function : ""));
	if (access)
		json_object_set_new(event, "dur", json_integer(1));
	else
		json_object_set_new(event, "s", json_string(row->agent < 0 ? "p" : "t"));
	return event;
}

/* Thread 0 takes the verdicts. */
void trace_file_add(struct trace_file *t, const struct explore_table *schedule)
{
	const struct explore_scenario *s = schedule->scenario;
	int process = (int)json_array_size(t->events) + 1; /* any that is new */

	if (!t->file)
		return;
	json_array_append_new(t->events, name_event("process_name", process, 0, s->name));
	json_array_append_new(t->events, name_event("thread_name", process, 0, "verdict"));
	for (unsigned a = 0; a < s->agent_count; a++)
		json_array_append_new(t->events, name_event("thread_name", process, (int)a + 1,
		                                            s->agents[a].name));
	for (unsigned i = 0; i < schedule->count; i++)
		json_array_append_new(t->events, row_event(&schedule->row[i], process));
}

void trace_file_write(struct trace_file *t)
{
	json_t *root;
	bool good;

	if (!t->file)
		return;
	root = json_pack("{s:O, s:s}", "traceEvents", t->events, "displayTimeUnit", "ns");
	good = root && !json_dumpf(root, t->file, JSON_INDENT(1)) && fputc('\n', t->file) != EOF;
	json_decref(root);
	if (fclose(t->file) || !good)
		out_problem(t->out, "%s: --trace: writing %s failed: %s", t->command, t->path,
		            strerror(errno));
	t->file = NULL;
}

void trace_file_free(struct trace_file *t)
{
	if (t->file)
		fclose(t->file);
	json_decref(t->events);
}
