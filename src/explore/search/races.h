/* SPDX-License-Identifier: BSD-2-Clause */
/* Data races of plain accesses. */
#ifndef EXPLORE_RACES_H
#define EXPLORE_RACES_H

#include "explore/search/known.h"

/* Plain accesses of the step that is over, with what it did through a seam. */
void races_prepare(void); /* before a scenario's schedules, */
void races_begin(void);   /* before each */
void races_close(unsigned e, unsigned agent, const struct footprint *f);
/* An agent accesses this plainly: bytes of the state. */
void races_plain(const void *p, size_t size, bool write);
/* The accesses to a word that may race with later ones; how many. */
unsigned races_records(uint32_t word, struct record *r);
/* An agent with a store buffer, in which what it stored may be, does what others see at once. */
void races_told(unsigned agent);
/* The step under way does what others may see, or order their steps by. */
void races_sync(void);

#endif
