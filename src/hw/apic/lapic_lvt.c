/* SPDX-License-Identifier: BSD-2-Clause */
/* The local vector table: its sources' interrupts, the two pins, EOI of what they requested. */
#include "hw/apic/lapic_parts.h"

static const unsigned lint[] = { PSTD_APIC_LVT_LINT0, PSTD_APIC_LVT_LINT1 };

/* "External Interrupts": without a local APIC the pins are INTR and NMI. */
static uint32_t pin_entry(const struct pstd_lapic *l, unsigned n)
{
	if (pstd_lapic_mode(l) == PSTD_APIC_DISABLED)
		return (uint32_t)pstd_field(PSTD_APIC_LVT_DLM,
		                            n ? PSTD_APIC_DM_NMI : PSTD_APIC_DM_EXTINT);
	return pstd_apic_read(&l->regs, lint[n]);
}

/* Is asserted, by the pin's polarity. */
static bool active(const struct pstd_lapic *l, unsigned n)
{
	bool low = pin_entry(l, n) & PSTD_APIC_LVT_ACTIVE_LOW;

	return l->pin[n] != low;
}

/* Level-triggered: fixed mode only, and LINT1 is always edge-triggered. */
static bool is_level(unsigned n, uint32_t entry)
{
	return n == 0 && (entry & PSTD_APIC_LVT_LEVEL) &&
	       pstd_field_get(PSTD_APIC_LVT_DLM, entry) == PSTD_APIC_DM_FIXED;
}

/* Modes that no entry has, and those of pins alone, signal nothing. */
static void signal_entry(struct pstd_lapic *l, uint32_t entry, bool pin)
{
	unsigned dlm = (unsigned)pstd_field_get(PSTD_APIC_LVT_DLM, entry);

	if (dlm == PSTD_APIC_DM_FIXED)
		pstd_lapic_request(l, (uint8_t)pstd_field_get(PSTD_APIC_LVT_VECTOR, entry), false);
	else if (dlm == PSTD_APIC_DM_NMI || dlm == PSTD_APIC_DM_SMI ||
	         (dlm == PSTD_APIC_DM_INIT && pin))
		l->events |= (uint8_t)(1u << dlm);
}

void pstd_lapic_local(struct pstd_lapic *l, unsigned lvt)
{
	uint32_t entry = pstd_apic_read(&l->regs, lvt);

	if (entry & PSTD_APIC_LVT_MASK)
		return;
	signal_entry(l, entry, false);
	/* A performance-monitoring interrupt masks its entry. */
	if (lvt == PSTD_APIC_LVT_PERF)
		pstd_apic_write(&l->regs, lvt, entry | PSTD_APIC_LVT_MASK);
}

/* A level that is active requests its vector, unless it did and had no EOI yet. */
static void evaluate_level(struct pstd_lapic *l, unsigned n)
{
	uint32_t entry = pstd_apic_read(&l->regs, lint[n]);

	if (!is_level(n, entry) || (entry & (PSTD_APIC_LVT_MASK | PSTD_APIC_LVT_REMOTE_IRR)) ||
	    !active(l, n))
		return;
	pstd_lapic_request(l, (uint8_t)pstd_field_get(PSTD_APIC_LVT_VECTOR, entry), true);
	pstd_apic_write(&l->regs, lint[n], entry | PSTD_APIC_LVT_REMOTE_IRR);
}

/* ExtINT is always level-triggered: it is there as long as the pin says so. */
static bool asks_extint(const struct pstd_lapic *l, unsigned n)
{
	uint32_t entry = pin_entry(l, n);

	return !(entry & PSTD_APIC_LVT_MASK) && active(l, n) &&
	       pstd_field_get(PSTD_APIC_LVT_DLM, entry) == PSTD_APIC_DM_EXTINT;
}

void pstd_lapic_settle_extint(struct pstd_lapic *l)
{
	l->events &= (uint8_t)~PSTD_LAPIC_PIN_EXTINT;
	if (asks_extint(l, 0) || asks_extint(l, 1))
		l->events |= PSTD_LAPIC_PIN_EXTINT;
}

void pstd_lapic_pin(struct pstd_lapic *l, unsigned n, bool high)
{
	uint32_t entry = pin_entry(l, n);
	bool was = active(l, n);

	l->pin[n] = high;
	pstd_lapic_settle_extint(l);
	if (is_level(n, entry))
		evaluate_level(l, n);
	else if (!was && active(l, n) && !(entry & PSTD_APIC_LVT_MASK))
		signal_entry(l, entry, true);
}

unsigned pstd_lapic_events(struct pstd_lapic *l)
{
	pstd_lapic_collect(l);
	return (l->events & ~PSTD_LAPIC_PIN_EXTINT) | (unsigned)pstd_lapic_extint(l)
	                                                      << PSTD_APIC_DM_EXTINT;
}

int pstd_lapic_eoi_level(struct pstd_lapic *l, uint8_t vector)
{
	uint32_t entry = pstd_apic_read(&l->regs, PSTD_APIC_LVT_LINT0);

	if ((entry & PSTD_APIC_LVT_REMOTE_IRR) &&
	    pstd_field_get(PSTD_APIC_LVT_VECTOR, entry) == vector) {
		pstd_apic_write(&l->regs, PSTD_APIC_LVT_LINT0,
		                entry & ~(uint32_t)PSTD_APIC_LVT_REMOTE_IRR);
		evaluate_level(l, 0);
	}
	if (pstd_apic_read(&l->regs, PSTD_APIC_SVR) & PSTD_APIC_SVR_NO_EOI_BROADCAST)
		return -1;
	return vector;
}

void pstd_lapic_wrote_lvt(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                          struct pstd_lapic_out *out)
{
	uint32_t entry = pstd_apic_read(&l->regs, w->offset);

	if (!pstd_lapic_software_enabled(l))
		entry |= PSTD_APIC_LVT_MASK;
	if (w->offset != PSTD_APIC_LVT_LINT0 || !is_level(0, entry))
		entry &= ~(uint32_t)PSTD_APIC_LVT_REMOTE_IRR;
	pstd_apic_write(&l->regs, w->offset, entry);
	pstd_lapic_settle_extint(l);
	if (w->offset == PSTD_APIC_LVT_LINT0)
		evaluate_level(l, 0);
}

void pstd_lapic_mask_all(struct pstd_lapic *l)
{
	static const unsigned entries[] = { PSTD_APIC_LVT_CMCI,    PSTD_APIC_LVT_TIMER,
		                            PSTD_APIC_LVT_THERMAL, PSTD_APIC_LVT_PERF,
		                            PSTD_APIC_LVT_LINT0,   PSTD_APIC_LVT_LINT1,
		                            PSTD_APIC_LVT_ERROR };

	for (unsigned i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		pstd_apic_write(&l->regs, entries[i],
		                pstd_apic_read(&l->regs, entries[i]) | PSTD_APIC_LVT_MASK);
	pstd_lapic_settle_extint(l);
}
