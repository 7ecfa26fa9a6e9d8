/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/interrupts taken apart: one copy or two, each of rows. Counts stay in
 * the text, and are read from there when they are needed. Nothing is said here
 * but why a text is refused.
 */
#ifndef CLI_DECODE_INTERRUPTS_TEXT_H
#define CLI_DECODE_INTERRUPTS_TEXT_H

#include "cli/decode/interrupts_class.h"
#include "cli/decode/sink.h"

enum { IRQ_COPIES = 2 };

struct irq_row {
	struct words name, counts, text; /* "24", the rest of its line, what is behind the counts */
	enum irq_class class;
	unsigned cpus; /* counts that it has */
	unsigned line;
};

struct irq_copy {
	struct irq_row *row;
	const struct irq_row **by_name; /* the rows, sorted */
	unsigned rows, room;
	unsigned cpus;       /* counts that a row has to have; 0 as long as nothing tells */
	struct words header; /* empty without one */
};

struct irq_text {
	struct irq_copy copy[IRQ_COPIES];
	unsigned copies;
};

/* Walks over the counts of a row, with those of an older copy beside them. */
struct irq_counts {
	uint64_t now, old; /* old is 0 where there is no older copy */
	unsigned cpu;      /* whose they are: by the header, without one the column */
	/* what is left of each */
	struct words now_left, old_left, header;
	unsigned column, columns;
};

/* A line of it: "CPU0 CPU1", and how many; "24: 0 5006 IR-PCI-MSI ..." with so many at most. */
bool irq_is_header(struct words line, unsigned *cpus);
bool irq_parse_row(struct words line, unsigned cpus, struct irq_row *r);

/* Reads all of a text, or refuses it; to be freed in either case. */
bool irq_text_read(struct irq_text *t, struct words text, struct sink *s);
void irq_text_free(struct irq_text *t);

/* Takes the next CPU's number off a header; without one it is the column. */
unsigned irq_take_cpu(struct words *header, unsigned column);

/* The row of that name; null if there is none. */
const struct irq_row *irq_find(const struct irq_copy *c, struct words name);

/* Old may be null; else it has as many counts. */
struct irq_counts irq_counts_of(const struct irq_copy *c, const struct irq_row *r,
                                const struct irq_row *old);
bool irq_next(struct irq_counts *c);

/* True if a count went past the 32 bits that Linux has for it. */
bool irq_wrapped(uint64_t old, uint64_t now);

#endif
