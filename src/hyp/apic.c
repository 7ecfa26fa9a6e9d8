/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's local APIC, whose registers are its APIC page, as far as software does
 * it: without APIC virtualization all but the TPR, with it what still exits. For
 * the owner. SDM, "Local APIC Register Address Map", "x2APIC Register Address
 * Space", "Error Handling"; Linux, lapic.c. No timer counts.
 */
#include "hyp/internal.h"

enum { MMIO_R = 1, MMIO_W = 2, MSR_R = 4, MSR_W = 8, R = MMIO_R | MSR_R, W = MMIO_W | MSR_W };

/* A register: how it may be accessed, which of its bits a write changes; reserved ones are 0. */
struct apic_row {
	uint8_t access;
	uint32_t writable;
};

#define VECTOR_MASK ((uint32_t)(PSTD_APIC_LVT_VECTOR | PSTD_APIC_LVT_MASK))
#define VECTOR_MODE_MASK (VECTOR_MASK | (uint32_t)PSTD_APIC_LVT_DLM)
#define LINT (VECTOR_MODE_MASK | (uint32_t)(PSTD_APIC_LVT_ACTIVE_LOW | PSTD_APIC_LVT_LEVEL))
#define SVR_FIELDS \
	((uint32_t)(PSTD_APIC_SVR_VECTOR | PSTD_APIC_SVR_ENABLE | PSTD_APIC_SVR_NO_FOCUS))
#define ICR_FIELDS                                                                     \
	((uint32_t)(PSTD_APIC_ICR_VECTOR | PSTD_APIC_ICR_DLM | PSTD_APIC_ICR_LOGICAL | \
	            PSTD_APIC_ICR_ASSERT | PSTD_APIC_ICR_LEVEL | PSTD_APIC_ICR_SHORTHAND))
#define BANK(offset)                                                              \
	[(offset) / 16] = { R, 0 }, { R, 0 }, { R, 0 }, { R, 0 }, { R, 0 },       \
	{ R, 0 }, { R, 0 }, { R, 0 }

static const struct apic_row rows[0x400 / 16] = {
	[PSTD_APIC_ID / 16] = { R, 0 },
	[PSTD_APIC_VERSION / 16] = { R, 0 },
	[PSTD_APIC_TPR / 16] = { R | W, 0xff },
	[PSTD_APIC_APR / 16] = { MMIO_R, 0 },
	[PSTD_APIC_PPR / 16] = { R, 0 },
	[PSTD_APIC_EOI / 16] = { W, 0 },
	[PSTD_APIC_RRD / 16] = { MMIO_R, 0 },
	[PSTD_APIC_LDR / 16] = { R | MMIO_W, (uint32_t)PSTD_APIC_LOGICAL_ID },
	[PSTD_APIC_DFR / 16] = { MMIO_R | MMIO_W, (uint32_t)PSTD_APIC_DFR_MODEL },
	[PSTD_APIC_SVR / 16] = { R | W, SVR_FIELDS },
	BANK(PSTD_APIC_ISR),
	BANK(PSTD_APIC_TMR),
	BANK(PSTD_APIC_IRR),
	[PSTD_APIC_ESR / 16] = { R | W, 0 },
	[PSTD_APIC_ICR / 16] = { R | W, ICR_FIELDS },
	[PSTD_APIC_ICR_HI / 16] = { MMIO_R | MMIO_W, (uint32_t)(PSTD_APIC_ICR_DEST_XAPIC >> 32) },
	[PSTD_APIC_LVT_TIMER / 16] = { R | W, VECTOR_MASK | (uint32_t)PSTD_APIC_LVT_TIMER_MODE },
	[PSTD_APIC_LVT_THERMAL / 16] = { R | W, VECTOR_MODE_MASK },
	[PSTD_APIC_LVT_PERF / 16] = { R | W, VECTOR_MODE_MASK },
	[PSTD_APIC_LVT_LINT0 / 16] = { R | W, LINT },
	[PSTD_APIC_LVT_LINT1 / 16] = { R | W, LINT },
	[PSTD_APIC_LVT_ERROR / 16] = { R | W, VECTOR_MASK },
	[PSTD_APIC_INITIAL_COUNT / 16] = { R | W, ~0u },
	[PSTD_APIC_CURRENT_COUNT / 16] = { R, 0 },
	[PSTD_APIC_DIVIDE / 16] = { R | W, 0xb },
	[PSTD_APIC_SELF_IPI / 16] = { MSR_W, 0xff },
};

/* An integrated APIC whose LVT has entries 0 to 5: no CMCI, no EOI suppression. */
enum { VERSION = 5 << 16 | 0x14 };

/* Null: there is no register that may be accessed so. */
static const struct apic_row *find(unsigned offset, uint8_t access)
{
	if (offset >= 0x400 || offset % 16 || !(rows[offset / 16].access & access))
		return 0;
	return &rows[offset / 16];
}

static bool is_lvt(unsigned offset)
{
	return offset >= PSTD_APIC_LVT_TIMER && offset <= PSTD_APIC_LVT_ERROR;
}

static bool software_enabled(const struct pstd_vcpu *v)
{
	return pstd_apic_read(v->apic, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE;
}

/*
 * What senders of IPIs must know of it, in one word, for the page is its owner's
 * alone. A sender sees the word before a write or after it, as on a bus.
 */
static void publish(struct pstd_vcpu *v)
{
	uint64_t ldr = pstd_apic_read(v->apic, PSTD_APIC_LDR) & PSTD_APIC_LOGICAL_ID;
	uint64_t dfr = pstd_apic_read(v->apic, PSTD_APIC_DFR) & PSTD_APIC_DFR_MODEL;
	uint64_t enabled = pstd_apic_read(v->apic, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE;

	pstd_store_release(&v->identity, dfr << 32 | ldr | enabled);
}

/* Bits of a register that are what they are. */
static uint32_t fixed(const struct pstd_vcpu *v, unsigned offset)
{
	switch (offset) {
	case PSTD_APIC_ID:
		return v->vm->x2apic ? v->apic_id : v->apic_id << 24;
	case PSTD_APIC_VERSION:
		return VERSION;
	case PSTD_APIC_LDR:
		return v->vm->x2apic ? pstd_apic_x2apic_ldr(v->apic_id) : 0;
	case PSTD_APIC_DFR:
		return (uint32_t)~PSTD_APIC_DFR_MODEL;
	}
	return is_lvt(offset) && !software_enabled(v) ? (uint32_t)PSTD_APIC_LVT_MASK : 0;
}

static void put(struct pstd_vcpu *v, unsigned offset, uint64_t value)
{
	uint32_t writable = rows[offset / 16].writable;

	pstd_apic_write(v->apic, offset, ((uint32_t)value & writable) | fixed(v, offset));
}

void pstd_apic_init(struct pstd_vcpu *v)
{
	if (!pstd_apic_read(v->apic, PSTD_APIC_VERSION)) {
		put(v, PSTD_APIC_ID, 0);
		put(v, PSTD_APIC_VERSION, 0);
		put(v, PSTD_APIC_LDR, 0);
		put(v, PSTD_APIC_DFR, PSTD_APIC_DFR_MODEL);
		put(v, PSTD_APIC_SVR, PSTD_APIC_SVR_ENABLE | PSTD_APIC_SVR_VECTOR);
		for (unsigned i = PSTD_APIC_LVT_TIMER; i <= PSTD_APIC_LVT_ERROR; i += 16)
			put(v, i, PSTD_APIC_LVT_MASK);
	}
	publish(v);
}

/* TPR is the guest's own, by the TPR shadow; emulated, PPR follows it only here. */
static uint8_t update_ppr(struct pstd_vcpu *v)
{
	uint8_t tpr = (uint8_t)pstd_apic_read(v->apic, PSTD_APIC_TPR);
	uint8_t ppr = pstd_apic_ppr(tpr, pstd_apic_highest_or_0(v->apic, PSTD_APIC_ISR));

	pstd_apic_write(v->apic, PSTD_APIC_PPR, ppr);
	return ppr;
}

int pstd_apic_pending(struct pstd_vcpu *v)
{
	uint8_t ppr = update_ppr(v);
	int vector = pstd_apic_highest(v->apic, PSTD_APIC_IRR);

	return vector >= 0 && pstd_apic_above((uint8_t)vector, ppr) ? vector : -1;
}

/* With virtual-interrupt delivery SVI, which the next VM entry goes by, is the highest VISR. */
static void end_interrupt(struct pstd_vcpu *v)
{
	const struct pstd_hyp *h = v->vm->hyp;
	int vector = pstd_apic_highest(v->apic, PSTD_APIC_ISR);

	if (vector < 0)
		return;
	pstd_apic_clear(v->apic, PSTD_APIC_ISR, (uint8_t)vector);
	if (!h->software_apic)
		pstd_change_bits(v, PSTD_VMX_GUEST_INTR_STATUS, PSTD_VMX_SVI, pstd_page_svi(v));
}

void pstd_apic_error(struct pstd_vcpu *v, uint64_t error)
{
	uint32_t lvt = pstd_apic_read(v->apic, PSTD_APIC_LVT_ERROR);
	uint8_t vector = (uint8_t)pstd_field_get(PSTD_APIC_LVT_VECTOR, lvt);

	v->errors |= (uint32_t)error;
	if (!(lvt & PSTD_APIC_LVT_MASK) && vector >= PSTD_APIC_FIRST_VECTOR)
		pstd_vcpu_deliver(v, vector);
}

static void send_self(struct pstd_vcpu *v, uint8_t vector)
{
	if (vector >= PSTD_APIC_FIRST_VECTOR)
		pstd_vcpu_deliver(v, vector);
	else
		pstd_apic_error(v, PSTD_APIC_ESR_SEND_VECTOR);
}

/* "Local APIC Software Disable"; what arrived before the write is judged by the old setting. */
static void write_svr(struct pstd_vcpu *v, uint64_t value)
{
	pstd_sync_pir_to_irr(v);
	put(v, PSTD_APIC_SVR, value);
	for (unsigned i = PSTD_APIC_LVT_TIMER; i <= PSTD_APIC_LVT_ERROR; i += 16)
		put(v, i, pstd_apic_read(v->apic, i));
	publish(v);
}

/* A write of a register that there is. */
static void write_register(struct pstd_vcpu *v, unsigned offset, uint64_t value)
{
	switch (offset) {
	case PSTD_APIC_EOI:
		end_interrupt(v);
		break;
	case PSTD_APIC_SELF_IPI:
		send_self(v, (uint8_t)value);
		break;
	case PSTD_APIC_ESR:
		/* It shows what happened since the last write. */
		pstd_apic_write(v->apic, PSTD_APIC_ESR, v->errors);
		v->errors = 0;
		break;
	case PSTD_APIC_SVR:
		write_svr(v, value);
		break;
	case PSTD_APIC_ICR:
		put(v, PSTD_APIC_ICR, value);
		pstd_apic_send(v);
		break;
	case PSTD_APIC_LDR:
	case PSTD_APIC_DFR:
		put(v, offset, value);
		publish(v);
		break;
	default:
		put(v, offset, value);
	}
}

void pstd_apic_written(struct pstd_vcpu *v, unsigned offset)
{
	if (find(offset, R | W))
		write_register(v, offset, pstd_apic_read(v->apic, offset));
}

uint32_t pstd_apic_mmio_read(struct pstd_vcpu *v, unsigned offset)
{
	if (!find(offset, MMIO_R | MMIO_W)) {
		pstd_apic_error(v, PSTD_APIC_ESR_REGISTER);
		return 0;
	}
	if (!find(offset, MMIO_R))
		return 0;
	if (offset == PSTD_APIC_APR)
		return pstd_apic_apr((uint8_t)pstd_apic_read(v->apic, PSTD_APIC_TPR),
		                     pstd_apic_highest_or_0(v->apic, PSTD_APIC_ISR),
		                     pstd_apic_highest_or_0(v->apic, PSTD_APIC_IRR));
	update_ppr(v);
	return pstd_apic_read(v->apic, offset);
}

void pstd_apic_mmio_write(struct pstd_vcpu *v, unsigned offset, uint32_t value)
{
	if (!find(offset, MMIO_R | MMIO_W))
		pstd_apic_error(v, PSTD_APIC_ESR_REGISTER);
	else if (find(offset, MMIO_W))
		write_register(v, offset, value);
}

bool pstd_apic_msr_readable(uint32_t msr)
{
	return find((msr & 0xff) * 16, MSR_R);
}

bool pstd_apic_rdmsr(struct pstd_vcpu *v, uint32_t msr, uint64_t *value)
{
	unsigned offset = (msr & 0xff) * 16;

	if (!v->vm->x2apic || !find(offset, MSR_R))
		return false;
	update_ppr(v);
	*value = pstd_apic_read(v->apic, offset);
	if (offset == PSTD_APIC_ICR)
		*value |= (uint64_t)pstd_apic_read(v->apic, PSTD_APIC_ICR + 4) << 32;
	return true;
}

/* Bits that may be written though they are not kept: status bits, and the rest of the ICR. */
static uint64_t tolerated(unsigned offset)
{
	if (offset == PSTD_APIC_ICR)
		return PSTD_APIC_ICR_DEST | PSTD_APIC_ICR_STATUS;
	if (offset == PSTD_APIC_LVT_LINT0 || offset == PSTD_APIC_LVT_LINT1)
		return PSTD_APIC_LVT_STATUS | PSTD_APIC_LVT_REMOTE_IRR;
	return is_lvt(offset) ? PSTD_APIC_LVT_STATUS : 0;
}

bool pstd_apic_wrmsr(struct pstd_vcpu *v, uint32_t msr, uint64_t value)
{
	unsigned offset = (msr & 0xff) * 16;
	const struct apic_row *row = find(offset, MSR_W);

	if (!v->vm->x2apic || !row || (value & ~(row->writable | tolerated(offset))))
		return false;
	if (offset == PSTD_APIC_ICR)
		pstd_apic_write(v->apic, PSTD_APIC_ICR + 4, (uint32_t)(value >> 32));
	write_register(v, offset, value);
	return true;
}
