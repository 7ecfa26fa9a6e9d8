/* SPDX-License-Identifier: BSD-2-Clause */
/* The instruction boundary: which event takes place there, and what interrupts do. */
#include "hw/cpu/parts.h"

/* Blocking by STI or MOV SS, or by IF, of what is maskable. */
static bool interrupts_open(const struct pstd_cpu *c)
{
	return (c->rflags & PSTD_VMX_RFLAGS_IF) &&
	       !(c->interruptibility & (PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS));
}

/* Shutdown and wait-for-SIPI block interrupts of every kind. */
static bool blocks_interrupts(const struct pstd_cpu *c)
{
	return c->activity == PSTD_VMX_SHUTDOWN || c->activity == PSTD_VMX_WAIT_SIPI;
}

static bool deliverable(const struct pstd_cpu *c)
{
	return c->vapic.recognized && interrupts_open(c);
}

static enum pstd_cpu_event deliver(struct pstd_cpu *c, uint8_t *vector)
{
	*vector = pstd_vapic_deliver(&c->vapic);
	return pstd_cpu_deliver(c, pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, *vector), 0);
}

/* The two INTA cycles of an ExtINT. */
static uint8_t acknowledge_extint(struct pstd_cpu *c)
{
	uint8_t vector;

	pstd_lapic_event_taken(&c->lapic, PSTD_APIC_DM_EXTINT);
	if (!c->pic)
		return 0xff; /* nobody answers */
	vector = pstd_pic_acknowledge(c->pic);
	pstd_lapic_pin(&c->lapic, 0, pstd_pic_intr(c->pic));
	return vector;
}

/* What is offered. An ExtINT is no vector of the local APIC's: no IRR, ISR or priority. */
static uint8_t acknowledge(struct pstd_cpu *c)
{
	return pstd_lapic_extint(&c->lapic) ? acknowledge_extint(c)
	                                    : pstd_lapic_acknowledge(&c->lapic);
}

/* An interrupt that the guest gets as it comes: no "external-interrupt exiting". */
static enum pstd_cpu_event pass_interrupt(struct pstd_cpu *c, uint8_t *vector)
{
	if (!interrupts_open(c)) {
		/* "MWAIT": ECX[0] makes masked interrupts end it too. */
		if (c->activity == PSTD_VMX_MWAIT && c->mwait_breaks)
			c->activity = PSTD_VMX_ACTIVE;
		return PSTD_CPU_NONE;
	}
	*vector = acknowledge(c);
	return pstd_cpu_deliver(c, pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, *vector), 0);
}

/* The CPU takes the vector, to look at it: it posts, or the exit says which it was. */
static bool acknowledges(const struct pstd_cpu *c)
{
	return (c->vmcs->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_EXT_INTR) &&
	       (c->vmcs->VM_EXIT_CONTROLS & PSTD_VMX_EXIT_ACK_INTR);
}

/* An interrupt that it does not take: for the guest, or left to the host. */
static enum pstd_cpu_event leave_interrupt(struct pstd_cpu *c, uint8_t *vector)
{
	if (!(c->vmcs->PIN_BASED_VM_EXEC_CONTROL & PSTD_VMX_PIN_EXT_INTR))
		return pass_interrupt(c, vector);
	pstd_cpu_exit(c, PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	return PSTD_CPU_EXIT;
}

bool pstd_cpu_posted_interrupt_processing(struct pstd_cpu *c)
{
	/* 1. Acknowledge the local APIC: the physical vector, be it the 8259's. */
	uint8_t vector = acknowledge(c);

	/* 2. Not the notification vector: an ordinary external-interrupt exit. */
	if (!c->pid || vector != c->nv) {
		pstd_cpu_exit(c, PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
		c->vmcs->VM_EXIT_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, vector);
		return false;
	}
	/* 3. Clear ON, before PIR is read: pairs with pstd_vtd_post and pstd_vcpu_deliver. */
	pstd_clear_on(c->pid);
	/* 4. EOI to the local APIC. */
	pstd_lapic_eoi(&c->lapic);
	/* 5 and 6. PIR into VIRR, RVI. */
	pstd_vapic_merge_pir(&c->vapic, c->pid);
	/* 7. Evaluate. MWAIT ends; HLT goes on unless something is delivered. */
	pstd_vapic_evaluate_pending(&c->vapic);
	if (c->activity == PSTD_VMX_MWAIT)
		c->activity = PSTD_VMX_ACTIVE;
	return true;
}

/*
 * What the local APIC has. IF does not hold external interrupts, nor do STI and
 * MOV SS, where the manual leaves the choice; shutdown and wait-for-SIPI do. All
 * of it is taken: a CPU does not rest in HLT while there is more.
 */
static enum pstd_cpu_event from_lapic(struct pstd_cpu *c, uint8_t *vector)
{
	unsigned extints = 0;

	for (;;) {
		bool offered = pstd_lapic_pending(&c->lapic) >= 0;

		if (c->lapic.events) {
			enum pstd_cpu_event event = pstd_cpu_pending_event(c, vector);

			if (event != PSTD_CPU_NONE)
				return event;
			/* More than a pair can have: a line that no acknowledge cycle lowers. */
			if (pstd_lapic_extint(&c->lapic) && extints++ == PSTD_PIC_INPUTS)
				return PSTD_CPU_NONE;
			offered |= pstd_lapic_extint(&c->lapic);
		}
		if (!offered || blocks_interrupts(c))
			return PSTD_CPU_NONE;
		if (!acknowledges(c))
			return leave_interrupt(c, vector);
		if (!pstd_cpu_posted_interrupt_processing(c))
			return PSTD_CPU_EXIT;
		if (deliverable(c))
			return deliver(c, vector);
	}
}

uint8_t pstd_cpu_acknowledge(struct pstd_cpu *c)
{
	if (pstd_lapic_events(&c->lapic) & PSTD_BIT(PSTD_APIC_DM_EXTINT))
		return acknowledge_extint(c);
	return pstd_lapic_inta(&c->lapic);
}

enum pstd_cpu_event pstd_cpu_boundary(struct pstd_cpu *c, uint8_t *vector)
{
	c->delivery.info = 0;
	if (c->pending | c->lapic.events) {
		enum pstd_cpu_event event = pstd_cpu_pending_event(c, vector);

		if (event != PSTD_CPU_NONE)
			return event;
	}
	if (blocks_interrupts(c))
		return from_lapic(c, vector);
	if (c->vapic.intr_window && interrupts_open(c)) {
		pstd_cpu_exit(c, PSTD_VMX_EXIT_INTERRUPT_WINDOW, 0);
		return PSTD_CPU_EXIT;
	}
	if (deliverable(c))
		return deliver(c, vector);
	return from_lapic(c, vector);
}
