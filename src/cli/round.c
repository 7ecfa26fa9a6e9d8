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
	struct round *r;
	struct machine *m;
	struct device *device[MACHINE_FILE_DEVICES]; /* null: not there */
	bool started[MACHINE_FILE_DEVICES];
};

/* A problem of this round: "posted run: user: ...", "posted run: user, ipiv on: ...". */
__attribute__((format(printf, 2, 3)))
static void problem(struct stage *s, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	out_problem(s->run->out, "posted run: %s: %s", s->r->name, text);
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
	struct machine_config c = s->r->config;
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
		c.way = s->r->way;
	if (d->kind == &device_block)
		c.file = s->run->data[n].path;
	s->device[n] = d->kind->create(s->m, &c, error);
	if (s->device[n])
		return;
	problem(s, "%s", error);
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
			problem(s, "%s", error);
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
			problem(s, "%s: %s", s->run->machine->devices[n].name, failure);
	}
}

static void show_progress(struct stage *s, uint64_t begin)
{
	struct progress *p = &s->run->progress;
	struct machine_stats stats;

	if (!progress_due(p))
		return;
	machine_stats(s->m, &stats);
	progress_line(p, "posted run: %s: %.0f of %g s, %llu interrupts handled", s->r->name,
	              (double)(progress_clock() - begin) / 1e9, s->run->seconds,
	              (unsigned long long)stats.handled);
}

static void sleep_through(struct stage *s, uint64_t begin)
{
	struct progress *p = &s->run->progress;
	uint64_t end = begin + (uint64_t)(s->run->seconds * 1e9);

	while (progress_clock() < end) {
		uint64_t until = p->quiet || p->next > end ? end : p->next;

		if (!progress_wait(p, until))
			return;
		show_progress(s, begin);
	}
}

/* However long a pass over a large file takes, as long as something happens and nobody stops us. */
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
			problem(s, "the guests were not done after %d s without an interrupt",
			        STUCK_MS / 1000);
			return;
		}
		if (!progress_wait(p, 0))
			return;
		show_progress(s, begin);
	}
}

static void collect_blocks(struct stage *s)
{
	unsigned seen[MACHINE_FILE_VMS] = { 0 };

	for (unsigned n = 0; n < s->run->machine->device_count; n++) {
		const struct machine_file_device *d = &s->run->machine->devices[n];
		unsigned vm = d->config.vm;

		if (!s->device[n] || d->kind != &device_block)
			continue;
		if (s->run->machine->vms[vm].guest == &guest_reader)
			s->r->block[n].ran = reader_result(machine_guest(s->m, vm, 0), seen[vm],
			                                   &s->r->block[n].read);
		seen[vm]++;
	}
}

static void collect_guests(struct stage *s)
{
	const struct machine_file *f = s->run->machine;

	for (unsigned n = 0; n < f->config.vm_count; n++)
		for (unsigned i = 0; i < f->vms[n].vcpus; i++) {
			struct guest *g = machine_guest(s->m, n, i);

			if (f->vms[n].guest == &guest_ticker)
				s->r->ticks += ticker_count(g);
			else if (f->vms[n].guest == &guest_ipi_pairs)
				histogram_add(&s->r->round_trips, ipi_latency(g));
		}
}

static void tell_loss(const struct machine_loss *l, void *arg)
{
	char text[ROUND_LOSS];

	round_loss(l, text);
	problem(arg, "%s", text);
}

static void judge_block(struct stage *s, unsigned n)
{
	const struct reader_result *read = &s->r->block[n].read;
	const struct data_file *data = &s->run->data[n];
	const struct machine_file_device *d = &s->run->machine->devices[n];

	if (!s->r->block[n].ran)
		return;
	if (read->failed && !d->kind->failure(s->device[n]))
		problem(s, "%s: the guest's read at offset %llu of %s failed: %s", d->name,
		        (unsigned long long)read->failed_offset, data->path,
		        strerror(read->error));
	if (!read->failed && read->mismatch)
		problem(s, "%s: the guest read different data in two passes", d->name);
	if (!read->failed && read->passes && read->crc != data->crc)
		problem(s, "%s: CRC-32C 0x%08x is not the file's, 0x%08x", d->name, read->crc,
		        data->crc);
}

static void judge_machine(struct stage *s)
{
	const char *violated = check_stopped(s->m);

	if (violated)
		problem(s, "%s", violated);
	for (unsigned n = 0; n < machine_units(s->m); n++) {
		const struct machine_unit_faults f = machine_unit_faults(s->m, n);

		if (f.count)
			problem(s, "%s: faults: %llu, the last: %s", f.unit,
			        (unsigned long long)f.count, f.last);
	}
	machine_losses(s->m, tell_loss, s);
}

static void collect(struct stage *s)
{
	machine_stats(s->m, &s->r->stats);
	machine_latency(s->m, &s->r->latency);
	collect_blocks(s);
	collect_guests(s);
	s->r->interrupts = interrupts_read(s->m);
	for (unsigned n = 0; n < s->run->machine->device_count; n++)
		judge_block(s, n);
	judge_machine(s);
}

static void go(struct stage *s)
{
	uint64_t begin = progress_clock();
	double cpu = cpu_seconds();

	start_devices(s);
	sleep_through(s, begin);
	machine_finish(s->m);
	wait_for_guests(s, begin);
	s->r->seconds = (double)(progress_clock() - begin) / 1e9;
	progress_clear(&s->run->progress);
	stop_devices(s);
	if (!machine_drain(s->m, DRAIN_MS))
		problem(s, "interrupts were still under way %d s after the devices stopped",
		        DRAIN_MS / 1000);
	machine_stop(s->m);
	s->r->cpu_seconds = cpu_seconds() - cpu;
	collect(s);
}

bool round_run(struct run *run, struct round *r)
{
	struct stage s = { .run = run, .r = r };
	char error[MACHINE_ERROR];
	bool started;

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

bool round_block_good(const struct run *run, const struct round *r, unsigned device)
{
	const struct reader_result *read = &r->block[device].read;

	return !read->failed && !read->mismatch && read->crc == run->data[device].crc;
}

double round_per_1000(const struct round *r, uint64_t n)
{
	return r->stats.handled ? 1000.0 * (double)n / (double)r->stats.handled : 0;
}

void round_loss(const struct machine_loss *l, char text[ROUND_LOSS])
{
	uint64_t known = l->handled + l->coalesced + l->pending;

	snprintf(text, ROUND_LOSS,
	         "%.64s: vCPU %u: vector 0x%02x: sent %llu, handled %llu, coalesced %llu, "
	         "pending %llu: %llu %s", l->vm, l->vcpu, l->vector,
	         (unsigned long long)l->sent, (unsigned long long)l->handled,
	         (unsigned long long)l->coalesced, (unsigned long long)l->pending,
	         (unsigned long long)(l->sent > known ? l->sent - known : known - l->sent),
	         l->sent > known ? "unaccounted for" : "too many");
}
