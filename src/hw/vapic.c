/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vapic.h>

/* VPPR := VTPR & FFh if VTPR[7:4] >= SVI[7:4], else SVI & F0h; bytes 3:1 are 0. */
void vapic_ppr_virtualization(struct vapic *v)
{
	uint8_t vtpr = (uint8_t)apic_read(v->page, APIC_TPR);

	apic_write(v->page, APIC_PPR, apic_ppr(vtpr, v->svi));
}

/* Recognition is not blocked by IF, STI, MOV SS or activity state; only delivery is. */
void vapic_evaluate_pending(struct vapic *v)
{
	uint8_t vppr = (uint8_t)apic_read(v->page, APIC_PPR);

	v->recognized = !v->intr_window && apic_above(v->rvi, vppr);
}

bool vapic_tpr_below_threshold(const struct vapic *v)
{
	return !v->vid && (apic_read(v->page, APIC_TPR) >> 4 & 0xf) < v->tpr_threshold;
}

bool vapic_tpr_virtualization(struct vapic *v)
{
	if (!v->vid)
		return vapic_tpr_below_threshold(v);
	vapic_ppr_virtualization(v);
	vapic_evaluate_pending(v);
	return false;
}

void vapic_vm_entry(struct vapic *v)
{
	v->recognized = false;
	if (!v->vid)
		return;
	vapic_ppr_virtualization(v);
	vapic_evaluate_pending(v);
}

bool vapic_eoi_virtualization(struct vapic *v, uint8_t *vector)
{
	*vector = v->svi;
	/* 1. VISR[vector] := 0; 2. SVI := highest VISR; 3. PPR virtualization. */
	apic_clear(v->page, APIC_ISR, *vector);
	v->svi = apic_highest_or_0(v->page, APIC_ISR);
	vapic_ppr_virtualization(v);
	/* 4. An exit if the bitmap asks for it, an evaluation if not. */
	if (v->eoi_exit[*vector / 64] & PI_BIT(*vector % 64))
		return true;
	vapic_evaluate_pending(v);
	return false;
}

void vapic_self_ipi_virtualization(struct vapic *v, uint8_t vector)
{
	/* 1. VIRR[vector] := 1; 2. RVI := the higher of RVI and vector; 3. evaluate. */
	if (apic_test(v->page, APIC_IRR, vector) && v->coalesced)
		pi_count(&v->coalesced[vector], 1);
	apic_set(v->page, APIC_IRR, vector);
	if (vector > v->rvi)
		v->rvi = vector;
	vapic_evaluate_pending(v);
}

uint8_t vapic_deliver(struct vapic *v)
{
	uint8_t vector = v->rvi;

	apic_set(v->page, APIC_ISR, vector);
	v->svi = vector;
	apic_write(v->page, APIC_PPR, vector & 0xf0);
	apic_clear(v->page, APIC_IRR, vector);
	v->rvi = apic_highest_or_0(v->page, APIC_IRR);
	v->recognized = false;
	return vector;
}

static uint8_t highest_of(const uint64_t bits[4])
{
	for (int i = 3; i >= 0; i--)
		if (bits[i])
			return (uint8_t)(i * 64 + 63 - __builtin_clzll(bits[i]));
	return 0;
}

void vapic_merge_pir(struct vapic *v, struct pi_desc *d)
{
	uint64_t pir[4], merged[4];

	/* VIRR |= PIR, PIR := 0, group by group; RVI := the higher of old RVI and PIR's highest. */
	if (!pi_take_pir(d, pir))
		return;
	if (apic_merge(v->page, APIC_IRR, pir, merged) && v->coalesced)
		pi_count_bits(v->coalesced, merged);
	if (highest_of(pir) > v->rvi)
		v->rvi = highest_of(pir);
}
