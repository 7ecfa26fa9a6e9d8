/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A plain store that is no step is in memory at once, where a CPU would keep it in its
 * store buffer. Nobody notices, for who comes after it by a later store, or a fence, comes
 * after it has left the buffer, too. But an agent that lets others see what waits in no
 * buffer (it sends an interrupt, which is no fence) lets them see that before its stores:
 * then words that others access are to be points.
 */
#ifndef EXPLORE_EARLY_H
#define EXPLORE_EARLY_H

#include "explore/memory/number.h"

void early_begin(void);
/* In a step that is over, an agent that has a store buffer stored plainly, which was no step. */
void early_stored(uint32_t word, unsigned agent);
/* Its store buffer is empty. */
void early_drained(unsigned agent);
/* Others see it at once, and maybe not what it stored before. */
void early_told(unsigned agent);
/* For a state's number: which words of all would be in store buffers. */
void early_mix(struct number *n);

#endif
