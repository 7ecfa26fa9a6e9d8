/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the explorer share. */
#ifndef EXPLORE_INTERNAL_H
#define EXPLORE_INTERNAL_H

#include <explore/replay.h>
#include "explore/memory/number.h"
#include <stdarg.h>

enum {
	STORES = 8,                   /* that a store buffer holds; real ones hold more */
	PROCS = 2 * EXPLORE_AGENTS,   /* who takes steps: each agent, and each agent's buffer */
	FOOTPRINT = 12,               /* words that one step may access */
	RECORDS = (EXPLORE_AGENTS + 1) * 8 + 2 + PROCS, /* of accesses to one word */
	RACES_STATE = 256 * 1024,     /* bytes of a scenario's state */
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

struct store {
	void *at;
	unsigned size;
	uint64_t value;
	unsigned step; /* that put it here */
};

struct agent {
	const struct explore_agent *is;
	void *stack_pointer; /* while others run */
	bool done;
	/* its next step is possible with at most so many stores in the buffer, and once ready */
	unsigned may_hold;
	bool (*ready)(const void *arg); /* null: always */
	const void *arg;
	bool resting; /* it may stay there for ever */
	bool chosen;  /* a rest's step was chosen; the next access belongs to it */
	uint32_t holds; /* locks, as bits of memory.c's list */
	uint64_t place; /* a number for where it is */
	/* store buffer, oldest first */
	bool buffered;
	unsigned stores;
	struct store store[STORES];
};

/* run.c: one schedule, from the start to its end. */

/* The agent that runs; null in setup and finish. */
extern struct agent *explore_running;

/* Where in its program the running agent is, and what it is about to access; before a point. */
struct run_at {
	const void *site, *p;
};
extern struct run_at run_at;
#define RUN_AT(what) (run_at = (struct run_at){ __builtin_return_address(0), (what) })

/* The running agent's next access: returns when it is chosen. */
void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg);

/* How often a whole state was looked at, which takes as long as many steps. */
extern uint64_t run_looks;

struct run_result {
	unsigned steps;
	bool failed;    /* explore_fail was called, or run_unfit */
	const char *unfit; /* what the latter said; null: it was not called */
	bool abandoned; /* run_chooser.step said so */
	uint64_t final; /* a number for the state it ended in, if asked for */
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

/*
 * As explore_fail, but nobody is to blame yet: the scenario is not what it says of
 * itself, or the explorer's tables are too small.
 */
void run_unfit(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A number for all that decides how the schedule can go on, and what may be
 * found wrong then.
 */
struct number run_number(void);

/* Calls job on the explorer's own stack, where no agent runs. */
void run_outside(void (*job)(void *arg), void *arg);

/* A word of memory changes. */
void run_change(const void *p, uint64_t old, uint64_t value);
/* A store goes into a buffer, or out of it. */
void run_buffers(const struct store *s, bool in);

/* states.c: states that the search has left for good. False: there is no memory for them. */
bool states_begin(void);
void states_end(void);
uint64_t states_count(void);
/* Leaves in *todo what was not explored from there, and in *asleep who slept then too. */
void states_meet(struct number state, uint16_t *todo, uint16_t *asleep);
void states_add(struct number state, uint16_t asleep);

/*
 * team.c: from here on so many processes search, if there can be. Returns the number
 * of this one, 0 in that which goes on afterwards, as the others do not.
 */
unsigned team_begin(unsigned wanted);
bool team_begun(void);
unsigned team_number(void);
/* One of them is through. */
bool team_over(void);
/* The search is over for this one: what it came to in all, with their totals. */
enum explore_outcome team_end(enum explore_outcome outcome, struct explore_totals *t);

/* finals.c: a set of final states. False: there is no memory for it. */
bool finals_add(uint64_t final, struct explore_totals *t);
void finals_clear(void);

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

/* Sets a scenario up, with a copy of its state to begin each schedule with. */
void run_prepare(const struct explore_scenario *s);
void run_release(void);

/* A number for the final state is found on demand: it takes longer than the schedule. */
struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final);

/* sample.c: who answers at random, by the strategy; the choices of the schedule that was run. */
void sample_begin(const struct explore_options *o);
const struct run_chooser *sample_chooser(unsigned depth);
struct explore_schedule sample_path(void);

/* replay.c: runs a schedule that is given; order: as of reduce_begin. */
struct replayed {
	struct run_result run;
	bool possible; /* each of its choices was one of those that there were */
	bool whole;    /* all of them were asked for */
};
struct replayed replay(const struct explore_schedule *schedule, bool sc, bool order,
                       unsigned stop_at);

/* cycle.c: whether a schedule comes back to a state it has been in. */
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

/*
 * Words that stand for an agent's store buffer where it matters what goes in or
 * comes out. They lie behind the scenario's state, and are never accessed.
 */
enum buffer_end { BUFFER_IN, BUFFER_OUT };
const void *memory_buffer(unsigned agent, enum buffer_end end);

/* memory.c: an agent writes memory. */
void memory_written(const void *p, unsigned size);
/* Before a schedule; and the oldest store of an agent's buffer becomes visible. */
void memory_begin(void);
/* The locks that were taken, and what a schedule may still show of their order. */
void memory_mix(struct number *n);
void memory_flush(struct agent *a);

/* reduce.c: what steps do to memory, and which orders of them matter. */

/* The memory that a step accesses, in words of eight bytes. */
struct footprint {
	uint8_t count;
	struct {
		uintptr_t word;
		bool write;
		bool atomic; /* through posted/atomic.h, not only touched */
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
/* What that step does. */
void reduce_access(const void *p, unsigned size, bool write);
void reduce_touch(const void *p, bool write);
/* It comes after what the running agent's buffer has done so far; after a step of its own. */
void reduce_after_buffer(void);
void reduce_after_step(unsigned step);
/* The step is over: its races add to what is to be explored. */
void reduce_close(void);
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

/* known.c: which accesses a step comes after. */

/*
 * Of two steps: neither comes before the other. After: what d did after all that
 * others could see of it does not.
 */
bool known_unordered(unsigned d, bool after, unsigned e);
/* The last access to a word that step e, which writes or reads it, does not come after; or -1. */
int known_last(uintptr_t word, bool write, unsigned e);
/* An access that a later step races with if it does not come after it; id: of all but its step. */
struct record {
	unsigned step;
	bool after; /* all that others could see of the step */
	uint64_t id;
};
/* Who knows of these accesses, and who will who accesses a word: nothing where all do already. */
void known_mix(struct number *n, const struct record *r, unsigned count);
/* The accesses to a word through posted/atomic.h; how many, at most 2 + PROCS. */
unsigned known_records(uintptr_t word, struct record *r);

/* races.c: plain accesses of the step that is over, with what it did through posted/atomic.h. */
void races_prepare(void); /* before a scenario's schedules, */
void races_begin(void);   /* before each */
void races_close(unsigned e, unsigned agent, const struct footprint *f);
/* The accesses to a word that may race with later ones; how many. */
unsigned races_records(uint32_t word, struct record *r);
/* The step under way does what others may see, or order their steps by. */
void races_sync(void);

/* contested.c: words that may race, of the scenario prepared; learnt in all its schedules. */
void contested_prepare(void);
void contested_release(void);
void contested_learn(uint32_t word, unsigned agent, bool plainly, bool write);
/* From here on those learnt by now matter to the number of a state; how many. */
unsigned contested_heed(void);
/* There are more. */
bool contested_news(void);
/* Number i of those that matter, and one more, learnt by another process. */
uint32_t contested_word(unsigned i);
void contested_add(uint32_t word);
void contested_mix(struct number *n);

/*
 * frontier.c: a search kept in a file, with its nodes. Null, or what is wrong. The
 * key ends in a word for the build.
 */
struct frontier {
	bool there;        /* there was a file */
	unsigned known;    /* nodes; none: the search is over */
	uint64_t prefixes; /* beginnings of schedules seen */
	bool cut;          /* schedules were cut off */
	unsigned traits;   /* that were seen */
};
const char *frontier_save(const char *path, const char *key, const struct frontier *at,
                          const struct explore_totals *t);
const char *frontier_load(const char *path, const char *key, struct frontier *at,
                          struct explore_totals *t);

/* coroutine.c */

/* Saves the calling coroutine's stack pointer in *from and goes on with another's. */
void coroutine_switch(void **from, void *to);

/*
 * The stack pointer of a new coroutine: entry begins on an empty stack, of which so
 * many bytes are zero, and never returns.
 */
void *coroutine_new(void *stack, size_t size, size_t cleared, void (*entry)(void));

/* trace.c: calls back with rows from now on; null: nobody looks. */
void trace_begin(void (*row)(const struct explore_row *row, void *arg), void *arg);

/* A row for a step of an agent; none for setup and finish, where there is no agent. */
void trace_value(const struct agent *a, const char *verb, const void *p, uint64_t value);
void trace_change(const struct agent *a, const char *verb, const void *p, uint64_t old,
                  uint64_t value);
void trace_fence(const struct agent *a);

/* A word's name; without one, where it lies in the scenario's state. */
void trace_name(char *name, size_t size, const void *p);

/* A line about the schedule as a whole. */
void trace_verdict(const char *format, va_list *args);

/* run.c, for rows: the index of an agent, and the number of the step under way. */
int run_agent(const struct agent *a);
unsigned run_step(void);
const struct agent *run_who(unsigned agent);

#endif
