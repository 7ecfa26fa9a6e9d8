/* SPDX-License-Identifier: BSD-2-Clause */
/* Softirqs, and what interrupts do on a CPU: in the guest, in Xen, and where it idles. */
#include "xen.h"

uint64_t pending_softirqs[NR_CPUS];
unsigned per_cpu_irq_count[NR_CPUS];

static _Thread_local bool handles;

bool in_irq(void)
{
	return handles;
}

void raise_softirq(unsigned nr)
{
	cpu_raise_softirq(smp_processor_id(), nr);
}

/* A CPU that is told already, or tells itself, needs no interrupt. */
void cpu_raise_softirq(unsigned cpu, unsigned nr)
{
	if (test_and_set_bit(nr, &pending_softirqs[cpu]) || cpu == smp_processor_id())
		return;
	explore_interrupt(cpu, EVENT_CHECK_VECTOR);
}

/* A kick has nothing to do: that it is pending is what it is for. */
void do_softirq(void)
{
	uint64_t due = xchg(&pending_softirqs[smp_processor_id()], 0);

	if (due >> SCHEDULE_SOFTIRQ & 1)
		schedule();
}

static void run_handler(unsigned vector)
{
	switch (vector) {
	case PI_VECTOR:
		xen_notification_interrupt();
		break;
	case PI_WAKEUP_VECTOR:
		xen_wakeup_interrupt();
		break;
	case FLUSH_VECTOR:
		flush_state();
		break;
	}
}

void handle_exit_for(uint8_t vector)
{
	handles = true;
	run_handler(vector);
	handles = false;
}

void handle_interrupt(unsigned cpu, unsigned vector)
{
	if (processor_takes((uint8_t)vector))
		return;
	handle_exit_for((uint8_t)vector);
	/* its loop does them at once */
	if (explore_task_number() < 0)
		xchg(&pending_softirqs[cpu], 0);
}
