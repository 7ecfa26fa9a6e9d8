/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/report.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 64 };

/* The plain counts, in the order of the report. */
static const struct count {
	const char *key, *label;
	size_t offset; /* in machine_stats */
} delivery[] = {
	{ "sent", "interrupts sent", offsetof(struct machine_stats, sent) },
	{ "handled", "guest handler runs", offsetof(struct machine_stats, handled) },
	{ "coalesced", "coalesced", offsetof(struct machine_stats, coalesced) },
	{ "pending", "pending", offsetof(struct machine_stats, pending) },
}, host[] = {
	{ "host_interrupts", "host interrupts", offsetof(struct machine_stats, interrupts) },
	{ "wakeups", "wake-ups", offsetof(struct machine_stats, wakeups) },
	{ "preemptions", "preemptions", offsetof(struct machine_stats, preemptions) },
	{ "moves", "moves to another pCPU", offsetof(struct machine_stats, moves) },
	{ "faults", "requests VT-d blocked", offsetof(struct machine_stats, faults) },
	{ "entry_misses", "remapping entry cache misses", offsetof(struct machine_stats, misses) },
	{ "invalidations", "  invalidations", offsetof(struct machine_stats, invalidations) },
};

static const struct {
	unsigned reason;
	const char *name;
} exits[] = {
#define ROW(number, name) { number, #name },
	VMX_EXITS(ROW)
#undef ROW
};

static const struct {
	const char *key, *label;
	double percent;
} percentiles[] = {
	{ "p50", "p50", 50 },
	{ "p99", "p99", 99 },
	{ "p99_9", "p99.9", 99.9 },
	{ "max", "max", 100 },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What is printed: the run's rounds. */
struct report {
	const struct run *run;
	const struct round *rounds;
	unsigned count;
};

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

static void print_counts(const struct report *p, const struct count *rows, unsigned n)
{
	struct out_cell cells[ROUNDS];

	for (unsigned row = 0; row < n; row++) {
		for (unsigned i = 0; i < p->count; i++) {
			const char *stats = (const char *)&p->rounds[i].stats;

			cells[i] = out_count(*(const uint64_t *)(stats + rows[row].offset));
		}
		out_row(p->run->out, rows[row].key, rows[row].label, cells);
	}
}

static bool is_block(const struct report *p, unsigned device)
{
	return p->run->machine->devices[device].kind == &device_block;
}

/* All block devices together. */
static void print_reading(const struct report *p)
{
	struct out_cell bytes[ROUNDS], iops[ROUNDS];
	bool any = false;

	for (unsigned i = 0; i < p->count; i++) {
		uint64_t b = 0, reads = 0;

		for (unsigned n = 0; n < p->run->machine->device_count; n++) {
			any |= is_block(p, n);
			b += p->rounds[i].block[n].read.bytes;
			reads += p->rounds[i].block[n].read.reads;
		}
		bytes[i] = out_count(b);
		iops[i] = out_count((uint64_t)((double)reads / p->rounds[i].seconds));
	}
	if (!any)
		return;
	out_row(p->run->out, "bytes", "bytes read", bytes);
	out_row(p->run->out, "iops", "reads per second (IOPS)", iops);
}

/* One block device: its name is told if there are several. */
static void print_block(const struct report *p, unsigned n, bool several)
{
	const char *name = p->run->machine->devices[n].name;
	struct out_cell crc[ROUNDS] = { 0 }, file[ROUNDS] = { 0 },
	                equal[ROUNDS] = { 0 };
	int size = (int)strcspn(name, " ");
	char key[LABEL], label[LABEL], in[LABEL] = "";

	for (unsigned i = 0; i < p->count; i++) {
		const struct round_block *b = &p->rounds[i].block[n];

		if (!p->run->broken[n])
			file[i] = out_crc(p->run->data[n].crc);
		if (!b->ran || b->read.failed || !b->read.passes)
			continue;
		crc[i] = out_crc(b->read.crc);
		equal[i] = out_yes_no(round_block_good(p->run, &p->rounds[i], n));
	}
	if (several)
		snprintf(in, sizeof(in), ", %.*s", size, name);
	snprintf(key, sizeof(key), "%.*s.crc32c", size, name);
	snprintf(label, sizeof(label), "CRC-32C%s", in);
	out_row(p->run->out, key, label, crc);
	snprintf(key, sizeof(key), "%.*s.file_crc32c", size, name);
	out_row(p->run->out, key, "  of the file itself", file);
	snprintf(key, sizeof(key), "%.*s.crc_equal", size, name);
	out_row(p->run->out, key, "  equal", equal);
}

static void print_blocks(const struct report *p)
{
	unsigned count = p->run->machine->device_count, blocks = 0;

	for (unsigned n = 0; n < count; n++)
		blocks += is_block(p, n);
	for (unsigned n = 0; n < count; n++)
		if (is_block(p, n))
			print_block(p, n, blocks > 1);
}

static bool has_guest(const struct report *p, const struct guest_ops *guest)
{
	for (unsigned n = 0; n < p->run->machine->config.vm_count; n++)
		if (p->run->machine->vms[n].guest == guest)
			return true;
	return false;
}

/* Most machines never see most reasons: but for the usual, rows of zeros are left out. */
static bool has_exits(const struct report *p, unsigned reason)
{
	switch (reason) {
	case VMX_EXIT_EXTERNAL_INTERRUPT:
	case VMX_EXIT_HLT:
	case VMX_EXIT_MSR_WRITE:
	case VMX_EXIT_EOI_INDUCED:
	case VMX_EXIT_APIC_WRITE:
		return true;
	}
	for (unsigned i = 0; i < p->count; i++)
		if (p->rounds[i].stats.exits[reason])
			return true;
	return false;
}

static void print_exits(const struct report *p)
{
	struct out_cell total[ROUNDS], each[ROUNDS], cells[ROUNDS];
	char key[LABEL], label[LABEL];

	for (unsigned i = 0; i < p->count; i++) {
		uint64_t n = p->rounds[i].stats.exits_total;

		total[i] = out_count(n);
		each[i] = out_real(OUT_TENTHS, round_per_1000(&p->rounds[i], n));
	}
	out_row(p->run->out, "exits.total", "VM exits", total);
	for (unsigned n = 0; n < COUNT(exits); n++) {
		if (!has_exits(p, exits[n].reason))
			continue;
		for (unsigned i = 0; i < p->count; i++)
			cells[i] = out_count(p->rounds[i].stats.exits[exits[n].reason]);
		snprintf(key, sizeof(key), "exits.%s", exits[n].name);
		snprintf(label, sizeof(label), "  %s", exits[n].name);
		out_row(p->run->out, key, label, cells);
	}
	out_row(p->run->out, "exits.per_1000_handled", "  per 1,000 handler runs", each);
}

static struct out_cell latency_cell(const struct histogram *h, double percent)
{
	if (!h->total)
		return (struct out_cell){ 0 };
	return out_real(OUT_TENTHS, (double)histogram_percentile(h, percent) / 1e3);
}

/* A histogram of each round, found at an offset in it. */
static void print_latency(const struct report *p, const char *object, const char *what,
                          size_t offset)
{
	struct out_cell cells[ROUNDS];
	char key[LABEL], label[LABEL];

	for (unsigned n = 0; n < COUNT(percentiles); n++) {
		for (unsigned i = 0; i < p->count; i++) {
			const char *round = (const char *)&p->rounds[i];

			cells[i] = latency_cell((const struct histogram *)(round + offset),
			                        percentiles[n].percent);
		}
		snprintf(key, sizeof(key), "%s.%s", object, percentiles[n].key);
		snprintf(label, sizeof(label), "%s%s", n ? "  " : what, percentiles[n].label);
		out_row(p->run->out, key, label, cells);
	}
}

static void print_guests(const struct report *p)
{
	struct out_cell ticks[ROUNDS], trips[ROUNDS];

	for (unsigned i = 0; i < p->count; i++) {
		ticks[i] = out_count(p->rounds[i].ticks);
		trips[i] = out_count(p->rounds[i].round_trips.total);
	}
	if (has_guest(p, &guest_ticker))
		out_row(p->run->out, "ticks", "ticks counted by tickers", ticks);
	if (has_guest(p, &guest_ipi_pairs)) {
		out_row(p->run->out, "round_trips", "IPI round trips", trips);
		print_latency(p, "round_trip_us", "IPI round trip, us: ",
		              offsetof(struct round, round_trips));
	}
}

static void print_times(const struct report *p)
{
	struct out_cell cpu[ROUNDS], wall[ROUNDS];

	for (unsigned i = 0; i < p->count; i++) {
		cpu[i] = out_real(OUT_HUNDREDTHS, p->rounds[i].cpu_seconds);
		wall[i] = out_real(OUT_HUNDREDTHS, p->rounds[i].seconds);
	}
	out_row(p->run->out, "cpu_seconds", "CPU time, s", cpu);
	out_row(p->run->out, "seconds", "  in a time of, s", wall);
}

/* What the switches come to; of those that are compared, the columns' names tell. */
static void switches_text(const struct report *p, char text[LABEL * 2])
{
	const struct machine_config *c = &p->run->machine->config;
	const char *words[MACHINE_SWITCHES] = {
		[MACHINE_X2APIC] = c->x2apic ? "x2APIC" : "xAPIC",
		[MACHINE_APICV] = c->software_apic ? "no APIC virtualization" : NULL,
		[MACHINE_IPIV] = c->ipiv ? "IPI virtualization" : NULL,
		[MACHINE_POSTED_MSI] = c->posted_msi ? "posted MSI" : NULL,
	};
	size_t n = 0;

	*text = '\0';
	for (unsigned i = 0; i < p->count; i++)
		if (p->rounds[i].compared)
			words[machine_file_switch(p->rounds[i].compared)] = NULL;
	for (unsigned s = 0; s < MACHINE_SWITCHES; s++)
		if (words[s])
			n += (size_t)snprintf(text + n, LABEL * 2 - n, ", %s", words[s]);
}

static void print_heading(const struct report *p)
{
	const struct machine_file *m = p->run->machine;
	unsigned vcpus = 0;
	char switches[LABEL * 2], text[512];

	for (unsigned n = 0; n < m->config.vm_count; n++)
		vcpus += m->vms[n].vcpus;
	switches_text(p, switches);
	snprintf(text, sizeof(text), "%s: %u pCPU%s, %u vCPU%s in %u VM%s, %u device%s%s",
	         m->path, m->config.pcpus, plural(m->config.pcpus), vcpus, plural(vcpus),
	         m->config.vm_count, plural(m->config.vm_count), m->device_count,
	         plural(m->device_count), switches);
	out_line(p->run->out, "machine", text);
}

void report_print(const struct run *run, const struct round *rounds, unsigned count)
{
	const struct report p = { run, rounds, count };
	const char *names[ROUNDS];
	char sentence[REPORT_SENTENCE];

	for (unsigned i = 0; i < count; i++)
		names[i] = rounds[i].name;
	print_heading(&p);
	out_columns(run->out, "ways", names, count);
	print_reading(&p);
	print_blocks(&p);
	print_counts(&p, delivery, COUNT(delivery));
	print_guests(&p);
	print_exits(&p);
	print_counts(&p, host, COUNT(host));
	print_latency(&p, "latency_us", "latency, us: ", offsetof(struct round, latency));
	print_times(&p);
	for (unsigned i = 0; i < count; i++)
		if (rounds[i].interrupts)
			out_interrupts(run->out, i, rounds[i].interrupts);
	if (run->progress.interrupted)
		out_line(run->out, "interrupted",
		         "Stopped early: these are the figures until then.");
	report_sentence(rounds, count, sentence);
	out_line(run->out, "sentence", sentence);
}
