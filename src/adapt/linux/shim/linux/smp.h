/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CPUs are those of the explorer's machine. Agents that are none of them, who run beside
 * them, have a number that no other has.
 */
#ifndef SHIM_LINUX_SMP_H
#define SHIM_LINUX_SMP_H

#include <explore/sched.h>
#include <linux/preempt.h>
#include <linux/types.h>

enum { NR_CPUS = 2, CPU_NUMBERS = NR_CPUS + 1 };

static inline unsigned smp_processor_id(void)
{
	int number = explore_cpu_number();

	return number < 0 ? NR_CPUS : (unsigned)number;
}

#define nr_cpu_ids NR_CPUS
#define cpu_online(cpu) ((unsigned)(cpu) < NR_CPUS)
#define get_cpu() (preempt_disable(), (int)smp_processor_id())
#define put_cpu() preempt_enable()

/* A mask of CPUs is of one. */
#define get_cpu_mask(cpu) ((unsigned)(cpu))
#define cpumask_of(cpu) ((unsigned)(cpu))

/* The vector of Linux that does nothing but make a CPU look: "reschedule". */
void smp_send_reschedule(int cpu);

#endif
