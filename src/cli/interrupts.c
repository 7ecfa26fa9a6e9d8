/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/interrupts.h"
#include "exec/threads/machine.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Linux gives devices the numbers from here up; those below are the I/O APIC's. */
enum { FIRST_IRQ = 24, INTERRUPTS_WIDE = 70 };

static const struct {
	enum machine_row row;
	const char *name, *text;
} own[] = {
	{ MACHINE_PIN, "PIN", "Posted-interrupt notification event" },
	{ MACHINE_NPI, "NPI", "Nested posted-interrupt event" },
	{ MACHINE_PIW, "PIW", "Posted-interrupt wakeup event" },
	{ MACHINE_PMN, "PMN", "Posted MSI notification event" },
};

enum { OWN = sizeof(own) / sizeof(own[0]) };

/* As Linux chooses it from how many interrupts there may be. */
static int precision(unsigned irqs)
{
	int prec = 3;

	for (unsigned long j = 1000; prec < 10 && j <= irqs; j *= 10)
		prec++;
	return prec;
}

struct interrupts *interrupts_new(unsigned cpus, unsigned rows)
{
	size_t head = sizeof(struct interrupts) + rows * sizeof(struct interrupts_row);
	struct interrupts *t = calloc(1, head + (size_t)rows * cpus * sizeof(uint64_t));

	if (!t)
		return NULL;
	t->cpus = cpus;
	t->rows = rows;
	t->prec = precision(FIRST_IRQ + rows);
	for (unsigned n = 0; n < rows; n++)
		t->row[n].count = (uint64_t *)((char *)t + head) + (size_t)n * cpus;
	return t;
}

void interrupts_free(struct interrupts *t)
{
	free(t);
}

static void describe(struct interrupts *t, unsigned n, unsigned irq, const char *kind,
                     const char *of, unsigned entry, const char *action)
{
	struct interrupts_row *r = &t->row[n];
	char chip[40];

	snprintf(chip, sizeof(chip), "%s%s", kind, of);

	snprintf(r->what, sizeof(r->what), "%s", action);
	snprintf(r->brief, sizeof(r->brief), " %s %s", kind, action);
	snprintf(r->irq, sizeof(r->irq), "%u", irq);
	snprintf(r->text, sizeof(r->text), " %8s %*u-%-8s  %s", chip, t->prec, entry, "edge",
	         action);
}

void interrupts_device(struct interrupts *t, unsigned n, unsigned irq, uint16_t sid,
                       unsigned entry, const char *action)
{
	char of[24];

	snprintf(of, sizeof(of), "-0000:%02x:%02x.%x", sid >> 8 & 0xffu, sid >> 3 & 0x1fu,
	         sid & 7u);
	describe(t, n, irq, "IR-PCI-MSIX", of, entry, action);
	t->row[n].device = MACHINE_PINS + sid;
}

/* Its number is the pin's. */
void interrupts_pin(struct interrupts *t, unsigned n, unsigned pin, const char *action)
{
	describe(t, n, pin, "IR-IO-APIC", "", pin, action);
	t->row[n].device = pin;
}

void interrupts_own(struct interrupts *t, unsigned n, const char *name, const char *text)
{
	struct interrupts_row *r = &t->row[n];

	snprintf(r->irq, sizeof(r->irq), "%s", name);
	snprintf(r->text, sizeof(r->text), "  %s", text);
	snprintf(r->what, sizeof(r->what), "%s", text);
	snprintf(r->brief, sizeof(r->brief), " %s", text);
}

/* The rows of the vectors with this pin, 0: of those without, from row on. Returns the next row. */
static unsigned read_devices(struct interrupts *t, const struct machine *m, unsigned pin,
                             unsigned row)
{
	unsigned irq = FIRST_IRQ;

	for (unsigned n = 0; n < machine_vectors(m); n++) {
		if (machine_vector_pin(m, n) != pin)
			continue;
		if (pin)
			interrupts_pin(t, row, pin, machine_vector_name(m, n));
		else
			interrupts_device(t, row, irq++, machine_vector_sid(m, n),
			                  machine_vector_entry(m, n), machine_vector_name(m, n));
		for (unsigned cpu = 0; cpu < t->cpus; cpu++)
			t->row[row].count[cpu] = machine_vector_count(m, n, cpu);
		row++;
	}
	return row;
}

struct interrupts *interrupts_read(const struct machine *m)
{
	struct interrupts *t = interrupts_new(machine_pcpus(m), machine_vectors(m) + OWN);
	unsigned row = 0;

	if (!t)
		return NULL;
	/* By number: the pins', then the others. */
	for (unsigned pin = 1; pin < MACHINE_PINS; pin++)
		row = read_devices(t, m, pin, row);
	row = read_devices(t, m, 0, row);
	for (unsigned n = 0; n < OWN; n++, row++) {
		interrupts_own(t, row, own[n].name, own[n].text);
		for (unsigned cpu = 0; cpu < t->cpus; cpu++)
			t->row[row].count[cpu] = machine_row(m, own[n].row, cpu);
	}
	return t;
}

void interrupts_add(struct interrupts *to, const struct interrupts *from)
{
	for (unsigned n = 0; n < to->rows && n < from->rows; n++)
		for (unsigned cpu = 0; cpu < to->cpus; cpu++)
			to->row[n].count[cpu] += from->row[n].count[cpu];
}

/* CPUs from first up to end, which is not printed any more. */
static void print_block(const struct interrupts *t, FILE *out, unsigned first, unsigned end,
                        bool whole)
{
	fprintf(out, "%*s", t->prec + 8, "");
	for (unsigned cpu = first; cpu < end; cpu++)
		fprintf(out, "CPU%-8u", cpu);
	fputc('\n', out);
	for (unsigned n = 0; n < t->rows; n++) {
		const struct interrupts_row *r = &t->row[n];

		fprintf(out, "%*s: ", t->prec, r->irq);
		/* Linux counts in 32 bits. */
		for (unsigned cpu = first; cpu < end; cpu++)
			fprintf(out, "%10u ", (unsigned)r->count[cpu]);
		fprintf(out, "%s\n", whole ? r->text : r->brief);
	}
}

/* Its longest line, with all text or with what says most. */
static unsigned table_width(const struct interrupts *t, unsigned cpus, bool whole)
{
	size_t text = 0;

	for (unsigned n = 0; n < t->rows; n++) {
		size_t size = strlen(whole ? t->row[n].text : t->row[n].brief);

		text = size > text ? size : text;
	}
	return (unsigned)(text + (size_t)t->prec + 2 + cpus * 11);
}

/* Of a row, or of all rows of its device. */
struct sum {
	uint64_t total, most;
	unsigned rows, row, cpu; /* where most is */
};

static void add_row(struct sum *s, const struct interrupts *t, unsigned n)
{
	s->rows++;
	for (unsigned cpu = 0; cpu < t->cpus; cpu++) {
		uint64_t count = t->row[n].count[cpu];

		s->total += count;
		if (count <= s->most)
			continue;
		s->most = count;
		s->row = n;
		s->cpu = cpu;
	}
}

static int by_total(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	return x->total != y->total ? (x->total < y->total ? 1 : -1) :
	       x->row != y->row ? (x->row < y->row ? -1 : 1) : 0;
}

/* The rows of a device follow each other. Returns how many devices there are. */
static unsigned sum_devices(const struct interrupts *t, struct sum *sums)
{
	unsigned devices = 0;

	for (unsigned n = 0; n < t->rows && t->row[n].device; n++) {
		if (!n || t->row[n].device != t->row[n - 1].device)
			sums[devices++] = (struct sum){ .row = n };
		add_row(&sums[devices - 1], t, n);
	}
	qsort(sums, devices, sizeof(*sums), by_total);
	return devices;
}

/* Where it was most goes on below what it is if both do not fit. */
static void print_sum(const struct interrupts *t, FILE *out, const struct sum *s, unsigned width)
{
	const struct interrupts_row *r = &t->row[s->row];
	char most[48] = "";
	int begun;

	if (r->device)
		begun = fprintf(out, "%12" PRIu64 " %8u  %s", s->total, s->rows, r->what);
	else
		begun = fprintf(out, "%12" PRIu64 " %8s  %s", s->total, r->irq, r->what);
	if (s->most)
		snprintf(most, sizeof(most), ", most %" PRIu64 " on CPU%u", s->most, s->cpu);
	if (s->most && begun > 0 && (size_t)begun + strlen(most) > width)
		fprintf(out, ",\n%23s%s\n", "", most + 2);
	else
		fprintf(out, "%s\n", most);
}

static void print_by_device(const struct interrupts *t, FILE *out, unsigned width)
{
	const char *what = width < INTERRUPTS_WIDE ? "by device" :
	                   "by device: the busiest of its vectors";
	struct sum *sums = calloc(t->rows + 1, sizeof(*sums)), rest = { .rows = 0 };
	unsigned devices = sums ? sum_devices(t, sums) : 0;

	fprintf(out, "%12s %8s  %s (%u CPUs)\n", "in all", "vectors", what, t->cpus);
	for (unsigned n = 0; n < devices; n++) {
		if (n < INTERRUPTS_TOP)
			print_sum(t, out, &sums[n], width);
		rest.total += n < INTERRUPTS_TOP ? 0 : sums[n].total;
		rest.rows += n < INTERRUPTS_TOP ? 0 : sums[n].rows;
	}
	if (devices > INTERRUPTS_TOP)
		fprintf(out, "%12" PRIu64 " %8u  %u more devices\n", rest.total, rest.rows,
		        devices - INTERRUPTS_TOP);
	for (unsigned n = 0; n < t->rows; n++) {
		struct sum sum = { .row = n };

		if (t->row[n].device)
			continue;
		add_row(&sum, t, n);
		print_sum(t, out, &sum, width);
	}
	free(sums);
}

void interrupts_print(const struct interrupts *t, FILE *out, unsigned width)
{
	bool whole = table_width(t, t->cpus, true) <= width;
	unsigned cpus = t->cpus, devices = 0;

	while (devices < t->rows && t->row[devices].device)
		devices++;
	if (t->cpus > INTERRUPTS_CPUS || devices > INTERRUPTS_ROWS) {
		print_by_device(t, out, width);
		return;
	}
	while (!whole && cpus > 1 && table_width(t, cpus, false) > width)
		cpus--;
	for (unsigned first = 0; first < t->cpus; first += cpus)
		print_block(t, out, first, first + cpus < t->cpus ? first + cpus : t->cpus,
		            whole);
}
