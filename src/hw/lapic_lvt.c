/* SPDX-License-Identifier: BSD-2-Clause */
/* The local vector table: its sources' interrupts, the two pins, EOI of what they requested. */
#include "hw/lapic_parts.h"

static const unsigned lint[] = { APIC_LVT_LINT0, APIC_LVT_LINT1 };

/* "External Interrupts": without a local APIC the pins are INTR and NMI. */
static uint32_t pin_entry(const struct lapic *l, unsigned n)
{
	if (lapic_mode(l) == APIC_DISABLED)
		return (uint32_t)pi_field(APIC_LVT_DLM, n ? APIC_DM_NMI : APIC_DM_EXTINT);
	return apic_read(&l->regs, lint[n]);
}

/* Is asserted, by the pin's polarity. */
static bool active(const struct lapic *l, unsigned n)
{
	bool low = pin_entry(l, n) & APIC_LVT_ACTIVE_LOW;

	return l->pin[n] != low;
}

/* Level-triggered: fixed mode only, and LINT1 is always edge-triggered. */
static bool is_level(unsigned n, uint32_t entry)
{
	return n == 0 && (entry & APIC_LVT_LEVEL) &&
	       pi_field_get(APIC_LVT_DLM, entry) == APIC_DM_FIXED;
}

/* Modes that no entry has, and those of pins alone, signal nothing. */
static void signal_entry(struct lapic *l, uint32_t entry, bool pin)
{
	unsigned dlm = (unsigned)pi_field_get(APIC_LVT_DLM, entry);

	if (dlm == APIC_DM_FIXED)
		lapic_request(l, (uint8_t)pi_field_get(APIC_LVT_VECTOR, entry), false);
	else if (dlm == APIC_DM_NMI || dlm == APIC_DM_SMI || (dlm == APIC_DM_INIT && pin))
		l->events |= (uint8_t)(1u << dlm);
}

void lapic_local(struct lapic *l, unsigned lvt)
{
	uint32_t entry = apic_read(&l->regs, lvt);

	if (entry & APIC_LVT_MASK)
		return;
	signal_entry(l, entry, false);
	/* A performance-monitoring interrupt masks its entry. */
	if (lvt == APIC_LVT_PERF)
		apic_write(&l->regs, lvt, entry | APIC_LVT_MASK);
}

/* A level that is active requests its vector, unless it did and had no EOI yet. */
static void evaluate_level(struct lapic *l, unsigned n)
{
	uint32_t entry = apic_read(&l->regs, lint[n]);

	if (!is_level(n, entry) || (entry & (APIC_LVT_MASK | APIC_LVT_REMOTE_IRR)) ||
	    !active(l, n))
		return;
	lapic_request(l, (uint8_t)pi_field_get(APIC_LVT_VECTOR, entry), true);
	apic_write(&l->regs, lint[n], entry | APIC_LVT_REMOTE_IRR);
}

/* ExtINT is always level-triggered: it is there as long as the pin says so. */
static bool asks_extint(const struct lapic *l, unsigned n)
{
	uint32_t entry = pin_entry(l, n);

	return !(entry & APIC_LVT_MASK) && active(l, n) &&
	       pi_field_get(APIC_LVT_DLM, entry) == APIC_DM_EXTINT;
}

void lapic_settle_extint(struct lapic *l)
{
	l->events &= (uint8_t)~LAPIC_PIN_EXTINT;
	if (asks_extint(l, 0) || asks_extint(l, 1))
		l->events |= LAPIC_PIN_EXTINT;
}

void lapic_pin(struct lapic *l, unsigned n, bool high)
{
	uint32_t entry = pin_entry(l, n);
	bool was = active(l, n);

	l->pin[n] = high;
	lapic_settle_extint(l);
	if (is_level(n, entry))
		evaluate_level(l, n);
	else if (!was && active(l, n) && !(entry & APIC_LVT_MASK))
		signal_entry(l, entry, true);
}

unsigned lapic_events(struct lapic *l)
{
	lapic_collect(l);
	return (l->events & ~LAPIC_PIN_EXTINT) | (unsigned)lapic_extint(l) << APIC_DM_EXTINT;
}

int lapic_eoi_level(struct lapic *l, uint8_t vector)
{
	uint32_t entry = apic_read(&l->regs, APIC_LVT_LINT0);

	if ((entry & APIC_LVT_REMOTE_IRR) && pi_field_get(APIC_LVT_VECTOR, entry) == vector) {
		apic_write(&l->regs, APIC_LVT_LINT0, entry & ~(uint32_t)APIC_LVT_REMOTE_IRR);
		evaluate_level(l, 0);
	}
	if (apic_read(&l->regs, APIC_SVR) & APIC_SVR_NO_EOI_BROADCAST)
		return -1;
	return vector;
}

void lapic_wrote_lvt(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	uint32_t entry = apic_read(&l->regs, w->offset);

	if (!lapic_software_enabled(l))
		entry |= APIC_LVT_MASK;
	if (w->offset != APIC_LVT_LINT0 || !is_level(0, entry))
		entry &= ~(uint32_t)APIC_LVT_REMOTE_IRR;
	apic_write(&l->regs, w->offset, entry);
	lapic_settle_extint(l);
	if (w->offset == APIC_LVT_LINT0)
		evaluate_level(l, 0);
}

void lapic_mask_all(struct lapic *l)
{
	static const unsigned entries[] = { APIC_LVT_CMCI, APIC_LVT_TIMER, APIC_LVT_THERMAL,
		                            APIC_LVT_PERF, APIC_LVT_LINT0, APIC_LVT_LINT1,
		                            APIC_LVT_ERROR };

	for (unsigned i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		apic_write(&l->regs, entries[i], apic_read(&l->regs, entries[i]) | APIC_LVT_MASK);
	lapic_settle_extint(l);
}
