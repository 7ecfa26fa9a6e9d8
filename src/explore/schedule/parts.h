/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that run a schedule share. */
#ifndef EXPLORE_PARTS_H
#define EXPLORE_PARTS_H

#include "explore/schedule/run.h"

/* The schedule under way. */
struct run {
	enum {
		STARTING, /* each agent runs to its first access */
		WALKING,
		OVER,     /* no step is left: those who rest return */
	} phase;
	const struct run_chooser *chooser;
	struct run_result result;
	const char *in; /* what of the scenario runs that is no agent; or null */
	unsigned questions; /* that had several answers, so far */
	unsigned last_step; /* stop after it; 0: never */
	bool doubt;         /* it may be going round in circles */
	uint16_t owed;      /* procs of whom one shall have the next step that they can have */
	/*
	 * A number that cannot differ where the state is the same: of what went through
	 * a seam, and of where agents are.
	 */
	uint64_t sign;
};
extern struct run run;

/* turns.c: agents, and their stacks. */
extern struct agent agents[EXPLORE_AGENTS];
/* Where the stack of an agent that does not run begins and, to its end, how long it is. */
const char *turns_stack(unsigned agent, size_t *size);
/* An agent is ready to begin; of its stack so many bytes are zero. */
void turns_new(unsigned agent, size_t cleared);
/* The agent that runs takes no step any more. */
void turns_end(void) __attribute__((noreturn));
/* It goes on, and whoever has a turn after it, until nobody has. */
void turns_give(struct agent *a);

/* On whose stack, or for whom outside, something is done; or null. */
const struct agent *turns_whose(void);
/* A job of the explorer's is done for an agent, or for one of the scenario's functions. */
bool turns_outside(void);
/*
 * No stack is in use any more but the explorer's own, of which the part below the address
 * returned is as good as any. From a handler; there the stack pointer was this.
 */
char *turns_leave(char *stack_pointer);
/* There are stacks; false: no memory. */
bool turns_room(void);
/* All agents' own, each of GUARD_STACK bytes. */
const char *turns_memory(void);

/* stacks.c: those that agents share. */
bool stacks_room(void); /* false: no memory */
void stacks_begin(void);
void stacks_mix(struct number *n);

/* next.c: asks until it is an agent's turn; null if no step is left or wanted. */
struct agent *next_agent(void);
bool next_possible(const struct agent *a);
/* It looks at memory as it is: what it does is no step of anybody. */
bool next_ready(bool (*ready)(const void *arg), const void *arg);
/* Before a question with several answers. False: it is one too many. */
bool next_may_ask(void);
bool run_stopped(void);

/* hear.c: the step under way also reads what this condition does. */
void hear(bool (*ready)(const void *arg), const void *arg);
/* From here on these agents' conditions look at memory, as bits; 0: none. */
void hear_looks(uint8_t who);

/* quit.c: calls what judges a schedule, which may run_quit. */
void quit_or_return(void (*judge)(void));
/* At once after a crash, it may be, of what judged, or of a condition. */
void quit_begin(void);
void hear_begin(void);

/* state.c: numbers, of what is not as it was at the beginning. */
bool state_keep(const struct explore_scenario *s);
void state_forget(void);
void state_put_back(void);
uint64_t state_final(void);
struct number state_whole(void);
/* The same in every process: addresses count from the state's, or the stack's, beginning. */
uint64_t state_number(uintptr_t at, uint64_t value);
uintptr_t state_offset(const void *p);
/* Goes on with what lies there. */
void state_mix(struct number *n, const void *words, size_t size);

/* change.c: what the scenario says nobody changes is so for agents. */
void change_begin(void);

/* circles.c: whether the schedule comes back to where it was. */
void circles_begin(void);
/* Before a step of one of n procs. True: it has gone round in a circle, and shall not go on. */
bool circles_close(const uint8_t *option, unsigned n);

/* cycle.c: whether it comes back to a state it has been in. */
enum cycle { CYCLE_NONE, CYCLE_UNFAIR, CYCLE_FAIR };
void cycle_begin(void);
/*
 * Before a step: the state, as a number, and the procs that can take it. If the
 * circle is unfair, those that should be next, as far as there are any.
 */
enum cycle cycle_look(unsigned step, struct number state, uint16_t able, uint16_t *starved);
void cycle_took(unsigned step, unsigned proc);
/* That step also depends on the answer to a question about data. */
void cycle_asked(void);

/* coroutine.c */

/* Saves the calling coroutine's stack pointer in *from and goes on with another's. */
void coroutine_switch(void **from, void *to);

/*
 * The stack pointer of a new coroutine: entry begins on an empty stack, of which so
 * many bytes are zero, and never returns.
 */
void *coroutine_new(void *stack, size_t size, size_t cleared, void (*entry)(void));

/*
 * Saves the stack pointer in *landing, and does a job; true: it returned. Code that has
 * this stack pointer and goes to coroutine_land makes it return at once, and false.
 */
bool coroutine_guard(void **landing, void (*job)(void *arg), void *arg);
void coroutine_land(void);

#endif
