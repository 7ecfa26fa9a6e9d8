/* SPDX-License-Identifier: BSD-2-Clause */
/* What may come before an access of a CPU's, where the scenario says: anywhere. */
#include "explore/schedule/stacks.h"
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"

static bool interruptible(const cpu_t *c)
{
	return machine_rules->interrupts_anywhere && c->irqs && !c->handling;
}

static bool opens(void)
{
	const cpu_t *c = machine_cpu();

	return machine_task() && (interruptible(c) || machine_rules->preempts_anywhere);
}

static const cpu_t *cpu_of(const struct agent *a)
{
	return &machine->cpu[(uintptr_t)a->is->arg];
}

static bool pending(const struct agent *a)
{
	return interruptible(cpu_of(a)) && machine_is_pending(cpu_of(a));
}

/*
 * An access that cannot be made yet, before which an interrupt comes: what makes it
 * possible is not known here, and any step may.
 */
static bool comes(void)
{
	cpu_t *c = machine_cpu();
	bool ready = run_ready(explore_running), interrupt, preempt;
	unsigned choice;

	if (interruptible(c))
		machine_touch_pending(c, false);
	interrupt = pending(explore_running);
	preempt = ready && machine_rules->preempts_anywhere && machine_may_preempt();
	if (!ready)
		run_watch->everything();
	choice = explore_choose((unsigned)ready + interrupt + preempt) + !ready;
	if (!choice)
		return false;
	if (interrupt && choice == 1) {
		machine_take(c);
		machine_preempt_window();
	} else {
		machine_preempt(true);
	}
	return true;
}

static void begin(size_t cleared)
{
	for (unsigned i = 0; i < machine_rules->task_count; i++)
		stacks_new(i, cleared, machine_task_main);
}

static void judge(void)
{
	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		const struct agent *a = run_who(i);
		const cpu_t *c = a->is->run == explore_cpu ? cpu_of(a) : NULL;

		if (c && !a->resting && c->current != IDLE)
			explore_fail("deadlock: %s, on %s, waits for a lock that nobody will free",
			             machine_name(&machine->task[c->current]), a->is->name);
	}
	for (unsigned i = 0; i < machine_rules->task_count; i++) {
		const task_t *t = &machine->task[i];

		if (!machine_rules->tasks[i].ends || t->is == TASK_ENDED)
			continue;
		explore_fail(t->is == TASK_SLEEPS ? "asleep: %s sleeps, and nobody will wake it"
		                                  : "stuck: %s has not ended, and never will",
		             machine_name(t));
	}
}

static bool name(char *text, size_t size, const void *p)
{
	for (unsigned i = 0; i < machine_rules->task_count; i++)
		if (p == &machine->task[i].state) {
			snprintf(text, size, "state of %s", machine_rules->tasks[i].name);
			return true;
		}
	return false;
}

static const char *whose(unsigned stack)
{
	return stack < machine_rules->task_count ? machine_rules->tasks[stack].name : NULL;
}

const struct run_between machine_between = { opens, pending, comes, begin, judge, name, whose };
