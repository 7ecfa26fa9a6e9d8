/* SPDX-License-Identifier: BSD-2-Clause */
/* The report: what stands above and below its rows, as text and as JSON. */
#include "cli/report.h"
#include "cli/sheet.h"
#include "cli/terminal.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LABEL = 64, FEW_ROUNDS = 4 };

/* What is printed, of the columns that have a round. */
struct report {
	const struct run *run;
	unsigned columns;
	struct sheet *sheet;
};

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

/* What the switches come to; of those that are compared, the columns' names tell. */
static void switches_text(const struct run *run, char text[LABEL * 2])
{
	const struct machine_config *c = &run->machine->config;
	const char *words[MACHINE_SWITCHES] = {
		[MACHINE_X2APIC] = c->x2apic ? "x2APIC" : "xAPIC",
		[MACHINE_APICV] = c->software_apic ? "no APIC virtualization" : NULL,
		[MACHINE_IPIV] = c->ipiv ? "IPI virtualization" : NULL,
		[MACHINE_POSTED_MSI] = c->posted_msi ? "posted MSI" : NULL,
	};
	size_t n = 0;

	*text = '\0';
	for (unsigned i = 0; i < run->columns; i++)
		if (run->column[i].compared)
			words[machine_file_switch(run->column[i].compared)] = NULL;
	for (unsigned s = 0; s < MACHINE_SWITCHES; s++)
		if (words[s])
			n += (size_t)snprintf(text + n, LABEL * 2 - n, ", %s", words[s]);
	snprintf(text + n, LABEL * 2 - n, ", HLT %s", c->hlt_exiting ? "exits" : "does not exit");
}

static void machine_line(const struct run *run, char *text, size_t size)
{
	const struct machine_file *m = run->machine;
	char switches[LABEL * 2];
	unsigned vcpus = machine_file_vcpus(m);

	switches_text(run, switches);
	snprintf(text, size, "%s: %u pCPU%s, %u vCPU%s in %u VM%s, %u device%s%s", m->path,
	         m->config.pcpus, plural(m->config.pcpus), vcpus, plural(vcpus),
	         m->config.vm_count, plural(m->config.vm_count), m->device_count,
	         plural(m->device_count), switches);
}

static void runs_line(const struct run *run, char *text, size_t size)
{
	if (run->rounds == 1)
		snprintf(text, size,
		         "One run of %g s, after a warm-up: one run has no range, so nothing is "
		         "compared.", run->seconds);
	else
		snprintf(text, size,
		         "%s%u runs of %g s each, the columns in turn, after a warm-up: median "
		         "(lowest-highest).", run->progress.interrupted ? "Up to " : "",
		         run->rounds, run->seconds);
}

static void heading(const struct run *run)
{
	char text[512];

	out_line(run->out, "model",
	         "A model, on this machine's threads. Real: the file, io_uring, eventfds, atomic "
	         "operations, latencies between threads. Counted, not timed: VM exits and host "
	         "interrupts; CPU time has what the model's code takes for them, not what "
	         "silicon does.");
	if (!out_is_json(run->out))
		putchar('\n');
	machine_line(run, text, sizeof(text));
	out_line(run->out, NULL, text);
	runs_line(run, text, sizeof(text));
	out_line(run->out, NULL, text);
}

/* So often one way's n values are all below or all above the other's n: 2 in (2n over n). */
static unsigned once_in(unsigned n)
{
	unsigned ways = 1;

	for (unsigned k = 1; k <= n; k++)
		ways = ways * (n + k) / k;
	return ways / 2;
}

/* With few runs, what is told as a difference may be none; with more that is rare. */
static void chance_line(const struct run *run)
{
	bool compared = false;
	char text[128];

	for (unsigned n = 0; n < run->columns; n++)
		compared |= report_base(run, n) != NULL;
	if (!compared || run->rounds < 2 || run->rounds > FEW_ROUNDS || run->progress.interrupted)
		return;
	snprintf(text, sizeof(text),
	         "By chance alone, figures of %u runs each lie apart once in %u times.",
	         run->rounds, once_in(run->rounds));
	out_line(run->out, NULL, text);
}

static void notes(const struct report *p)
{
	const struct run *run = p->run;
	bool known = true;

	for (unsigned n = 0; n < p->columns; n++)
		for (unsigned i = 0; i < run->column[n].count; i++)
			known &= run->column[n].rounds[i].load.known;
	if (p->sheet && sheet_marked(p->sheet))
		out_line(run->out, NULL,
		         "* This tail may be the host's scheduler: the threads waited for a CPU "
		         "(run delay, steal) longer than all that is in it took together.");
	if (!known)
		out_line(run->out, NULL,
		         "This kernel does not count run delay (/proc/self/schedstat): the tails "
		         "may be the host's scheduler, or not.");
	chance_line(run);
	if (run->progress.interrupted)
		out_line(run->out, NULL, p->columns ?
		         "Stopped early: these are the figures until then." :
		         "Stopped early: nothing was measured until then.");
}

static void conclude(const struct report *p)
{
	char text[REPORT_SENTENCE];

	for (unsigned n = 0; n < p->columns; n++) {
		report_sentence(p->run, n, text);
		if (out_is_json(p->run->out))
			out_append(p->run->out, "sentences", json_string(text));
		else
			out_line(p->run->out, NULL, text);
	}
}

static bool print_text(const struct report *p)
{
	unsigned width = terminal_width(STDOUT_FILENO);

	if (!p->sheet)
		return false;
	putchar('\n');
	sheet_print(p->sheet, stdout, width);
	for (unsigned n = 0; n < p->columns; n++) {
		const struct column *c = &p->run->column[n];

		if (!c->rounds[0].interrupts)
			continue;
		printf("\n%s: the host's interrupts\n", c->name);
		interrupts_print(c->rounds[0].interrupts, stdout, width);
	}
	putchar('\n');
	return sheet_good(p->sheet);
}

static bool put_json(const struct report *p)
{
	const struct run *run = p->run;
	int came = run->progress.interrupted;
	char name[16];

	snprintf(name, sizeof(name), "SIG%s", came ? sigabbrev_np(came) : "");
	out_value(run->out, "machine", report_machine_json(run));
	out_value(run->out, "runs", json_integer(run->rounds));
	out_value(run->out, "seconds", json_real(run->seconds));
	out_value(run->out, "warm_up_seconds", json_real(run->warm_up));
	out_value(run->out, "interrupted", came ? json_string(name) : json_null());
	out_value(run->out, "work", json_string(report_work_name(run)));
	out_value(run->out, "columns", json_array());
	for (unsigned n = 0; p->sheet && n < p->columns; n++) {
		json_t *object = sheet_object(p->sheet, n);

		if (!report_column_json(run, &run->column[n], object))
			return false;
		out_append(run->out, "columns", json_incref(object));
	}
	out_value(run->out, "comparisons", report_comparisons_json(run));
	return p->sheet && sheet_good(p->sheet);
}

void report_print(const struct run *run)
{
	struct report p = { .run = run };
	const char *names[COLUMNS];
	bool good;

	for (unsigned n = 0; n < run->columns; n++) {
		p.columns += run->column[n].count > 0;
		names[n] = run->column[n].name;
	}
	heading(run);
	p.sheet = sheet_new(names, p.columns);
	good = p.sheet && report_rows(run, p.sheet, p.columns);
	good &= out_is_json(run->out) ? put_json(&p) : print_text(&p);
	if (!good)
		out_problem(run->out, "posted run: out of memory for the report");
	notes(&p);
	conclude(&p);
	if (p.sheet)
		sheet_free(p.sheet);
}
