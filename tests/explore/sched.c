/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs that run tasks, interrupts, and several accesses as one step: small programs of
 * which the answer is known. Each is explored under both memory models, with the
 * reduction, without keeping states, and without either, to the same verdict.
 */
#include <explore/access.h>
#include <explore/replay.h>
#include <explore/sched.h>
#include <explore/step.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VECTOR = 0x41, OTHER = 0x42 };

static struct {
	struct explore_machine machine;
	uint64_t x, y, flag, turn, seen, came;
	uint64_t lock[2], left[2], own, slept, order;
	struct explore_descriptor pid;
} s;

static uint64_t load(const uint64_t *p)
{
	return explore_load(p, 8);
}

static void store(uint64_t *p, uint64_t value)
{
	explore_store(p, 8, value);
}

static uint64_t add(uint64_t *p, uint64_t value)
{
	return explore_rmw(EXPLORE_OR, p, 8, value);
}

/* Waits for a flag, in ways right and wrong. */

static void wait_right(void *unused)
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

static void wait_unfenced(void *unused)
{
	for (;;) {
		explore_task_set(1);
		if (load(&s.flag))
			break;
		explore_task_block();
	}
	explore_task_set(0);
}

/* The check comes before the state: whoever wakes in between finds it awake. */
static void wait_late(void *unused)
{
	while (!load(&s.flag)) {
		explore_task_set(1);
		explore_task_block();
	}
}

static void wait_with_window(void *unused)
{
	for (;;) {
		explore_task_set(1);
		explore_fence();
		explore_preempt_window();
		if (load(&s.flag))
			break;
		explore_task_block();
	}
	explore_task_set(0);
}

/* Its state is a word of its own. */
static void wait_by_own_word(void *unused)
{
	for (;;) {
		store(&s.own, 2);
		explore_fence();
		if (load(&s.flag))
			break;
		explore_task_block();
		if (load(&s.own) && !load(&s.flag))
			explore_fail("it goes on, and nobody woke it");
	}
}

/* Who is woken goes where its waker says. */
static void wait_elsewhere(void *unused)
{
	explore_task_set(1);
	explore_fence();
	if (load(&s.flag))
		return;
	explore_task_block();
	if (load(&s.flag) && explore_cpu_number() != 1 && load(&s.slept))
		explore_fail("it is woken on another CPU");
}

static void wake_sleeper_there(void *unused)
{
	store(&s.slept, explore_task_sleeps(0));
	store(&s.flag, 1);
	explore_task_wake(0, 1);
}

/* Sleeps, or need not, which who looks at the task from outside cannot tell. */
static void just_block(void *unused)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
	if (!load(&s.left[0]))
		explore_fail("it need not sleep");
}

/* Two sleep, and are woken in order. */
static void sleep_once(void *me)
{
	explore_task_set(1);
	explore_fence();
	explore_task_block();
	if (add(&s.came, (uintptr_t)me) == 0 && me == (void *)2)
		explore_fail("who was woken last runs first");
}

static bool both_sleep(const void *unused)
{
	return explore_task_sleeps(0) && explore_task_sleeps(1);
}

static void wake_both(void *unused)
{
	if (!explore_rest(both_sleep, NULL))
		return;
	explore_touch(s.machine.cpu[0].queue, false);
	explore_task_wake(0, -1);
	explore_task_wake(1, -1);
}

/* What would be so if preemption were a sleep. */
static void wait_with_sleep(void *unused)
{
	for (;;) {
		explore_task_set(1);
		explore_fence();
		explore_task_block();
		if (load(&s.flag))
			break;
	}
	explore_task_set(0);
}

static void wake_first(void *unused)
{
	store(&s.flag, 1);
	explore_task_wake(0, -1);
}

static void wake_there(void *unused)
{
	store(&s.flag, 1);
	explore_task_wake(0, 1);
}

static void nothing(void *unused)
{
}

/* Goes on elsewhere with its own store. */
static void store_and_move(void *unused)
{
	store(&s.x, 1);
	explore_task_yield();
	if (!load(&s.x))
		explore_fail("a task does not see what it stored");
}

static void look_and_go(void *unused)
{
	load(&s.x);
}

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

static void hold_lock(void *unused)
{
	explore_lock(&s.lock[0]);
	load(&s.x);
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

/* Waits, with interrupts on, for what a handler of its own CPU gives. */
static bool is_set(const void *word)
{
	return *(const uint64_t *)word;
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

/* Takes turns. */
static void my_turn(void *me)
{
	while (load(&s.turn) != (uintptr_t)me)
		explore_task_yield();
	add(&s.came, 1u << (uintptr_t)me);
	store(&s.turn, (uintptr_t)me + 1);
}

static void never_my_turn(void *me)
{
	while (load(&s.turn) != 7)
		explore_task_yield();
}

/* With a task's stack held on: both wait for what the other has. */
static void lock_and_yield(void *unused)
{
	explore_lock(&s.lock[0]);
	explore_task_yield();
	explore_unlock(&s.lock[0]);
}

static void take_other_lock(void *unused)
{
	explore_lock(&s.lock[1]);
	explore_unlock(&s.lock[1]);
}

static void yield_and_take_both(void *unused)
{
	explore_task_yield();
	explore_lock(&s.lock[1]);
	explore_lock(&s.lock[0]);
	explore_unlock(&s.lock[0]);
	explore_unlock(&s.lock[1]);
}

/* An update that is lost if somebody comes between. */
static void count(void *unused)
{
	store(&s.x, load(&s.x) + 1);
	add(&s.came, explore_task_number() ? 2 : 1);
	if (load(&s.came) == 3 && load(&s.x) != 2)
		explore_fail("an update is lost");
}

static void count_unpreempted(void *unused)
{
	explore_preempt_disable();
	store(&s.x, load(&s.x) + 1);
	explore_preempt_enable();
	add(&s.came, explore_task_number() ? 2 : 1);
	if (load(&s.came) == 3 && load(&s.x) != 2)
		explore_fail("an update is lost");
}

static void enable_unbalanced(void *unused)
{
	explore_preempt_enable();
}

static void come_in_order(void *me)
{
	store(&s.order, load(&s.order) * 4 + (uintptr_t)me);
	if ((uintptr_t)me == 3 && load(&s.order) != 1 * 16 + 2 * 4 + 3)
		explore_fail("they do not come in order");
}

static void pass_windows(void *unused)
{
	explore_preempt_window();
	explore_preempt_window();
	explore_preempt_window();
}

static void count_preemptions(unsigned task, bool runnable)
{
	store(&s.x, load(&s.x) + 1);
	if (load(&s.x) > 1)
		explore_fail("it is preempted twice");
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
	explore_rmw(EXPLORE_EXCHANGE, &s.x, 8, 1);
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

/* Sees an update whole, or in halves. */
static void update(void *unused)
{
	store(&s.x, 1);
	store(&s.y, 1);
}

static void update_in_one(void *unused)
{
	explore_step_begin();
	store(&s.x, 1);
	explore_step_begin(); /* they nest */
	store(&s.y, 1);
	explore_step_end();
	explore_step_end();
}

static void see_update(void *unused)
{
	explore_step_begin();
	if (load(&s.x) != load(&s.y))
		explore_fail("half of an update is seen");
	explore_step_end();
}

static void lock_in_step(void *unused)
{
	explore_step_begin();
	explore_lock(&s.lock[0]);
	explore_unlock(&s.lock[0]);
	explore_step_end();
}

static void post(void *unused)
{
	if (explore_post(&s.pid, VECTOR, false).notify)
		add(&s.flag, 1);
}

/* As IPI virtualization does it. */
static void post_in_two(void *unused)
{
	add(&s.pid.pir[VECTOR / 64], 1u << VECTOR % 64);
	add(&s.pid.control, 1);
}

static void look_at_both(void *unused)
{
	if (load(&s.pid.pir[VECTOR / 64]) && !(load(&s.pid.control) & 1))
		explore_fail("PIR is set, and ON is not");
}

static void expect(struct explore_posted p, bool merged, bool notify)
{
	if (p.merged != merged || p.notify != notify)
		explore_fail("a post is merged or notifies, and should not");
	if (p.notification != 0xf2 || p.destination != 3)
		explore_fail("a post notifies somebody else");
}

/* ON, SN and URG, as "Interrupt Posting Hardware Operation" has them. */
static void post_all_ways(void *unused)
{
	s.pid = (struct explore_descriptor){ .control = (uint64_t)3 << 32 | 0xf2 << 16 | 2 };
	expect(explore_post(&s.pid, VECTOR, false), false, false); /* SN */
	expect(explore_post(&s.pid, VECTOR, true), true, true);    /* SN, but urgent */
	expect(explore_post(&s.pid, 255, true), false, false);     /* ON */
	s.pid.control &= ~(uint64_t)3;
	expect(explore_post(&s.pid, 255, false), true, true);
	if (!(s.pid.control & 1) || s.pid.pir[3] != (uint64_t)1 << 63 || s.pid.pir[1] != 2)
		explore_fail("a post sets other bits");
}

static void preempt_notified_out(unsigned task, bool runnable)
{
	if (explore_cpu_number() < 0 || explore_task_number() != (int)task)
		explore_fail("sched_out is called on no CPU of the task");
	store(&s.left[task], runnable ? 2 : 1);
}

static void preempt_notified_in(unsigned task)
{
	if (explore_task_number() != (int)task)
		explore_fail("sched_in is called for another task");
	if (load(&s.left[task]) == 1 && !load(&s.flag))
		explore_fail("it comes from sleep, and nobody woke it");
}

enum { PROVED = EXPLORE_PROVED, FOUND = EXPLORE_VIOLATED, UNFIT = EXPLORE_UNFIT };

struct program {
	const char *name;
	unsigned cpus;
	struct explore_task task[3];
	void (*beside[2])(void *); /* other agents: one with a store buffer, one without */
	struct explore_sched rules;
	int sc, tso;
	const char *says;
};

#define TASK(run, cpu) { #run, run, NULL, cpu, NULL, true }
#define COMES(n) { "n", come_in_order, (void *)n, 0, NULL, true }

static const struct program programs[] = {
	{ "a sleeper is woken", 1, { TASK(wait_right, 0) }, { wake_first }, { 0 },
	  PROVED, PROVED, NULL },
	{ "it is woken on the other CPU", 2, { TASK(wait_right, 0) }, { wake_there }, { 0 },
	  PROVED, PROVED, NULL },
	{ "it sets its state after the check", 1, { TASK(wait_late, 0) }, { wake_first }, { 0 },
	  FOUND, FOUND, "asleep: wait_late" },
	{ "it has no fence before the check", 1, { TASK(wait_unfenced, 0) }, { wake_first }, { 0 },
	  PROVED, FOUND, "asleep: wait_unfenced" },
	{ "it is preempted before the check", 1, { TASK(wait_with_window, 0), TASK(nothing, 0) },
	  { wake_first }, { .preemptions = 2 }, PROVED, PROVED, NULL },
	{ "it is preempted anywhere", 2, { TASK(wait_right, 0), TASK(nothing, 0) },
	  { wake_first }, { .preemptions = 1, .preempts_anywhere = true, .migrates = true },
	  PROVED, PROVED, NULL },
	{ "it would sleep if preempted", 1, { TASK(wait_with_sleep, 0), TASK(nothing, 0) },
	  { wake_first }, { 0 }, FOUND, FOUND, "asleep: wait_with_sleep" },
	{ "it has notifiers", 1, { TASK(wait_right, 0), TASK(nothing, 0) }, { wake_first },
	  { .preemptions = 1, .sched_out = preempt_notified_out,
	    .sched_in = preempt_notified_in },
	  PROVED, PROVED, NULL },
	{ "its state is a word of its own", 1,
	  { { "own", wait_by_own_word, NULL, 0, &s.own, true } }, { wake_first }, { 0 },
	  PROVED, PROVED, NULL },
	{ "it is woken while it leaves", 2, { TASK(wait_right, 0) }, { wake_there },
	  { .sched_out = preempt_notified_out, .sched_in = preempt_notified_in },
	  PROVED, PROVED, NULL },
	{ "it need not sleep", 1, { { "just", just_block, NULL, 0, NULL, false } }, { wake_first },
	  { .sched_out = preempt_notified_out }, FOUND, FOUND, "it need not sleep" },
	{ "two are woken", 1, { { "one", sleep_once, (void *)1, 0, NULL, true },
	                        { "two", sleep_once, (void *)2, 0, NULL, true } },
	  { wake_both }, { 0 }, FOUND, FOUND, "runs first" },
	{ "two are woken in order", 1, { { "one", sleep_once, (void *)1, 0, NULL, true },
	                                 { "two", sleep_once, (void *)2, 0, NULL, true } },
	  { wake_both }, { .in_order = true }, PROVED, PROVED, NULL },
	{ "one preemption", 1, { TASK(pass_windows, 0) }, { NULL },
	  { .preemptions = 1, .sched_out = count_preemptions }, PROVED, PROVED, NULL },
	{ "two preemptions", 1, { TASK(pass_windows, 0) }, { NULL },
	  { .preemptions = 2, .sched_out = count_preemptions }, FOUND, FOUND, "twice" },
	{ "off while it is away", 1, { TASK(yield_quietly, 0), TASK(look_and_go, 0) }, { send },
	  { .handler = only_others, .interrupts_anywhere = true }, PROVED, PROVED, NULL },
	{ "a store before an interrupt", 2, { TASK(store_before, 0) }, { send },
	  { .handler = pass_on }, PROVED, PROVED, NULL },
	{ "a load after an interrupt", 1, { TASK(load_after, 0) }, { send, store_and_load },
	  { .handler = store_in_handler }, PROVED, PROVED, NULL },
	{ "it is woken where its waker says", 2, { TASK(wait_elsewhere, 0) },
	  { NULL, wake_sleeper_there }, { 0 }, PROVED, PROVED, NULL },
	{ "two count", 1, { TASK(count, 0), TASK(count, 0) }, { NULL },
	  { .preemptions = 1, .preempts_anywhere = true }, FOUND, FOUND, "an update is lost" },
	{ "two count at windows", 1, { TASK(count, 0), TASK(count, 0) }, { NULL },
	  { .preemptions = 1 }, PROVED, PROVED, NULL },
	{ "two count unpreempted", 1, { TASK(count_unpreempted, 0), TASK(count_unpreempted, 0) },
	  { NULL }, { .preemptions = 2, .preempts_anywhere = true }, PROVED, PROVED, NULL },
	{ "it may be preempted already", 1, { TASK(enable_unbalanced, 0) }, { NULL }, { 0 },
	  UNFIT, UNFIT, "without explore_preempt_disable" },
	{ "in order", 1, { COMES(1), COMES(2), COMES(3) }, { NULL }, { .in_order = true },
	  PROVED, PROVED, NULL },
	{ "in any order", 1, { COMES(1), COMES(2), COMES(3) }, { NULL }, { 0 },
	  FOUND, FOUND, "in order" },
	{ "locks are a task's", 1, { TASK(lock_and_yield, 0), TASK(take_other_lock, 0),
	                             TASK(yield_and_take_both, 0) },
	  { NULL }, { .in_order = true }, PROVED, PROVED, NULL },
	{ "the highest vector first", 1, { TASK(wait_for_both, 0) }, { send_both },
	  { .handler = note_vectors }, PROVED, PROVED, NULL },
	{ "it moves", 2, { TASK(store_and_move, 0), TASK(look_and_go, 0) }, { NULL },
	  { .migrates = true }, PROVED, PROVED, NULL },
	{ "it moves without a fence", 2, { TASK(store_and_move, 0), TASK(look_and_go, 0) },
	  { NULL }, { .migrates = true, .unfenced = true }, PROVED, FOUND, "does not see" },
	{ "an interrupt at a window", 1, { TASK(store_two, 0) }, { send },
	  { .handler = compare_two }, PROVED, PROVED, NULL },
	{ "an interrupt anywhere", 1, { TASK(store_two, 0) }, { send },
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
	{ "a handler blocks", 1, { TASK(store_two, 0) }, { send },
	  { .handler = block_in_handler }, UNFIT, UNFIT, "explore_task_block is called by" },
	{ "two take turns", 1, { { "one", my_turn, (void *)1, 0, NULL, true },
	                         { "none", my_turn, (void *)0, 0, NULL, true } },
	  { NULL }, { .cpus = 1 }, PROVED, PROVED, NULL },
	{ "neither has a turn", 1, { TASK(never_my_turn, 0), TASK(never_my_turn, 0) }, { NULL },
	  { 0 }, FOUND, FOUND, "livelock" },
	{ "a task spins for a sleeper's lock", 1, { TASK(lock_and_yield, 0), TASK(hold_lock, 0) },
	  { NULL }, { 0 }, FOUND, FOUND, "deadlock: hold_lock" },
	{ "an update in two steps", 0, { { NULL } }, { update, see_update }, { 0 },
	  FOUND, FOUND, "half of" },
	{ "a lock in one step", 0, { { NULL } }, { lock_in_step, hold_lock }, { 0 },
	  UNFIT, UNFIT, "waits in what is to be one step" },
	{ "an update in one step", 0, { { NULL } }, { update_in_one, see_update }, { 0 },
	  PROVED, PROVED, NULL },
	{ "a post in two steps", 0, { { NULL } }, { look_at_both, post_in_two }, { 0 },
	  FOUND, FOUND, "PIR is set, and ON is not" },
	{ "a post in one step", 0, { { NULL } }, { look_at_both, post }, { 0 },
	  PROVED, PROVED, NULL },
	{ "all ways to post", 0, { { NULL } }, { nothing, post_all_ways }, { 0 },
	  PROVED, PROVED, NULL },
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

static struct explore_sched rules;

static void set_up(void)
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
		                          .state_size = sizeof(s), .setup = set_up };
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

/* A machine that cannot be: said so, in a process that ends. */
static bool refuses(const struct explore_sched *wrong, unsigned cpu, const char *why)
{
	struct explore_agent agent = { "CPU", explore_cpu, (void *)(uintptr_t)cpu, false };
	struct explore_scenario scene = { .name = "refused", .agents = &agent, .agent_count = 1,
		                          .state = &s, .state_size = sizeof(s),
		                          .setup = set_up };
	const struct explore_options o = { 0 };
	struct explore_totals t;
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (!child) {
		rules = *wrong;
		explore_search(&scene, &o, &t);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != 2) {
		printf("WRONG: %s is not refused\n", why);
		return false;
	}
	return true;
}

static bool refuses_all(void)
{
	static const struct explore_task far_away = { "far", nothing, NULL, 1, NULL, false };
	struct explore_sched r = { .cpus = 1 };
	bool right = refuses(&r, 1, "a CPU that does not exist");

	r.cpus = 2;
	right &= refuses(&r, 0, "a CPU without an agent");
	r.cpus = 5;
	right &= refuses(&r, 0, "too many CPUs");
	r = (struct explore_sched){ .cpus = 1, .tasks = &far_away, .task_count = 1 };
	right &= refuses(&r, 0, "a task on a CPU that does not exist");
	r.task_count = 9;
	return right & refuses(&r, 0, "too many tasks");
}

int main(void)
{
	bool right = refuses_all();

	for (unsigned i = 0; i < PROGRAMS; i++)
		for (unsigned how = 0; how < 3; how++)
			for (unsigned sc = 0; sc < 2; sc++)
				right &= answers(&programs[i], sc, how);
	return !right;
}
