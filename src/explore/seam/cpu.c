/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine's CPUs, each an agent; who runs where. */
#include "explore/schedule/stacks.h"
#include "explore/schedule/tell.h"
#include "explore/seam/machine.h"
#include <stdlib.h>
#include <string.h>

_Static_assert((int)EXPLORE_TASKS == (int)STACKS, "each task has a stack");
_Static_assert(EXPLORE_TASKS == 8, "a run queue is a word");

struct explore_machine *machine;
const struct explore_sched *machine_rules;

static void refuse(const char *what)
{
	fprintf(stderr, "%s: %s\n", explore_scenario->name, what);
	exit(2);
}

static void check_rules(const struct explore_machine *m, const struct explore_sched *r)
{
	size_t at = (size_t)((uintptr_t)m - (uintptr_t)explore_scenario->state);

	if (at > explore_scenario->state_size || at + sizeof(*m) > explore_scenario->state_size)
		refuse("its explore_machine is not in its state: put it there");
	if (!r->cpus || r->cpus > EXPLORE_CPUS)
		refuse("explore_sched.cpus is not 1 to 4");
	if (r->task_count > EXPLORE_TASKS)
		refuse("explore_sched.task_count is more than 8");
	for (unsigned i = 0; i < r->task_count; i++)
		if (r->tasks[i].cpu >= r->cpus)
			refuse("a task begins on a CPU that explore_sched does not have");
}

static bool runs_cpu(const struct explore_agent *a)
{
	return a->run == explore_cpu;
}

/* Each CPU is one agent's, or tasks would wait for ever. */
static void check_agents(unsigned cpus)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		const struct explore_agent *a = &explore_scenario->agents[i];

		if (!runs_cpu(a))
			continue;
		if ((uintptr_t)a->arg >= cpus || (seen >> (uintptr_t)a->arg & 1))
			refuse("two agents are one CPU, or one that explore_sched does not have");
		seen |= 1u << (uintptr_t)a->arg;
	}
	if (seen != (1u << cpus) - 1)
		refuse("a CPU has no agent: give each one whose run is explore_cpu");
}

void explore_machine_setup(struct explore_machine *m, const struct explore_sched *r)
{
	check_rules(m, r);
	check_agents(r->cpus);
	machine = m;
	machine_rules = r;
	run_between = &machine_between;
	run_trait(TRAIT_WAITS);
	memset(m, 0, sizeof(*m));
	m->preemptions = r->preemptions;
	for (unsigned i = 0; i < EXPLORE_CPUS; i++) {
		m->cpu[i].current = IDLE;
		m->cpu[i].irqs = true;
	}
	for (unsigned i = 0; i < r->task_count; i++)
		machine_queue(&m->cpu[r->tasks[i].cpu], &m->task[i]);
}

bool machine_exists(void)
{
	return run_between == &machine_between;
}

unsigned machine_tasks(void)
{
	return machine_exists() ? machine_rules->task_count : 0;
}

cpu_t *machine_cpu(void)
{
	const struct explore_agent *a = explore_self();

	return machine_exists() && a && runs_cpu(a) ? &machine->cpu[(uintptr_t)a->arg] : NULL;
}

task_t *machine_task(void)
{
	const cpu_t *c = machine_cpu();

	return c && c->current != IDLE ? &machine->task[c->current] : NULL;
}

unsigned machine_number(const cpu_t *c)
{
	return (unsigned)(c - machine->cpu);
}

const char *machine_name(const task_t *t)
{
	return machine_rules->tasks[t - machine->task].name;
}

task_t *machine_caller(const char *call)
{
	task_t *t = machine_task();

	if (t && !machine_cpu()->handling)
		return t;
	run_unfit("%s is called by no task: a handler, an idle CPU or another agent calls it",
	          call);
	return NULL;
}

void machine_touch(const cpu_t *c, bool write)
{
	explore_touch(c->queue, write);
}

void machine_touch_pending(const cpu_t *c, bool write)
{
	explore_touch(c->pending, write);
}

cpu_t *machine_point(void)
{
	run_at.p = machine_cpu()->queue;
	explore_point(machine_rules->unfenced ? STORES : 0, NULL, NULL);
	return machine_cpu();
}

cpu_t *machine_point_unfenced(void)
{
	run_at.p = machine_cpu()->queue;
	explore_point(STORES, NULL, NULL);
	return machine_cpu();
}

int explore_cpu_number(void)
{
	const cpu_t *c = machine_cpu();

	return c ? (int)machine_number(c) : -1;
}

int explore_task_number(void)
{
	const cpu_t *c = machine_cpu();

	return c ? c->current : IDLE;
}

/* Its own switch to a task is a fence, too. */
static bool idle_ends(const void *agent)
{
	const struct agent *a = agent;
	const cpu_t *c = &machine->cpu[(uintptr_t)a->is->arg];
	bool waits = !machine_rules->unfenced && a->buffer.stores;

	return machine_is_pending(c) || (!waits && machine_can_pick(c));
}

void explore_cpu(void *number)
{
	cpu_t *c = &machine->cpu[(uintptr_t)number];

	if (!explore_running)
		return run_unfit("explore_cpu is called by no agent: it is what one runs");
	explore_running->shares = true;
	while (explore_rest(idle_ends, explore_running)) {
		run_at.site = NULL; /* nobody's code */
		machine_touch(c, true);
		machine_touch_pending(c, false);
		if (machine_is_pending(c))
			machine_take_all(c);
		else
			machine_go(c, machine_pick(c));
	}
}
