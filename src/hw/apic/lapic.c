/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages in, vectors out: the inbox, IRR, ISR and TMR, priorities, EOI. What
 * software does with registers is in the other hw/apic/lapic_*.c.
 */
#include "hw/apic/lapic_parts.h"

/* In the inbox. */
enum {
	ILLEGAL_VECTOR = 0, /* a byte of its own */
	EDGE = 1,
	LEVEL = 2,
};

/* The byte for a fixed message. */
static inline uint8_t slot(uint8_t vector)
{
	return vector < PSTD_APIC_FIRST_VECTOR ? ILLEGAL_VECTOR : vector;
}

static bool deliver(struct pstd_lapic *l, uint8_t byte, uint8_t value)
{
	bool merged = pstd_exchange8_seq(&l->inbox.byte[byte], value);

	pstd_store8_release(&l->doorbell, 1);
	return merged;
}

bool pstd_lapic_accept(struct pstd_lapic *l, uint8_t vector)
{
	return deliver(l, slot(vector), EDGE);
}

void pstd_lapic_notify(struct pstd_lapic *l, uint8_t vector)
{
	pstd_store8_release(&l->inbox.byte[slot(vector)], EDGE);
	pstd_store8_release(&l->doorbell, 1);
}

bool pstd_lapic_receive(struct pstd_lapic *l, const struct pstd_apic_msg *m)
{
	switch (m->dlm) {
	case PSTD_APIC_DM_FIXED:
	case PSTD_APIC_DM_LOWEST:
		return deliver(l, slot(m->vector), m->level ? LEVEL : EDGE);
	case PSTD_APIC_DM_SIPI:
		pstd_store8_release(&l->startup, m->vector);
		return deliver(l, m->dlm, EDGE);
	case PSTD_APIC_DM_SMI:
	case PSTD_APIC_DM_NMI:
	case PSTD_APIC_DM_INIT:
	case PSTD_APIC_DM_EXTINT:
		return deliver(l, m->dlm, EDGE);
	}
	return false;
}

bool pstd_lapic_knocked(const struct pstd_lapic *l)
{
	return pstd_load8_relaxed(&l->doorbell);
}

static void set_requested(struct pstd_lapic *l, uint8_t vector, bool level)
{
	pstd_apic_set(&l->regs, PSTD_APIC_IRR, vector);
	if (level)
		pstd_apic_set(&l->regs, PSTD_APIC_TMR, vector);
	else
		pstd_apic_clear(&l->regs, PSTD_APIC_TMR, vector);
}

void pstd_lapic_error(struct pstd_lapic *l, uint32_t error)
{
	uint32_t lvt = pstd_apic_read(&l->regs, PSTD_APIC_LVT_ERROR);
	uint8_t vector = (uint8_t)pstd_field_get(PSTD_APIC_LVT_VECTOR, lvt);

	l->errors |= error;
	if (lvt & PSTD_APIC_LVT_MASK)
		return;
	/* Its own vector may be an error as well, which is not signaled by it. */
	if (vector < PSTD_APIC_FIRST_VECTOR)
		l->errors |= PSTD_APIC_ESR_RECEIVE_VECTOR;
	else
		set_requested(l, vector, false);
}

void pstd_lapic_request(struct pstd_lapic *l, uint8_t vector, bool level)
{
	if (vector < PSTD_APIC_FIRST_VECTOR)
		pstd_lapic_error(l, PSTD_APIC_ESR_RECEIVE_VECTOR);
	else
		set_requested(l, vector, level);
}

static void take(struct pstd_lapic *l, uint8_t vector)
{
	/*
	 * An exchange, not a store: a store could sit in our store buffer while we
	 * read what the message was about, and wipe out a second message later.
	 */
	uint8_t trigger = pstd_exchange8_seq(&l->inbox.byte[vector], 0);

	if (!trigger || l->deaf)
		return;
	if (pstd_apic_test(&l->regs, PSTD_APIC_IRR, vector))
		pstd_tally(&l->merged[vector], 1);
	set_requested(l, vector, trigger == LEVEL);
}

/* A message without a vector, or with one below 16. */
static void take_event(struct pstd_lapic *l, uint8_t byte)
{
	bool fixed = byte == ILLEGAL_VECTOR || pstd_apic_needs_enabled(byte);

	if (!pstd_exchange8_seq(&l->inbox.byte[byte], 0))
		return;
	if (l->deaf == PSTD_LAPIC_DEAF || (fixed && l->deaf))
		return;
	if (byte == ILLEGAL_VECTOR)
		pstd_lapic_error(l, PSTD_APIC_ESR_RECEIVE_VECTOR);
	else
		l->events |= (uint8_t)(1u << byte);
}

/*
 * First the doorbell is cleared, then the inbox is searched: a sender stores in
 * the other order, so that what we miss leaves the doorbell set.
 */
static void take_all(struct pstd_lapic *l)
{
	pstd_exchange8_seq(&l->doorbell, 0);
	for (unsigned word = 0; word < 256 / 8; word++) {
		if (!pstd_load_relaxed(&l->inbox.word[word]))
			continue;
		for (unsigned byte = 0; byte < 8; byte++) {
			if (word < PSTD_APIC_FIRST_VECTOR / 8)
				take_event(l, (uint8_t)(word * 8 + byte));
			else
				take(l, (uint8_t)(word * 8 + byte));
		}
	}
}

void pstd_lapic_collect(struct pstd_lapic *l)
{
	if (pstd_lapic_knocked(l))
		take_all(l);
}

/* "Task and Processor Priorities" */
static uint8_t ppr(const struct pstd_lapic *l)
{
	return pstd_apic_ppr((uint8_t)pstd_apic_read(&l->regs, PSTD_APIC_TPR),
	                     pstd_apic_highest_or_0(&l->regs, PSTD_APIC_ISR));
}

int pstd_lapic_pending(struct pstd_lapic *l)
{
	int vector;

	pstd_lapic_collect(l);
	vector = pstd_apic_highest(&l->regs, PSTD_APIC_IRR);
	if (vector < 0 || !pstd_apic_above((uint8_t)vector, ppr(l)))
		return -1;
	return vector;
}

uint8_t pstd_lapic_acknowledge(struct pstd_lapic *l)
{
	uint8_t vector = pstd_apic_highest_or_0(&l->regs, PSTD_APIC_IRR);

	pstd_apic_clear(&l->regs, PSTD_APIC_IRR, vector);
	pstd_apic_set(&l->regs, PSTD_APIC_ISR, vector);
	pstd_tally(&l->accepted, 1);
	return vector;
}

uint8_t pstd_lapic_inta(struct pstd_lapic *l)
{
	if (pstd_lapic_pending(l) < 0)
		return (uint8_t)pstd_field_get(PSTD_APIC_SVR_VECTOR,
		                               pstd_apic_read(&l->regs, PSTD_APIC_SVR));
	return pstd_lapic_acknowledge(l);
}

int pstd_lapic_eoi(struct pstd_lapic *l)
{
	int vector = pstd_apic_highest(&l->regs, PSTD_APIC_ISR);

	pstd_tally(&l->eois, 1);
	if (vector < 0)
		return -1;
	pstd_apic_clear(&l->regs, PSTD_APIC_ISR, (uint8_t)vector);
	if (!pstd_apic_test(&l->regs, PSTD_APIC_TMR, (uint8_t)vector))
		return -1;
	return pstd_lapic_eoi_level(l, (uint8_t)vector);
}

void pstd_lapic_event_taken(struct pstd_lapic *l, enum pstd_apic_delivery_mode event)
{
	l->events &= (uint8_t)~(1u << event);
}

uint8_t pstd_lapic_cr8(const struct pstd_lapic *l)
{
	return (uint8_t)pstd_apic_read(&l->regs, PSTD_APIC_TPR) >> 4;
}

bool pstd_lapic_write_cr8(struct pstd_lapic *l, uint64_t value)
{
	if (value > 15)
		return false;
	pstd_apic_write(&l->regs, PSTD_APIC_TPR, (uint32_t)value << 4);
	return true;
}
