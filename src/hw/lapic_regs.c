/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers, and the two ways to them. "Local APIC Register Address Map". */
#include "hw/lapic_parts.h"
#include <posted/types.h>

#define BOTH_R (LAPIC_MMIO_R | LAPIC_MSR_R)
#define BOTH_W (LAPIC_MMIO_W | LAPIC_MSR_W)
#define MMIO_RW (LAPIC_MMIO_R | LAPIC_MMIO_W)
#define ALL ((uint32_t)~0u)

#define STATUS ((uint32_t)APIC_LVT_STATUS)
#define MASKED ((uint32_t)APIC_LVT_MASK)
#define VECTOR_MASK ((uint32_t)(APIC_LVT_VECTOR | APIC_LVT_MASK))
#define VECTOR_MODE_MASK (VECTOR_MASK | (uint32_t)APIC_LVT_DLM)
#define LINT (VECTOR_MODE_MASK | (uint32_t)(APIC_LVT_ACTIVE_LOW | APIC_LVT_LEVEL))
#define ICR_FIELDS                                                                         \
	((uint32_t)(APIC_ICR_VECTOR | APIC_ICR_DLM | APIC_ICR_LOGICAL | APIC_ICR_ASSERT |  \
	            APIC_ICR_LEVEL | APIC_ICR_SHORTHAND))

static void wrote_tpr(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	out->priority = true;
}

static void wrote_eoi(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	int vector = lapic_eoi(l);

	out->eoi = vector >= 0;
	out->vector = out->eoi ? (uint8_t)vector : 0;
}

static void wrote_identity(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	out->identity = true;
}

/* "Local APIC Software Disable"; what is requested or in service stays. */
static void wrote_svr(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	if (!lapic_software_enabled(l))
		lapic_mask_all(l);
	lapic_set_deaf(l);
	out->identity = (w->old ^ apic_read(&l->regs, APIC_SVR)) & APIC_SVR_ENABLE;
}

/* "Error Handling": a write makes ESR show what happened since the last one. */
static void wrote_esr(struct lapic *l, const struct lapic_write *w, struct lapic_out *out)
{
	apic_write(&l->regs, APIC_ESR, l->errors);
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
const struct lapic_row lapic_rows[LAPIC_ROWS] = {
	[APIC_ID / 16] = READ_ONLY("ID"),
	[APIC_VERSION / 16] = READ_ONLY("VERSION"),
	[APIC_TPR / 16] = { "TPR", BOTH_R | BOTH_W, 0, 0, 0, 0xff, 0, wrote_tpr },
	[APIC_APR / 16] = { "APR", LAPIC_MMIO_R, 0, 0, 0, 0, 0, NULL },
	[APIC_PPR / 16] = READ_ONLY("PPR"),
	[APIC_EOI / 16] = { "EOI", BOTH_W, 0, 0, 0, 0, 0, wrote_eoi },
	[APIC_RRD / 16] = { "RRD", LAPIC_MMIO_R, 0, 0, 0, 0, 0, NULL },
	[APIC_LDR / 16] = { "LDR", MMIO_RW | LAPIC_MSR_R, 0, 0, 0,
	                    (uint32_t)APIC_LOGICAL_ID, 0, wrote_identity },
	[APIC_DFR / 16] = { "DFR", MMIO_RW, 0, 0, ALL, (uint32_t)APIC_DFR_MODEL, 0,
	                    wrote_identity },
	[APIC_SVR / 16] = { "SVR", BOTH_R | BOTH_W, LAPIC_EOI_SUPPRESSION,
	                    (uint32_t)APIC_SVR_NO_EOI_BROADCAST, 0xff,
	                    (uint32_t)(APIC_SVR_VECTOR | APIC_SVR_ENABLE | APIC_SVR_NO_FOCUS |
	                               APIC_SVR_NO_EOI_BROADCAST),
	                    0, wrote_svr },
	BANK(APIC_ISR, "ISR"),
	BANK(APIC_TMR, "TMR"),
	BANK(APIC_IRR, "IRR"),
	[APIC_ESR / 16] = { "ESR", BOTH_R | BOTH_W, 0, 0, 0, 0, 0, wrote_esr },
	[APIC_LVT_CMCI / 16] = LVT("LVT CMCI", LAPIC_CMCI, ALL, VECTOR_MODE_MASK, STATUS,
	                           lapic_wrote_lvt),
	[APIC_ICR / 16] = { "ICR", BOTH_R | BOTH_W, 0, 0, 0, ICR_FIELDS,
	                    (uint32_t)APIC_ICR_STATUS, lapic_wrote_icr },
	[APIC_ICR_HI / 16] = { "ICR 63:32", MMIO_RW, 0, 0, 0,
	                       (uint32_t)(APIC_ICR_DEST_XAPIC >> 32), 0, NULL },
	[APIC_LVT_TIMER / 16] = LVT("LVT TIMER", LAPIC_TSC_DEADLINE, (uint32_t)PI_BIT(18),
	                            VECTOR_MASK | (uint32_t)APIC_LVT_TIMER_MODE, STATUS,
	                            lapic_wrote_lvt_timer),
	[APIC_LVT_THERMAL / 16] = LVT("LVT THERMAL", 0, 0, VECTOR_MODE_MASK, STATUS,
	                              lapic_wrote_lvt),
	[APIC_LVT_PERF / 16] = LVT("LVT PERF", 0, 0, VECTOR_MODE_MASK, STATUS, lapic_wrote_lvt),
	[APIC_LVT_LINT0 / 16] = LVT("LVT LINT0", 0, 0, LINT,
	                            STATUS | (uint32_t)APIC_LVT_REMOTE_IRR, lapic_wrote_lvt),
	[APIC_LVT_LINT1 / 16] = LVT("LVT LINT1", 0, 0, LINT,
	                            STATUS | (uint32_t)APIC_LVT_REMOTE_IRR, lapic_wrote_lvt),
	[APIC_LVT_ERROR / 16] = LVT("LVT ERROR", 0, 0, VECTOR_MASK, STATUS, lapic_wrote_lvt),
	[APIC_INITIAL_COUNT / 16] = { "INITIAL COUNT", BOTH_R | BOTH_W, 0, 0, 0, ALL, 0,
	                              lapic_wrote_initial_count },
	[APIC_CURRENT_COUNT / 16] = READ_ONLY("CURRENT COUNT"),
	[APIC_DIVIDE / 16] = { "DIVIDE", BOTH_R | BOTH_W, 0, 0, 0, 0xb, 0, lapic_wrote_divide },
	[APIC_SELF_IPI / 16] = { "SELF IPI", LAPIC_MSR_W, 0, 0, 0, 0xff, 0,
	                         lapic_wrote_self_ipi },
};

const struct lapic_row *lapic_row(const struct lapic *l, unsigned offset)
{
	const struct lapic_row *row = offset < LAPIC_ROWS * 16 ? &lapic_rows[offset / 16] : NULL;

	if (!row || !row->name)
		return NULL;
	return row->optional == ALL && !(l->features & row->feature) ? NULL : row;
}

uint32_t lapic_writable(const struct lapic *l, const struct lapic_row *row)
{
	return l->features & row->feature ? row->writable : row->writable & ~row->optional;
}

static uint32_t read_register(const struct lapic *l, unsigned offset, uint64_t now)
{
	const struct apic_page *a = &l->regs;
	uint8_t tpr = (uint8_t)apic_read(a, APIC_TPR), isrv = apic_highest_or_0(a, APIC_ISR);

	switch (offset) {
	case APIC_PPR:
		return apic_ppr(tpr, isrv);
	case APIC_APR:
		return apic_apr(tpr, isrv, apic_highest_or_0(a, APIC_IRR));
	case APIC_CURRENT_COUNT:
		return lapic_timer_current(l, now);
	}
	return apic_read(a, offset);
}

static void write_register(struct lapic *l, unsigned offset, uint32_t value, uint64_t now,
                           struct lapic_out *out)
{
	const struct lapic_row *row = lapic_row(l, offset);
	const struct lapic_write w = { offset, apic_read(&l->regs, offset), now };
	uint32_t writable = lapic_writable(l, row);

	apic_write(&l->regs, offset, (w.old & ~writable) | (value & writable));
	if (row->wrote)
		row->wrote(l, &w, out);
}

/* What arrived before an access, or was due, comes before it. */
static void catch_up(struct lapic *l, uint64_t now)
{
	lapic_collect(l);
	lapic_timer(l, now);
}

/* The row of an access to the page. Null: it is an error, which is recorded here. */
static const struct lapic_row *find(struct lapic *l, unsigned offset, unsigned size)
{
	const struct lapic_row *row = lapic_row(l, offset);

	if (row && (row->access & MMIO_RW) && size == 4 && offset % 16 == 0)
		return row;
	lapic_error(l, APIC_ESR_REGISTER);
	return NULL;
}

uint32_t lapic_mmio_read(struct lapic *l, unsigned offset, unsigned size, uint64_t now)
{
	const struct lapic_row *row;

	if (lapic_mode(l) != APIC_XAPIC)
		return ALL;
	catch_up(l, now);
	row = find(l, offset, size);
	return row && (row->access & LAPIC_MMIO_R) ? read_register(l, offset, now) : 0;
}

struct lapic_out lapic_mmio_write(struct lapic *l, unsigned offset, unsigned size, uint32_t value,
                                  uint64_t now)
{
	struct lapic_out out = { 0 };
	const struct lapic_row *row;

	if (lapic_mode(l) != APIC_XAPIC)
		return out;
	catch_up(l, now);
	row = find(l, offset, size);
	if (row && (row->access & LAPIC_MMIO_W))
		write_register(l, offset, value, now, &out);
	return out;
}

/* "x2APIC Register Address Space"; the offset of a register that may be accessed so, 0 if none. */
static unsigned x2apic_offset(const struct lapic *l, uint32_t msr, enum lapic_access access)
{
	const struct lapic_row *row;

	if (lapic_mode(l) != APIC_X2APIC || msr < APIC_X2APIC_MSR_FIRST ||
	    msr > APIC_X2APIC_MSR_LAST)
		return 0;
	row = lapic_row(l, (msr & 0xff) * 16);
	return row && (row->access & access) ? (msr & 0xff) * 16 : 0;
}

bool lapic_rdmsr(struct lapic *l, uint32_t msr, uint64_t now, uint64_t *value)
{
	unsigned offset;

	catch_up(l, now);
	if (msr == APIC_MSR_BASE) {
		*value = l->base;
		return true;
	}
	if (msr == APIC_MSR_TSC_DEADLINE) {
		*value = lapic_read_deadline(l);
		return l->features & LAPIC_TSC_DEADLINE;
	}
	offset = x2apic_offset(l, msr, LAPIC_MSR_R);
	if (!offset)
		return false;
	*value = read_register(l, offset, now);
	if (offset == APIC_ICR)
		*value |= (uint64_t)apic_read(&l->regs, APIC_ICR_HI) << 32;
	return true;
}

static bool write_x2apic(struct lapic *l, uint32_t msr, uint64_t value, uint64_t now,
                         struct lapic_out *out)
{
	unsigned offset = x2apic_offset(l, msr, LAPIC_MSR_W);
	const struct lapic_row *row = lapic_row(l, offset);
	uint64_t allowed;

	if (!offset)
		return false;
	allowed = lapic_writable(l, row) | row->tolerated;
	if (offset == APIC_ICR)
		allowed |= APIC_ICR_DEST;
	if (value & ~allowed)
		return false;
	if (offset == APIC_ICR)
		apic_write(&l->regs, APIC_ICR_HI, (uint32_t)(value >> 32));
	write_register(l, offset, (uint32_t)value, now, out);
	return true;
}

/* Messages have no part in it: what arrived stays in the inbox, and no shared word is read. */
static bool write_deadline(struct lapic *l, uint64_t deadline, uint64_t now)
{
	lapic_timer(l, now);
	if (l->features & LAPIC_TSC_DEADLINE)
		lapic_write_deadline(l, deadline, now);
	return l->features & LAPIC_TSC_DEADLINE;
}

bool lapic_wrmsr(struct lapic *l, uint32_t msr, uint64_t value, uint64_t now,
                 struct lapic_out *out)
{
	*out = (struct lapic_out){ 0 };
	if (msr == APIC_MSR_TSC_DEADLINE)
		return write_deadline(l, value, now);
	catch_up(l, now);
	if (msr == APIC_MSR_BASE)
		return lapic_write_base(l, value, out);
	return write_x2apic(l, msr, value, now, out);
}
