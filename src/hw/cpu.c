/* SPDX-License-Identifier: BSD-2-Clause */
/* The instruction boundary: which event takes place there, and what interrupts do. */
#include "hw/cpu_parts.h"

/* Blocking by STI or MOV SS, or by IF, of what is maskable. */
static bool interrupts_open(const struct cpu *c)
{
	return (c->rflags & VMX_RFLAGS_IF) &&
	       !(c->interruptibility & (VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS));
}

/* Shutdown and wait-for-SIPI block interrupts of every kind. */
static bool blocks_interrupts(const struct cpu *c)
{
	return c->activity == VMX_SHUTDOWN || c->activity == VMX_WAIT_SIPI;
}

static bool deliverable(const struct cpu *c)
{
	return c->vapic.recognized && interrupts_open(c);
}

static enum cpu_event deliver(struct cpu *c, uint8_t *vector)
{
	*vector = vapic_deliver(&c->vapic);
	return cpu_deliver(c, vmx_intr_info(VMX_TYPE_EXTERNAL, *vector), 0);
}

/* The two INTA cycles of an ExtINT. */
static uint8_t acknowledge_extint(struct cpu *c)
{
	uint8_t vector;

	lapic_event_taken(&c->lapic, APIC_DM_EXTINT);
	if (!c->pic)
		return 0xff; /* nobody answers */
	vector = pic_acknowledge(c->pic);
	lapic_pin(&c->lapic, 0, pic_intr(c->pic));
	return vector;
}

/* What is offered. An ExtINT is no vector of the local APIC's: no IRR, ISR or priority. */
static uint8_t acknowledge(struct cpu *c)
{
	return lapic_extint(&c->lapic) ? acknowledge_extint(c) : lapic_acknowledge(&c->lapic);
}

/* An interrupt that the guest gets as it comes: no "external-interrupt exiting". */
static enum cpu_event pass_interrupt(struct cpu *c, uint8_t *vector)
{
	if (!interrupts_open(c)) {
		/* "MWAIT": ECX[0] makes masked interrupts end it too. */
		if (c->activity == VMX_MWAIT && c->mwait_breaks)
			c->activity = VMX_ACTIVE;
		return CPU_NONE;
	}
	*vector = acknowledge(c);
	return cpu_deliver(c, vmx_intr_info(VMX_TYPE_EXTERNAL, *vector), 0);
}

/* The CPU takes the vector, to look at it: it posts, or the exit says which it was. */
static bool acknowledges(const struct cpu *c)
{
	return (c->vmcs->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_EXT_INTR) &&
	       (c->vmcs->VM_EXIT_CONTROLS & VMX_EXIT_ACK_INTR);
}

/* An interrupt that it does not take: for the guest, or left to the host. */
static enum cpu_event leave_interrupt(struct cpu *c, uint8_t *vector)
{
	if (!(c->vmcs->PIN_BASED_VM_EXEC_CONTROL & VMX_PIN_EXT_INTR))
		return pass_interrupt(c, vector);
	cpu_exit(c, VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	return CPU_EXIT;
}

bool cpu_posted_interrupt_processing(struct cpu *c)
{
	/* 1. Acknowledge the local APIC: the physical vector, be it the 8259's. */
	uint8_t vector = acknowledge(c);

	/* 2. Not the notification vector: an ordinary external-interrupt exit. */
	if (!c->pid || vector != c->nv) {
		cpu_exit(c, VMX_EXIT_EXTERNAL_INTERRUPT, 0);
		c->vmcs->VM_EXIT_INTR_INFO = vmx_intr_info(VMX_TYPE_EXTERNAL, vector);
		return false;
	}
	/* 3. Clear ON, before PIR is read: pairs with vtd_post and hyp_vcpu_deliver. */
	pi_clear_on(c->pid);
	/* 4. EOI to the local APIC. */
	lapic_eoi(&c->lapic);
	/* 5 and 6. PIR into VIRR, RVI. */
	vapic_merge_pir(&c->vapic, c->pid);
	/* 7. Evaluate. MWAIT ends; HLT goes on unless something is delivered. */
	vapic_evaluate_pending(&c->vapic);
	if (c->activity == VMX_MWAIT)
		c->activity = VMX_ACTIVE;
	return true;
}

/*
 * What the local APIC has. IF does not hold external interrupts, nor do STI and
 * MOV SS, where the manual leaves the choice; shutdown and wait-for-SIPI do. All
 * of it is taken: a CPU does not rest in HLT while there is more.
 */
static enum cpu_event from_lapic(struct cpu *c, uint8_t *vector)
{
	unsigned extints = 0;

	for (;;) {
		bool offered = lapic_pending(&c->lapic) >= 0;

		if (c->lapic.events) {
			enum cpu_event event = cpu_pending_event(c, vector);

			if (event != CPU_NONE)
				return event;
			/* More than a pair can have: a line that no acknowledge cycle lowers. */
			if (lapic_extint(&c->lapic) && extints++ == PIC_INPUTS)
				return CPU_NONE;
			offered |= lapic_extint(&c->lapic);
		}
		if (!offered || blocks_interrupts(c))
			return CPU_NONE;
		if (!acknowledges(c))
			return leave_interrupt(c, vector);
		if (!cpu_posted_interrupt_processing(c))
			return CPU_EXIT;
		if (deliverable(c))
			return deliver(c, vector);
	}
}

uint8_t cpu_acknowledge(struct cpu *c)
{
	if (lapic_events(&c->lapic) & PI_BIT(APIC_DM_EXTINT))
		return acknowledge_extint(c);
	return lapic_inta(&c->lapic);
}

enum cpu_event cpu_boundary(struct cpu *c, uint8_t *vector)
{
	c->delivery.info = 0;
	if (c->pending | c->lapic.events) {
		enum cpu_event event = cpu_pending_event(c, vector);

		if (event != CPU_NONE)
			return event;
	}
	if (blocks_interrupts(c))
		return from_lapic(c, vector);
	if (c->vapic.intr_window && interrupts_open(c)) {
		cpu_exit(c, VMX_EXIT_INTERRUPT_WINDOW, 0);
		return CPU_EXIT;
	}
	if (deliverable(c))
		return deliver(c, vector);
	return from_lapic(c, vector);
}
