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
	[APIC_ID >> 4] = R | W,
	[APIC_VERSION >> 4] = R,
	[APIC_TPR >> 4] = R | W,
	[APIC_EOI >> 4] = R | W,
	FROM_TO(APIC_LDR, APIC_SVR) = R | W,
	FROM_TO(APIC_ISR, 0x270) = R,  /* ISR, TMR, IRR */
	[APIC_ESR >> 4] = R | W,
	FROM_TO(APIC_ICR, APIC_INITIAL_COUNT) = R | W, /* and the LVT, but for CMCI */
	[APIC_DIVIDE >> 4] = R | W,
};

/* At most 32 bits, and all of them in the low four bytes of a 16-byte register. */
static bool well_placed(unsigned offset, unsigned size)
{
	return offset < 0x400 && size && size <= 4 && offset % 16 + size <= 4;
}

/* True if an access with this right, R or W, goes to the page. */
static bool goes_to_page(const struct vapic *v, unsigned offset, unsigned size, unsigned right)
{
	if (!v->page || !well_placed(offset, size))
		return false;
	if (v->register_virt)
		return virtualized[offset >> 4] & right;
	/* "If its page offset is 080H", where register virtualization has ranges. */
	switch (offset) {
	case APIC_TPR:
		return true;
	case APIC_EOI:
		return v->vid;
	case APIC_ICR:
		return v->vid || (right == W && v->ipi_virt);
	}
	return false;
}

bool vapic_reads(const struct vapic *v, unsigned offset, unsigned size)
{
	return goes_to_page(v, offset, size, R);
}

bool vapic_writes(const struct vapic *v, unsigned offset, unsigned size)
{
	return goes_to_page(v, offset, size, W);
}

static struct vapic_result apic_write_exit(unsigned offset)
{
	return (struct vapic_result){ .effect = VAPIC_APIC_WRITE,
		                      .qualification = (uint16_t)offset };
}

static struct vapic_result write_tpr(struct vapic *v)
{
	struct vapic_result r = { .effect = VAPIC_NOTHING };

	/* Bytes 3:1 of VTPR are cleared; then TPR virtualization. */
	apic_write(v->page, APIC_TPR, apic_read(v->page, APIC_TPR) & 0xff);
	if (vapic_tpr_virtualization(v))
		r.effect = VAPIC_TPR_BELOW_THRESHOLD;
	return r;
}

static struct vapic_result write_eoi(struct vapic *v)
{
	struct vapic_result r = { .effect = VAPIC_NOTHING };
	uint8_t vector;

	if (!v->vid)
		return apic_write_exit(APIC_EOI);
	apic_write(v->page, APIC_EOI, 0);
	if (vapic_eoi_virtualization(v, &vector)) {
		r.effect = VAPIC_EOI_INDUCED;
		r.qualification = vector;
	}
	return r;
}

/* Bits of the ICR that must be zero, beside the shorthand, for either IPI below. */
#define ICR_SELF_ZERO (APIC_ICR_RSVD | APIC_ICR_LEVEL | APIC_ICR_STATUS | APIC_ICR_DLM)
#define ICR_POST_ZERO (ICR_SELF_ZERO | APIC_ICR_LOGICAL | APIC_ICR_SHORTHAND)

static struct vapic_result write_icr(struct vapic *v)
{
	uint32_t low = apic_read(v->page, APIC_ICR);
	uint8_t vector = (uint8_t)low;

	/* A clean edge IPI to self with a valid vector: self-IPI virtualization. */
	if (v->vid && pi_field_get(APIC_ICR_SHORTHAND, low) == APIC_TO_SELF &&
	    !(low & ICR_SELF_ZERO) && vector >= APIC_FIRST_VECTOR) {
		vapic_self_ipi_virtualization(v, vector);
		return (struct vapic_result){ .effect = VAPIC_NOTHING };
	}
	/* A clean edge IPI to one physical destination, 8 bits: IPI virtualization. */
	if (v->ipi_virt && !(low & ICR_POST_ZERO))
		return vapic_ipi_virtualization(v, vector, apic_read(v->page, APIC_ICR_HI) >> 24);
	return apic_write_exit(APIC_ICR);
}

struct vapic_result vapic_write_emulation(struct vapic *v, unsigned offset)
{
	switch (offset) {
	case APIC_TPR:
		return write_tpr(v);
	case APIC_EOI:
		return write_eoi(v);
	case APIC_ICR:
		return write_icr(v);
	case APIC_ICR_HI:
		/* Bytes 2:0 of VICR_HI are cleared; nothing else happens. */
		apic_write(v->page, APIC_ICR_HI, apic_read(v->page, APIC_ICR_HI) & 0xff000000);
		return (struct vapic_result){ .effect = VAPIC_NOTHING };
	}
	return apic_write_exit(offset);
}

bool vapic_reads_msr(const struct vapic *v, unsigned offset)
{
	return v->page && (v->register_virt || offset == APIC_TPR);
}

bool vapic_writes_msr(const struct vapic *v, unsigned offset)
{
	switch (offset) {
	case APIC_TPR:
		return v->page;
	case APIC_EOI:
	case APIC_SELF_IPI:
		return v->vid;
	case APIC_ICR:
		return v->ipi_virt;
	}
	return false;
}

bool vapic_msr_reserved(unsigned offset, uint64_t value)
{
	switch (offset) {
	case APIC_EOI:
		return value;
	case APIC_ICR:
		return value & APIC_ICR_RSVD;
	}
	return value >> 8;
}

/* As write_icr, of the x2APIC form: one 64-bit register, a 32-bit destination, no self-IPI. */
static struct vapic_result write_x2apic_icr(struct vapic *v, uint64_t icr)
{
	if (icr & ICR_POST_ZERO)
		return apic_write_exit(APIC_ICR);
	return vapic_ipi_virtualization(v, (uint8_t)icr, apic_icr_dest(icr, true));
}

struct vapic_result vapic_write_msr(struct vapic *v, unsigned offset, uint64_t value)
{
	v->page->reg[offset / 4] = (uint32_t)value;
	v->page->reg[offset / 4 + 1] = (uint32_t)(value >> 32);
	switch (offset) {
	case APIC_TPR:
		return write_tpr(v);
	case APIC_EOI:
		return write_eoi(v);
	case APIC_ICR:
		return write_x2apic_icr(v, value);
	}
	/* SELF_IPI: its value is a vector. */
	if ((uint8_t)value < APIC_FIRST_VECTOR)
		return apic_write_exit(APIC_SELF_IPI);
	vapic_self_ipi_virtualization(v, (uint8_t)value);
	return (struct vapic_result){ .effect = VAPIC_NOTHING };
}
