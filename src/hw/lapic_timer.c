/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The timer, in its three modes. Its whole state is the time it expires next;
 * the count is what is left until then.
 */
#include "hw/lapic_parts.h"
#include <posted/apic_timer.h>

static unsigned mode_of(uint32_t lvt)
{
	return (unsigned)pi_field_get(APIC_LVT_TIMER_MODE, lvt);
}

static unsigned mode(const struct lapic *l)
{
	return mode_of(apic_read(&l->regs, APIC_LVT_TIMER));
}

/* The fourth encoding is reserved: such a timer does not run. */
static bool counts(unsigned mode)
{
	return mode == APIC_TIMER_ONE_SHOT || mode == APIC_TIMER_PERIODIC;
}

/* Time between two decrements. */
static uint64_t tick(const struct lapic *l, uint32_t divide)
{
	return (uint64_t)l->cycle * apic_timer_divide(divide);
}

static uint64_t period(const struct lapic *l)
{
	return apic_read(&l->regs, APIC_INITIAL_COUNT) *
	       tick(l, apic_read(&l->regs, APIC_DIVIDE));
}

uint64_t lapic_timer(struct lapic *l, uint64_t now)
{
	uint64_t expirations = 1;

	if (!l->timer || now < l->timer)
		return 0;
	if (mode(l) == APIC_TIMER_PERIODIC) {
		expirations = apic_timer_expirations(now, l->timer, period(l));
		l->timer += expirations * period(l);
	} else {
		l->timer = 0;
	}
	lapic_local(l, APIC_LVT_TIMER);
	return expirations;
}

uint64_t lapic_timer_next(const struct lapic *l)
{
	return l->timer ? l->timer : ~(uint64_t)0;
}

static uint32_t left(const struct lapic *l, uint32_t divide, uint64_t now)
{
	return counts(mode(l)) && l->timer ? apic_timer_count(l->timer - now, tick(l, divide)) : 0;
}

uint32_t lapic_timer_current(const struct lapic *l, uint64_t now)
{
	return left(l, apic_read(&l->regs, APIC_DIVIDE), now);
}

/*
 * "A write to the LVT Timer Register that changes the timer mode disarms the timer":
 * said of the TSC-deadline mode, entered or left. Between the modes that count, the
 * count goes on, and what happens at its end is the new mode's.
 */
void lapic_wrote_lvt_timer(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	lapic_wrote_lvt(l, w, out);
	if (mode(l) != mode_of(w->old) && !(counts(mode(l)) && counts(mode_of(w->old))))
		l->timer = 0;
}

/* Starts the count, or stops it with 0. Ignored in TSC-deadline mode. */
void lapic_wrote_initial_count(struct lapic *l, const struct lapic_write *w,
                               struct lapic_out *out)
{
	if (mode(l) == APIC_TIMER_TSC_DEADLINE)
		apic_write(&l->regs, APIC_INITIAL_COUNT, w->old);
	else if (counts(mode(l)))
		l->timer = period(l) ? w->now + period(l) : 0;
}

/* What is left of a count goes on at the new rate. */
void lapic_wrote_divide(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	uint32_t count = left(l, w->old, w->now);

	if (count)
		l->timer = w->now + count * tick(l, apic_read(&l->regs, APIC_DIVIDE));
}

uint64_t lapic_read_deadline(const struct lapic *l)
{
	return mode(l) == APIC_TIMER_TSC_DEADLINE ? l->timer : 0;
}

/* A deadline that has passed expires at once. In other modes a write is ignored. */
void lapic_write_deadline(struct lapic *l, uint64_t deadline, uint64_t now)
{
	if (mode(l) != APIC_TIMER_TSC_DEADLINE)
		return;
	l->timer = deadline;
	lapic_timer(l, now);
}
