/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts of CPUs that run tasks: at windows, and anywhere. */
#include "machine.h"

/* What an interrupt disturbs only between two accesses. */
static void store_two(void *unused)
{
	store(&s.x, 1);
	store(&s.y, 1);
	explore_irq_window();
}

static void store_two_quietly(void *unused)
{
	bool on = explore_irq_save();

	store(&s.x, 1);
	store(&s.y, 1);
	explore_irq_restore(on);
}

static void send(void *vector)
{
	explore_interrupt(0, (unsigned)(uintptr_t)vector);
}

static void send_two(void *unused)
{
	explore_interrupt(0, VECTOR);
	explore_interrupt(0, OTHER);
}

static void compare_two(unsigned cpu, unsigned vector)
{
	s.came |= vector;
	if (load(&s.x) != load(&s.y))
		explore_fail("an interrupt comes between two stores");
}

static void take_lock_in_handler(unsigned cpu, unsigned vector)
{
	explore_lock(&s.lock[0]);
	explore_unlock(&s.lock[0]);
}

static void hold_lock_quietly(void *unused)
{
	explore_irq_disable();
	hold_lock(unused);
	explore_irq_enable();
}

static void wake_in_handler(unsigned cpu, unsigned vector)
{
	store(&s.flag, 1);
	explore_task_wake(0, -1);
}

static void wait_for_handler(void *unused)
{
	explore_rest(is_set, &s.flag);
	explore_touch(&s.flag, false);
	store(&s.y, load(&s.flag));
}

static void note_vectors(unsigned cpu, unsigned vector)
{
	store(&s.seen, load(&s.seen) << 8 | vector);
	store(&s.flag, 1);
}

static void block_in_handler(unsigned cpu, unsigned vector)
{
	explore_task_block();
}

/* They stay off while the task is away, and come for others only. */
static void yield_quietly(void *unused)
{
	explore_irq_disable();
	s.order = 1; /* this task's */
	explore_task_yield();
	load(&s.x);
	load(&s.x);
	s.order = 0;
	explore_irq_enable();
}

static void only_others(unsigned cpu, unsigned vector)
{
	if (!explore_task_number() && s.order)
		explore_fail("it is interrupted while interrupts are off");
}

/* What was stored before an interrupt is visible when it comes. */
static void store_before(void *unused)
{
	store(&s.y, 1);
	explore_irq_window();
}

static void pass_on(unsigned cpu, unsigned vector)
{
	if (cpu == 0 && load(&s.y))
		explore_interrupt(1, OTHER);
	if (cpu == 1 && !load(&s.y))
		explore_fail("an interrupt comes before a store");
}

/* Its return is a fence: store here, load there, and the other way round. */
static void store_in_handler(unsigned cpu, unsigned vector)
{
	store(&s.y, 1);
	s.order = 1; /* this CPU's */
}

static void load_after(void *unused)
{
	explore_irq_window();
	if (s.order && !load(&s.x) && (add(&s.came, 1) & 2))
		explore_fail("a load comes before the return from an interrupt");
}

static void store_and_load(void *unused)
{
	explore_rmw8(EXPLORE_EXCHANGE, &s.x, 1);
	if (!load(&s.y) && (add(&s.came, 2) & 1))
		explore_fail("a load comes before the return from an interrupt");
}

/* The highest comes first. */
static void wait_for_both(void *unused)
{
	explore_irq_disable();
	store(&s.x, 1);
	explore_rest(is_set, &s.y);
	explore_touch(&s.y, false);
	load(&s.y);
	explore_irq_enable();
	if (load(&s.seen) != (OTHER << 8 | VECTOR))
		explore_fail("the highest does not come first, or none does");
}

static void send_both(void *unused)
{
	if (!explore_rest(is_set, &s.x))
		return;
	explore_touch(&s.x, false);
	send_two(unused);
	store(&s.y, 1);
}

/* What the compiler makes of plain accesses. */
void tells_write(const void *p) __asm__("__tsan_write8");

static void store_two_plainly(void *unused)
{
	tells_write(&s.x);
	s.x = 1;
	tells_write(&s.y);
	s.y = 1;
	explore_irq_window();
}

/* Handlers are alone: no other comes, and nobody is preempted in them. */
static void open_a_window(unsigned cpu, unsigned vector)
{
	if (s.order++)
		explore_fail("a handler is interrupted");
	explore_irq_enable();
	explore_irq_window();
	explore_preempt_window();
	load(&s.x);
	s.order--;
}

static void leave_no_handler(unsigned task, bool runnable)
{
	if (s.order)
		explore_fail("a task leaves in a handler");
}

/* Nor do they come while a lock is waited for. */
static void wait_quietly(void *unused)
{
	explore_irq_disable();
	s.order = 1; /* this CPU's */
	explore_lock(&s.lock[0]);
	explore_unlock(&s.lock[0]);
	s.order = 0;
	explore_irq_enable();
}

static const struct program programs[] = {
	{ "off while it is away", 1, { TASK(yield_quietly, 0), TASK(look_and_go, 0) }, { send },
	  { .handler = only_others, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "a store before an interrupt", 2, { TASK(store_before, 0) }, { send },
	  { .handler = pass_on }, PROVED, PROVED, NULL },
	{ "a load after an interrupt", 1, { TASK(load_after, 0) }, { send, store_and_load },
	  { .handler = store_in_handler }, PROVED, PROVED, NULL },
	{ "the highest vector first", 1, { TASK(wait_for_both, 0) }, { send_both },
	  { .handler = note_vectors }, PROVED, PROVED, NULL },
	{ "an interrupt at a window", 1, { TASK(store_two, 0) }, { send },
	  { .handler = compare_two }, PROVED, PROVED, NULL },
	{ "an interrupt anywhere", 1, { TASK(store_two, 0) }, { send },
	  { .handler = compare_two, .interrupts_anywhere = true }, FOUND, FOUND, "between two" },
	{ "plain stores at a window", 1, { TASK(store_two_plainly, 0) }, { send },
	  { .handler = compare_two }, PROVED, PROVED, NULL },
	{ "plain stores anywhere", 1, { TASK(store_two_plainly, 0) }, { send },
	  { .handler = compare_two, .interrupts_anywhere = true }, FOUND, FOUND, "between two" },
	{ "anywhere but where they are off", 1, { TASK(store_two_quietly, 0) }, { send },
	  { .handler = compare_two, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "a handler's lock, held", 1, { TASK(hold_lock, 0) }, { send },
	  { .handler = take_lock_in_handler, .interrupts_anywhere = true },
	  FOUND, FOUND, "deadlock: hold_lock" },
	{ "held with interrupts off", 1, { TASK(hold_lock_quietly, 0) }, { send },
	  { .handler = take_lock_in_handler, .interrupts_anywhere = true },
	  PROVED, PROVED, NULL },
	{ "a handler wakes a sleeper", 1, { TASK(wait_right, 0) }, { send },
	  { .handler = wake_in_handler }, PROVED, PROVED, NULL },
	{ "it wakes one who was late", 1, { TASK(wait_late, 0) }, { send },
	  { .handler = wake_in_handler, .interrupts_anywhere = true },
	  FOUND, FOUND, "asleep: wait_late" },
	{ "a handler ends a wait", 1, { TASK(wait_for_handler, 0) }, { send_two },
	  { .handler = note_vectors, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "a window does not end it", 1, { TASK(wait_for_handler, 0) }, { send },
	  { .handler = note_vectors }, FOUND, FOUND, "stuck: wait_for_handler" },
	{ "a handler opens windows", 1, { TASK(store_two, 0), TASK(look_and_go, 0) }, { send_two },
	  { .handler = open_a_window, .preemptions = 1, .sched_out = leave_no_handler },
	  PROVED, PROVED, NULL },
	{ "the same where anything comes anywhere", 1, { TASK(look_and_go, 0) }, { send_two },
	  { .handler = open_a_window, .preemptions = 1, .sched_out = leave_no_handler,
	    .preempts_anywhere = true, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "off while it waits", 1, { TASK(wait_quietly, 0) }, { send, hold_lock },
	  { .handler = only_others, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "a handler blocks", 1, { TASK(store_two, 0) }, { send },
	  { .handler = block_in_handler }, UNFIT, UNFIT, "explore_task_block is called by" },
};

int main(void)
{
	return !machine_answers(programs, sizeof(programs) / sizeof(programs[0]));
}
