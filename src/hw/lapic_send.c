/* SPDX-License-Identifier: BSD-2-Clause */
/* "Issuing Interprocessor Interrupts": ICR and SELF IPI. */
#include "hw/lapic_parts.h"

/* To itself: nothing leaves the local APIC. */
static void send_self(struct lapic *l, const struct apic_msg *m)
{
	if (apic_needs_enabled(m->dlm) && l->deaf)
		return;
	if (m->dlm == APIC_DM_FIXED || m->dlm == APIC_DM_LOWEST)
		lapic_request(l, m->vector, false);
	else if (m->dlm != APIC_DM_SIPI)
		l->events |= (uint8_t)(1u << m->dlm);
}

/* What cannot be sent is not, and ESR may say why. */
static bool may_send(struct lapic *l, const struct apic_msg *m)
{
	switch (m->dlm) {
	case APIC_DM_LOWEST:
		/* "sets only the redirectable IPI error bit", whatever the vector. */
		if (!(l->features & LAPIC_LOWEST_IPI)) {
			lapic_error(l, APIC_ESR_REDIRECTABLE);
			return false;
		}
		break;
	case APIC_DM_FIXED:
		break;
	case APIC_DM_SMI:
	case APIC_DM_NMI:
	case APIC_DM_INIT:
	case APIC_DM_SIPI:
		return true;
	default:
		return false; /* reserved */
	}
	if (m->vector >= APIC_FIRST_VECTOR)
		return true;
	/* A vector sent to itself is received too. */
	lapic_error(l, m->shorthand != APIC_TO_SELF
	                       ? APIC_ESR_SEND_VECTOR
	                       : APIC_ESR_SEND_VECTOR | APIC_ESR_RECEIVE_VECTOR);
	return false;
}

static void send(struct lapic *l, const struct apic_msg *m, struct lapic_out *out)
{
	if (!may_send(l, m))
		return;
	if (m->shorthand == APIC_TO_SELF) {
		send_self(l, m);
		return;
	}
	out->send = true;
	out->ipi = *m;
}

void lapic_wrote_icr(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	uint64_t icr = (uint64_t)apic_read(&l->regs, APIC_ICR_HI) << 32 |
	               apic_read(&l->regs, APIC_ICR);
	struct apic_msg m = apic_icr_message(icr, lapic_mode(l) == APIC_X2APIC);

	if (!apic_icr_is_init_deassert(icr))
		send(l, &m, out);
}

void lapic_wrote_self_ipi(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	struct apic_msg m = { .vector = (uint8_t)apic_read(&l->regs, APIC_SELF_IPI),
		              .shorthand = APIC_TO_SELF };

	send(l, &m, out);
}
