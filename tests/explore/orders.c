/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Orders of steps that differ by a run queue or by what is pending alone. Each program
 * is such that the search comes to the order in question last, and would leave it out
 * if a step did not say what it looks at.
 */
#include "machine.h"

/* Who began is told apart from who is to come. */
static void begin_and_come(void *me)
{
	add(&s.came, (uintptr_t)me);
}

static void sleep_and_come(void *me)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
	if (!(add(&s.came, (uintptr_t)me) & 1))
		explore_fail("who was queued last runs first");
}

static void sleep_and_mark(void *unused)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
	store(&s.left[1], load(&s.x));
}

static void wake_0_and_tell(void *unused)
{
	explore_task_wake(0, -1);
	store(&s.flag, 1);
}

static void wake_1_when_told(void *unused)
{
	if (!explore_rest(is_set, &s.flag))
		return;
	explore_touch(&s.flag, false);
	explore_task_wake(1, -1);
}

static void wake_0_when_begun(void *unused)
{
	if (!explore_rest(is_set, &s.x))
		return;
	explore_touch(&s.x, false);
	explore_task_wake(0, 0);
}

static bool begun_while_one_sleeps(const void *unused)
{
	return s.x && explore_task_sleeps(0);
}

static void wake_sleeper_when_begun(void *unused)
{
	if (!explore_rest(begun_while_one_sleeps, NULL))
		return;
	explore_touch(&s.x, false);
	explore_touch(s.machine.cpu[0].queue, false);
	explore_task_wake(0, 0);
}

/* It does not sleep yet, only leaves. */
static void wake_who_leaves(void *unused)
{
	if (!explore_rest(is_set, &s.x))
		return;
	explore_touch(&s.x, false);
	explore_step_begin();
	explore_touch(s.machine.cpu[1].queue, false);
	store(&s.left[1], !explore_task_sleeps(0));
	explore_task_wake(0, 0);
	explore_step_end();
}

static void fail_if_passed(void)
{
	if (load(&s.left[1]))
		explore_fail("another task went first");
}

static void begin_and_block(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	explore_task_block();
	fail_if_passed();
}

static void begin_and_yield(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	explore_task_yield();
	fail_if_passed();
}

static void begin_and_pass(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	load(&s.y);
	explore_preempt_window();
	fail_if_passed();
}

/* The second task tells that it is about to leave. */
static void tell_leaves(unsigned task, bool runnable)
{
	if (task == 1)
		explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
}

static void go_to_sleep(void *unused)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
}

static void take_while_idle(unsigned cpu, unsigned vector)
{
	if (explore_task_number() < 0 && !load(&s.came))
		explore_fail("an interrupt comes before the first task");
}

static void pass_window(void *unused)
{
	load(&s.x);
	explore_irq_window();
	store(&s.x, 1);
}

static void take_in_task(unsigned cpu, unsigned vector)
{
	if (explore_task_number() == 0 && !load(&s.x))
		explore_fail("an interrupt comes at the window");
}

static void set_handled(unsigned cpu, unsigned vector)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.y, 1);
}

static void wait_and_look(void *unused)
{
	explore_rest(is_set, &s.flag);
	explore_touch(&s.flag, false);
	if (!load(&s.y))
		explore_fail("an interrupt is late");
}

static void send_and_tell(void *vector)
{
	explore_interrupt(0, (unsigned)(uintptr_t)vector);
	store(&s.turn, 1);
}

static void set_when_told(void *unused)
{
	if (!explore_rest(is_set, &s.turn))
		return;
	explore_touch(&s.turn, false);
	explore_rmw8(EXPLORE_EXCHANGE, &s.flag, 1);
}

static void turn_off_between(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	explore_irq_disable();
	explore_rmw8(EXPLORE_EXCHANGE, &s.y, 1);
	explore_irq_enable();
}

static void come_between(unsigned cpu, unsigned vector)
{
	if (load(&s.x) && !load(&s.y))
		explore_fail("an interrupt comes right before they are off");
}

/* From one CPU to another, where somebody waits. */
static void sleep_and_be_first(void *unused)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
	if (load(&s.left[1]) && !load(&s.came))
		explore_fail("who came from elsewhere runs first");
}

static void tell_left(unsigned task, bool runnable)
{
	if (task == 0)
		explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
}

/* What it saw is on its stack alone. */
static void look_and_sleep(void *unused)
{
	uint64_t seen = load(&s.x);

	go_to_sleep(unused);
	if (seen)
		explore_fail("it saw the store");
}

static bool one_sleeps(const void *unused)
{
	return explore_task_sleeps(0);
}

static void store_and_wake(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	if (!explore_rest(one_sleeps, NULL))
		return;
	explore_touch(s.machine.cpu[0].queue, false);
	explore_task_wake(0, 0);
}

static const struct program programs[] = {
	{ "the second of two", 1, { { "one", sleep_and_come, (void *)1, 0, NULL, false },
	                            { "two", sleep_and_come, (void *)2, 0, NULL, false } },
	  { wake_1_when_told, wake_0_and_tell }, { 0 }, FOUND, FOUND, "runs first" },
	{ "one who need not sleep", 1, { TASK(sleep_and_mark, 0), TASK(begin_and_block, 0) },
	  { NULL, wake_0_when_begun }, { .in_order = true }, FOUND, FOUND, "went first" },
	{ "one who yields", 1, { TASK(sleep_and_mark, 0), TASK(begin_and_yield, 0) },
	  { NULL, wake_0_when_begun }, { .in_order = true }, FOUND, FOUND, "went first" },
	{ "one who may be preempted", 1, { TASK(sleep_and_mark, 0), TASK(begin_and_pass, 0) },
	  { NULL, wake_0_when_begun }, { .in_order = true, .preemptions = 1 },
	  FOUND, FOUND, "went first" },
	{ "one who leaves", 1, { { "first", sleep_and_come, (void *)2, 0, NULL, false },
	                         { "second", go_to_sleep, NULL, 0, NULL, false },
	                         { "third", begin_and_come, (void *)1, 0, NULL, true } },
	  { NULL, wake_sleeper_when_begun }, { .sched_out = tell_leaves },
	  FOUND, FOUND, "runs first" },
	{ "one who comes from elsewhere", 2,
	  { { "mover", sleep_and_be_first, NULL, 1, NULL, false },
	    { "waits", begin_and_come, (void *)1, 0, NULL, true } },
	  { NULL, wake_who_leaves }, { .sched_out = tell_left }, FOUND, FOUND, "runs first" },
	{ "what a sleeper saw", 1, { TASK(look_and_sleep, 0) }, { look_and_go, store_and_wake },
	  { 0 }, FOUND, FOUND, "saw the store" },
	{ "an interrupt at a window", 1, { TASK(pass_window, 0) }, { NULL, send_and_tell },
	  { .handler = take_in_task }, FOUND, FOUND, "at the window" },
	{ "an interrupt while idle", 1, { { "task", begin_and_come, (void *)1, 0, NULL, true } },
	  { NULL, send_and_tell }, { .handler = take_while_idle },
	  FOUND, FOUND, "before the first task" },
	{ "an interrupt during a wait", 1, { TASK(wait_and_look, 0) },
	  { set_when_told, send_and_tell },
	  { .handler = set_handled, .interrupts_anywhere = true }, FOUND, FOUND, "is late" },
	{ "right before they are off", 1, { TASK(turn_off_between, 0) }, { send_and_tell },
	  { .handler = come_between, .interrupts_anywhere = true },
	  FOUND, FOUND, "right before" },
};

int main(void)
{
	return !machine_answers(programs, sizeof(programs) / sizeof(programs[0]));
}
