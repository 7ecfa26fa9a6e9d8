/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers, and the two ways to them. "Local APIC Register Address Map". */
#include "hw/apic/lapic_parts.h"
#include <posted/types.h>

#define BOTH_R (PSTD_LAPIC_MMIO_R | PSTD_LAPIC_MSR_R)
#define BOTH_W (PSTD_LAPIC_MMIO_W | PSTD_LAPIC_MSR_W)
#define MMIO_RW (PSTD_LAPIC_MMIO_R | PSTD_LAPIC_MMIO_W)
#define ALL ((uint32_t)~0u)

#define STATUS ((uint32_t)PSTD_APIC_LVT_STATUS)
#define MASKED ((uint32_t)PSTD_APIC_LVT_MASK)
#define VECTOR_MASK ((uint32_t)(PSTD_APIC_LVT_VECTOR | PSTD_APIC_LVT_MASK))
#define VECTOR_MODE_MASK (VECTOR_MASK | (uint32_t)PSTD_APIC_LVT_DLM)
#define LINT (VECTOR_MODE_MASK | (uint32_t)(PSTD_APIC_LVT_ACTIVE_LOW | PSTD_APIC_LVT_LEVEL))
#define ICR_FIELDS                                                                     \
	((uint32_t)(PSTD_APIC_ICR_VECTOR | PSTD_APIC_ICR_DLM | PSTD_APIC_ICR_LOGICAL | \
	            PSTD_APIC_ICR_ASSERT | PSTD_APIC_ICR_LEVEL | PSTD_APIC_ICR_SHORTHAND))

static void wrote_tpr(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                      struct pstd_lapic_out *out)
{
	out->priority = true;
}

static void wrote_eoi(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                      struct pstd_lapic_out *out)
{
	int vector = pstd_lapic_eoi(l);

	out->eoi = vector >= 0;
	out->vector = out->eoi ? (uint8_t)vector : 0;
}

static void wrote_identity(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                           struct pstd_lapic_out *out)
{
	out->identity = true;
}

/* "Local APIC Software Disable"; what is requested or in service stays. */
static void wrote_svr(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                      struct pstd_lapic_out *out)
{
	if (!pstd_lapic_software_enabled(l))
		pstd_lapic_mask_all(l);
	pstd_lapic_set_deaf(l);
	out->identity = (w->old ^ pstd_apic_read(&l->regs, PSTD_APIC_SVR)) & PSTD_APIC_SVR_ENABLE;
}

/* "Error Handling": a write makes ESR show what happened since the last one. */
static void wrote_esr(struct pstd_lapic *l, const struct pstd_lapic_write *w,
                      struct pstd_lapic_out *out)
{
	pstd_apic_write(&l->regs, PSTD_APIC_ESR, l->errors);
	l->errors = 0;
}

#define READ_ONLY(name) { name, BOTH_R, 0, 0, 0, 0, 0, NULL }
#define BANK(offset, name) [(offset) / 16 ... (offset) / 16 + 7] = READ_ONLY(name)
#define LVT(name, feature, optional, fields, tolerated, wrote)                  \
	{ name, BOTH_R | BOTH_W, feature, optional, MASKED, fields, tolerated, wrote }

/*
 * By offset / 16: name, access, feature, its bits, reset, writable, tolerated,
 * wrote. Resets of ID, VERSION and LDR depend on more, see reset_registers.
 */
const struct pstd_lapic_row pstd_lapic_rows[PSTD_LAPIC_ROWS] = {
	[PSTD_APIC_ID / 16] = READ_ONLY("ID"),
	[PSTD_APIC_VERSION / 16] = READ_ONLY("VERSION"),
	[PSTD_APIC_TPR / 16] = { "TPR", BOTH_R | BOTH_W, 0, 0, 0, 0xff, 0, wrote_tpr },
	[PSTD_APIC_APR / 16] = { "APR", PSTD_LAPIC_MMIO_R, 0, 0, 0, 0, 0, NULL },
	[PSTD_APIC_PPR / 16] = READ_ONLY("PPR"),
	[PSTD_APIC_EOI / 16] = { "EOI", BOTH_W, 0, 0, 0, 0, 0, wrote_eoi },
	[PSTD_APIC_RRD / 16] = { "RRD", PSTD_LAPIC_MMIO_R, 0, 0, 0, 0, 0, NULL },
	[PSTD_APIC_LDR / 16] = { "LDR", MMIO_RW | PSTD_LAPIC_MSR_R, 0, 0, 0,
	                         (uint32_t)PSTD_APIC_LOGICAL_ID, 0, wrote_identity },
	[PSTD_APIC_DFR / 16] = { "DFR", MMIO_RW, 0, 0, ALL, (uint32_t)PSTD_APIC_DFR_MODEL, 0,
	                         wrote_identity },
	[PSTD_APIC_SVR / 16] = { "SVR", BOTH_R | BOTH_W, PSTD_LAPIC_EOI_SUPPRESSION,
	                         (uint32_t)PSTD_APIC_SVR_NO_EOI_BROADCAST, 0xff,
	                         (uint32_t)(PSTD_APIC_SVR_VECTOR | PSTD_APIC_SVR_ENABLE |
	                                    PSTD_APIC_SVR_NO_FOCUS |
	                                    PSTD_APIC_SVR_NO_EOI_BROADCAST),
	                         0, wrote_svr },
	BANK(PSTD_APIC_ISR, "ISR"),
	BANK(PSTD_APIC_TMR, "TMR"),
	BANK(PSTD_APIC_IRR, "IRR"),
	[PSTD_APIC_ESR / 16] = { "ESR", BOTH_R | BOTH_W, 0, 0, 0, 0, 0, wrote_esr },
	[PSTD_APIC_LVT_CMCI / 16] = LVT("LVT CMCI", PSTD_LAPIC_CMCI, ALL, VECTOR_MODE_MASK, STATUS,
	                                pstd_lapic_wrote_lvt),
	[PSTD_APIC_ICR / 16] = { "ICR", BOTH_R | BOTH_W, 0, 0, 0, ICR_FIELDS,
	                         (uint32_t)PSTD_APIC_ICR_STATUS, pstd_lapic_wrote_icr },
	[PSTD_APIC_ICR_HI / 16] = { "ICR 63:32", MMIO_RW, 0, 0, 0,
	                            (uint32_t)(PSTD_APIC_ICR_DEST_XAPIC >> 32), 0, NULL },
	[PSTD_APIC_LVT_TIMER / 16] = LVT("LVT TIMER", PSTD_LAPIC_TSC_DEADLINE,
	                                 (uint32_t)PSTD_BIT(18),
	                                 VECTOR_MASK | (uint32_t)PSTD_APIC_LVT_TIMER_MODE, STATUS,
	                                 pstd_lapic_wrote_lvt_timer),
	[PSTD_APIC_LVT_THERMAL / 16] =
		LVT("LVT THERMAL", 0, 0, VECTOR_MODE_MASK, STATUS, pstd_lapic_wrote_lvt),
	[PSTD_APIC_LVT_PERF / 16] =
		LVT("LVT PERF", 0, 0, VECTOR_MODE_MASK, STATUS, pstd_lapic_wrote_lvt),
	[PSTD_APIC_LVT_LINT0 / 16] = LVT("LVT LINT0", 0, 0, LINT,
	                                 STATUS | (uint32_t)PSTD_APIC_LVT_REMOTE_IRR,
	                                 pstd_lapic_wrote_lvt),
	[PSTD_APIC_LVT_LINT1 / 16] = LVT("LVT LINT1", 0, 0, LINT,
	                                 STATUS | (uint32_t)PSTD_APIC_LVT_REMOTE_IRR,
	                                 pstd_lapic_wrote_lvt),
	[PSTD_APIC_LVT_ERROR / 16] =
		LVT("LVT ERROR", 0, 0, VECTOR_MASK, STATUS, pstd_lapic_wrote_lvt),
	[PSTD_APIC_INITIAL_COUNT / 16] = { "INITIAL COUNT", BOTH_R | BOTH_W, 0, 0, 0, ALL, 0,
	                                   pstd_lapic_wrote_initial_count },
	[PSTD_APIC_CURRENT_COUNT / 16] = READ_ONLY("CURRENT COUNT"),
	[PSTD_APIC_DIVIDE / 16] = { "DIVIDE", BOTH_R | BOTH_W, 0, 0, 0, 0xb, 0,
	                            pstd_lapic_wrote_divide },
	[PSTD_APIC_SELF_IPI / 16] = { "SELF IPI", PSTD_LAPIC_MSR_W, 0, 0, 0, 0xff, 0,
	                              pstd_lapic_wrote_self_ipi },
};

const struct pstd_lapic_row *pstd_lapic_row(const struct pstd_lapic *l, unsigned offset)
{
	const struct pstd_lapic_row *row =
		offset < PSTD_LAPIC_ROWS * 16 ? &pstd_lapic_rows[offset / 16] : NULL;

	if (!row || !row->name)
		return NULL;
	return row->optional == ALL && !(l->features & row->feature) ? NULL : row;
}

uint32_t pstd_lapic_writable(const struct pstd_lapic *l, const struct pstd_lapic_row *row)
{
	return l->features & row->feature ? row->writable : row->writable & ~row->optional;
}

static uint32_t read_register(const struct pstd_lapic *l, unsigned offset, uint64_t now)
{
	const struct pstd_apic_page *a = &l->regs;
	uint8_t tpr = (uint8_t)pstd_apic_read(a, PSTD_APIC_TPR),
		isrv = pstd_apic_highest_or_0(a, PSTD_APIC_ISR);

	switch (offset) {
	case PSTD_APIC_PPR:
		return pstd_apic_ppr(tpr, isrv);
	case PSTD_APIC_APR:
		return pstd_apic_apr(tpr, isrv, pstd_apic_highest_or_0(a, PSTD_APIC_IRR));
	case PSTD_APIC_CURRENT_COUNT:
		return pstd_lapic_timer_current(l, now);
	}
	return pstd_apic_read(a, offset);
}

static void write_register(struct pstd_lapic *l, unsigned offset, uint32_t value, uint64_t now,
                           struct pstd_lapic_out *out)
{
	const struct pstd_lapic_row *row = pstd_lapic_row(l, offset);
	const struct pstd_lapic_write w = { offset, pstd_apic_read(&l->regs, offset), now };
	uint32_t writable = pstd_lapic_writable(l, row);

	pstd_apic_write(&l->regs, offset, (w.old & ~writable) | (value & writable));
	if (row->wrote)
		row->wrote(l, &w, out);
}

/* What arrived before an access, or was due, comes before it. */
static void catch_up(struct pstd_lapic *l, uint64_t now)
{
	pstd_lapic_collect(l);
	pstd_lapic_timer(l, now);
}

/* The row of an access to the page. Null: it is an error, which is recorded here. */
static const struct pstd_lapic_row *find(struct pstd_lapic *l, unsigned offset, unsigned size)
{
	const struct pstd_lapic_row *row = pstd_lapic_row(l, offset);

	if (row && (row->access & MMIO_RW) && size == 4 && offset % 16 == 0)
		return row;
	pstd_lapic_error(l, PSTD_APIC_ESR_REGISTER);
	return NULL;
}

uint32_t pstd_lapic_mmio_read(struct pstd_lapic *l, unsigned offset, unsigned size, uint64_t now)
{
	const struct pstd_lapic_row *row;

	if (pstd_lapic_mode(l) != PSTD_APIC_XAPIC)
		return ALL;
	catch_up(l, now);
	row = find(l, offset, size);
	return row && (row->access & PSTD_LAPIC_MMIO_R) ? read_register(l, offset, now) : 0;
}

struct pstd_lapic_out pstd_lapic_mmio_write(struct pstd_lapic *l, unsigned offset, unsigned size,
                                            uint32_t value, uint64_t now)
{
	struct pstd_lapic_out out = { 0 };
	const struct pstd_lapic_row *row;

	if (pstd_lapic_mode(l) != PSTD_APIC_XAPIC)
		return out;
	catch_up(l, now);
	row = find(l, offset, size);
	if (row && (row->access & PSTD_LAPIC_MMIO_W))
		write_register(l, offset, value, now, &out);
	return out;
}

/* "x2APIC Register Address Space"; the offset of a register that may be accessed so, 0 if none. */
static unsigned x2apic_offset(const struct pstd_lapic *l, uint32_t msr,
                              enum pstd_lapic_access access)
{
	const struct pstd_lapic_row *row;

	if (pstd_lapic_mode(l) != PSTD_APIC_X2APIC || msr < PSTD_APIC_X2APIC_MSR_FIRST ||
	    msr > PSTD_APIC_X2APIC_MSR_LAST)
		return 0;
	row = pstd_lapic_row(l, (msr & 0xff) * 16);
	return row && (row->access & access) ? (msr & 0xff) * 16 : 0;
}

bool pstd_lapic_rdmsr(struct pstd_lapic *l, uint32_t msr, uint64_t now, uint64_t *value)
{
	unsigned offset;

	catch_up(l, now);
	if (msr == PSTD_APIC_MSR_BASE) {
		*value = l->base;
		return true;
	}
	if (msr == PSTD_APIC_MSR_TSC_DEADLINE) {
		*value = pstd_lapic_read_deadline(l);
		return l->features & PSTD_LAPIC_TSC_DEADLINE;
	}
	offset = x2apic_offset(l, msr, PSTD_LAPIC_MSR_R);
	if (!offset)
		return false;
	*value = read_register(l, offset, now);
	if (offset == PSTD_APIC_ICR)
		*value |= (uint64_t)pstd_apic_read(&l->regs, PSTD_APIC_ICR_HI) << 32;
	return true;
}

static bool write_x2apic(struct pstd_lapic *l, uint32_t msr, uint64_t value, uint64_t now,
                         struct pstd_lapic_out *out)
{
	unsigned offset = x2apic_offset(l, msr, PSTD_LAPIC_MSR_W);
	const struct pstd_lapic_row *row = pstd_lapic_row(l, offset);
	uint64_t allowed;

	if (!offset)
		return false;
	allowed = pstd_lapic_writable(l, row) | row->tolerated;
	if (offset == PSTD_APIC_ICR)
		allowed |= PSTD_APIC_ICR_DEST;
	if (value & ~allowed)
		return false;
	if (offset == PSTD_APIC_ICR)
		pstd_apic_write(&l->regs, PSTD_APIC_ICR_HI, (uint32_t)(value >> 32));
	write_register(l, offset, (uint32_t)value, now, out);
	return true;
}

/* Messages have no part in it: what arrived stays in the inbox, and no shared word is read. */
static bool write_deadline(struct pstd_lapic *l, uint64_t deadline, uint64_t now)
{
	pstd_lapic_timer(l, now);
	if (l->features & PSTD_LAPIC_TSC_DEADLINE)
		pstd_lapic_write_deadline(l, deadline, now);
	return l->features & PSTD_LAPIC_TSC_DEADLINE;
}

bool pstd_lapic_wrmsr(struct pstd_lapic *l, uint32_t msr, uint64_t value, uint64_t now,
                      struct pstd_lapic_out *out)
{
	*out = (struct pstd_lapic_out){ 0 };
	if (msr == PSTD_APIC_MSR_TSC_DEADLINE)
		return write_deadline(l, value, now);
	catch_up(l, now);
	if (msr == PSTD_APIC_MSR_BASE)
		return pstd_lapic_write_base(l, value, out);
	return write_x2apic(l, msr, value, now, out);
}
