/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses of any size, as both seams make them; RUN_AT comes first. */
#ifndef EXPLORE_SEAM_H
#define EXPLORE_SEAM_H

#include "explore/schedule/run.h"

enum seam_op {
	SEAM_EXCHANGE, /* the first three as of enum explore_rmw */
	SEAM_OR,
	SEAM_AND,
	SEAM_ADD,
	SEAM_SUB,
	SEAM_XOR,
	SEAM_NAND,
};

/* access.c: 1, 2, 4, 8 or 16 bytes, each in one step. */
wide seam_load(const void *p, unsigned size);
void seam_store(void *p, unsigned size, wide value);
wide seam_rmw(enum seam_op op, void *p, unsigned size, wide operand);
bool seam_cmpxchg(void *p, unsigned size, wide *expected, wide value);

/*
 * plain.c: an access to any number of bytes, word by word, follows. Volatile: each word is
 * a step; else where it has to be one.
 */
void plain_load(const void *p, size_t size, bool is_volatile);
void plain_store(const void *p, size_t size, bool is_volatile);

/*
 * A word on a stack begins or ends to be the running agent's, which is as if it were stored;
 * true: that was a step.
 */
bool plain_turn(const void *word);

/*
 * frames.c: the function whose frame pointer this is has begun, or is about to end; or it tells
 * of something else. Below there is nothing of its own. It returns to there.
 */
void frames_begin(const char *below, const char *frame, const void *returns);
void frames_end(const char *below, const char *frame);
void frames_at(const char *below, const char *frame);

/* copies.c: between two return addresses of calls nothing is stored. */
bool copies_between(const void *from, const void *to);
/* Behind that return address a store comes, and no load before it. False: nobody knows. */
bool stores_only(const void *site);

#endif
