/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: reads the machine, runs its rounds, reports. */
#include "cli/run.h"
#include "cli/plan.h"
#include "cli/report.h"
#include "cli/round.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GOOD = 0, VIOLATED = 1, USAGE = 2 };

/* The verb under way. */
struct job {
	const struct verb_args *args;
	struct run *run;
	struct round *rounds;
	unsigned count; /* rounds to run, then: that ran */
	bool several;   /* of them */
	FILE *histogram[ROUNDS]; /* null: none wanted */
};

/* A round's name as the end of a file's: "posted-ipiv-off". */
static void file_suffix(const char *name, char suffix[ROUND_NAME])
{
	size_t n = 0;

	for (; *name; name++)
		if (*name != ',')
			suffix[n++] = *name == ' ' ? '-' : *name;
	suffix[n] = '\0';
}

static void histogram_path(const struct job *j, unsigned n, char path[PATH_MAX])
{
	char suffix[ROUND_NAME];

	file_suffix(j->rounds[n].name, suffix);
	snprintf(path, PATH_MAX, j->several ? "%s.%s" : "%s", j->args->value[FLAG_HISTOGRAM],
	         suffix);
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
	for (unsigned n = 0; file && n < j->count; n++) {
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

/* All that is asked for, checked before anything starts. */
static bool prepare(struct job *j)
{
	const char *seconds = j->args->value[FLAG_SECONDS];
	char error[MACHINE_FILE_ERROR];

	j->run->machine = machine_file_load(j->args->operands ? *j->args->operand : NULL,
	                                    error);
	if (!j->run->machine) {
		out_problem(j->run->out, "%s", error);
		return false;
	}
	j->run->seconds = j->run->machine->seconds;
	if (seconds && !machine_file_seconds(seconds, &j->run->seconds)) {
		out_problem(j->run->out,
		            "posted run: --seconds: \"%s\" is no number above 0 and up to "
		            "86400",
		            seconds);
		return false;
	}
	j->count = plan_rounds(j->run, j->args->value[FLAG_WAY], j->args->value[FLAG_COMPARE],
	                       j->rounds);
	j->several = j->count > 1;
	return j->count;
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
	FILE *out = j->histogram[n];
	char path[PATH_MAX];

	if (!out)
		return;
	histogram_path(j, n, path);
	/* Only a file can be emptied; a pipe or a device has nothing of an earlier run. */
	if (ftruncate(fileno(out), 0) && errno != EINVAL)
		out_problem(j->run->out, "posted run: --histogram: emptying %s failed: %s", path,
		            strerror(errno));
	histogram_print(&j->rounds[n].latency, out, 1000);
	if (ferror(out) | fclose(out))
		out_problem(j->run->out, "posted run: --histogram: writing %s failed: %s", path,
		            strerror(errno));
	j->histogram[n] = NULL;
}

static int run_rounds(struct job *j)
{
	unsigned ran = 0;

	open_data(j->run);
	if (!anything_left(j->run)) {
		out_problem(j->run->out, "%s: nothing is left to run: every guest is a reader, and "
		            "no device is left", j->run->machine->path);
		return VIOLATED;
	}
	if (!open_histograms(j))
		return USAGE;
	progress_begin(&j->run->progress, j->args->value[FLAG_QUIET] != NULL);
	while (ran < j->count && !j->run->progress.interrupted) {
		if (!round_run(j->run, &j->rounds[ran]))
			break;
		write_histogram(j, ran++);
	}
	if (!ran)
		return USAGE;
	report_print(j->run, j->rounds, ran);
	return out_problems(j->run->out) ? VIOLATED : GOOD;
}

static void clean_up(struct job *j)
{
	struct run *run = j->run;

	for (unsigned n = 0; n < ROUNDS; n++) {
		interrupts_free(j->rounds[n].interrupts);
		if (j->histogram[n])
			fclose(j->histogram[n]);
	}
	for (unsigned n = 0; run->machine && n < run->machine->device_count; n++)
		if (run->data[n].path)
			data_file_close(&run->data[n]);
	if (run->machine)
		machine_file_free(run->machine);
	free(j->rounds);
	free(run);
}

int run_main(const struct verb_args *args)
{
	struct job j = { .args = args, .run = calloc(1, sizeof(*j.run)),
	                 .rounds = calloc(ROUNDS, sizeof(*j.rounds)) };
	struct out *out = out_begin(args->value[FLAG_JSON] != NULL);
	struct progress progress;
	int status;

	if (!j.run || !j.rounds || !out) {
		fputs("posted run: out of memory\n", stderr);
		return VIOLATED;
	}
	j.run->out = out;
	status = prepare(&j) ? run_rounds(&j) : USAGE;
	progress = j.run->progress;
	clean_up(&j);
	if (!out_end(out, status == GOOD)) {
		fprintf(stderr, "posted run: standard output cannot be written: %s\n",
		        strerror(errno));
		status = VIOLATED;
	}
	progress_die(&progress);
	return status;
}
