/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of CPUs and tasks share (explore/sched.h). */
#ifndef EXPLORE_MACHINE_H
#define EXPLORE_MACHINE_H

#include "explore/schedule/run.h"
#include <explore/sched.h>

enum { IDLE = -1 };

enum task_is {
	TASK_WAITS,  /* on a run queue */
	TASK_RUNS,
	TASK_LEAVES, /* is about to sleep, on its CPU still */
	TASK_WOKEN,  /* and was woken there: on a run queue, but nobody can take it yet */
	TASK_SLEEPS,
	TASK_ENDED,
};

typedef struct explore_machine_cpu cpu_t;
typedef struct explore_machine_task task_t;

/* Of the scenario under way, if it has one; it has no tasks if it has none. */
unsigned machine_tasks(void);
bool machine_exists(void);
extern struct explore_machine *machine;
extern const struct explore_sched *machine_rules;

/* The CPU that runs the caller, and the task there; null: none. */
cpu_t *machine_cpu(void);
task_t *machine_task(void);
unsigned machine_number(const cpu_t *c);
const char *machine_name(const task_t *t);

/* The same, for a call that is not for others, which they make: unfit. */
task_t *machine_caller(const char *call);

/* A run queue is looked at or changed, in the step under way; what is pending is. */
void machine_touch(const cpu_t *c, bool write);
void machine_touch_pending(const cpu_t *c, bool write);

/*
 * The caller's next step is the scheduler's: a fence, if the rules do not say
 * otherwise. Or it is another: no fence. On this CPU, for it may have been moved before.
 * It is where RUN_AT said.
 */
cpu_t *machine_point(void);
cpu_t *machine_point_unfenced(void);

/* switch.c: onto a CPU's run queue. */
void machine_queue(cpu_t *c, task_t *t);
/* One of those that wait there and can go on; null: none. */
bool machine_can_pick(const cpu_t *c);
task_t *machine_pick(cpu_t *c);
/* The calling task leaves its CPU, in a step of the scheduler's; returns when it is back. */
void machine_leave(task_t *t, bool sleeps);
/* From idling to a task, and back here. */
void machine_go(cpu_t *c, task_t *t);
void machine_task_main(void);

/* interrupt.c */
bool machine_is_pending(const cpu_t *c);
/* Takes all, in the step under way, with interrupts on. */
void machine_take_all(cpu_t *c);
void machine_take(cpu_t *c);
/* A window of the caller's. */
void machine_irq_window(void);

/* preempt.c: the calling task may be preempted in the step under way; it is, in this step or
 * one of its own. */
bool machine_may_preempt(void);
void machine_preempt(bool has_turn);
/* If the explorer says so. */
void machine_preempt_window(void);

/* between.c */
extern const struct run_between machine_between;

#endif
