/* SPDX-License-Identifier: BSD-2-Clause */
#include "machine.h"
#include <explore/replay.h>
#include <inttypes.h>
#include <string.h>

struct machine_state s;
struct explore_sched rules;

/* Waits for a flag, in ways right and wrong. */
void wait_right(void *unused)
{
	for (;;) {
		explore_task_set(1);
		explore_fence();
		if (load(&s.flag))
			break;
		explore_task_block();
	}
	explore_task_set(0);
}

/* The check comes before the state: whoever wakes in between finds it awake. */
void wait_late(void *unused)
{
	while (!load(&s.flag)) {
		explore_task_set(1);
		explore_task_block();
	}
}

void nothing(void *unused)
{
}

void look_and_go(void *unused)
{
	load(&s.x);
}

void hold_lock(void *unused)
{
	explore_lock(&s.lock[0]);
	load(&s.x);
	explore_unlock(&s.lock[0]);
}

/* Waits, with interrupts on, for what a handler of its own CPU gives. */
bool is_set(const void *word)
{
	return *(const uint64_t *)word;
}

void machine_set_up(void)
{
	memset(&s, 0, sizeof(s));
	if (rules.cpus)
		explore_machine_setup(&s.machine, &rules);
}

static unsigned tasks_of(const struct program *p)
{
	unsigned n = 0;

	while (n < 3 && p->task[n].run)
		n++;
	return n;
}

static unsigned make_agents(const struct program *p, struct explore_agent *agents)
{
	static const char *const cpus[] = { "CPU 0", "CPU 1" }, *const others[] = { "A", "B" };
	unsigned n = 0;

	for (unsigned i = 0; i < p->cpus; i++)
		agents[n++] = (struct explore_agent){ cpus[i], explore_cpu, (void *)(uintptr_t)i,
			                              false };
	for (unsigned i = 0; i < 2; i++)
		if (p->beside[i])
			agents[n++] = (struct explore_agent){ others[i], p->beside[i],
				                              (void *)(uintptr_t)VECTOR, i };
	return n;
}

static char said[256];

static void keep_verdict(const struct explore_row *row, void *unused)
{
	if (row->agent < 0)
		snprintf(said, sizeof(said), "%s", row->text);
}

/* What the schedule that was found says, twice the same. */
static bool says(const struct explore_scenario *scene, bool sc,
                 const struct explore_schedule *schedule, const char *what)
{
	char first[sizeof(said)];

	explore_replay(scene, sc, schedule, 0, keep_verdict, NULL);
	memcpy(first, said, sizeof(said));
	explore_replay(scene, sc, schedule, 0, keep_verdict, NULL);
	return strstr(first, what) && !strcmp(first, said);
}

static bool answers(const struct program *p, bool sc, unsigned how)
{
	static const char *const hows[] = { "", ", no states", ", full" };
	struct explore_options o = { .sc = sc, .forgets = how == 1, .full = how == 2,
		                     .twice = how == 0 };
	struct explore_agent agents[4];
	struct explore_scenario scene = { .name = p->name, .agents = agents, .state = &s,
		                          .state_size = sizeof(s), .setup = machine_set_up,
		                          .races = EXPLORE_RACES_ARE_POINTS };
	enum explore_outcome outcome;
	struct explore_totals t;
	bool right;

	rules = p->rules;
	rules.cpus = p->cpus;
	rules.tasks = p->task;
	rules.task_count = tasks_of(p);
	scene.agent_count = make_agents(p, agents);
	outcome = explore_search(&scene, &o, &t);
	right = outcome == (enum explore_outcome)(sc ? p->sc : p->tso) &&
	        (outcome == EXPLORE_PROVED || says(&scene, sc, &t.failed, p->says));
	printf("%s: %s, %s%s: %" PRIu64 " schedules, %u steps%s%s\n", right ? "ok" : "WRONG",
	       p->name, sc ? "SC" : "TSO", hows[how], t.schedules, t.failed_steps,
	       outcome != EXPLORE_PROVED ? ", " : "",
	       t.stopped ? t.stopped : outcome == EXPLORE_VIOLATED ? said : "");
	return right;
}

bool machine_answers(const struct program *programs, unsigned count)
{
	bool right = true;

	for (unsigned i = 0; i < count; i++)
		for (unsigned how = 0; how < 3; how++)
			for (unsigned sc = 0; sc < 2; sc++)
				right &= answers(&programs[i], sc, how);
	return right;
}
