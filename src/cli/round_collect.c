/* SPDX-License-Identifier: BSD-2-Clause */
/* What a round left: its figures, and whether all that had to be true was. */
#include "check/check.h"
#include "cli/round.h"
#include "guest/crc32c.h"
#include <errno.h>
#include <string.h>

/* A round that is over. */
struct remains {
	struct run *run;
	struct column *c;
	struct machine *m;
	struct device *const *device; /* null: not there */
	struct round *r;
};

static const struct machine_file_device *device_of(const struct remains *s, unsigned n)
{
	return &s->run->machine->devices[n];
}

/* Compares what was read of a part with what the file has there. */
static bool part_equal(struct remains *s, unsigned n, uint64_t offset, uint64_t size,
                       uint32_t crc)
{
	struct data_file *data = &s->run->data[n];
	uint32_t wanted;

	if (!data_file_crc(data, offset, size, &wanted)) {
		round_problem(s->run, s->c, "%s: cannot read %s: %s", device_of(s, n)->name,
		              data->path, errno ? strerror(errno) : "the file ends early");
		return false;
	}
	if (crc == wanted)
		return true;
	round_problem(s->run, s->c,
	              "%s: CRC-32C 0x%08x is not the file's, 0x%08x (%llu bytes from offset "
	              "%llu)%s",
	              device_of(s, n)->name, crc, wanted, (unsigned long long)size,
	              (unsigned long long)offset,
	              data_file_changed(data) ? ": somebody wrote to the file meanwhile" : "");
	return false;
}

/* All queues' parts: of a complete pass, and of the one that the end of time cut short. */
static void compare(struct remains *s, unsigned n, unsigned number)
{
	struct guest *g = machine_guest(s->m, device_of(s, n)->config.vm, 0);
	struct round_block *b = &s->r->block[n];
	struct data_file *data = &s->run->data[n];
	struct reader_part p;

	b->equal = b->whole = true;
	for (unsigned queue = 0; reader_part(g, number, queue, &p); queue++) {
		b->checked += p.passes ? p.size : p.rest;
		b->whole &= p.passes || !p.size;
		if (p.passes) {
			b->equal &= part_equal(s, n, p.offset, p.size, p.crc);
			b->crc = crc32c_combine(b->crc, p.crc, p.size);
		}
		b->equal &= part_equal(s, n, p.offset, p.rest, p.rest_crc);
	}
	b->whole = b->whole && data_file_crc(data, 0, data->size, &b->file_crc);
}

static void judge_block(struct remains *s, unsigned n, unsigned number)
{
	struct round_block *b = &s->r->block[n];
	const struct machine_file_device *d = device_of(s, n);

	if (b->read.failed && !d->kind->failure(s->device[n]))
		round_problem(s->run, s->c, "%s: the guest's read at offset %llu of %s failed: %s",
		              d->name, (unsigned long long)b->read.failed_offset,
		              s->run->data[n].path, strerror(b->read.error));
	if (b->read.failed)
		return;
	if (b->read.mismatch)
		round_problem(s->run, s->c, "%s: the guest read different data in two passes",
		              d->name);
	compare(s, n, number);
	b->equal &= !b->read.mismatch;
}

/* A reader knows its VM's block devices by number. */
static void collect_blocks(struct remains *s)
{
	unsigned seen[MACHINE_FILE_VMS] = { 0 };

	for (unsigned n = 0; n < s->run->machine->device_count; n++) {
		unsigned vm = device_of(s, n)->config.vm;
		struct round_block *b = &s->r->block[n];

		if (!s->device[n] || device_of(s, n)->kind != &device_block)
			continue;
		if (s->run->machine->vms[vm].guest == &guest_reader)
			b->ran = reader_result(machine_guest(s->m, vm, 0), seen[vm], &b->read);
		if (b->ran)
			judge_block(s, n, seen[vm]);
		seen[vm]++;
	}
}

static void collect_guests(struct remains *s)
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
	struct remains *s = arg;
	char text[ROUND_LOSS];

	round_loss(l, text);
	round_problem(s->run, s->c, "%s", text);
}

static void judge_machine(struct remains *s)
{
	const char *violated = check_stopped(s->m);

	if (violated)
		round_problem(s->run, s->c, "%s", violated);
	for (unsigned n = 0; n < machine_units(s->m); n++) {
		const struct machine_unit_faults f = machine_unit_faults(s->m, n);

		if (f.count)
			round_problem(s->run, s->c, "%s: faults: %llu, the last: %s", f.unit,
			              (unsigned long long)f.count, f.last);
	}
	machine_losses(s->m, tell_loss, s);
}

void round_collect(struct run *run, struct column *c, struct machine *m,
                   struct device *const devices[MACHINE_FILE_DEVICES], struct round *r)
{
	struct remains s = { run, c, m, devices, r };

	machine_stats(m, &r->stats);
	machine_latency(m, &r->latency);
	collect_blocks(&s);
	collect_guests(&s);
	if (run->interrupts)
		r->interrupts = interrupts_read(m);
	judge_machine(&s);
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
