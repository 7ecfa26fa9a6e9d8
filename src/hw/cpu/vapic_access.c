/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of the guest's accesses to its APIC go to the virtual-APIC page, and
 * what a write to a register there sets off.
 */
#include <posted/hw/vapic.h>

/* What "APIC-register virtualization" makes of each register of the page. */
enum { R = 1, W = 2 };

#define FROM_TO(first, last) [(first) >> 4 ... (last) >> 4]

static const uint8_t virtualized[0x400 >> 4] = {
	[PSTD_APIC_ID >> 4] = R | W,
	[PSTD_APIC_VERSION >> 4] = R,
	[PSTD_APIC_TPR >> 4] = R | W,
	[PSTD_APIC_EOI >> 4] = R | W,
	FROM_TO(PSTD_APIC_LDR, PSTD_APIC_SVR) = R | W,
	FROM_TO(PSTD_APIC_ISR, 0x270) = R, /* ISR, TMR, IRR */
	[PSTD_APIC_ESR >> 4] = R | W,
	FROM_TO(PSTD_APIC_ICR, PSTD_APIC_INITIAL_COUNT) = R | W, /* and the LVT, but for CMCI */
	[PSTD_APIC_DIVIDE >> 4] = R | W,
};

/* At most 32 bits, and all of them in the low four bytes of a 16-byte register. */
static bool well_placed(unsigned offset, unsigned size)
{
	return offset < 0x400 && size && size <= 4 && offset % 16 + size <= 4;
}

/* True if an access with this right, R or W, goes to the page. */
static bool goes_to_page(const struct pstd_vapic *v, unsigned offset, unsigned size, unsigned right)
{
	if (!v->page || !well_placed(offset, size))
		return false;
	if (v->register_virt)
		return virtualized[offset >> 4] & right;
	/* "If its page offset is 080H", where register virtualization has ranges. */
	switch (offset) {
	case PSTD_APIC_TPR:
		return true;
	case PSTD_APIC_EOI:
		return v->vid;
	case PSTD_APIC_ICR:
		return v->vid || (right == W && v->ipi_virt);
	}
	return false;
}

bool pstd_vapic_reads(const struct pstd_vapic *v, unsigned offset, unsigned size)
{
	return goes_to_page(v, offset, size, R);
}

bool pstd_vapic_writes(const struct pstd_vapic *v, unsigned offset, unsigned size)
{
	return goes_to_page(v, offset, size, W);
}

static struct pstd_vapic_result apic_write_exit(unsigned offset)
{
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_APIC_WRITE,
		                           .qualification = (uint16_t)offset };
}

static struct pstd_vapic_result write_tpr(struct pstd_vapic *v)
{
	struct pstd_vapic_result r = { .effect = PSTD_VAPIC_NOTHING };

	/* Bytes 3:1 of VTPR are cleared; then TPR virtualization. */
	pstd_apic_write(v->page, PSTD_APIC_TPR, pstd_apic_read(v->page, PSTD_APIC_TPR) & 0xff);
	if (pstd_vapic_tpr_virtualization(v))
		r.effect = PSTD_VAPIC_TPR_BELOW_THRESHOLD;
	return r;
}

static struct pstd_vapic_result write_eoi(struct pstd_vapic *v)
{
	struct pstd_vapic_result r = { .effect = PSTD_VAPIC_NOTHING };
	uint8_t vector;

	if (!v->vid)
		return apic_write_exit(PSTD_APIC_EOI);
	pstd_apic_write(v->page, PSTD_APIC_EOI, 0);
	if (pstd_vapic_eoi_virtualization(v, &vector)) {
		r.effect = PSTD_VAPIC_EOI_INDUCED;
		r.qualification = vector;
	}
	return r;
}

/* Bits of the ICR that must be zero, beside the shorthand, for either IPI below. */
#define ICR_SELF_ZERO \
	(PSTD_APIC_ICR_RSVD | PSTD_APIC_ICR_LEVEL | PSTD_APIC_ICR_STATUS | PSTD_APIC_ICR_DLM)
#define ICR_POST_ZERO (ICR_SELF_ZERO | PSTD_APIC_ICR_LOGICAL | PSTD_APIC_ICR_SHORTHAND)

static struct pstd_vapic_result write_icr(struct pstd_vapic *v)
{
	uint32_t low = pstd_apic_read(v->page, PSTD_APIC_ICR);
	uint8_t vector = (uint8_t)low;

	/* A clean edge IPI to self with a valid vector: self-IPI virtualization. */
	if (v->vid && pstd_field_get(PSTD_APIC_ICR_SHORTHAND, low) == PSTD_APIC_TO_SELF &&
	    !(low & ICR_SELF_ZERO) && vector >= PSTD_APIC_FIRST_VECTOR) {
		pstd_vapic_self_ipi_virtualization(v, vector);
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	}
	/* A clean edge IPI to one physical destination, 8 bits: IPI virtualization. */
	if (v->ipi_virt && !(low & ICR_POST_ZERO))
		return pstd_vapic_ipi_virtualization(
			v, vector, pstd_apic_read(v->page, PSTD_APIC_ICR_HI) >> 24);
	return apic_write_exit(PSTD_APIC_ICR);
}

struct pstd_vapic_result pstd_vapic_write_emulation(struct pstd_vapic *v, unsigned offset)
{
	switch (offset) {
	case PSTD_APIC_TPR:
		return write_tpr(v);
	case PSTD_APIC_EOI:
		return write_eoi(v);
	case PSTD_APIC_ICR:
		return write_icr(v);
	case PSTD_APIC_ICR_HI:
		/* Bytes 2:0 of VICR_HI are cleared; nothing else happens. */
		pstd_apic_write(v->page, PSTD_APIC_ICR_HI,
		                pstd_apic_read(v->page, PSTD_APIC_ICR_HI) & 0xff000000);
		return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
	}
	return apic_write_exit(offset);
}

bool pstd_vapic_reads_msr(const struct pstd_vapic *v, unsigned offset)
{
	return v->page && (v->register_virt || offset == PSTD_APIC_TPR);
}

bool pstd_vapic_writes_msr(const struct pstd_vapic *v, unsigned offset)
{
	switch (offset) {
	case PSTD_APIC_TPR:
		return v->page;
	case PSTD_APIC_EOI:
	case PSTD_APIC_SELF_IPI:
		return v->vid;
	case PSTD_APIC_ICR:
		return v->ipi_virt;
	}
	return false;
}

bool pstd_vapic_msr_reserved(unsigned offset, uint64_t value)
{
	switch (offset) {
	case PSTD_APIC_EOI:
		return value;
	case PSTD_APIC_ICR:
		return value & PSTD_APIC_ICR_RSVD;
	}
	return value >> 8;
}

/* As write_icr, of the x2APIC form: one 64-bit register, a 32-bit destination, no self-IPI. */
static struct pstd_vapic_result write_x2apic_icr(struct pstd_vapic *v, uint64_t icr)
{
	if (icr & ICR_POST_ZERO)
		return apic_write_exit(PSTD_APIC_ICR);
	return pstd_vapic_ipi_virtualization(v, (uint8_t)icr, pstd_apic_icr_dest(icr, true));
}

struct pstd_vapic_result pstd_vapic_write_msr(struct pstd_vapic *v, unsigned offset, uint64_t value)
{
	v->page->reg[offset / 4] = (uint32_t)value;
	v->page->reg[offset / 4 + 1] = (uint32_t)(value >> 32);
	switch (offset) {
	case PSTD_APIC_TPR:
		return write_tpr(v);
	case PSTD_APIC_EOI:
		return write_eoi(v);
	case PSTD_APIC_ICR:
		return write_x2apic_icr(v, value);
	}
	/* SELF_IPI: its value is a vector. */
	if ((uint8_t)value < PSTD_APIC_FIRST_VECTOR)
		return apic_write_exit(PSTD_APIC_SELF_IPI);
	pstd_vapic_self_ipi_virtualization(v, (uint8_t)value);
	return (struct pstd_vapic_result){ .effect = PSTD_VAPIC_NOTHING };
}
