/* SPDX-License-Identifier: BSD-2-Clause */
/* IPI virtualization: a guest's IPI becomes a post to another vCPU's descriptor. */
#include <posted/hw/vapic.h>
#include <posted/vmx.h>

/* The descriptor that a valid entry of the PID-pointer table points to; null: exit. */
static struct pi_desc *descriptor(const struct vapic *v, uint32_t target)
{
	const uint64_t *pointer;
	uint64_t entry;

	pointer = memory_at(v->memory, v->pid_table + 8 * (uint64_t)target, sizeof(*pointer));
	if (!pointer)
		return NULL;
	entry = pi_load_acquire(pointer);
	/* The valid bit and the five reserved ones are judged together. */
	if ((entry & VMX_PID_POINTER_FLAGS) != VMX_PID_POINTER_VALID)
		return NULL;
	if (entry >> v->address_width)
		return NULL;
	return memory_at(v->memory, entry & ~VMX_PID_POINTER_FLAGS, sizeof(struct pi_desc));
}

/* ON := 1 if ON and SN are 0; true if so, with the word as it was. */
static bool set_on(struct pi_desc *d, uint64_t *control)
{
	*control = pi_load_relaxed(&d->control);
	do {
		/* SN hides the request: whoever clears SN looks at PIR. */
		if (*control & (PI_ON | PI_SN))
			return false;
	} while (!pi_cmpxchg_seq(&d->control, control, *control | PI_ON));
	return true;
}

struct vapic_result vapic_ipi_virtualization(struct vapic *v, uint8_t vector, uint32_t target)
{
	struct vapic_result exit = { .effect = VAPIC_APIC_WRITE, .qualification = APIC_ICR };
	struct pi_desc *d;
	uint64_t control;

	/* 1. A vector that no APIC delivers, or a target beyond the table: exit. */
	if (vector < APIC_FIRST_VECTOR || target > v->pid_last)
		return exit;
	/* 2. The target's entry, if it is valid. */
	d = descriptor(v, target);
	if (!d)
		return exit;
	/* 3. Locked: PIR[vector] := 1, whatever it was. */
	if (pi_test_and_set_pir(d, vector) && v->coalesced)
		pi_count(&v->coalesced[vector], 1);
	/* 4. Locked, on its own: ON. Pairs with whoever clears ON or SN, then reads PIR. */
	if (!set_on(d, &control))
		return (struct vapic_result){ .effect = VAPIC_NOTHING };
	/* 5. The notification: NV to NDST, as this local APIC's mode reads it. */
	return (struct vapic_result){
		.effect = VAPIC_SEND,
		.notification = {
			.dest = pi_destination(control, v->x2apic),
			.vector = (uint8_t)pi_field_get(PI_NV, control),
			.dlm = APIC_DM_FIXED,
		},
	};
}
