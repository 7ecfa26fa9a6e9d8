/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory as x86-TSO has it (Sewell and others, "x86-TSO: a rigorous and
 * usable programmer's model"): each CPU has a FIFO of stores, and its loads look
 * there first. When a store leaves it is the explorer's choice, not this file's.
 */
#ifndef EXPLORE_BUFFER_H
#define EXPLORE_BUFFER_H

#include <stdint.h>

enum { STORES = 8 }; /* that a store buffer holds; real ones hold more */

struct store {
	void *at;
	unsigned size;
	uint64_t value;
	unsigned step; /* that put it here */
	const void *site; /* and the code that did */
};

/* Oldest first. */
struct buffer {
	unsigned stores;
	struct store store[STORES];
};

/* There is room; there is one. */
void buffer_push(struct buffer *b, const struct store *s);
struct store buffer_pop(struct buffer *b);

/*
 * A word of memory as the owner of the buffer sees it: its own stores laid over it,
 * byte by byte. Where silicon waits for a store that covers a part of the word, this
 * does not: it allows more, never less. Null: as memory is.
 */
uint64_t buffer_view(const struct buffer *b, const void *p, unsigned size);

/* A word of memory. */
uint64_t memory_get(const void *p, unsigned size);
void memory_put(void *p, unsigned size, uint64_t value);

#endif
