/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses to memory that agents share: each is a scheduling point, as x86 makes it.
 * Outside an exploration, and in a scenario's setup and finish, they are plain ones.
 */
#ifndef EXPLORE_ACCESS_H
#define EXPLORE_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

/* Sizes are 1, 8 and 16 bytes. */
struct explore_pair {
	uint64_t lo, hi;
};

enum explore_rmw {
	EXPLORE_EXCHANGE,
	EXPLORE_OR,
	EXPLORE_AND,
};

uint64_t explore_load(const void *p, unsigned size);
void explore_store(void *p, unsigned size, uint64_t value);
uint64_t explore_rmw(enum explore_rmw op, void *p, unsigned size, uint64_t operand);
bool explore_cmpxchg(void *p, uint64_t *expected, uint64_t value);
struct explore_pair explore_load16(const void *p);
bool explore_cmpxchg16(void *p, struct explore_pair old, struct explore_pair value);
/* Waits, not runnable, until the word is 0, and makes it 1. */
void explore_lock(uint64_t *held);
void explore_unlock(uint64_t *held);

#endif
