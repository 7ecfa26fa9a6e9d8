/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preemption: the explorer's choice, so often as the scenario lets it. Who of two CPUs
 * takes one first does not matter: not to take it is always a choice, too. So the count of
 * them is no word that orders steps.
 */
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"

/* A switch that nobody could notice is not worth a choice. */
static bool somebody_notices(const cpu_t *c)
{
	if (machine_rules->migrates || machine_rules->sched_out || machine_rules->sched_in)
		return true;
	machine_touch(c, false);
	return machine_can_pick(c);
}

bool machine_may_preempt(void)
{
	const cpu_t *c = machine_cpu();
	const task_t *t = machine_task();

	if (!t || c->handling || !c->irqs || t->unpreemptible || !machine_rules->preemptions)
		return false;
	return machine->preemptions && somebody_notices(c);
}

void machine_preempt(bool has_turn)
{
	task_t *t = machine_task();

	machine->preemptions--;
	t->unpreemptible++; /* once is enough */
	if (!has_turn || explore_running->buffer.stores)
		machine_point();
	else if (!machine_rules->unfenced)
		run_watch->drained();
	t->unpreemptible--;
	machine_touch(machine_cpu(), true);
	tell_does("%s is preempted", machine_name(t));
	machine_leave(t, false);
}

void machine_preempt_window(void)
{
	if (machine_may_preempt() && explore_choose(2))
		machine_preempt(false);
}

void explore_preempt_window(void)
{
	RUN_AT(NULL);
	machine_preempt_window();
}

/* Where it may come anywhere, it may come right before. */
void explore_preempt_disable(void)
{
	task_t *t = machine_task();

	if (!t)
		return;
	RUN_AT(NULL);
	if (machine_rules->preempts_anywhere && machine_may_preempt())
		machine_point_unfenced();
	t->unpreemptible++;
}

void explore_preempt_enable(void)
{
	task_t *t = machine_task();

	if (!t)
		return;
	if (!t->unpreemptible) {
		run_unfit("explore_preempt_enable without explore_preempt_disable");
		return;
	}
	RUN_AT(NULL);
	if (!--t->unpreemptible)
		machine_preempt_window();
}
