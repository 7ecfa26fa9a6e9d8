/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which plain accesses are points, where a scenario says that races are. A schedule's
 * choices mean nothing without them: so they are part of it (struct explore_points).
 */
#ifndef EXPLORE_SCHEDULE_POINTS_H
#define EXPLORE_SCHEDULE_POINTS_H

#include <explore/search.h>

/* Of the scenario prepared; none yet. False: no memory. */
bool points_prepare(void);
void points_release(void);

/* From here on: those given; those that a schedule is to be known with. */
void points_use(const struct explore_points *points);
struct explore_points points_now(void);

/* A word races: it is to be one of them. All processes that share a search learn it. */
void points_learn(uint32_t word);
/*
 * A condition of these agents' (as bits), or what judges each step, looked at bytes; an agent
 * accessed a word plainly to write. What it stores for a moment only they are to see, too: where
 * both are seen of a word, in whatever order, it is to be a point.
 */
void points_looked(const void *p, size_t size, uint8_t agents);
void points_written(uint32_t word, unsigned agent);
/* A word of a stack is lent (lent.h): it is to be one of these. */
void points_lend(uint32_t word);
bool points_lent(uint32_t word);
extern bool points_lend_any; /* there are some */
unsigned points_lent_count(void);
uint32_t points_lent_word(unsigned i);
/* How many words race. */
unsigned points_racing(void);
/* There are more than points_heed has put to use. */
bool points_news(void);
void points_heed(void);
/* Every plain access is a point; or not. */
void points_all(bool all);

/* A plain access to these bytes is a point. */
bool points_at(const void *p, size_t size);
/* A number for the set: a state is another one where other accesses are points. */
uint64_t points_number(void);

#endif
