/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words on stacks that others access, too: other agents, other tasks, handlers that come
 * before any access. Which ones is learnt as the search goes on (points.h); with each that is
 * new it begins again, and from then on what whoever is on the stack does to it is heard of
 * as of a word of the state. Such a word is gone when its function has returned.
 */
#ifndef EXPLORE_LENT_H
#define EXPLORE_LENT_H

#include "explore/schedule/run.h"

/* Before a schedule. */
void lent_begin(void);
/* For a state's number: which of them are where. */
void lent_mix(struct number *n);

/*
 * Code tells of its plain accesses; of where functions begin and end, so that their frames are
 * known; or it does not.
 */
extern bool lent_plainly;
void lent_told(bool frames);

/* The agent accesses these bytes, in the step under way. */
void lent_access(unsigned agent, const void *p, size_t size);
/* Conditions of these agents (as bits) look at them, or what judges each step. */
void lent_looked(const void *p, size_t size, uint8_t who);
/* One of the words that they are in is lent. */
bool lent_has(const void *p, size_t size);

/* Number i of those that are lent; null: there are no more. */
void *lent_word(unsigned i);
/* It has a place in a frame; it had; or nobody was told of any. */
enum lent { LENT_UNTOLD, LENT_HELD, LENT_GONE };
enum lent lent_is(unsigned i);
void lent_set(unsigned i, enum lent is);

/* Stores of the running agent's to these bytes need not reach memory: nobody will look. */
void lent_drop_stores(const char *from, const char *end);
/* Where they go instead. */
bool lent_is_nowhere(const void *p);

#endif
