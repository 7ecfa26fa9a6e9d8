/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/interrupts.h"
#include "exec/threads/machine.h"
#include <stdlib.h>
#include <string.h>

/* Linux gives devices the numbers from here up; those below are the I/O APIC's. */
enum { FIRST_IRQ = 24 };

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

static void describe(struct interrupts *t, unsigned n, unsigned irq, const char *chip,
                     unsigned entry, const char *action)
{
	struct interrupts_row *r = &t->row[n];

	snprintf(r->irq, sizeof(r->irq), "%u", irq);
	snprintf(r->text, sizeof(r->text), " %8s %*u-%-8s  %s", chip, t->prec, entry, "edge",
	         action);
}

void interrupts_device(struct interrupts *t, unsigned n, unsigned irq, uint16_t sid,
                       unsigned entry, const char *action)
{
	char chip[40];

	snprintf(chip, sizeof(chip), "IR-PCI-MSIX-0000:%02x:%02x.%x", sid >> 8 & 0xffu,
	         sid >> 3 & 0x1fu, sid & 7u);
	describe(t, n, irq, chip, entry, action);
}

/* Its number is the pin's. */
void interrupts_pin(struct interrupts *t, unsigned n, unsigned pin, const char *action)
{
	describe(t, n, pin, "IR-IO-APIC", pin, action);
}

void interrupts_own(struct interrupts *t, unsigned n, const char *name, const char *text)
{
	struct interrupts_row *r = &t->row[n];

	snprintf(r->irq, sizeof(r->irq), "%s", name);
	snprintf(r->text, sizeof(r->text), "  %s", text);
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

void interrupts_print(const struct interrupts *t, FILE *out)
{
	fprintf(out, "%*s", t->prec + 8, "");
	for (unsigned cpu = 0; cpu < t->cpus; cpu++)
		fprintf(out, "CPU%-8u", cpu);
	fputc('\n', out);
	for (unsigned n = 0; n < t->rows; n++) {
		fprintf(out, "%*s: ", t->prec, t->row[n].irq);
		/* Linux counts in 32 bits. */
		for (unsigned cpu = 0; cpu < t->cpus; cpu++)
			fprintf(out, "%10u ", (unsigned)t->row[n].count[cpu]);
		fprintf(out, "%s\n", t->row[n].text);
	}
}
