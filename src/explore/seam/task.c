/* SPDX-License-Identifier: BSD-2-Clause */
/* What tasks ask for: to sleep, to be woken, to let others go first. */
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"
#include "explore/seam/seam.h"

static uint64_t *state_of(task_t *t)
{
	uint64_t *own = machine_rules->tasks[t - machine->task].state;

	return own ? own : &t->state;
}

/* In the step under way. */
static uint64_t look_at_state(task_t *t, bool change)
{
	const struct buffer *own = explore_running ? &explore_running->buffer : NULL;
	uint64_t *state = state_of(t), value = buffer_view(own, state, sizeof(*state));

	if (explore_running)
		run_watch->access(state, sizeof(*state), change && value);
	return value;
}

void explore_task_set(uint64_t state)
{
	task_t *t = machine_caller("explore_task_set");
	uint64_t *word;

	if (!t)
		return;
	word = state_of(t);
	RUN_AT(word);
	seam_store(word, sizeof(*word), state);
}

void explore_task_block(void)
{
	task_t *t = machine_caller("explore_task_block");
	cpu_t *c;
	bool sleeps;

	if (!t)
		return;
	RUN_AT(NULL);
	c = machine_point();
	machine_touch(c, true);
	sleeps = look_at_state(t, false);
	tell_does("%s %s", machine_name(t), sleeps ? "sleeps" : "need not sleep");
	if (sleeps || (machine_can_pick(c) && explore_choose(2)))
		machine_leave(t, sleeps);
}

void explore_task_yield(void)
{
	task_t *t = machine_caller("explore_task_yield");
	cpu_t *c;

	if (!t)
		return;
	RUN_AT(NULL);
	c = machine_point();
	machine_touch(c, true);
	tell_does("%s yields", machine_name(t));
	if (machine_can_pick(c))
		machine_leave(t, false);
}

/* Where who is woken goes. */
static cpu_t *wake_to(const task_t *t, int cpu)
{
	if (cpu >= 0)
		return &machine->cpu[cpu];
	if (machine_rules->migrates)
		return &machine->cpu[explore_choose(machine_rules->cpus)];
	return &machine->cpu[t->cpu];
}

/* What a call asks for exists. */
static bool fits(const char *call, unsigned number, unsigned count)
{
	if (number < count)
		return true;
	run_unfit("%s: number %u is not below %u", call, number, count);
	return false;
}

bool explore_task_wake(unsigned task, int cpu)
{
	task_t *t;

	if (!fits("explore_task_wake, a task", task, machine_tasks()) ||
	    (cpu >= 0 && !fits("explore_task_wake, a CPU", (unsigned)cpu, machine_rules->cpus)))
		return false;
	t = &machine->task[task];
	RUN_AT(state_of(t));
	explore_point(0, NULL, NULL);
	if (!look_at_state(t, true)) {
		tell_does("wakes %s: it is awake", machine_name(t));
		return false;
	}
	tell_does("wakes %s", machine_name(t));
	run_put(state_of(t), sizeof(uint64_t), 0);
	if (t->is == TASK_LEAVES || t->is == TASK_SLEEPS) {
		t->is = t->is == TASK_SLEEPS ? TASK_WAITS : TASK_WOKEN;
		machine_queue(wake_to(t, cpu), t);
	}
	return true;
}

bool explore_task_sleeps(unsigned task)
{
	return task < machine_tasks() && machine->task[task].is == TASK_SLEEPS;
}

bool explore_task_ended(unsigned task)
{
	return task < machine_tasks() && machine->task[task].is == TASK_ENDED;
}
