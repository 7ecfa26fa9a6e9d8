/* SPDX-License-Identifier: BSD-2-Clause */
/* posted_intr.c, whole; behind it what judges look at. */
#include "linux.h"

#include "posted_intr.inc"
#line 7 "adapter/posted_intr.c"

#if ADAPT_VERSION < 5017
#define list_of_cpu blocked_vcpu_on_cpu
#define link_of(vmx) (&(vmx)->vcpu.blocked_vcpu_list)
#else
#define list_of_cpu wakeup_vcpus_on_cpu
#define link_of(vmx) (&(vmx)->pi_wakeup_list)
#endif

void pi_begin(void)
{
	for (int cpu = 0; cpu < NR_CPUS; cpu++)
		pi_init_cpu(cpu);
}

/* For setup and finish. */
bool pi_listed(const struct vcpu_vmx *vmx, unsigned cpu)
{
	const struct list_head *head = &per_cpu(list_of_cpu, cpu), *l;

	for (l = head->next; l != head; l = l->next)
		if (l == link_of(vmx))
			return true;
	return false;
}
