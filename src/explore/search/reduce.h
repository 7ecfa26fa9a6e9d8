/* SPDX-License-Identifier: BSD-2-Clause */
/* What steps do to memory, and which orders of them matter. */
#ifndef EXPLORE_REDUCE_H
#define EXPLORE_REDUCE_H

#include "explore/schedule/run.h"
#include <explore/search.h>

enum { FOOTPRINT = 12 }; /* words that one step may access */

/* The memory that a step accesses, in words of eight bytes. */
struct footprint {
	uint8_t count;
	bool everything; /* what it does depends on any other step */
	struct {
		uintptr_t word;
		bool write;
		bool atomic; /* through a seam, not only touched */
	} access[FOOTPRINT];
};

/* A question of the schedule under way, or one that waits to be answered anew. */
struct node {
	bool data;         /* a choice that is not about order */
	uint8_t count;     /* of options */
	uint8_t choice;
	uint8_t proc[PROCS]; /* options, if not data */
	/* bits of procs */
	uint16_t todo;   /* to be explored, or explored already */
	uint16_t done;   /* explored */
	uint16_t asleep; /* explored before this node, from an equivalent state */
	struct footprint foot[PROCS]; /* of those that are done */
	bool meets; /* other schedules' states, in this: */
	struct number state;
};

extern struct node nodes[EXPLORE_DEPTH];

/*
 * Before a schedule, which answers nodes before fresh as the one before it did.
 * Reduce: say which others are to be run, and give it up if it is not news. Order:
 * put steps in order at least, for races.c.
 */
void reduce_begin(bool reduce, bool order, unsigned fresh_node);
/* Proc takes a step; node is the question that it answers, -1 if there was none. */
void reduce_step(unsigned proc, int node);
/* The step under way depends on the answer to a question about data. */
void reduce_data(unsigned node);
/* What that step does, until it is over; then its races add to what is to be explored. */
extern const struct run_watch reduce_watch;
/* Procs whose next step was explored from an equivalent state: bits. */
uint16_t reduce_sleeping(void);
/* The number of the step under way. */
unsigned reduce_now(void);
/* A number that two runs of one schedule share. */
uint64_t reduce_signature(void);

/* True once the schedule is past the questions that the one before answered too. */
bool reduce_news(void);
/* The name of the agent that took a step. */
const char *reduce_name(unsigned step);
/* A step is under way, and will be put in order with the others. */
bool reduce_orders(void);

#endif
