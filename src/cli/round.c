/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/round.h"
#include "check/check.h"
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>

static const uint64_t ms = 1000000;

enum {
	STUCK_MS = 10000, /* guests that handle nothing for so long are not waited for */
	DRAIN_MS = 5000,
	LOOK_MS = 100,
};

/* A round under way. */
struct stage {
	struct run *run;
	struct column *c;
	const char *called;
	double length; /* s */
	struct round *r;
	struct machine *m;
	struct device *device[MACHINE_FILE_DEVICES]; /* null: not there */
	bool started[MACHINE_FILE_DEVICES];
};

void round_problem(struct run *run, struct column *c, const char *format, ...)
{
	char text[ROUND_PROBLEM];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (!strcmp(text, c->said))
		return;
	snprintf(c->said, sizeof(c->said), "%s", text);
	out_problem(run->out, "posted run: %s: %s", c->name, text);
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A reader whose every device is broken would refuse to start: it idles, the others carry on. */
static void idle_readers(struct run *run, struct machine_vm *vms)
{
	const struct machine_file *f = run->machine;
	bool block[MACHINE_FILE_VMS] = { false };

	for (unsigned n = 0; n < f->device_count; n++)
		block[f->devices[n].config.vm] |=
			f->devices[n].kind == &device_block && !run->broken[n];
	for (unsigned n = 0; n < f->config.vm_count; n++) {
		vms[n] = f->vms[n];
		if (vms[n].guest == &guest_reader && !block[n])
			vms[n].guest = &guest_idle;
	}
}

static bool create_machine(struct stage *s)
{
	struct machine_config c = s->c->config;
	struct machine_vm vms[MACHINE_FILE_VMS];
	char error[MACHINE_ERROR];

	idle_readers(s->run, vms);
	c.vms = vms;
	s->m = machine_create(&c, error);
	if (s->m)
		machine_observe(s->m, check_entry);
	else
		out_problem(s->run->out, "%s: %s", s->run->machine->path, error);
	return s->m;
}

/* A device that cannot be made now is left out for good: its reader could not start. */
static void create_device(struct stage *s, unsigned n, bool *again)
{
	const struct machine_file_device *d = &s->run->machine->devices[n];
	struct device_config c = d->config;
	char error[MACHINE_ERROR];

	if (s->run->broken[n])
		return;
	if (!d->way_fixed)
		c.way = s->c->way;
	if (d->kind == &device_block)
		c.file = s->run->data[n].path;
	s->device[n] = d->kind->create(s->m, &c, error);
	if (s->device[n])
		return;
	round_problem(s->run, s->c, "%s", error);
	s->run->broken[n] = true;
	*again = true;
}

/* The machine first: its guests let go of the devices' registers. */
static void destroy(struct stage *s)
{
	machine_destroy(s->m);
	s->m = NULL;
	for (unsigned n = 0; n < s->run->machine->device_count; n++) {
		if (s->device[n])
			s->run->machine->devices[n].kind->destroy(s->device[n]);
		s->device[n] = NULL;
	}
}

/* True with a machine and all its devices, but those that are broken. */
static bool create(struct stage *s)
{
	bool again = true;

	while (again) {
		again = false;
		if (!create_machine(s))
			return false;
		for (unsigned n = 0; n < s->run->machine->device_count; n++)
			create_device(s, n, &again);
		if (again)
			destroy(s);
	}
	return true;
}

static void start_devices(struct stage *s)
{
	char error[MACHINE_ERROR];

	for (unsigned n = 0; n < s->run->machine->device_count; n++) {
		const struct machine_file_device *d = &s->run->machine->devices[n];

		if (!s->device[n])
			continue;
		s->started[n] = d->kind->start(s->device[n], error);
		if (!s->started[n])
			round_problem(s->run, s->c, "%s", error);
	}
}

static void stop_devices(struct stage *s)
{
	for (unsigned n = 0; n < s->run->machine->device_count; n++) {
		const struct device_ops *kind = s->run->machine->devices[n].kind;
		const char *failure;

		if (!s->started[n])
			continue;
		kind->stop(s->device[n]);
		failure = kind->failure(s->device[n]);
		if (failure)
			round_problem(s->run, s->c, "%s: %s", s->run->machine->devices[n].name,
			              failure);
	}
}

static void show_progress(struct stage *s, uint64_t begin)
{
	struct progress *p = &s->run->progress;
	struct machine_stats stats;

	if (!progress_due(p))
		return;
	machine_stats(s->m, &stats);
	progress_line(p, "posted run: %s, %s: %.1f of %g s, %llu interrupts handled", s->c->name,
	              s->called, (double)(progress_clock() - begin) / 1e9, s->length,
	              (unsigned long long)stats.handled);
}

static void sleep_through(struct stage *s, uint64_t begin)
{
	struct progress *p = &s->run->progress;
	uint64_t end = begin + (uint64_t)(s->length * 1e9);

	while (progress_clock() < end) {
		uint64_t until = p->quiet || p->next > end ? end : p->next;

		if (!progress_wait(p, until))
			return;
		show_progress(s, begin);
	}
}

/* However long what is under way takes, as long as something happens and nobody stops us. */
static void wait_for_guests(struct stage *s, uint64_t begin)
{
	struct progress *p = &s->run->progress;
	uint64_t seen = 0, since = progress_clock();
	struct machine_stats stats;

	while (!machine_wait(s->m, LOOK_MS)) {
		machine_stats(s->m, &stats);
		if (stats.handled != seen) {
			seen = stats.handled;
			since = progress_clock();
		}
		if (progress_clock() - since > STUCK_MS * ms) {
			progress_clear(p);
			round_problem(s->run, s->c,
			              "the guests were not done after %d s without an interrupt",
			              STUCK_MS / 1000);
			return;
		}
		if (!progress_wait(p, 0))
			return;
		show_progress(s, begin);
	}
}

static void go(struct stage *s)
{
	uint64_t begin = progress_clock();
	double cpu = cpu_seconds();
	struct host_load load = host_load_now();

	start_devices(s);
	sleep_through(s, begin);
	s->r->cut = s->run->progress.interrupted;
	machine_finish(s->m);
	wait_for_guests(s, begin);
	s->r->seconds = (double)(progress_clock() - begin) / 1e9;
	/* Now: the devices' threads are about to end. */
	s->r->load = host_load_since(&load);
	progress_clear(&s->run->progress);
	stop_devices(s);
	if (!machine_drain(s->m, DRAIN_MS))
		round_problem(s->run, s->c,
		              "interrupts were still under way %d s after the devices stopped",
		              DRAIN_MS / 1000);
	machine_stop(s->m);
	s->r->cpu_seconds = cpu_seconds() - cpu;
	round_collect(s->run, s->c, s->m, s->device, s->r);
}

bool round_run(struct run *run, struct column *c, const char *called, double seconds,
               struct round *r)
{
	struct stage s = { .run = run, .c = c, .called = called, .length = seconds, .r = r };
	char error[MACHINE_ERROR];
	bool started;

	*r = (struct round){ 0 };
	if (!create(&s))
		return false;
	started = machine_start(s.m, error);
	if (started)
		go(&s);
	else
		out_problem(run->out, "%s: %s", run->machine->path, error);
	destroy(&s);
	return started;
}
