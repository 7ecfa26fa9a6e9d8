/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/lapic.h"

bool lapic_accept(struct lapic *l, uint8_t vector)
{
	bool merged = pi_exchange8_seq(&l->inbox.byte[vector], 1);

	pi_store8_release(&l->doorbell, 1);
	return merged;
}

void lapic_notify(struct lapic *l, uint8_t vector)
{
	pi_store8_release(&l->inbox.byte[vector], 1);
	pi_store8_release(&l->doorbell, 1);
}

bool lapic_knocked(const struct lapic *l)
{
	return pi_load8_relaxed(&l->doorbell);
}

static void take(struct lapic *l, uint8_t vector)
{
	/*
	 * An exchange, not a store: a store could sit in our store buffer while we
	 * read what the message was about, and wipe out a second message later.
	 */
	if (!pi_exchange8_seq(&l->inbox.byte[vector], 0))
		return;
	if (apic_test(&l->regs, APIC_IRR, vector))
		pi_tally(&l->merged[vector], 1);
	apic_set(&l->regs, APIC_IRR, vector);
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
		for (unsigned byte = 0; byte < 8; byte++)
			take(l, (uint8_t)(word * 8 + byte));
	}
}

int lapic_pending(struct lapic *l)
{
	int vector;

	if (lapic_knocked(l))
		take_all(l);
	vector = apic_highest(&l->regs, APIC_IRR);
	if (vector < 0 || !apic_above((uint8_t)vector, apic_highest_or_0(&l->regs, APIC_ISR)))
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

void lapic_eoi(struct lapic *l)
{
	int vector = apic_highest(&l->regs, APIC_ISR);

	pi_tally(&l->eois, 1);
	if (vector >= 0)
		apic_clear(&l->regs, APIC_ISR, (uint8_t)vector);
}
