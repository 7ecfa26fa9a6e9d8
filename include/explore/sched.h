/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs that run tasks: for code that sleeps in the middle of a function. Each task has
 * a stack of its own, each CPU (an agent) the store buffer. A task runs until it
 * blocks, yields, ends or is preempted; then its CPU takes another from its run queue,
 * any of those that wait there, or idles.
 *
 * A scenario has a struct explore_machine in its state, calls explore_machine_setup in
 * its setup, and has an agent { "CPU 0", explore_cpu, (void *)0 } for each CPU. Other
 * agents (a device, a thread of which nothing but its accesses matters) may be beside
 * them, and may wake tasks and send interrupts.
 *
 * A switch from one task to another is a full fence, as Linux's is: it waits until the
 * CPU's store buffer is empty. Each call below that is a step says so. All calls are
 * for code that runs in an agent; where a call is for tasks, and no task calls it, the
 * schedule is unfit.
 *
 * A task that sleeps for ever is at rest, unless it is to end. One that waits for a lock
 * (explore_lock), in explore_rest or in explore_futex_wait keeps its CPU, and is not preempted
 * there: a lock is a kernel's spinlock. Two tasks of one CPU take turns: a data race between
 * them is none that is looked for. Thread-local data are an agent's: a CPU's.
 */
#ifndef EXPLORE_SCHED_H
#define EXPLORE_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	EXPLORE_TASKS = 8, /* at most, of a machine */
	EXPLORE_CPUS = 4,
};

struct explore_task {
	const char *name;        /* short */
	void (*run)(void *arg);  /* it ends when this returns */
	void *arg;
	unsigned cpu;            /* on whose run queue it begins */
	/*
	 * Its state, which explore_task_block looks at: 0, it runs; else, it is about to
	 * sleep. In the scenario's state, aligned; null: a word of the machine's.
	 */
	uint64_t *state;
	bool ends;               /* it is a fault if it has not when no agent has a step left */
};

/* How the machine is. What is 0 or null is not so. */
struct explore_sched {
	unsigned cpus;
	const struct explore_task *tasks;
	unsigned task_count;
	/*
	 * Preemptions of tasks at most in a schedule, at windows (explore_preempt_window).
	 * (explore_scenario.preemptions bounds something else: turns that agents lose.)
	 */
	unsigned preemptions;
	/*
	 * They come before any access of a task that may be preempted, too; interrupts, while
	 * they are on, not only at windows (explore_irq_...). Plain accesses of which the
	 * compiler tells are steps then.
	 */
	bool preempts_anywhere;
	bool interrupts_anywhere;
	/* a task that is preempted, or woken without a word where to, may go to any CPU */
	bool migrates;
	bool in_order;            /* who waits longest on a run queue is next, nobody else */
	bool unfenced;            /* a switch is no fence: to see what rests on it */
	/*
	 * On the CPU, on the stack of what it interrupts, with interrupts off. Neither
	 * blocks, yields nor is preempted. It returns as by IRET, which is a fence.
	 */
	void (*handler)(unsigned cpu, unsigned vector);
	/*
	 * As Linux's preempt notifiers, on the CPU and on the task's own stack: before it
	 * leaves, with interrupts off (runnable: it was preempted or yields, and else
	 * sleeps); and when it has come, with interrupts as they were when it left. A task
	 * is not preempted in them. Not when it ends.
	 */
	void (*sched_out)(unsigned task, bool runnable);
	void (*sched_in)(unsigned task);
};

/* The explorer's, to be looked at with the functions below. */
struct explore_machine {
	uint64_t preemptions; /* that may still come */
	struct explore_machine_cpu {
		uint8_t queue[EXPLORE_TASKS]; /* who wait for it, longest first */
		uint64_t pending[4];          /* vectors that were sent and not taken */
		uint8_t queued;
		int8_t current;               /* -1: it idles */
		bool irqs, handling;
	} cpu[EXPLORE_CPUS];
	struct explore_machine_task {
		uint64_t state;
		uint8_t is, cpu;
		uint8_t unpreemptible;        /* how often it said so */
	} task[EXPLORE_TASKS];
};

/* In setup: all tasks are on their run queues. The rules are read as long as it is used. */
void explore_machine_setup(struct explore_machine *m, const struct explore_sched *rules);

/* An agent's run: CPU number (void *)0, (void *)1... Of rules.cpus, each is one agent's. */
void explore_cpu(void *number);

/* Which CPU runs the caller; -1: another agent. Which task; -1: none (it idles, or is none). */
int explore_cpu_number(void);
int explore_task_number(void);

/*
 * Sets the calling task's state: a plain store, as of __set_current_state. Who must
 * not lose a wake-up sets it, then calls explore_fence, then checks, then blocks. A step.
 */
void explore_task_set(uint64_t state);

/*
 * As schedule(): if the calling task's state is not 0, it sleeps until it is woken and
 * a CPU has taken it from its run queue, maybe another CPU. If it is 0 it goes on, or
 * first another task of its queue does. A step, and a fence.
 */
void explore_task_block(void);

/* The calling task goes behind the others of its run queue, if there are any. A step, a fence. */
void explore_task_yield(void);

/*
 * As wake_up_process(): if the task's state is not 0, it becomes 0, and if it has left
 * its run queue it goes onto the one of that CPU (-1: where it was, or as
 * rules.migrates says). True if its state was not 0. A step, and a fence. Anybody.
 */
bool explore_task_wake(unsigned task, int cpu);

/* It sleeps; it has ended. Looks, without a step: for finish and each. */
bool explore_task_sleeps(unsigned task);
bool explore_task_ended(unsigned task);

/*
 * The calling task may be preempted here, as by preempt_enable: the explorer chooses,
 * rules.preemptions times. One that is about to sleep is, too, and stays on its
 * run queue whatever its state is. Nothing in handlers, or if it said that it may not.
 */
void explore_preempt_window(void);

/* They nest, and belong to the task. explore_preempt_enable is a window at the last one. */
void explore_preempt_disable(void);
void explore_preempt_enable(void);

/*
 * Sends a vector, 0 to 255, to a CPU, which may be the caller's own: it is pending
 * there from this step on, once. No fence, as a WRMSR to the x2APIC is none. Anybody.
 */
void explore_interrupt(unsigned cpu, unsigned vector);

/* On this CPU; in handlers they are off and stay so. A task comes back with what it left with. */
void explore_irq_disable(void);
void explore_irq_enable(void); /* a window */
bool explore_irq_save(void);   /* off; true if they were on, for */
void explore_irq_restore(bool on);

/*
 * Takes what is pending, the highest vector first, if interrupts are on; afterwards the
 * task may be preempted. A step. Idle CPUs do it by themselves.
 */
void explore_irq_window(void);

#ifdef __cplusplus
}
#endif

#endif
