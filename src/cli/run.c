/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: reads the machine, runs its columns in turn, again and again, reports. */
#include "cli/run.h"
#include "cli/plan.h"
#include "cli/report.h"
#include "cli/status.h"
#include "cli/value.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_ROUNDS = 3 };

/* A round to warm up takes a fifth of one that counts, and this at most. */
static const double warm_up = 0.2;

/* The verb under way. */
struct job {
	const struct verb_args *args;
	struct run *run;
	FILE *histogram[COLUMNS]; /* null: none wanted */
};

/* A column's name as the end of a file's: "posted-ipiv-off". */
static void file_suffix(const char *name, char suffix[COLUMN_NAME])
{
	size_t n = 0;

	for (; *name; name++)
		if (*name != ',')
			suffix[n++] = *name == ' ' ? '-' : *name;
	suffix[n] = '\0';
}

static void histogram_path(const struct job *j, unsigned n, char path[PATH_MAX])
{
	char suffix[COLUMN_NAME];

	file_suffix(j->run->column[n].name, suffix);
	snprintf(path, PATH_MAX, j->run->columns > 1 ? "%s.%s" : "%s",
	         j->args->value[FLAG_HISTOGRAM], suffix);
}

/* What an earlier run left stays in them until this one has something to write. */
static bool open_histograms(struct job *j)
{
	const char *file = j->args->value[FLAG_HISTOGRAM];
	char path[PATH_MAX];

	if (file && !*file) {
		out_problem(j->run->out, "posted run: --histogram: \"\" is no name of a file");
		return false;
	}
	for (unsigned n = 0; file && n < j->run->columns; n++) {
		histogram_path(j, n, path);
		j->histogram[n] = fopen(path, "ae");
		if (!j->histogram[n]) {
			out_problem(j->run->out, "posted run: --histogram: cannot write %s: %s",
			            path, strerror(errno));
			return false;
		}
	}
	return true;
}

/* The flags with numbers. */
static bool read_numbers(struct job *j)
{
	const char *seconds = j->args->value[FLAG_SECONDS], *runs = j->args->value[FLAG_RUNS];
	struct run *run = j->run;
	uint64_t rounds = DEFAULT_ROUNDS;

	run->seconds = run->machine->seconds;
	if (seconds && !value_fraction(seconds, MACHINE_FILE_SECONDS, &run->seconds)) {
		out_problem(run->out,
		            "posted run: --seconds: \"%s\" is no number above 0 and up to %d",
		            seconds, MACHINE_FILE_SECONDS);
		return false;
	}
	if (runs && !value_whole(runs, 1, ROUNDS, &rounds)) {
		out_problem(run->out, "posted run: --runs: \"%s\" is no whole number from 1 to %d",
		            runs, ROUNDS);
		return false;
	}
	run->rounds = (unsigned)rounds;
	run->warm_up = run->seconds / 5 < warm_up ? run->seconds / 5 : warm_up;
	return true;
}

/* Room for each column's rounds. */
static bool make_rounds(struct run *run)
{
	for (unsigned n = 0; n < run->columns; n++) {
		run->column[n].rounds = calloc(run->rounds, sizeof(struct round));
		if (!run->column[n].rounds) {
			out_problem(run->out, "posted run: out of memory for so many runs");
			return false;
		}
	}
	return true;
}

/* All that is asked for, checked before anything starts. */
static bool prepare(struct job *j)
{
	struct run *run = j->run;
	char error[MACHINE_FILE_ERROR];

	run->interrupts = j->args->value[FLAG_INTERRUPTS] != NULL;
	run->machine = machine_file_load(j->args->operands ? *j->args->operand : NULL, error);
	if (!run->machine) {
		out_problem(run->out, "%s", error);
		return false;
	}
	return read_numbers(j) &&
	       plan_columns(run, j->args->value[FLAG_WAY], j->args->value[FLAG_COMPARE]) &&
	       make_rounds(run);
}

/* The data of each block device. */
static void open_data(struct run *run)
{
	const struct machine_file *m = run->machine;
	char why[512];

	for (unsigned n = 0; n < m->device_count; n++) {
		const struct machine_file_device *d = &m->devices[n];

		run->data[n].fd = -1;
		if (d->kind != &device_block ||
		    data_file_open(&run->data[n], d->config.file, d->size, why, sizeof(why)))
			continue;
		out_problem(run->out, "%s: %s: %s", m->path, d->name, why);
		run->broken[n] = true;
	}
}

/* True if a device is left, or a guest that runs without. */
static bool anything_left(const struct run *run)
{
	const struct machine_file *m = run->machine;

	for (unsigned n = 0; n < m->device_count; n++)
		if (!run->broken[n])
			return true;
	for (unsigned n = 0; n < m->config.vm_count; n++)
		if (m->vms[n].guest != &guest_reader)
			return true;
	return false;
}

static void write_histogram(struct job *j, unsigned n)
{
	const struct column *c = &j->run->column[n];
	struct histogram all = { .total = 0 };
	FILE *out = j->histogram[n];
	char path[PATH_MAX];

	if (!out || !c->count)
		return;
	for (unsigned i = 0; i < c->count; i++)
		histogram_add(&all, &c->rounds[i].latency);
	histogram_path(j, n, path);
	/* Only a file can be emptied; a pipe or a device has nothing of an earlier run. */
	if (ftruncate(fileno(out), 0) && errno != EINVAL)
		out_problem(j->run->out, "posted run: --histogram: emptying %s failed: %s", path,
		            strerror(errno));
	histogram_print(&all, out, 1000);
	if (ferror(out) | fclose(out))
		out_problem(j->run->out, "posted run: --histogram: writing %s failed: %s", path,
		            strerror(errno));
	j->histogram[n] = NULL;
}

/* One that was cut short counts only where its column has no other. */
static void keep_round(struct column *c)
{
	struct round *r = &c->rounds[c->count];
	struct interrupts *first = c->rounds[0].interrupts;

	if (r->cut && c->count) {
		interrupts_free(r->interrupts);
		return;
	}
	if (c->count++ && first && r->interrupts) {
		interrupts_add(first, r->interrupts);
		interrupts_free(r->interrupts);
		r->interrupts = NULL;
	}
}

/* One round of every column, as the number-th; 0: to warm up. False: one could not run. */
static bool run_columns(struct run *run, unsigned number)
{
	char called[32] = "warm-up";

	if (number)
		snprintf(called, sizeof(called), "run %u of %u", number, run->rounds);
	for (unsigned n = 0; n < run->columns && !run->progress.interrupted; n++) {
		struct column *c = &run->column[n];
		struct round *r = &c->rounds[c->count];

		if (!round_run(run, c, called, number ? run->seconds : run->warm_up, r))
			return false;
		if (number)
			keep_round(c);
		else
			interrupts_free(r->interrupts);
	}
	return true;
}

static int run_rounds(struct job *j)
{
	struct run *run = j->run;

	open_data(run);
	if (!anything_left(run)) {
		out_problem(run->out, "%s: nothing is left to run: every guest is a reader, and "
		            "no device is left", run->machine->path);
		return STATUS_FAILED;
	}
	if (!open_histograms(j))
		return STATUS_USAGE;
	progress_begin(&run->progress, j->args->value[FLAG_QUIET] != NULL);
	for (unsigned number = 0; number <= run->rounds && !run->progress.interrupted; number++)
		if (!run_columns(run, number))
			break;
	if (!run->column[0].count && !run->progress.interrupted)
		return STATUS_USAGE;
	for (unsigned n = 0; n < run->columns; n++)
		write_histogram(j, n);
	report_print(run);
	return out_problems(run->out) ? STATUS_FAILED : STATUS_GOOD;
}

static void clean_up(struct job *j)
{
	struct run *run = j->run;

	for (unsigned n = 0; n < COLUMNS; n++) {
		struct column *c = &run->column[n];

		if (c->rounds)
			interrupts_free(c->rounds[0].interrupts);
		free(c->rounds);
		if (j->histogram[n])
			fclose(j->histogram[n]);
	}
	for (unsigned n = 0; run->machine && n < run->machine->device_count; n++)
		if (run->data[n].path)
			data_file_close(&run->data[n]);
	if (run->machine)
		machine_file_free(run->machine);
	free(run);
}

int run_main(const struct verb_args *args)
{
	struct job j = { .args = args, .run = calloc(1, sizeof(*j.run)) };
	struct out *out = out_begin("posted run", args->value[FLAG_JSON]);
	struct progress progress;
	int status;

	if (!out)
		return STATUS_FAILED;
	if (!j.run) {
		out_problem(out, "posted run: out of memory");
		return out_end(out, STATUS_FAILED);
	}
	j.run->out = out;
	status = prepare(&j) ? run_rounds(&j) : STATUS_USAGE;
	progress = j.run->progress;
	clean_up(&j);
	status = out_end(out, status);
	progress_die(&progress);
	return status;
}
