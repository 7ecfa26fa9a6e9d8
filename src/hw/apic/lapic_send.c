/* SPDX-License-Identifier: BSD-2-Clause */
/* "Issuing Interprocessor Interrupts": ICR and SELF IPI. */
#include "hw/apic/lapic_parts.h"

/* To itself: nothing leaves the local APIC. */
static void send_self(struct pstd_lapic *l, const struct pstd_apic_msg *m)
{
	if (pstd_apic_needs_enabled(m->dlm) && l->deaf)
		return;
	if (m->dlm == PSTD_APIC_DM_FIXED || m->dlm == PSTD_APIC_DM_LOWEST)
		pstd_lapic_request(l, m->vector, false);
	else if (m->dlm != PSTD_APIC_DM_SIPI)
		l->events |= (uint8_t)(1u << m->dlm);
}

/* What cannot be sent is not, and ESR may say why. */
static bool may_send(struct pstd_lapic *l, const struct pstd_apic_msg *m)
{
	switch (m->dlm) {
	case PSTD_APIC_DM_LOWEST:
		/* "sets only the redirectable IPI error bit", whatever the vector. */
		if (!(l->features & PSTD_LAPIC_LOWEST_IPI)) {
			pstd_lapic_error(l, PSTD_APIC_ESR_REDIRECTABLE);
			return false;
		}
		break;
	case PSTD_APIC_DM_FIXED:
		break;
	case PSTD_APIC_DM_SMI:
	case PSTD_APIC_DM_NMI:
	case PSTD_APIC_DM_INIT:
	case PSTD_APIC_DM_SIPI:
		return true;
	default:
		return false; /* reserved */
	}
	if (m->vector >= PSTD_APIC_FIRST_VECTOR)
		return true;
	/* A vector sent to itself is received too. */
	pstd_lapic_error(l, m->shorthand != PSTD_APIC_TO_SELF
	                            ? PSTD_APIC_ESR_SEND_VECTOR
	                            : PSTD_APIC_ESR_SEND_VECTOR | PSTD_APIC_ESR_RECEIVE_VECTOR);
	return false;
}

static void send(struct pstd_lapic *l, const struct pstd_apic_msg *m, struct pstd_lapic_out *out)
{
	if (!may_send(l, m))
		return;
	if (m->shorthand == PSTD_APIC_TO_SELF) {
		send_self(l, m);
		return;
	}
	out->send = true;
	out->ipi = *m;
}

void pstd_lapic_wrote_icr(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                          struct pstd_lapic_out *out)
{
	uint64_t icr = (uint64_t)pstd_apic_read(&l->regs, PSTD_APIC_ICR_HI) << 32 |
	               pstd_apic_read(&l->regs, PSTD_APIC_ICR);
	struct pstd_apic_msg m = pstd_apic_icr_message(icr, pstd_lapic_mode(l) == PSTD_APIC_X2APIC);

	if (!pstd_apic_icr_is_init_deassert(icr))
		send(l, &m, out);
}

void pstd_lapic_wrote_self_ipi(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                               struct pstd_lapic_out *out)
{
	struct pstd_apic_msg m = { .vector = (uint8_t)pstd_apic_read(&l->regs, PSTD_APIC_SELF_IPI),
		                   .shorthand = PSTD_APIC_TO_SELF };

	send(l, &m, out);
}
