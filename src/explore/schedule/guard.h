/* SPDX-License-Identifier: BSD-2-Clause */
/* What lies below a stack is out of bounds, so that one that is too deep is seen. */
#ifndef EXPLORE_GUARD_H
#define EXPLORE_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum {
	GUARD = 64 * 1024,       /* bytes out of bounds, at the low end of a stack; */
	GUARD_ROOM = 256 * 1024, /* and above it, those that there are to use */
	GUARD_STACK = GUARD + GUARD_ROOM,
};

/*
 * So many stacks of GUARD_STACK bytes, one behind the other, for as long as the process
 * lives; null: no memory.
 */
void *guard_stacks(unsigned count);

/* A stack went too deep there. */
bool guard_hit(const void *at);

#endif
