/* SPDX-License-Identifier: BSD-2-Clause */
/* The way to VM entry, which is Xen's in assembler, and from a VM exit. */
#include "xen.h"

/* The event that is injected; an event channel's vector answers its call. */
static void inject(struct vcpu *v)
{
	uint32_t info = v->guest.entry_info;

	if (info & INTR_INFO_VALID_MASK && !(info & INTR_INFO_TYPE))
		v->guest.upcall = false;
	v->guest.entry_info = 0;
}

/* From where interrupts are off; why it exited. */
static char enter(struct vcpu *v)
{
	uint8_t vector;
	char why;

	inject(v);
	why = processor_run(&v->virtual);
	while ((vector = processor_acknowledge(&v->virtual)))
		handle_exit_for(vector);
	v->virtual.window = false;
	explore_irq_enable();
	return why;
}

static void handle_exit(struct vcpu *v, char why)
{
	switch (why) {
	case 't': /* its time slice ends */
		raise_softirq(SCHEDULE_SOFTIRQ);
		break;
	case 'n': /* and an NMI is pending */
		v->arch.nmi_pending = true;
		break;
	case 'h':
		xen_halt();
		break;
	default: /* an exit for whatever it may be */
		break;
	}
}

/* As the way to VM entry does it: look, interrupts off, look for softirqs, enter. */
static void prepare_entry(void)
{
	for (;;) {
		xen_intr_assist();
		explore_irq_window();
		explore_irq_disable();
		if (!read_atomic(&pending_softirqs[smp_processor_id()]))
			break;
		explore_irq_enable();
		do_softirq();
	}
	xen_resume();
}

void run_vcpu(void *vcpu)
{
	struct vcpu *v = vcpu;
	char why;

	sched_arrive(v);
	for (;;) {
		prepare_entry();
		why = enter(v);
		if (!why)
			return;
		handle_exit(v, why);
	}
}
