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
static uint64_t page_icr(const struct hyp_vcpu *v)
{
	uint64_t high = apic_read(v->apic, v->vm->x2apic ? APIC_ICR + 4 : APIC_ICR_HI);

	return high << 32 | apic_read(v->apic, APIC_ICR);
}

static bool is_broadcast(const struct hyp_vm *vm, const struct apic_msg *m)
{
	return m->dest == (vm->x2apic ? APIC_X2APIC_BROADCAST : APIC_XAPIC_BROADCAST);
}

/* Who can be meant: as few as the message tells without a look at them. */
static struct range candidates(const struct hyp_vcpu *from, const struct apic_msg *m)
{
	const struct hyp_vm *vm = from->vm;
	uint32_t cluster = (m->dest >> 16) << 4;

	if (m->shorthand == APIC_TO_SELF)
		return (struct range){ from->apic_id, from->apic_id + 1 };
	if (m->shorthand != APIC_TO_DEST || is_broadcast(vm, m))
		return (struct range){ 0, vm->vcpu_count };
	if (!m->logical)
		return (struct range){ m->dest, m->dest + 1 };
	if (vm->x2apic) /* its logical ids follow from the ids */
		return (struct range){ cluster, cluster + 16 };
	return (struct range){ 0, vm->vcpu_count };
}

static bool is_meant(const struct hyp_vcpu *from, const struct apic_msg *m,
                     const struct hyp_vcpu *v)
{
	uint64_t published = pi_load_acquire(&v->identity);
	const struct apic_identity to = {
		v->vm->x2apic ? APIC_X2APIC : APIC_XAPIC,
		(published & APIC_SVR_ENABLE) != 0,
		v->apic_id,
		(uint32_t)(published & APIC_LOGICAL_ID),
		(uint32_t)(published >> 32),
	};

	if (apic_needs_enabled(m->dlm) && !to.enabled)
		return false;
	if (m->shorthand == APIC_TO_DEST)
		return apic_matches(&to, m->dest, m->logical);
	return m->shorthand != APIC_TO_OTHERS || v != from;
}

/* The first of the range that is meant, which is taken out of it; null: there is none. */
static struct hyp_vcpu *next(const struct hyp_vcpu *from, const struct apic_msg *m,
                             struct range *r)
{
	while (r->first < r->end) {
		struct hyp_vcpu *v = hyp_vcpu_of(from->vm, r->first++);

		if (v && is_meant(from, m, v))
			return v;
	}
	return 0;
}

static void send_to_each(const struct hyp_vcpu *from, const struct apic_msg *m)
{
	struct range r = candidates(from, m);
	struct hyp_vcpu *v;

	while ((v = next(from, m, &r)))
		if (m->dlm == APIC_DM_NMI)
			hyp_vcpu_nmi(v);
		else
			hyp_vcpu_deliver(v, m->vector);
}

/*
 * "Lowest Priority Delivery Mode" leaves the choice; Linux's vector hashing: number
 * vector mod count of those that are meant, or the last if some went meanwhile.
 */
static void send_to_one(const struct hyp_vcpu *from, const struct apic_msg *m)
{
	struct range r = candidates(from, m);
	struct hyp_vcpu *v, *chosen = 0;
	unsigned count = 0, left;

	while (next(from, m, &r))
		count++;
	if (!count)
		return;
	left = m->vector % count + 1;
	for (r = candidates(from, m); left && (v = next(from, m, &r)); left--)
		chosen = v;
	if (chosen)
		hyp_vcpu_deliver(chosen, m->vector);
}

void hyp_apic_send(struct hyp_vcpu *v)
{
	const struct apic_msg m = apic_icr_message(page_icr(v), v->vm->x2apic);

	if (m.dlm != APIC_DM_FIXED && m.dlm != APIC_DM_LOWEST && m.dlm != APIC_DM_NMI)
		return;
	if (m.dlm != APIC_DM_NMI && m.vector < APIC_FIRST_VECTOR)
		hyp_apic_error(v, APIC_ESR_SEND_VECTOR);
	else if (m.dlm == APIC_DM_LOWEST)
		send_to_one(v, &m);
	else
		send_to_each(v, &m);
}
