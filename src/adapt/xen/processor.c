/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The processor below Xen: VM entry and exit, virtual-interrupt delivery, posted-interrupt
 * processing; and the way to VM entry, which is Xen's in assembler.
 */
#include "xen.h"
#include <explore/step.h>

enum { EFLAGS_IF = 0x200 };
#define VALID 0x80000000u

/* Of this CPU. Interrupts that are no notification leave the guest. */
_Thread_local bool in_guest, leave_guest;

static uint32_t *irr_word(struct vcpu *v, unsigned vector)
{
	return (uint32_t *)(v->arch.hvm.vlapic.regs->data + APIC_IRR + vector / 32 * 16);
}

static unsigned highest_irr(struct vcpu *v)
{
	for (unsigned i = 8; i-- > 0;) {
		uint32_t word = *irr_word(v, i * 32);

		if (word)
			return i * 32 + 31 - (unsigned)__builtin_clz(word);
	}
	return 0;
}

static void take_pir(void *vcpu)
{
	struct vcpu *v = vcpu;

	for (unsigned i = 0; i < 4; i++) {
		uint64_t bits = v->arch.hvm.vmx.pi_desc.pir[i];

		if (!bits)
			continue;
		*irr_word(v, i * 64) |= (uint32_t)bits;
		*irr_word(v, i * 64 + 32) |= (uint32_t)(bits >> 32);
		v->arch.hvm.vmx.pi_desc.pir[i] = 0;
	}
}

/* "Posted-Interrupt Processing": ON is cleared; PIR goes to the IRR at one go; RVI is raised. */
void posted_interrupt_processing(struct vcpu *v)
{
	unsigned highest;

	__atomic_fetch_and(&v->arch.hvm.vmx.pi_desc.control, ~(uint64_t)1, __ATOMIC_SEQ_CST);
	explore_one_step(take_pir, v);
	highest = highest_irr(v);
	if (highest > (v->guest.status & 0xff))
		v->guest.status = (uint16_t)highest;
}

/* "Virtual-Interrupt Delivery", and the handler, which ends with its EOI. */
static void deliver(struct vcpu *v)
{
	unsigned vector = v->guest.status & 0xff;

	*irr_word(v, vector) &= ~(1u << vector % 32);
	v->guest.status = (uint16_t)highest_irr(v);
	v->guest.taken[vector]++;
	explore_note("vCPU %u takes %#x", v->vcpu_id, vector);
}

static bool took(struct vcpu *v)
{
	bool any = false;

	while (v->guest.eflags & EFLAGS_IF && v->guest.status & 0xff) {
		deliver(v);
		any = true;
	}
	return any;
}

static bool is_pending(const void *cpu)
{
	const uint64_t *p = machine.cpu[(uintptr_t)cpu].pending;

	return p[0] | p[1] | p[2] | p[3];
}

/* What the guest does, to its next exit. False: it waits, and nothing will come. */
static bool run_guest(struct vcpu *v)
{
	uintptr_t cpu = smp_processor_id();

	for (;;) {
		bool any;

		explore_irq_window();
		any = took(v);
		if (leave_guest)
			return true;
		switch (*v->guest.program) {
		case 'w': /* waits in a loop for an interrupt */
			if (any)
				v->guest.program++;
			else if (!explore_rest(is_pending, (const void *)cpu))
				return false;
			break;
		case 'c':
			v->guest.eflags &= ~(unsigned long)EFLAGS_IF;
			v->guest.program++;
			break;
		case 's':
			v->guest.eflags |= EFLAGS_IF;
			v->guest.program++;
			break;
		default: /* it exits */
			return true;
		}
	}
}

static void inject(struct vcpu *v)
{
	if (v->guest.entry_info & VALID)
		v->guest.nmis++;
	v->guest.entry_info = 0;
}

/* From where interrupts are off. */
static bool enter(struct vcpu *v)
{
	bool goes_on;

	in_guest = true;
	leave_guest = false;
	write_atomic(&v->guest.inside, true);
	inject(v);
	explore_irq_enable();
	goes_on = run_guest(v);
	explore_irq_disable();
	in_guest = false;
	write_atomic(&v->guest.inside, false);
	explore_irq_enable();
	return goes_on;
}

static void handle_exit(struct vcpu *v)
{
	char op = *v->guest.program;

	switch (op) {
	case 'e': /* an exit for whatever it may be */
		break;
	case 't': /* its time slice ends */
		raise_softirq(SCHEDULE_SOFTIRQ);
		break;
	case 'n': /* and an NMI is pending */
		v->arch.nmi_pending = true;
		break;
	default: /* HLT; at its end, again and again */
		xen_halt();
	}
	if (op)
		v->guest.program++;
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

	sched_arrive(v);
	for (;;) {
		prepare_entry();
		if (!enter(v))
			return;
		if (!leave_guest)
			handle_exit(v);
	}
}
