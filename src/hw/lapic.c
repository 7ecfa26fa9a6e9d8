/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages in, vectors out: the inbox, IRR, ISR and TMR, priorities, EOI. What
 * software does with registers is in the other hw/lapic_*.c.
 */
#include "hw/lapic_parts.h"

/* In the inbox. */
enum {
	ILLEGAL_VECTOR = 0, /* a byte of its own */
	EDGE = 1,
	LEVEL = 2,
};

/* The byte for a fixed message. */
static inline uint8_t slot(uint8_t vector)
{
	return vector < APIC_FIRST_VECTOR ? ILLEGAL_VECTOR : vector;
}

static bool deliver(struct lapic *l, uint8_t byte, uint8_t value)
{
	bool merged = pi_exchange8_seq(&l->inbox.byte[byte], value);

	pi_store8_release(&l->doorbell, 1);
	return merged;
}

bool lapic_accept(struct lapic *l, uint8_t vector)
{
	return deliver(l, slot(vector), EDGE);
}

void lapic_notify(struct lapic *l, uint8_t vector)
{
	pi_store8_release(&l->inbox.byte[slot(vector)], EDGE);
	pi_store8_release(&l->doorbell, 1);
}

bool lapic_receive(struct lapic *l, const struct apic_msg *m)
{
	switch (m->dlm) {
	case APIC_DM_FIXED:
	case APIC_DM_LOWEST:
		return deliver(l, slot(m->vector), m->level ? LEVEL : EDGE);
	case APIC_DM_SIPI:
		pi_store8_release(&l->startup, m->vector);
		return deliver(l, m->dlm, EDGE);
	case APIC_DM_SMI:
	case APIC_DM_NMI:
	case APIC_DM_INIT:
	case APIC_DM_EXTINT:
		return deliver(l, m->dlm, EDGE);
	}
	return false;
}

bool lapic_knocked(const struct lapic *l)
{
	return pi_load8_relaxed(&l->doorbell);
}

static void set_requested(struct lapic *l, uint8_t vector, bool level)
{
	apic_set(&l->regs, APIC_IRR, vector);
	if (level)
		apic_set(&l->regs, APIC_TMR, vector);
	else
		apic_clear(&l->regs, APIC_TMR, vector);
}

void lapic_error(struct lapic *l, uint32_t error)
{
	uint32_t lvt = apic_read(&l->regs, APIC_LVT_ERROR);
	uint8_t vector = (uint8_t)pi_field_get(APIC_LVT_VECTOR, lvt);

	l->errors |= error;
	if (lvt & APIC_LVT_MASK)
		return;
	/* Its own vector may be an error as well, which is not signaled by it. */
	if (vector < APIC_FIRST_VECTOR)
		l->errors |= APIC_ESR_RECEIVE_VECTOR;
	else
		set_requested(l, vector, false);
}

void lapic_request(struct lapic *l, uint8_t vector, bool level)
{
	if (vector < APIC_FIRST_VECTOR)
		lapic_error(l, APIC_ESR_RECEIVE_VECTOR);
	else
		set_requested(l, vector, level);
}

static void take(struct lapic *l, uint8_t vector)
{
	/*
	 * An exchange, not a store: a store could sit in our store buffer while we
	 * read what the message was about, and wipe out a second message later.
	 */
	uint8_t trigger = pi_exchange8_seq(&l->inbox.byte[vector], 0);

	if (!trigger || l->deaf)
		return;
	if (apic_test(&l->regs, APIC_IRR, vector))
		pi_tally(&l->merged[vector], 1);
	set_requested(l, vector, trigger == LEVEL);
}

/* A message without a vector, or with one below 16. */
static void take_event(struct lapic *l, uint8_t byte)
{
	bool fixed = byte == ILLEGAL_VECTOR || apic_needs_enabled(byte);

	if (!pi_exchange8_seq(&l->inbox.byte[byte], 0))
		return;
	if (l->deaf == LAPIC_DEAF || (fixed && l->deaf))
		return;
	if (byte == ILLEGAL_VECTOR)
		lapic_error(l, APIC_ESR_RECEIVE_VECTOR);
	else
		l->events |= (uint8_t)(1u << byte);
}

/*
 * First the doorbell is cleared, then the inbox is searched: a sender stores in
 * the other order, so that what we miss leaves the doorbell set.
 */
static void take_all(struct lapic *l)
{
	pi_exchange8_seq(&l->doorbell, 0);
	for (unsigned word = 0; word < 256 / 8; word++) {
		if (!pi_load_relaxed(&l->inbox.word[word]))
			continue;
		for (unsigned byte = 0; byte < 8; byte++) {
			if (word < APIC_FIRST_VECTOR / 8)
				take_event(l, (uint8_t)(word * 8 + byte));
			else
				take(l, (uint8_t)(word * 8 + byte));
		}
	}
}

void lapic_collect(struct lapic *l)
{
	if (lapic_knocked(l))
		take_all(l);
}

/* "Task and Processor Priorities" */
static uint8_t ppr(const struct lapic *l)
{
	return apic_ppr((uint8_t)apic_read(&l->regs, APIC_TPR),
	                apic_highest_or_0(&l->regs, APIC_ISR));
}

int lapic_pending(struct lapic *l)
{
	int vector;

	lapic_collect(l);
	vector = apic_highest(&l->regs, APIC_IRR);
	if (vector < 0 || !apic_above((uint8_t)vector, ppr(l)))
		return -1;
	return vector;
}

uint8_t lapic_acknowledge(struct lapic *l)
{
	uint8_t vector = apic_highest_or_0(&l->regs, APIC_IRR);

	apic_clear(&l->regs, APIC_IRR, vector);
	apic_set(&l->regs, APIC_ISR, vector);
	pi_tally(&l->accepted, 1);
	return vector;
}

uint8_t lapic_inta(struct lapic *l)
{
	if (lapic_pending(l) < 0)
		return (uint8_t)pi_field_get(APIC_SVR_VECTOR, apic_read(&l->regs, APIC_SVR));
	return lapic_acknowledge(l);
}

int lapic_eoi(struct lapic *l)
{
	int vector = apic_highest(&l->regs, APIC_ISR);

	pi_tally(&l->eois, 1);
	if (vector < 0)
		return -1;
	apic_clear(&l->regs, APIC_ISR, (uint8_t)vector);
	if (!apic_test(&l->regs, APIC_TMR, (uint8_t)vector))
		return -1;
	return lapic_eoi_level(l, (uint8_t)vector);
}

void lapic_event_taken(struct lapic *l, enum apic_delivery_mode event)
{
	l->events &= (uint8_t)~(1u << event);
}

uint8_t lapic_cr8(const struct lapic *l)
{
	return (uint8_t)apic_read(&l->regs, APIC_TPR) >> 4;
}

bool lapic_write_cr8(struct lapic *l, uint64_t value)
{
	if (value > 15)
		return false;
	apic_write(&l->regs, APIC_TPR, (uint32_t)value << 4);
	return true;
}
