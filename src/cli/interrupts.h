/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's interrupts as Linux shows them in /proc/interrupts. */
#ifndef CLI_INTERRUPTS_H
#define CLI_INTERRUPTS_H

#include <stdint.h>
#include <stdio.h>

struct machine;

struct interrupts_row {
	char irq[12];    /* "24", "PIN" */
	char text[160];  /* all that follows the counts */
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

void interrupts_print(const struct interrupts *t, FILE *out);
void interrupts_free(struct interrupts *t);

#endif
