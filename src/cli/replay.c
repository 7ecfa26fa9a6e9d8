/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: runs one schedule again. */
#include "cli/replay.h"
#include "cli/catalog.h"
#include "cli/out.h"
#include "cli/replay_choose.h"
#include "cli/status.h"
#include "cli/trace_file.h"
#include "cli/value.h"
#include <stdlib.h>
#include <string.h>

static const char *const shown[] = { "pid", "vmcs", "lists" };
enum { SHOWN = sizeof(shown) / sizeof(shown[0]) };

/* By verdict; one that is impossible is refused. */
static const struct {
	const char *name;
	int status;
} verdicts[] = {
	[EXPLORE_HOLDS] = { "holds", STATUS_GOOD },
	[EXPLORE_FAILS] = { "violated", STATUS_FAILED },
	[EXPLORE_MISFIT] = { "unfit", STATUS_FAILED },
	[EXPLORE_CRASHES] = { "crashed", STATUS_FAILED },
	[EXPLORE_UNJUDGED] = { "stopped", STATUS_UNPROVED },
	[EXPLORE_UNFAIR] = { "unfair", STATUS_UNPROVED },
};

/* The verb under way. */
struct replay {
	const struct verb_args *args;
	struct out *out;
	struct schedule schedule;
	unsigned stop_at; /* 0: not */
	bool shows[SHOWN];
	struct trace_file trace;
};

static bool parse_stop_at(struct replay *r)
{
	const char *text = r->args->value[FLAG_STOP_AT];
	uint64_t n = 0;

	if (!text || value_whole(text, 1, EXPLORE_DEPTH, &n)) {
		r->stop_at = (unsigned)n;
		return true;
	}
	out_problem(r->out, "posted replay: --stop-at: \"%s\" is no step from 1 to %d", text,
	            EXPLORE_DEPTH);
	return false;
}

/* Not posted's own code. */
static bool is_theirs(const struct replay *r)
{
	return r->args->value[FLAG_LOAD] || r->args->value[FLAG_WITH];
}

static bool parse_show(struct replay *r)
{
	const char *list = r->args->value[FLAG_SHOW];

	if (list && is_theirs(r)) {
		out_problem(r->out, "posted replay: --show is for posted's own world: a module "
		            "shows what it wants to with explore_note");
		return false;
	}
	while (list) {
		size_t size = strcspn(list, ",");
		unsigned i = 0;

		while (i < SHOWN && (strlen(shown[i]) != size || strncmp(list, shown[i], size)))
			i++;
		if (i == SHOWN) {
			out_problem(r->out,
			            "posted replay: --show: \"%.*s\" is none of pid, vmcs, lists",
			            (int)size, list);
			return false;
		}
		r->shows[i] = true;
		list = list[size] ? list + size + 1 : NULL;
	}
	return true;
}

static bool prepare(struct replay *r)
{
	return catalog_choose(r->out, "replay", r->args) &&
	       replay_choose(r->out, r->args, &r->schedule) && parse_stop_at(r) && parse_show(r) &&
	       trace_file_open(&r->trace, r->out, "posted replay", r->args->value[FLAG_TRACE]);
}

/* The world as the replay left it. */
static void show(struct replay *r, const char *what)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		out_problem(r->out, "posted replay: --show: out of memory");
		return;
	}
	catalog_show(out, what);
	if (fclose(out))
		out_problem(r->out, "posted replay: --show: out of memory");
	else if (out_is_json(r->out))
		out_value(r->out, what, json_string(text));
	else
		printf("\n%s\n%s", what, text);
	free(text);
}

static void print_json(struct replay *r, const struct explore_table *t, enum explore_verdict v)
{
	char *name = schedule_name(&r->schedule);

	out_value(r->out, "replay", json_string(name ? name : ""));
	out_value(r->out, "scenario", json_string(r->schedule.scenario->name));
	out_value(r->out, "memory", json_string(r->schedule.sc ? "sc" : "tso"));
	out_value(r->out, "verdict", json_string(verdicts[v].name));
	out_value(r->out, "steps", json_integer(t->steps));
	out_value(r->out, "rows", schedule_json(t));
	free(name);
}

static void print_text(struct replay *r, const struct explore_table *t, enum explore_verdict v)
{
	bool all = r->args->value[FLAG_ALL_ROWS];

	replay_say_which(r->args, &r->schedule);
	if (v != EXPLORE_UNJUDGED) {
		schedule_print(&r->schedule, t, all, v);
		return;
	}
	schedule_table(t, all);
	printf("stopped after step %u of %u: nothing is judged before the end\n", r->stop_at,
	       t->steps);
}

/* The world as the last step left it. */
static void show_all(struct replay *r)
{
	for (unsigned i = 0; i < SHOWN; i++)
		if (r->shows[i])
			show(r, shown[i]);
}

static int run(struct replay *r)
{
	const struct schedule *s = &r->schedule;
	struct explore_table table;
	enum explore_verdict v = explore_table_make(&table, s->scenario, s->sc, &s->choices,
	                                            r->stop_at);

	if (v == EXPLORE_IMPOSSIBLE) {
		out_problem(r->out,
		            "posted replay: these choices are not possible in %s, %s; was the line "
		            "copied whole?",
		            s->scenario->name, s->sc ? "sc" : "tso");
		explore_table_free(&table);
		return STATUS_USAGE;
	}
	if (table.no_memory)
		out_problem(r->out, "posted replay: out of memory: rows are missing");
	if (out_is_json(r->out))
		print_json(r, &table, v);
	else
		print_text(r, &table, v);
	show_all(r);
	trace_file_add(&r->trace, &table);
	trace_file_write(&r->trace);
	explore_table_free(&table);
	if (is_theirs(r) && (v == EXPLORE_MISFIT || v == EXPLORE_CRASHES))
		return STATUS_USAGE; /* what was given is what is wrong */
	return out_problems(r->out) ? STATUS_FAILED : verdicts[v].status;
}

int replay_main(const struct verb_args *args)
{
	struct replay r = { .args = args };
	int status;

	r.out = out_begin("posted replay", args->value[FLAG_JSON]);
	if (!r.out)
		return STATUS_FAILED;
	status = prepare(&r) ? run(&r) : STATUS_USAGE;
	trace_file_free(&r.trace);
	catalog_end();
	return out_end(r.out, status);
}
