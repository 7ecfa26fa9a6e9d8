/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plain stores that race with nothing, and are seen all the same: for a moment by a condition
 * or by what judges each step; or missed by who was interrupted before they left a store
 * buffer. And a condition sees its agent's own.
 */
#include <explore/access.h>
#include <explore/sched.h>
#include <explore/search.h>

/* What the compiler makes of plain accesses. */
void tells_read(const void *p) __asm__("__tsan_read8");
void tells_write(const void *p) __asm__("__tsan_write8");

static struct {
	uint64_t word, other;
	struct explore_machine machine;
} s;

static uint64_t load(const uint64_t *p)
{
	tells_read(p);
	return *(const volatile uint64_t *)p;
}

static void store(uint64_t *p, uint64_t value)
{
	tells_write(p);
	*(volatile uint64_t *)p = value;
}

static void blinks(void *unused)
{
	store(&s.word, 1);
	store(&s.word, 0);
}

static bool is_lit(const void *unused)
{
	return load(&s.word);
}

static void waits(void *unused)
{
	if (explore_rest(is_lit, NULL))
		explore_fail("it was lit");
}

/* It waits for another one's, and its own store is not that. */
static void puts_out(void *unused)
{
	explore_store8(&s.word, 0);
	if (explore_rest(is_lit, NULL))
		explore_fail("it saw what was before its own store");
}

static void set_up_lit(void)
{
	s.word = 1;
}

static void judges(void)
{
	if (load(&s.word))
		explore_fail("it was lit");
}

static void looks_away(void *unused)
{
	explore_load8(&s.other);
}

/* The descriptor that an interrupt tells of; WRMSR to the x2APIC is no fence. */
static void sends(void *fence)
{
	store(&s.word, 1);
	if (fence)
		explore_fence();
	explore_interrupt(1, 0x20);
}

static void handler(unsigned cpu, unsigned vector)
{
	if (!load(&s.word))
		explore_fail("what the interrupt tells of is not there");
}

static const struct explore_task sender[] = { { "sender", sends, NULL, 0, NULL, true } };
static const struct explore_task careful[] = { { "sender", sends, &s, 0, NULL, true } };

static void set_up(const struct explore_task *task)
{
	static struct explore_sched rules;

	rules = (struct explore_sched){ .cpus = 2, .tasks = task, .task_count = 1,
		                        .handler = handler };
	explore_machine_setup(&s.machine, &rules);
}

static void set_up_sender(void)
{
	set_up(sender);
}

static void set_up_careful(void)
{
	set_up(careful);
}

static const struct explore_agent waiter[] = { { .name = "A", .run = waits },
	                                       { .name = "B", .run = blinks } };
static const struct explore_agent owner[] = { { .name = "A", .run = puts_out },
	                                      { .name = "B", .run = looks_away } };
static const struct explore_agent blinker[] = { { .name = "A", .run = looks_away },
	                                        { .name = "B", .run = blinks } };
static const struct explore_agent cpus[] = { { .name = "CPU 0", .run = explore_cpu },
	                                     { "CPU 1", explore_cpu, (void *)1, false } };

#define CASE(which) .agents = which, .agent_count = 2, .state = &s, .state_size = sizeof(s), \
	.races = EXPLORE_RACES_ARE_POINTS

static const struct {
	struct explore_scenario scenario;
	enum explore_outcome tso, sc;
} cases[] = {
	{ { .name = "condition", CASE(waiter) }, EXPLORE_VIOLATED, EXPLORE_VIOLATED },
	{ { .name = "own", CASE(owner), .setup = set_up_lit }, EXPLORE_PROVED, EXPLORE_PROVED },
	{ { .name = "each", CASE(blinker), .each = judges }, EXPLORE_VIOLATED, EXPLORE_VIOLATED },
	{ { .name = "interrupt", CASE(cpus), .setup = set_up_sender }, EXPLORE_VIOLATED,
	  EXPLORE_PROVED },
	{ { .name = "fence", CASE(cpus), .setup = set_up_careful }, EXPLORE_PROVED,
	  EXPLORE_PROVED },
};

int main(void)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int sc = 0; sc <= 1; sc++) {
			const struct explore_options o = { .sc = sc };
			enum explore_outcome want = sc ? cases[i].sc : cases[i].tso, is;
			struct explore_totals t;

			is = explore_search(&cases[i].scenario, &o, &t);
			if (is == want)
				continue;
			printf("%s, %s: %d, not %d\n", cases[i].scenario.name, sc ? "SC" : "TSO",
			       is, want);
			wrong = 1;
		}
	return wrong;
}
