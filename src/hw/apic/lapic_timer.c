/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer, in its three modes. Its whole state is the time it expires next;
 * the count is what is left until then.
 */
#include "hw/apic/lapic_parts.h"
#include <posted/apic_timer.h>

static unsigned mode_of(uint32_t lvt)
{
	return (unsigned)pstd_field_get(PSTD_APIC_LVT_TIMER_MODE, lvt);
}

static unsigned mode(const struct pstd_lapic *l)
{
	return mode_of(pstd_apic_read(&l->regs, PSTD_APIC_LVT_TIMER));
}

/* The fourth encoding is reserved: such a timer does not run. */
static bool counts(unsigned mode)
{
	return mode == PSTD_APIC_TIMER_ONE_SHOT || mode == PSTD_APIC_TIMER_PERIODIC;
}

/* Time between two decrements. */
static uint64_t tick(const struct pstd_lapic *l, uint32_t divide)
{
	return (uint64_t)l->cycle * pstd_apic_timer_divide(divide);
}

static uint64_t period(const struct pstd_lapic *l)
{
	return pstd_apic_read(&l->regs, PSTD_APIC_INITIAL_COUNT) *
	       tick(l, pstd_apic_read(&l->regs, PSTD_APIC_DIVIDE));
}

uint64_t pstd_lapic_timer(struct pstd_lapic *l, uint64_t now)
{
	uint64_t expirations = 1;

	if (!l->timer || now < l->timer)
		return 0;
	if (mode(l) == PSTD_APIC_TIMER_PERIODIC) {
		expirations = pstd_apic_timer_expirations(now, l->timer, period(l));
		l->timer += expirations * period(l);
	} else {
		l->timer = 0;
	}
	pstd_lapic_local(l, PSTD_APIC_LVT_TIMER);
	return expirations;
}

uint64_t pstd_lapic_timer_next(const struct pstd_lapic *l)
{
	return l->timer ? l->timer : ~(uint64_t)0;
}

static uint32_t left(const struct pstd_lapic *l, uint32_t divide, uint64_t now)
{
	return counts(mode(l)) && l->timer ? pstd_apic_timer_count(l->timer - now, tick(l, divide))
	                                   : 0;
}

uint32_t pstd_lapic_timer_current(const struct pstd_lapic *l, uint64_t now)
{
	return left(l, pstd_apic_read(&l->regs, PSTD_APIC_DIVIDE), now);
}

/*
 * "A write to the LVT Timer Register that changes the timer mode disarms the timer":
 * said of the TSC-deadline mode, entered or left. Between the modes that count, the
 * count goes on, and what happens at its end is the new mode's.
 */
void pstd_lapic_wrote_lvt_timer(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                                struct pstd_lapic_out *out)
{
	pstd_lapic_wrote_lvt(l, w, out);
	if (mode(l) != mode_of(w->old) && !(counts(mode(l)) && counts(mode_of(w->old))))
		l->timer = 0;
}

/* Starts the count, or stops it with 0. Ignored in TSC-deadline mode. */
void pstd_lapic_wrote_initial_count(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                                    struct pstd_lapic_out *out)
{
	if (mode(l) == PSTD_APIC_TIMER_TSC_DEADLINE)
		pstd_apic_write(&l->regs, PSTD_APIC_INITIAL_COUNT, w->old);
	else if (counts(mode(l)))
		l->timer = period(l) ? w->now + period(l) : 0;
}

/* What is left of a count goes on at the new rate. */
void pstd_lapic_wrote_divide(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                             struct pstd_lapic_out *out)
{
	uint32_t count = left(l, w->old, w->now);

	if (count)
		l->timer = w->now + count * tick(l, pstd_apic_read(&l->regs, PSTD_APIC_DIVIDE));
}

uint64_t pstd_lapic_read_deadline(const struct pstd_lapic *l)
{
	return mode(l) == PSTD_APIC_TIMER_TSC_DEADLINE ? l->timer : 0;
}

/* A deadline that has passed expires at once. In other modes a write is ignored. */
void pstd_lapic_write_deadline(struct pstd_lapic *l, uint64_t deadline, uint64_t now)
{
	if (mode(l) != PSTD_APIC_TIMER_TSC_DEADLINE)
		return;
	l->timer = deadline;
	pstd_lapic_timer(l, now);
}
