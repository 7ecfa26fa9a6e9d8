/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: explores scenarios, or adds up what others explored. */
#include "cli/check.h"
#include "cli/check_jobs.h"
#include "cli/check_merge.h"
#include "cli/check_options.h"
#include "cli/schedule.h"
#include "exec/explore/scenarios.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GOOD = 0, VIOLATED = 1, USAGE = 2 };

/* The verb under way. */
struct check {
	const struct verb_args *args;
	struct out *out;
	struct check_options options;
	struct check_jobs jobs;
	struct check_result *result; /* one a job */
	int name_width;
	bool violated, unusable; /* a property; a frontier */
	FILE *trace;             /* null: none wanted */
	json_t *events;          /* for it */
};

static bool choose(struct check *c, const struct explore_scenario *s)
{
	int width = (int)strlen(s->name);

	for (unsigned i = 0; i < c->jobs.count; i++)
		if (c->jobs.job[i].scenario == s)
			return false;
	c->jobs.job[c->jobs.count++].scenario = s;
	if (c->name_width < width)
		c->name_width = width;
	return true;
}

/* The scenarios to explore; without any: none was asked for. */
static bool choose_all(struct check *c)
{
	const char *const *value = c->args->value;

	for (unsigned i = 0; i < c->args->operands; i++) {
		const char *name = c->args->operand[i];
		const struct explore_scenario *s = schedule_scenario(name);

		if (s && choose(c, s))
			continue;
		out_problem(c->out,
		            s ? "posted check: %s is named twice"
		              : "posted check: no scenario \"%s\"; \"posted check\" lists them",
		            name);
		return false;
	}
	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		if (!c->args->operands &&
		    (value[FLAG_DEEP] || (value[FLAG_ALL] && !row->deep)))
			choose(c, row->scenario);
	return true;
}

/* Flags that say how to explore are no use without a scenario. */
static bool only_list(struct check *c)
{
	for (const struct verb_flag *f = verbs[VERB_CHECK].flags; f->name; f++) {
		if (!c->args->value[f->id] || f->id == FLAG_JSON || f->id == FLAG_QUIET)
			continue;
		out_problem(c->out,
		            "posted check: --%s, but of which scenarios? name some, or --all",
		            f->name);
		return false;
	}
	return true;
}

static int list(struct check *c)
{
	if (!only_list(c))
		return USAGE;
	if (!out_is_json(c->out))
		puts("Scenarios, and what each proves (posted check NAME..., or --all for all but "
		     "the deep ones):\n");
	for (const struct scenario_row *row = scenarios; row->scenario; row++) {
		const struct explore_scenario *s = row->scenario;

		if (out_is_json(c->out))
			out_append(c->out, "scenarios",
			           json_pack("{s:s, s:s, s:b}", "scenario", s->name, "proves",
			                     s->proves, "deep", row->deep));
		else
			printf("  %-22s %s%s\n", s->name, s->proves, row->deep ? " (deep)" : "");
	}
	return GOOD;
}

static bool open_trace(struct check *c)
{
	const char *path = c->args->value[FLAG_TRACE];

	if (!path)
		return true;
	c->trace = fopen(path, "we");
	if (!c->trace)
		out_problem(c->out, "posted check: --trace: cannot write %s: %s", path,
		            strerror(errno));
	return c->trace;
}

/* Before a long search: that where it will stop can be written. */
static bool frontiers_writable(struct check *c)
{
	const char *file = c->args->value[FLAG_FRONTIER], *slash;
	char folder[PATH_MAX];

	if (!file)
		return true;
	slash = strrchr(file, '/');
	errno = *file ? 0 : ENOENT;
	if (strlen(file) + (size_t)c->name_width + sizeof("..new") > sizeof(folder))
		errno = ENAMETOOLONG;
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - file) + 1 : 1,
	         slash ? file : ".");
	if (!errno && !access(folder, W_OK))
		return true;
	out_problem(c->out, "posted check: --frontier: cannot write %s: %s", file,
	            strerror(errno));
	return false;
}

static enum check_verdict verdict_of(const struct check *c, const struct check_job *job)
{
	switch (job->outcome) {
	case EXPLORE_VIOLATED:
		return CHECK_VIOLATED;
	case EXPLORE_STOPPED:
		return CHECK_STOPPED;
	case EXPLORE_PROVED:
		return c->options.search.parts > 1 ? CHECK_PART : CHECK_PROVED;
	case EXPLORE_ERROR:
		break;
	}
	return CHECK_BROKEN;
}

static void fill(const struct check *c, const struct check_job *job, struct check_result *r)
{
	const struct explore_options *o = &c->options.search;
	const struct schedule schedule = { job->scenario, o->sc, job->totals.failed };

	*r = (struct check_result){
		.verdict = verdict_of(c, job),
		.schedules = job->totals.schedules,
		.pruned = job->totals.pruned,
		.steps = job->totals.steps,
		.depth = job->totals.depth,
		.peak_kib = job->peak_kib,
		.seconds = job->totals.seconds,
		.saved = job->totals.saved,
		.repeated = job->totals.repeated,
	};
	snprintf(r->scenario, sizeof(r->scenario), "%s", job->scenario->name);
	if (r->verdict == CHECK_PART)
		snprintf(r->why, sizeof(r->why), "%u/%u", o->part + 1, o->parts);
	else if (r->verdict == CHECK_STOPPED || r->verdict == CHECK_BROKEN)
		memcpy(r->why, job->stopped, sizeof(r->why));
	if (r->verdict == CHECK_VIOLATED) {
		snprintf(r->why, sizeof(r->why), "in %u steps, %s", job->totals.failed_steps,
		         job->totals.shortest ? "and in no fewer" : "the fewest found");
		char *name = schedule_name(&schedule);

		snprintf(r->replay, sizeof(r->replay), "%s", name ? name : "");
		free(name);
	}
}

/* A scenario is done: its row. */
static void report(struct check_job *job, void *arg)
{
	struct check *c = arg;
	struct check_result *r = &c->result[job - c->jobs.job];

	fill(c, job, r);
	c->violated |= r->verdict == CHECK_VIOLATED;
	if (r->verdict == CHECK_BROKEN) {
		c->unusable |= c->args->value[FLAG_FRONTIER] != NULL;
		out_problem(c->out, "posted check: %s: %s", r->scenario, r->why);
	}
	if (out_is_json(c->out))
		out_append(c->out, "scenarios", check_result_json(r));
	else
		check_result_row(r, c->name_width);
	fflush(stdout);
}

/* What the rows had no room for: why there is no proof, and the schedules that violate. */
static void explain(struct check *c, const struct check_job *job)
{
	const struct schedule schedule = { job->scenario, c->options.search.sc,
		                           job->totals.failed };
	struct table table;
	enum explore_verdict verdict;

	if (job->outcome != EXPLORE_VIOLATED)
		return;
	verdict = table_make(&table, schedule.scenario, schedule.sc, &schedule.choices, 0);
	if (!out_is_json(c->out)) {
		putchar('\n');
		schedule_print(&schedule, &table, verdict);
	}
	if (c->events)
		schedule_trace(c->events, &table);
	table_free(&table);
}

static void explain_all(struct check *c)
{
	c->events = c->trace ? json_array() : NULL;
	for (unsigned i = 0; i < c->jobs.count; i++)
		explain(c, &c->jobs.job[i]);
	if (c->trace && !schedule_trace_write(c->events, c->trace))
		out_problem(c->out, "posted check: --trace: writing %s failed: %s",
		            c->args->value[FLAG_TRACE], strerror(errno));
	c->trace = NULL;
}

static void describe(struct check *c)
{
	const struct explore_options *o = &c->options.search;

	if (!out_is_json(c->out)) {
		check_result_head(c->name_width);
		fflush(stdout);
		return;
	}
	out_value(c->out, "build", json_string(schedule_build()));
	out_value(c->out, "options", check_options_json(o));
	out_value(c->out, "part", json_integer(o->parts ? o->part + 1 : 1));
	out_value(c->out, "parts", json_integer(o->parts ? o->parts : 1));
}

static int explore(struct check *c)
{
	if (!open_trace(c) || !frontiers_writable(c))
		return USAGE;
	c->jobs.at_once = c->options.jobs;
	c->jobs.options = c->options.search;
	c->jobs.options.build = schedule_build();
	c->jobs.frontier = c->args->value[FLAG_FRONTIER];
	c->jobs.done = report;
	c->jobs.arg = c;
	/* Once the table's head is there, signals are heeded. */
	progress_begin(&c->jobs.progress, c->args->value[FLAG_QUIET] != NULL);
	describe(c);
	if (!check_jobs_run(&c->jobs)) {
		out_problem(c->out, "posted check: no process can be begun: %s", strerror(errno));
		return VIOLATED;
	}
	if (!out_is_json(c->out))
		check_result_sentences(c->result, c->jobs.count);
	explain_all(c);
	if (c->unusable && !c->violated)
		return USAGE;
	return c->violated || out_problems(c->out) ? VIOLATED : GOOD;
}

static int merge(struct check *c)
{
	struct check_merged m;

	if (!check_merge(c->out, c->args->operand, c->args->operands, &m))
		return USAGE;
	for (unsigned i = 0; i < m.count; i++)
		if (c->name_width < (int)strlen(m.result[i].scenario))
			c->name_width = (int)strlen(m.result[i].scenario);
	if (!out_is_json(c->out))
		check_result_head(c->name_width);
	for (unsigned i = 0; i < m.count; i++) {
		c->violated |= m.result[i].verdict == CHECK_VIOLATED ||
		               m.result[i].verdict == CHECK_BROKEN;
		if (out_is_json(c->out))
			out_append(c->out, "scenarios", check_result_json(&m.result[i]));
		else
			check_result_row(&m.result[i], c->name_width);
	}
	if (!out_is_json(c->out))
		check_result_sentences(m.result, m.count);
	for (unsigned i = 0; !out_is_json(c->out) && i < m.count; i++)
		if (*m.result[i].replay)
			printf("replay: posted replay '%s'\n", m.result[i].replay);
	free(m.result);
	return c->violated ? VIOLATED : GOOD;
}

static int check(struct check *c)
{
	if (!check_options_parse(c->out, c->args, &c->options))
		return USAGE;
	if (c->args->value[FLAG_MERGE])
		return merge(c);
	if (!choose_all(c))
		return USAGE;
	return c->jobs.count ? explore(c) : list(c);
}

int check_main(const struct verb_args *args)
{
	struct check c = { .args = args, .out = out_begin(args->value[FLAG_JSON] != NULL),
		           .name_width = (int)strlen("scenario") };
	unsigned most = 1;
	int status;

	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		most++;
	c.jobs.job = calloc(most, sizeof(*c.jobs.job));
	c.result = calloc(most, sizeof(*c.result));
	if (!c.out || !c.jobs.job || !c.result) {
		fputs("posted check: out of memory\n", stderr);
		return VIOLATED;
	}
	status = check(&c);
	if (c.trace)
		fclose(c.trace);
	free(c.jobs.job);
	free(c.result);
	if (!out_end(c.out, status == GOOD)) {
		fprintf(stderr, "posted check: standard output cannot be written: %s\n",
		        strerror(errno));
		status = VIOLATED;
	}
	return status;
}
