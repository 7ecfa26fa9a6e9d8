/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One schedule, from the start to its end: agents take steps, and before each
 * somebody is asked whose it is. Who asks for steps (seam/), who answers and learns
 * what they did (search/), and who shows them (report/) see this.
 */
#ifndef EXPLORE_RUN_H
#define EXPLORE_RUN_H

#include "explore/memory/buffer.h"
#include "explore/memory/number.h"
#include <explore/scenario.h>
#include <stdarg.h>

enum {
	PROCS = 2 * EXPLORE_AGENTS, /* who takes steps: each agent, and each agent's buffer */
	STATE_MOST = EXPLORE_STATE,
};

/* Agent a takes steps as proc 2a; its oldest store becomes visible as proc 2a + 1. */
static inline unsigned proc_agent(unsigned proc)
{
	return proc / 2;
}

static inline bool proc_flushes(unsigned proc)
{
	return proc % 2;
}

struct agent {
	const struct explore_agent *is;
	void *stack_pointer; /* while others run */
	const char *stack_end;
	/* what is above came before what runs now did, an interrupt, or who preempted; or null */
	const char *came_above;
	bool done;
	/* its next step is possible with at most so many stores in the buffer, and once ready */
	unsigned may_hold;
	bool (*ready)(const void *arg); /* null: always */
	const void *arg;
	bool open;    /* something else may come before it, and does not wait for ready */
	bool resting; /* it may stay there for ever */
	bool chosen;  /* a rest's step was chosen; the next access belongs to it */
	uint32_t holds; /* locks, as bits of locks.c's list */
	uint64_t place; /* a number for where it is */
	bool shares;    /* others' stacks: they are left where they are */
	bool buffered;
	struct buffer buffer;
};

/* The agent that runs; null in setup and finish. */
extern struct agent *explore_running;

int run_agent(const struct agent *a);
const struct agent *run_who(unsigned agent);
/* The number of the step under way, from 1. */
unsigned run_step(void);

/* Where in its program the running agent is, and what it is about to access; before a point. */
struct run_at {
	const void *site, *p;
};
extern struct run_at run_at;
#define RUN_AT(what) (run_at = (struct run_at){ __builtin_return_address(0), (what) })

/* The running agent's next access: returns when it is chosen. */
void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg);

/*
 * Who may put something before an agent's next access: an interrupt, another stack.
 * Null: nobody. Set by a scenario's setup.
 */
struct run_between {
	/* the running agent's next access is one before which something may come */
	bool (*opens)(void);
	/* something is there for an agent, though its access may have to wait */
	bool (*pending)(const struct agent *a);
	/* the agent has its turn. True: something came first, and its access has none yet */
	bool (*comes)(void);
	/* before a schedule; of a stack so many bytes are to be zero */
	void (*begin)(size_t cleared);
	/* no step is left: judges what there is beside agents */
	void (*judge)(void);
	/* the name of a word, if it has one of these */
	bool (*name)(char *name, size_t size, const void *p);
	/* whose a stack is that agents share; or null */
	const char *(*whose)(unsigned stack);
};
extern const struct run_between *run_between;
/* What an agent's next access waits for is so; room in its store buffer is another matter. */
bool run_ready(const struct agent *a);

/*
 * Before code goes on: what the explorer has left below on its stack depends on more than
 * the agent's state, and frames to come have room that they do not use: equal states would
 * differ by it.
 */
void run_wipe(void);
/* An agent runs, and its accesses are steps; it has not taken one yet. */
bool run_walking(void);
bool run_starting(void);
/*
 * What a condition looks at is part of the step that it lets an agent take: a seam tells
 * of each such access. Else nobody listens.
 */
void run_heard(const void *p, size_t size);
/* Whose condition looks at memory, which is as that agent sees it; or null. */
extern const struct agent *run_asks;
/* Between explore_look_begin and explore_look_end: they are none. */
extern bool run_looking;
/* How deep in what is one step: between two accesses nobody has a turn. */
extern unsigned run_in_step;

/* True for an access by an agent to memory that nobody changes. */
bool run_constant(const void *p, unsigned size);
/* A word of memory changes; it is about to be written, which for a constant is wrong. */
void run_put(void *p, unsigned size, wide value);
void run_written(const void *p, unsigned size);
/* The running agent's store goes into its buffer; the oldest of an agent's becomes visible. */
void run_buffer(void *p, unsigned size, wide value);
void run_flush(struct agent *a);
/* Its store i goes nowhere: nobody is to see it any more. */
void run_buffer_drop(unsigned i, uint64_t *nowhere);

/*
 * Words that stand for an agent's store buffer where it matters what goes in or
 * comes out. They lie behind the scenario's state, and are never accessed.
 */
enum buffer_end { BUFFER_IN, BUFFER_OUT };
const void *run_buffer_word(unsigned agent, enum buffer_end end);

/*
 * As explore_fail, but nobody is to blame yet: the scenario is not what it says of
 * itself, or the explorer's tables are too small.
 */
void run_unfit(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Code cannot go on, as explore_fail has told: the agent that runs ends here, or what
 * judges. Where it may not, in setup, that crashes; and outside of an exploration the process.
 */
void run_quit(void) __attribute__((noreturn));
bool run_may_quit(void);

/* What a scenario does that the search must heed; as bits. */
enum trait {
	TRAIT_WAITS = 1,  /* for conditions or locks */
	TRAIT_PLAIN = 2,  /* the compiler tells of its plain accesses */
	TRAIT_FENCES = 4, /* others', with explore_membarrier */
	TRAIT_CIRCLES = 8, /* its schedules may go round in circles */
	TRAIT_REPEATS = 16, /* and do */
	TRAITS = 31,
};

/* Those seen since run_prepare. */
unsigned run_traits(void);
void run_trait(unsigned trait);

/* Who learns what each step does, as it does it; all called while a schedule is walked. */
struct run_watch {
	/* the step accesses a word, through a seam; or plainly; or what has no seam */
	void (*access)(const void *p, unsigned size, bool write);
	void (*plain)(const void *p, size_t size, bool write);
	void (*touch)(const void *p, bool write);
	/* it does what others may see, or order their steps by */
	void (*sync)(void);
	/* any other step may change what it does */
	void (*everything)(void);
	/* it comes after what the running agent's buffer has done so far; after a step, from 0 */
	void (*after_buffer)(void);
	/* the running agent's buffer is empty, for good reason */
	void (*drained)(void);
	void (*after_step)(unsigned step);
	/* it is over */
	void (*closed)(void);
};

/* Who answers a schedule's questions. */
struct run_chooser {
	/*
	 * Which of n procs takes the next step; -1: the schedule is abandoned. The
	 * agent that runs already comes first if it can go on (goes_on).
	 */
	int (*step)(const uint8_t *procs, unsigned n, bool goes_on);
	/* A choice that is not about order: below n. */
	unsigned (*data)(unsigned n);
	bool looks; /* step asks for run_number: no agent runs then */
};

struct run_result {
	unsigned steps;
	bool failed;    /* explore_fail was called, or run_unfit */
	const char *unfit; /* what the latter said; null: it was not called */
	bool crashed;   /* or it came to no further step, as unfit says */
	bool abandoned; /* run_chooser.step said so */
	uint64_t final; /* a number for the state it ended in, if asked for */
};

/*
 * Sets a scenario up, with a copy of its state to begin each schedule with. Null, or why
 * that could not be; true in *crashed if it crashed. To be released in any case.
 */
const char *run_prepare(const struct explore_scenario *s, const struct run_watch *watch,
                        bool *crashed);
void run_release(void);

/* A number for the final state is found on demand: it takes longer than the schedule. */
struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final);

/*
 * A number for all of the state that decides how the schedule can go on; of the
 * final state, memory's alone.
 */
struct number run_number(void);
/* How often a whole state was looked at, which takes as long as many steps. */
extern uint64_t run_looks;

/* For seam/: the watch of the schedule under way. */
extern const struct run_watch *run_watch;

#endif
