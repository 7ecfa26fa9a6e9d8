/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reduction against no reduction, on random programs of tasks: one or two CPUs,
 * two or three tasks, and now and then a device. Tasks load, store, exchange, fence,
 * wait for a word in ways right and wrong, block, yield, wake each other, lock, turn
 * interrupts off and on, send them, access words plainly, and do two accesses as one step;
 * handlers store and wake; the machine preempts, moves and interrupts them as it is drawn.
 * All ways to search must come to the same verdict and the same set of final states.
 */
#include "walks.h"
#include <explore/access.h>
#include <explore/sched.h>
#include <explore/search.h>
#include <explore/step.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 3, LENGTH = 4, WORDS = 2, TOO_MANY = 5000, OWNERS = TASKS + 1, DEVICE = TASKS };

enum op {
	STORE,
	LOAD,
	EXCHANGE,
	FENCE,
	BLOCK, /* its state is set, and the word is 0 */
	BLOCK_UNFENCED,
	YIELD,
	SET_STATE,
	JUST_BLOCK,
	WAKE,
	LOCKED, /* an exchange with the lock held */
	WINDOW,
	UNPREEMPTED, /* two loads */
	QUIET, /* two stores with interrupts off */
	SEND,
	STEP, /* adds the words up */
	PLAIN_STORE, /* to what belongs to the word; where it races it is a step */
	PLAIN_LOAD,
};

static struct {
	struct explore_machine machine;
	uint64_t word[WORDS], plain[WORDS], lock, states[TASKS];
	uint8_t saw[OWNERS + 1][LENGTH];
} s;

static struct {
	unsigned length;
	struct {
		enum op op;
		unsigned word, value, other;
	} line[LENGTH];
} program[OWNERS];

static struct explore_task tasks[TASKS];
static struct explore_sched rules;

static uint64_t load(const uint64_t *p)
{
	return explore_load8(p);
}

static uint64_t exchange(uint64_t *p, uint64_t value)
{
	return explore_rmw8(EXPLORE_EXCHANGE, p, value);
}

static uint64_t block(const uint64_t *p, bool fence)
{
	uint64_t value;

	explore_task_set(1);
	if (fence)
		explore_fence();
	value = load(p);
	if (!value)
		explore_task_block();
	explore_task_set(0);
	return value;
}

static uint64_t unpreempted(const uint64_t *p)
{
	uint64_t value;

	explore_preempt_disable();
	value = load(p);
	value = 7 * value + load(p);
	explore_preempt_enable();
	return value;
}

static void quiet(unsigned value)
{
	bool on = explore_irq_save();

	explore_store8(&s.word[0], value);
	explore_store8(&s.word[1], value);
	explore_irq_restore(on);
}

static uint64_t add_up(uint64_t *p, unsigned value)
{
	uint64_t sum;

	explore_step_begin();
	sum = load(&s.word[0]) + load(&s.word[1]);
	explore_store8(p, sum + value);
	explore_step_end();
	return sum;
}

static uint64_t locked(uint64_t *p, unsigned value)
{
	uint64_t old;

	explore_preempt_disable();
	explore_lock(&s.lock);
	old = exchange(p, value);
	explore_unlock(&s.lock);
	explore_preempt_enable();
	return old;
}

/* What the compiler makes of plain accesses. */
void tells_read(const void *p) __asm__("__tsan_read8");
void tells_write(const void *p) __asm__("__tsan_write8");

static uint64_t plain_load(const uint64_t *p)
{
	tells_read(p);
	return *p;
}

static void plain_store(uint64_t *p, uint64_t value)
{
	tells_write(p);
	*p = value;
}

/* What is for anybody. */
static uint64_t line(enum op op, uint64_t *p, unsigned value, unsigned other)
{
	switch (op) {
	case STORE:
		explore_store8(p, value);
		return 0;
	case EXCHANGE:
		return exchange(p, value);
	case FENCE:
		explore_fence();
		return 0;
	case WAKE:
		return explore_task_wake(other % rules.task_count,
		                         value % 2 ? -1 : (int)(value / 2 % rules.cpus));
	case SEND:
		explore_interrupt(value % rules.cpus, 0x40 + other % 2);
		return 0;
	case STEP:
		return add_up(p, value);
	case PLAIN_STORE:
		plain_store(&s.plain[p - s.word], value);
		return 0;
	case PLAIN_LOAD:
		return plain_load(&s.plain[p - s.word]);
	default:
		return load(p);
	}
}

/* What is for tasks. */
static uint64_t task_line(enum op op, uint64_t *p, unsigned value, unsigned other)
{
	switch (op) {
	case BLOCK:
	case BLOCK_UNFENCED:
		return block(p, op == BLOCK);
	case YIELD:
		explore_task_yield();
		return load(p);
	case SET_STATE:
		explore_task_set(value % 2);
		return 0;
	case JUST_BLOCK:
		explore_task_block();
		return load(p);
	case LOCKED:
		return locked(p, value);
	case WINDOW:
		explore_preempt_window();
		return 0;
	case UNPREEMPTED:
		return unpreempted(p);
	case QUIET:
		quiet(value);
		return 0;
	default:
		return line(op, p, value, other);
	}
}

static uint8_t fold(uint64_t saw)
{
	return (uint8_t)(1 + saw + 31 * (saw >> 8));
}

static void run(void *owner)
{
	uintptr_t a = (uintptr_t)owner;

	for (unsigned i = 0; i < program[a].length; i++) {
		uint64_t *p = &s.word[program[a].line[i].word];
		unsigned value = program[a].line[i].value, other = program[a].line[i].other;
		enum op op = program[a].line[i].op;

		s.saw[a][i] = fold(a == DEVICE ? line(op, p, value, other)
		                               : task_line(op, p, value, other));
	}
}

static void handler(unsigned cpu, unsigned vector)
{
	uint8_t *saw = &s.saw[OWNERS][cpu];

	if (plain_load(&s.plain[cpu % 2]))
		*saw += 100;
	*saw = (uint8_t)(3 * *saw + fold(load(&s.word[vector % 2])));
	explore_store8(&s.word[cpu % 2], vector);
	explore_task_wake(vector % rules.task_count, -1);
}

static void sched_out(unsigned task, bool runnable)
{
	explore_store8(&s.word[0], 70 + task + 10u * runnable);
}

static void sched_in(unsigned task)
{
	if (load(&s.word[1]) == 3 + task)
		explore_store8(&s.word[1], 90 + task);
}

/* What sleeps and wakes comes more often. */
static const enum op often[] = {
	STORE, LOAD, EXCHANGE, FENCE, BLOCK, BLOCK, BLOCK_UNFENCED, YIELD, SET_STATE, JUST_BLOCK,
	WAKE, WAKE, WAKE, LOCKED, WINDOW, UNPREEMPTED, QUIET, SEND, SEND, STEP,
	PLAIN_STORE, PLAIN_LOAD,
};

static void write_program(unsigned a, unsigned most)
{
	program[a].length = 1 + walks_draw(most);
	for (unsigned i = 0; i < program[a].length; i++) {
		program[a].line[i].op = often[walks_draw(sizeof(often) / sizeof(often[0]))];
		program[a].line[i].word = walks_draw(WORDS);
		program[a].line[i].value = 1 + a * LENGTH + i;
		program[a].line[i].other = walks_draw(TASKS);
	}
}

static void write_rules(void)
{
	rules = (struct explore_sched){ .cpus = 1 + walks_draw(2), .tasks = tasks,
		                        .task_count = 2 + !walks_draw(3), .handler = handler };
	rules.preemptions = walks_draw(3);
	rules.preempts_anywhere = !walks_draw(3);
	rules.interrupts_anywhere = !walks_draw(2);
	rules.migrates = !walks_draw(3);
	rules.in_order = !walks_draw(3);
	rules.unfenced = !walks_draw(8);
	if (!walks_draw(3))
		rules.sched_out = sched_out;
	if (!walks_draw(3))
		rules.sched_in = sched_in;
	for (unsigned i = 0; i < rules.task_count; i++)
		tasks[i] = (struct explore_task){ "t", run, (void *)(uintptr_t)i,
			                          walks_draw(rules.cpus), NULL, !walks_draw(4) };
	for (unsigned i = 0; i < rules.task_count; i++)
		if (!walks_draw(4))
			tasks[i].state = &s.states[i];
}

static void set_up(void)
{
	memset(&s, 0, sizeof(s));
	explore_machine_setup(&s.machine, &rules);
}

static void print_program(unsigned agents, bool sc)
{
	printf("%s, %u CPUs, %u preemptions%s%s%s%s%s%s%s:", sc ? "SC" : "TSO", rules.cpus,
	       rules.preemptions, rules.preempts_anywhere ? " anywhere" : "",
	       rules.interrupts_anywhere ? ", interrupts anywhere" : "",
	       rules.migrates ? ", migrates" : "", rules.in_order ? ", in order" : "",
	       rules.unfenced ? ", unfenced" : "", rules.sched_out ? ", out" : "",
	       rules.sched_in ? ", in" : "");
	for (unsigned a = 0; a < OWNERS; a++) {
		if (a < DEVICE ? a >= rules.task_count : agents == rules.cpus)
			continue;
		printf(" [%u%s", a < DEVICE ? tasks[a].cpu : 9,
		       a < DEVICE && tasks[a].ends ? "!" : "");
		for (unsigned i = 0; i < program[a].length; i++)
			printf(" %d:%u=%u/%u", program[a].line[i].op, program[a].line[i].word,
			       program[a].line[i].value, program[a].line[i].other);
		printf(" ]");
	}
	putchar('\n');
}

static unsigned violated;

/* 1: the same, 0: too many schedules, -1: not the same. */
static int compare(const struct explore_scenario *scene, bool sc)
{
	static const char *const ways[] = { "states", "no states", "all are points" };
	struct explore_options o = {
		.sc = sc, .finals = true, .full = true, .first = true, .max_schedules = TOO_MANY
	};
	struct explore_totals full, t;
	enum explore_outcome outcome = explore_search(scene, &o, &full), other;

	if (outcome == EXPLORE_STOPPED && full.schedules)
		return 0;
	for (unsigned how = 0; how < 3; how++) {
		o.full = o.all_points = how == 2;
		o.forgets = how == 1;
		other = explore_search(scene, &o, &t);
		if (how == 2 && other == EXPLORE_STOPPED)
			break;
		if (other == outcome && (outcome != EXPLORE_PROVED ||
		                         (t.finals == full.finals &&
		                          t.finals_sum == full.finals_sum)))
			continue;
		printf("%s: outcome %d, %" PRIu64 " final states, this way: %d, %" PRIu64 "\n",
		       ways[how], outcome, full.finals, other, t.finals);
		return -1;
	}
	violated += outcome == EXPLORE_VIOLATED;
	return 1;
}

static int try_one(uint64_t seed, bool sc)
{
	static const char *const names[] = { "CPU 0", "CPU 1", "D" };
	struct explore_agent agents[3];
	struct explore_scenario scene = { .name = "fuzz", .agents = agents, .state = &s,
		                          .state_size = sizeof(s), .setup = set_up,
		                          .races = EXPLORE_RACES_ARE_POINTS };
	int result;

	walks_seed(seed);
	write_rules();
	for (unsigned i = 0; i < rules.cpus; i++)
		agents[i] = (struct explore_agent){ names[i], explore_cpu, (void *)(uintptr_t)i,
			                            false };
	scene.agent_count = rules.cpus;
	for (unsigned i = 0; i < rules.task_count; i++)
		write_program(i, rules.task_count == 3 || rules.cpus == 2 ? 2 : LENGTH);
	if (walks_draw(2)) {
		write_program(DEVICE, 2);
		agents[scene.agent_count++] =
			(struct explore_agent){ "D", run, (void *)DEVICE, walks_draw(2) };
	}
	result = compare(&scene, sc);
	if (result < 0) {
		printf("seed %" PRIu64 ", ", seed);
		print_program(scene.agent_count, sc);
	}
	return result;
}

int main(int argc, char **argv)
{
	const struct walks_seeds seeds = walks_seeds(argc, argv, 250, 1);
	int same = walks_try(seeds, try_one);

	if (same < 0)
		return 1;
	printf("%d walks compared, %u with something wrong\n", same, violated);
	return (uint64_t)same < seeds.count;
}
