/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A compiler's call comes before the plain access that it tells of. Where the access is a
 * point, memory is made to look as the agent sees it when it returns from the call; what
 * it did is taken back when it is heard of next. Nobody else runs in between: an agent's
 * turn ends in the explorer, and each way into it settles first.
 */
#ifndef EXPLORE_PATCH_H
#define EXPLORE_PATCH_H

#include "explore/schedule/run.h"

enum { PATCH_PIECES = 64 }; /* of one access that are points */

/* Bytes within one word of memory. */
struct patch_piece {
	void *at;
	unsigned size;
	uint64_t value; /* that the agent sees; then, what it stored */
	uint64_t under; /* that memory has meanwhile */
};

/* As many as are needed: agents' stacks are part of the state. */
#define PATCH_ROOM(count) __builtin_alloca(((count) + 1) * sizeof(struct patch_piece))

struct patch {
	unsigned count;
	struct patch_piece piece[PATCH_PIECES];
	/* of a store: */
	bool late; /* it may have read before: what it stores is a step of its own */
	struct run_at from;
};

/* What the running agent is about to store, and what it is about to load. */
extern struct patch patch_store, patch_load;

/* Before a schedule. */
void patch_begin(void);
/* Nobody is to change these bytes before the running agent is heard of next. */
void patch_watch(const void *p, unsigned size);
/* Memory looks as the agent sees it. A store's pieces first, then a load's over them. */
void patch_lay(void);
/* Memory is as it was. */
void patch_lift(void);
/* The running agent stores within a word, as its step. */
void patch_store_now(void *p, unsigned size, uint64_t value);
/* That, and what was stored is: in the buffer, or in memory. May be several steps. */
void patch_settle(void);

#endif
