/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory as x86-TSO has it (Sewell and others, "x86-TSO: a rigorous and
 * usable programmer's model"): each CPU has a FIFO of stores, and its loads look
 * there first. When a store leaves it is the explorer's choice, not this file's.
 */
#ifndef EXPLORE_BUFFER_H
#define EXPLORE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORES = 8 }; /* that a store buffer holds; real ones hold more */

/* What an access of 1, 2, 4, 8 or 16 bytes moves; what is above them is 0. */
__extension__ typedef unsigned __int128 wide;

static inline wide wide_cut(wide value, unsigned size)
{
	return size == sizeof(value) ? value : value & (((wide)1 << 8 * size) - 1);
}

struct store {
	void *at;
	unsigned size;
	wide value;
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
wide buffer_view(const struct buffer *b, const void *p, unsigned size);

/* A store there waits for some of these bytes. */
bool buffer_holds(const struct buffer *b, const void *p, size_t size);

/* A word of memory. */
wide memory_get(const void *p, unsigned size);
void memory_put(void *p, unsigned size, wide value);

#endif
