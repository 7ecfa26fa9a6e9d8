/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vapic.h>

/* VPPR := VTPR & FFh if VTPR[7:4] >= SVI[7:4], else SVI & F0h; bytes 3:1 are 0. */
void pstd_vapic_ppr_virtualization(struct pstd_vapic *v)
{
	uint8_t vtpr = (uint8_t)pstd_apic_read(v->page, PSTD_APIC_TPR);

	pstd_apic_write(v->page, PSTD_APIC_PPR, pstd_apic_ppr(vtpr, v->svi));
}

/* Recognition is not blocked by IF, STI, MOV SS or activity state; only delivery is. */
void pstd_vapic_evaluate_pending(struct pstd_vapic *v)
{
	uint8_t vppr = (uint8_t)pstd_apic_read(v->page, PSTD_APIC_PPR);

	v->recognized = !v->intr_window && pstd_apic_above(v->rvi, vppr);
}

bool pstd_vapic_tpr_below_threshold(const struct pstd_vapic *v)
{
	return !v->vid && (pstd_apic_read(v->page, PSTD_APIC_TPR) >> 4 & 0xf) < v->tpr_threshold;
}

bool pstd_vapic_tpr_virtualization(struct pstd_vapic *v)
{
	if (!v->vid)
		return pstd_vapic_tpr_below_threshold(v);
	pstd_vapic_ppr_virtualization(v);
	pstd_vapic_evaluate_pending(v);
	return false;
}

void pstd_vapic_vm_entry(struct pstd_vapic *v)
{
	v->recognized = false;
	if (!v->vid)
		return;
	pstd_vapic_ppr_virtualization(v);
	pstd_vapic_evaluate_pending(v);
}

bool pstd_vapic_eoi_virtualization(struct pstd_vapic *v, uint8_t *vector)
{
	*vector = v->svi;
	/* 1. VISR[vector] := 0; 2. SVI := highest VISR; 3. PPR virtualization. */
	pstd_apic_clear(v->page, PSTD_APIC_ISR, *vector);
	v->svi = pstd_apic_highest_or_0(v->page, PSTD_APIC_ISR);
	pstd_vapic_ppr_virtualization(v);
	/* 4. An exit if the bitmap asks for it, an evaluation if not. */
	if (v->eoi_exit[*vector / 64] & PSTD_BIT(*vector % 64))
		return true;
	pstd_vapic_evaluate_pending(v);
	return false;
}

void pstd_vapic_self_ipi_virtualization(struct pstd_vapic *v, uint8_t vector)
{
	/* 1. VIRR[vector] := 1; 2. RVI := the higher of RVI and vector; 3. evaluate. */
	if (pstd_apic_test(v->page, PSTD_APIC_IRR, vector) && v->coalesced)
		pstd_count(&v->coalesced[vector], 1);
	pstd_apic_set(v->page, PSTD_APIC_IRR, vector);
	if (vector > v->rvi)
		v->rvi = vector;
	pstd_vapic_evaluate_pending(v);
}

uint8_t pstd_vapic_deliver(struct pstd_vapic *v)
{
	uint8_t vector = v->rvi;

	pstd_apic_set(v->page, PSTD_APIC_ISR, vector);
	v->svi = vector;
	pstd_apic_write(v->page, PSTD_APIC_PPR, vector & 0xf0);
	pstd_apic_clear(v->page, PSTD_APIC_IRR, vector);
	v->rvi = pstd_apic_highest_or_0(v->page, PSTD_APIC_IRR);
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

void pstd_vapic_merge_pir(struct pstd_vapic *v, struct pstd_desc *d)
{
	uint64_t pir[4], merged[4];

	/* VIRR |= PIR, PIR := 0, group by group; RVI := the higher of old RVI and PIR's highest. */
	if (!pstd_take_pir(d, pir))
		return;
	if (pstd_apic_merge(v->page, PSTD_APIC_IRR, pir, merged) && v->coalesced)
		pstd_count_bits(v->coalesced, merged);
	if (highest_of(pir) > v->rvi)
		v->rvi = highest_of(pir);
}
