/* SPDX-License-Identifier: BSD-2-Clause */
/* CPUs that run tasks: sleeping, waking, preemption, moves. */
#include "machine.h"
#include <sys/wait.h>
#include <unistd.h>

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

/* Goes on elsewhere with its own store. */
static void store_and_move(void *unused)
{
	store(&s.x, 1);
	explore_task_yield();
	if (!load(&s.x))
		explore_fail("a task does not see what it stored");
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
	{ "it moves", 2, { TASK(store_and_move, 0), TASK(look_and_go, 0) }, { NULL },
	  { .migrates = true }, PROVED, PROVED, NULL },
	{ "it moves without a fence", 2, { TASK(store_and_move, 0), TASK(look_and_go, 0) },
	  { NULL }, { .migrates = true, .unfenced = true }, PROVED, FOUND, "does not see" },
	{ "two take turns", 1, { { "one", my_turn, (void *)1, 0, NULL, true },
	                         { "none", my_turn, (void *)0, 0, NULL, true } },
	  { NULL }, { .cpus = 1 }, PROVED, PROVED, NULL },
	{ "neither has a turn", 1, { TASK(never_my_turn, 0), TASK(never_my_turn, 0) }, { NULL },
	  { 0 }, FOUND, FOUND, "livelock" },
	{ "a task spins for a sleeper's lock", 1, { TASK(lock_and_yield, 0), TASK(hold_lock, 0) },
	  { NULL }, { 0 }, FOUND, FOUND, "deadlock: hold_lock" },
};

/* A machine that cannot be: said so, in a process that ends. */
static bool refuses(const struct explore_sched *wrong, unsigned cpu, const char *why)
{
	struct explore_agent agent = { "CPU", explore_cpu, (void *)(uintptr_t)cpu, false };
	struct explore_scenario scene = { .name = "refused", .agents = &agent, .agent_count = 1,
		                          .state = &s, .state_size = sizeof(s),
		                          .setup = machine_set_up };
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

	return !(machine_answers(programs, sizeof(programs) / sizeof(programs[0])) && right);
}
