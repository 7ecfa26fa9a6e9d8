/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ends a schedule in the middle of a step, by the code under the explorer: it crashes,
 * comes to no further step, or takes all memory. Nothing of it is judged.
 */
#ifndef EXPLORE_FAULT_H
#define EXPLORE_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <ucontext.h>

enum fault_kind {
	FAULT_SIGNAL,  /* a crash */
	FAULT_STACK,   /* one for want of stack */
	FAULT_LOOP,    /* no further step, though it computes; */
	FAULT_BLOCKED, /* though it does not */
	FAULT_MEMORY,  /* ever more of it, and no further step */
};

enum { FAULT_FRAMES = 16 };

struct fault {
	enum fault_kind kind;
	int signal;       /* of a crash */
	bool addressed;   /* the signal is about an access: */
	const void *at;   /* to this, */
	bool jumped;      /* where no code is that it could go on with */
	const char *in;   /* "setup", "each", "finish", an agent's name; or null */
	/* where it was, and who called that, as far as is known; as calls return there */
	const void *code[FAULT_FRAMES];
	unsigned frames;
};

/* From begin to end faults are caught; each is undone by the other. */
void fault_begin(void);
void fault_end(void);
/* A process that was forked in between. */
void fault_forked(void);

/* Runs a job, and returns true; false: it was left at a fault, of which these words tell. */
bool fault_guard(void (*job)(void *arg), void *arg);
const char *fault_in_words(void);

/* The one at which a job was left last. */
extern struct fault fault_last;

/* From a handler: this is one; the code that was interrupted goes on behind the guard. */
void fault_leave(const struct fault *found, ucontext_t *where);
/* Code is the scenario's, or of the same program. */
bool fault_in_module(const void *code);
/* Something is guarded; and how many jobs were, so far. */
bool fault_guarded(void);
unsigned fault_jobs(void);

#endif
