/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Run queues, and switches from task to task. Linux holds the run queue's lock from the
 * step in which a task leaves it to the one in which its CPU has another stack; here
 * others may come between: this allows more, never less.
 */
#include "explore/schedule/stacks.h"
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"
#include <string.h>

void machine_queue(cpu_t *c, task_t *t)
{
	machine_touch(c, true);
	t->cpu = (uint8_t)machine_number(c);
	c->queue[c->queued++] = (uint8_t)(t - machine->task);
}

static unsigned list_waiting(const cpu_t *c, uint8_t at[EXPLORE_TASKS])
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->queued; i++)
		if (machine->task[c->queue[i]].is == TASK_WAITS)
			at[n++] = (uint8_t)i;
	return n;
}

bool machine_can_pick(const cpu_t *c)
{
	uint8_t at[EXPLORE_TASKS];

	return list_waiting(c, at);
}

task_t *machine_pick(cpu_t *c)
{
	uint8_t at[EXPLORE_TASKS];
	unsigned n = list_waiting(c, at), i;
	task_t *t;

	if (!n)
		return NULL;
	i = at[machine_rules->in_order ? 0 : explore_choose(n)];
	t = &machine->task[c->queue[i]];
	c->queued--;
	memmove(c->queue + i, c->queue + i + 1, c->queued - i);
	c->queue[c->queued] = 0;
	return t;
}

/* The CPU is a task's, or it idles, from here on. */
static void occupy(cpu_t *c, task_t *t)
{
	c->current = t ? (int8_t)(t - machine->task) : IDLE;
	if (!t) {
		c->irqs = true;
		tell_does("idles");
		return;
	}
	t->is = TASK_RUNS;
	t->cpu = (uint8_t)machine_number(c);
	tell_does("runs %s", machine_name(t));
}

void machine_go(cpu_t *c, task_t *t)
{
	occupy(c, t);
	stacks_switch(STACK_OWN, c->current);
}

/* A task that goes on is on its old CPU, or where the load balancer puts it. */
static cpu_t *next_cpu(cpu_t *c)
{
	return machine_rules->migrates ? &machine->cpu[explore_choose(machine_rules->cpus)] : c;
}

/* The step in which it leaves its CPU, after which others may run it. */
static void step_down(cpu_t *c, task_t *t)
{
	machine_touch(c, true);
	if (t->is == TASK_RUNS)
		machine_queue(next_cpu(c), t);
	else if (t->is == TASK_WOKEN)
		machine_touch(&machine->cpu[t->cpu], true);
	t->is = t->is == TASK_LEAVES ? TASK_SLEEPS : TASK_WAITS;
}

/* Who goes on lets others of its queue go first, if there are any. */
static void give_way(cpu_t *c, task_t *t)
{
	task_t *next = t->is == TASK_RUNS ? machine_pick(c) : NULL;

	step_down(c, t);
	occupy(c, next ? next : machine_pick(c));
}

/* The task is on its CPU: interrupts come again, if they did before. */
static void arrive(task_t *t, bool irqs)
{
	machine_cpu()->irqs = irqs;
	t->unpreemptible++;
	machine_irq_window();
	if (machine_rules->sched_in)
		machine_rules->sched_in((unsigned)(t - machine->task));
	t->unpreemptible--;
}

void machine_leave(task_t *t, bool sleeps)
{
	cpu_t *c = machine_cpu();
	bool irqs = c->irqs;

	c->irqs = false;
	if (sleeps)
		t->is = TASK_LEAVES;
	if (machine_rules->sched_out) {
		t->unpreemptible++;
		machine_rules->sched_out((unsigned)(t - machine->task), !sleeps);
		t->unpreemptible--;
		machine_point();
	}
	give_way(c, t);
	stacks_switch((int)(t - machine->task), c->current);
	arrive(t, irqs);
}

static void end(task_t *t)
{
	cpu_t *c;

	run_at.site = NULL;
	c = machine_point();
	machine_touch(c, true);
	tell_does("%s ends", machine_name(t));
	t->is = TASK_ENDED;
	occupy(c, machine_pick(c));
	stacks_switch(STACK_NONE, c->current);
}

void machine_task_main(void)
{
	task_t *t = machine_task();

	arrive(t, true);
	machine_rules->tasks[t - machine->task].run(machine_rules->tasks[t - machine->task].arg);
	end(t);
}
