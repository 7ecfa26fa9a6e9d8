/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's interrupts as Linux shows them in /proc/interrupts. */
#ifndef CLI_INTERRUPTS_H
#define CLI_INTERRUPTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct machine;

struct interrupts_row {
	char irq[12];    /* "24", "PIN" */
	char text[160];  /* all that follows the counts */
	char what[64];   /* of it, what says most: "vfio-msix[0](0000:01:00.0)" */
	char brief[80];  /* the same behind the kind of chip, which says what it means */
	unsigned device; /* the same for all rows of a device; 0: one of the host's own */
	uint64_t *count; /* by pCPU */
};

struct interrupts {
	unsigned cpus, rows;
	int prec; /* width of the first column, and of the entries' numbers */
	struct interrupts_row row[];
};

/* Room for so many rows, all zero; null on lack of memory. */
struct interrupts *interrupts_new(unsigned cpus, unsigned rows);

/* The words of row n: a device's interrupt, by MSI-X or a pin; one of the host's own. */
void interrupts_device(struct interrupts *t, unsigned n, unsigned irq, uint16_t sid,
                       unsigned entry, const char *action);
void interrupts_pin(struct interrupts *t, unsigned n, unsigned pin, const char *action);
void interrupts_own(struct interrupts *t, unsigned n, const char *name, const char *text);

/* The table of a machine; null on lack of memory. */
struct interrupts *interrupts_read(const struct machine *m);

/* Adds the counts of a table with the same rows. */
void interrupts_add(struct interrupts *to, const struct interrupts *from);

/*
 * As Linux prints it where that fits into the width; else with less text, and in blocks
 * of CPUs. More than INTERRUPTS_CPUS or INTERRUPTS_ROWS of devices nobody reads: then the
 * sum of each device, those with most first, and only the first INTERRUPTS_TOP.
 */
enum { INTERRUPTS_CPUS = 16, INTERRUPTS_ROWS = 32, INTERRUPTS_TOP = 10 };
void interrupts_print(const struct interrupts *t, FILE *out, unsigned width);
void interrupts_free(struct interrupts *t);

#endif
