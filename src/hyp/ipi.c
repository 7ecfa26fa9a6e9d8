/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPIs of guests that the CPU does not virtualize: every form of the ICR that asks
 * for an interrupt or an NMI. SDM, "Issuing Interprocessor Interrupts" and
 * "Determining IPI Destination".
 */
#include "hyp/internal.h"
#include <posted/apic_map.h>

/* APIC ids, those below end. */
struct range {
	uint32_t first, end;
};

/* The ICR on the APIC page: one register of 64 bits in x2APIC mode, else two of 32. */
static uint64_t page_icr(const struct pstd_vcpu *v)
{
	uint64_t high =
		pstd_apic_read(v->apic, v->vm->x2apic ? PSTD_APIC_ICR + 4 : PSTD_APIC_ICR_HI);

	return high << 32 | pstd_apic_read(v->apic, PSTD_APIC_ICR);
}

static bool is_broadcast(const struct pstd_vm *vm, const struct pstd_apic_msg *m)
{
	return m->dest == (vm->x2apic ? PSTD_APIC_X2APIC_BROADCAST : PSTD_APIC_XAPIC_BROADCAST);
}

/* Who can be meant: as few as the message tells without a look at them. */
static struct range candidates(const struct pstd_vcpu *from, const struct pstd_apic_msg *m)
{
	const struct pstd_vm *vm = from->vm;
	uint32_t cluster = (m->dest >> 16) << 4;

	if (m->shorthand == PSTD_APIC_TO_SELF)
		return (struct range){ from->apic_id, from->apic_id + 1 };
	if (m->shorthand != PSTD_APIC_TO_DEST || is_broadcast(vm, m))
		return (struct range){ 0, vm->vcpu_count };
	if (!m->logical)
		return (struct range){ m->dest, m->dest + 1 };
	if (vm->x2apic) /* its logical ids follow from the ids */
		return (struct range){ cluster, cluster + 16 };
	return (struct range){ 0, vm->vcpu_count };
}

static bool is_meant(const struct pstd_vcpu *from, const struct pstd_apic_msg *m,
                     const struct pstd_vcpu *v)
{
	uint64_t published = pstd_load_acquire(&v->identity);
	const struct pstd_apic_identity to = {
		v->vm->x2apic ? PSTD_APIC_X2APIC : PSTD_APIC_XAPIC,
		(published & PSTD_APIC_SVR_ENABLE) != 0,
		v->apic_id,
		(uint32_t)(published & PSTD_APIC_LOGICAL_ID),
		(uint32_t)(published >> 32),
	};

	if (pstd_apic_needs_enabled(m->dlm) && !to.enabled)
		return false;
	if (m->shorthand == PSTD_APIC_TO_DEST)
		return pstd_apic_matches(&to, m->dest, m->logical);
	return m->shorthand != PSTD_APIC_TO_OTHERS || v != from;
}

/* The first of the range that is meant, which is taken out of it; null: there is none. */
static struct pstd_vcpu *next(const struct pstd_vcpu *from, const struct pstd_apic_msg *m,
                              struct range *r)
{
	while (r->first < r->end) {
		struct pstd_vcpu *v = pstd_vcpu_of(from->vm, r->first++);

		if (v && is_meant(from, m, v))
			return v;
	}
	return 0;
}

static void send_to_each(const struct pstd_vcpu *from, const struct pstd_apic_msg *m)
{
	struct range r = candidates(from, m);
	struct pstd_vcpu *v;

	while ((v = next(from, m, &r)))
		if (m->dlm == PSTD_APIC_DM_NMI)
			pstd_vcpu_nmi(v);
		else
			pstd_vcpu_deliver(v, m->vector);
}

/*
 * "Lowest Priority Delivery Mode" leaves the choice; Linux's vector hashing: number
 * vector mod count of those that are meant, or the last if some went meanwhile.
 */
static void send_to_one(const struct pstd_vcpu *from, const struct pstd_apic_msg *m)
{
	struct range r = candidates(from, m);
	struct pstd_vcpu *v, *chosen = 0;
	unsigned count = 0, left;

	while (next(from, m, &r))
		count++;
	if (!count)
		return;
	left = m->vector % count + 1;
	for (r = candidates(from, m); left && (v = next(from, m, &r)); left--)
		chosen = v;
	if (chosen)
		pstd_vcpu_deliver(chosen, m->vector);
}

void pstd_apic_send(struct pstd_vcpu *v)
{
	const struct pstd_apic_msg m = pstd_apic_icr_message(page_icr(v), v->vm->x2apic);

	if (m.dlm != PSTD_APIC_DM_FIXED && m.dlm != PSTD_APIC_DM_LOWEST &&
	    m.dlm != PSTD_APIC_DM_NMI)
		return;
	if (m.dlm != PSTD_APIC_DM_NMI && m.vector < PSTD_APIC_FIRST_VECTOR)
		pstd_apic_error(v, PSTD_APIC_ESR_SEND_VECTOR);
	else if (m.dlm == PSTD_APIC_DM_LOWEST)
		send_to_one(v, &m);
	else
		send_to_each(v, &m);
}
