/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A thread that sleeps until there is work, as kernels do it: it says that it is about to
 * sleep, looks, and sleeps. Without the fence in between the look may come first:
 *
 *     posted cc examples/own/sleeper.c -o sleeper.so
 *     posted check --load sleeper.so
 */
#include <explore/module.h>
#include <explore/sched.h>
#include <stdatomic.h>

enum { WORK_VECTOR = 0x20 };

static _Atomic int work;

/* Its schedule() is explore_task_block, which sleeps in the middle of this. */
static void wait_for_work(bool fence)
{
	for (;;) {
		explore_task_set(1);
		if (fence)
			explore_fence();
		if (atomic_load_explicit(&work, memory_order_relaxed))
			break;
		explore_task_block();
	}
	explore_task_set(0);
}

static void careful(void *unused)
{
	wait_for_work(true);
}

static void careless(void *unused)
{
	wait_for_work(false);
}

/* On the CPU that is interrupted, which may be the sleeper's: task 0 is the sleeper. */
static void handler(unsigned cpu, unsigned vector)
{
	atomic_store_explicit(&work, 1, memory_order_relaxed);
	explore_task_wake(0, -1);
}

static void device(void *unused)
{
	explore_interrupt(1, WORK_VECTOR);
}

/* Two CPUs. The thread may be preempted once, and go on on the other one. */
static struct explore_machine machine;

#define MACHINE(function)                                                              \
	static const struct explore_task function##_task[] = {                         \
		{ #function, function, NULL, 0, NULL, true },                          \
	};                                                                             \
	static const struct explore_sched function##_rules = {                         \
		.cpus = 2, .tasks = function##_task, .task_count = 1, .preemptions = 1, \
		.preempts_anywhere = true, .migrates = true, .handler = handler,       \
	};                                                                             \
	static void set_up_##function(void)                                            \
	{                                                                              \
		explore_machine_setup(&machine, &function##_rules);                    \
	}

MACHINE(careful)
MACHINE(careless)

static const struct explore_agent agents[] = {
	{ "CPU 0", explore_cpu, (void *)0, false },
	{ "CPU 1", explore_cpu, (void *)1, false },
	{ "device", device, NULL, true },
};

EXPLORE_SCENARIO(careful, "no work is left to a thread that sleeps",
                 EXPLORE_AGENTS_OF(agents), .setup = set_up_careful);
EXPLORE_SCENARIO(careless, "the same, without the fence between saying so and looking",
                 EXPLORE_AGENTS_OF(agents), .setup = set_up_careless);
