/* SPDX-License-Identifier: BSD-2-Clause */
/* IPI virtualization: a guest's IPI becomes a post to another vCPU's descriptor. */
#include <posted/hw/vapic.h>
#include <posted/vmx.h>

/* The descriptor that a valid entry of the PID-pointer table points to; null: exit. */
static struct pstd_desc *descriptor(const struct pstd_vapic *v, uint32_t target)
{
	const uint64_t *pointer;
	uint64_t entry;

	pointer = pstd_memory_at(v->memory, v->pid_table + 8 * (uint64_t)target, sizeof(*pointer));
	if (!pointer)
		return NULL;
	entry = pstd_load_acquire(pointer);
	/* The valid bit and the five reserved ones are judged together. */
	if ((entry & PSTD_VMX_PID_POINTER_FLAGS) != PSTD_VMX_PID_POINTER_VALID)
		return NULL;
	if (entry >> v->address_width)
		return NULL;
	return pstd_memory_at(v->memory, entry & ~PSTD_VMX_PID_POINTER_FLAGS,
	                      sizeof(struct pstd_desc));
}

/* ON := 1 if ON and SN are 0; true if so, with the word as it was. */
static bool set_on(struct pstd_desc *d, uint64_t *control)
{
	*control = pstd_load_relaxed(&d->control);
	do {
		/* SN hides the request: whoever clears SN looks at PIR. */
		if (*control & (PSTD_ON | PSTD_SN))
			return false;
	} while (!pstd_cmpxchg_seq(&d->control, control, *control | PSTD_ON));
	return true;
}

struct pstd_vapic_result pstd_vapic_ipi_virtualization(struct pstd_vapic *v, uint8_t vector,
                                                       uint32_t target)
{
	struct pstd_vapic_result exit = { .effect = PSTD_VAPIC_APIC_WRITE,
		                          .qualification = PSTD_APIC_ICR };
	struct pstd_desc *d;
	uint64_t control;

	/* 1. A vector that no APIC delivers, or a target beyond the table: exit. */
	if (vector < PSTD_APIC_FIRST_VECTOR || target > v->pid_last)
		return exit;
	/* 2. The target's entry, if it is valid. */
	d = descriptor(v, target);
	if (!d)
		return exit;
	/* 3. Locked: PIR[vector] := 1, whatever it was. */
	if (pstd_test_and_set_pir(d, vector) && v->coalesced)
		pstd_count(&v->coalesced[vector], 1);
	/* 4. Locked, on its own: ON. Pairs with whoever clears ON or SN, then reads PIR. */
	if (!set_on(d, &control))
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	/* 5. The notification: NV to NDST, as this local APIC's mode reads it. */
	return (struct pstd_vapic_result){
		.effect = PSTD_VAPIC_SEND,
		.notification = {
			.dest = pstd_destination(control, v->x2apic),
			.vector = (uint8_t)pstd_field_get(PSTD_NV, control),
			.dlm = PSTD_APIC_DM_FIXED,
		},
	};
}
