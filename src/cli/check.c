/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: explores scenarios, or adds up what others explored. */
#include "cli/check.h"
#include "cli/catalog.h"
#include "cli/check_choose.h"
#include "cli/check_jobs.h"
#include "cli/check_judge.h"
#include "cli/check_merge.h"
#include "cli/check_options.h"
#include "cli/check_tally.h"
#include "cli/schedule.h"
#include "cli/status.h"
#include "cli/trace_file.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The verb under way. */
struct check {
	const struct verb_args *args;
	struct out *out;
	struct check_options options;
	struct check_jobs jobs;
	struct check_result *result; /* one a job */
	int name_width;
	struct check_tally tally;
	bool proved;    /* all that was asked for */
	struct trace_file trace;
};

/* The first column, that this fits. */
static void widen(struct check *c, const char *name)
{
	int width = (int)strlen(name);

	if (c->name_width < width)
		c->name_width = width;
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

/* A scenario is done: its row. */
static void report(struct check_job *job, void *arg)
{
	struct check *c = arg;
	struct check_result *r = &c->result[job - c->jobs.job];

	check_judge(job, &c->options.search, r);
	check_tally_add(&c->tally, r);
	if (check_verdict_none(r->verdict))
		out_problem(c->out, "posted check: %s: %s", r->scenario, r->why);
	if (out_is_json(c->out))
		out_append(c->out, "scenarios", check_result_json(r));
	else
		check_result_row(r, c->name_width);
	fflush(stdout);
}

/* The schedule that violates, does not fit or crashes, as another run of it tells. */
static void explain_here(struct check *c, const struct check_job *job)
{
	const struct schedule schedule = { job->scenario, c->options.search.sc,
		                           job->totals.failed };
	struct explore_table table;
	enum explore_verdict verdict;

	verdict = explore_table_make(&table, schedule.scenario, schedule.sc, &schedule.choices, 0);
	if (verdict != EXPLORE_FAILS && verdict != EXPLORE_MISFIT && verdict != EXPLORE_CRASHES)
		out_problem(c->out,
		            "posted check: %s: the schedule found, run again, takes other steps: "
		            "the scenario must depend on nothing but its state",
		            job->scenario->name);
	else if (table.no_memory)
		out_problem(c->out, "posted check: %s: out of memory: rows are missing",
		            job->scenario->name);
	if (!out_is_json(c->out)) {
		putchar('\n');
		schedule_print(&schedule, &table, c->args->value[FLAG_ALL_ROWS], verdict);
	}
	trace_file_add(&c->trace, &table);
	explore_table_free(&table);
}

/* What crashes may also take the memory of its process apart: not this one's. */
static void explain_apart(struct check *c, const struct check_job *job)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		explain_here(c, job);
		fflush(NULL);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || WIFSIGNALED(status))
		out_problem(c->out, "posted check: %s: its schedule cannot be shown: %s",
		            job->scenario->name,
		            pid < 0 ? strerror(errno) : strsignal(WTERMSIG(status)));
}

static void explain(struct check *c, const struct check_job *job)
{
	if (job->outcome != EXPLORE_CRASHED)
		explain_here(c, job);
	else if (!out_is_json(c->out))
		explain_apart(c, job);
}

static void explain_all(struct check *c)
{
	for (unsigned i = 0; i < c->jobs.count; i++)
		if (check_has_schedule(&c->jobs.job[i]))
			explain(c, &c->jobs.job[i]);
	trace_file_write(&c->trace);
}

static void describe(struct check *c)
{
	const struct explore_options *o = &c->options.search;

	if (!out_is_json(c->out)) {
		check_result_head(c->name_width);
		fflush(stdout);
		return;
	}
	out_value(c->out, "build", json_string(catalog_build()));
	out_value(c->out, "options", check_options_json(o));
	out_value(c->out, "part", json_integer(o->parts ? o->part + 1 : 1));
	out_value(c->out, "parts", json_integer(o->parts ? o->parts : 1));
}

/* All is told but what it comes to. */
static int conclude(struct check *c)
{
	int status = check_tally_status(&c->tally);

	c->proved = check_tally_proved(&c->tally);
	if (out_is_json(c->out)) {
		out_value(c->out, "verdicts", check_tally_json(&c->tally));
	} else {
		putchar('\n');
		check_tally_print(&c->tally);
	}
	return status != STATUS_USAGE && out_problems(c->out) ? STATUS_FAILED : status;
}

static int explore(struct check *c)
{
	for (unsigned i = 0; i < c->jobs.count; i++)
		widen(c, c->jobs.job[i].scenario->name);
	if (!trace_file_open(&c->trace, c->out, "posted check", c->args->value[FLAG_TRACE]) ||
	    !frontiers_writable(c))
		return STATUS_USAGE;
	c->tally.theirs = c->args->value[FLAG_LOAD] || c->args->value[FLAG_WITH];
	c->jobs.at_once = c->options.jobs;
	c->jobs.options = c->options.search;
	c->jobs.options.build = catalog_build();
	c->jobs.frontier = c->args->value[FLAG_FRONTIER];
	c->jobs.done = report;
	c->jobs.arg = c;
	/* Once the table's head is there, signals are heeded. */
	progress_begin(&c->jobs.progress, c->args->value[FLAG_QUIET] != NULL);
	describe(c);
	if (!check_jobs_run(&c->jobs)) {
		out_problem(c->out, "posted check: no process can be begun: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (!out_is_json(c->out))
		check_result_sentences(c->result, c->jobs.count);
	explain_all(c);
	return conclude(c);
}

static int merge(struct check *c)
{
	struct check_merged m;

	if (!check_merge(c->out, c->args->operand, c->args->operands, &m))
		return STATUS_USAGE;
	for (unsigned i = 0; i < m.count; i++)
		widen(c, m.result[i].scenario);
	if (!out_is_json(c->out))
		check_result_head(c->name_width);
	for (unsigned i = 0; i < m.count; i++) {
		check_tally_add(&c->tally, &m.result[i]);
		if (out_is_json(c->out))
			out_append(c->out, "scenarios", check_result_json(&m.result[i]));
		else
			check_result_row(&m.result[i], c->name_width);
	}
	if (!out_is_json(c->out))
		check_result_sentences(m.result, m.count);
	for (unsigned i = 0; !out_is_json(c->out) && i < m.count; i++)
		if (*m.result[i].replay)
			printf("replay: posted replay %s'%s'\n",
			       schedule_flag(m.result[i].replay), m.result[i].replay);
	free(m.result);
	return conclude(c);
}

/* For a job each. */
static bool make_room(struct check *c)
{
	unsigned count;

	if (!catalog_choose(c->out, "check", c->args))
		return false;
	count = catalog_count() + 1;
	c->jobs.job = calloc(count, sizeof(*c->jobs.job));
	c->result = calloc(count, sizeof(*c->result));
	if (c->jobs.job && c->result)
		return true;
	out_problem(c->out, "posted check: out of memory");
	return false;
}

static int check(struct check *c)
{
	int status = STATUS_USAGE;

	if (check_options_parse(c->out, c->args, &c->options)) {
		if (c->args->value[FLAG_MERGE])
			status = merge(c);
		else if (!make_room(c))
			status = STATUS_USAGE;
		else if (!check_choose(c->out, c->args, &c->jobs))
			status = STATUS_USAGE;
		else if (!c->jobs.count)
			return check_list(c->out, c->args) ? STATUS_GOOD : STATUS_USAGE;
		else
			status = explore(c);
	}
	if (out_is_json(c->out))
		out_value(c->out, "proved", json_boolean(c->proved));
	return status;
}

int check_main(const struct verb_args *args)
{
	struct check c = { .args = args, .out = out_begin("posted check", args->value[FLAG_JSON]),
		           .name_width = (int)strlen("scenario") };
	int status;

	if (!c.out)
		return STATUS_FAILED;
	status = check(&c);
	trace_file_free(&c.trace);
	free(c.jobs.job);
	free(c.result);
	catalog_end();
	status = out_end(c.out, status);
	/* Also by one that came too late to stop anything: a shell's loop shall stop. */
	progress_wait(&c.jobs.progress, 0);
	progress_die(&c.jobs.progress);
	return status;
}
