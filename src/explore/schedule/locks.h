/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which a schedule's agents take locks. */
#ifndef EXPLORE_LOCKS_H
#define EXPLORE_LOCKS_H

#include "explore/schedule/run.h"

void locks_begin(void);
/* The running agent has the lock; gives it back. Locks are known by their words. */
void locks_taken(const uint64_t *held);
void locks_freed(const uint64_t *held);
/* What a schedule may still show of their order. */
void locks_mix(struct number *n);

#endif
