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

#define VECTOR_MASK ((uint32_t)(APIC_LVT_VECTOR | APIC_LVT_MASK))
#define VECTOR_MODE_MASK (VECTOR_MASK | (uint32_t)APIC_LVT_DLM)
#define LINT (VECTOR_MODE_MASK | (uint32_t)(APIC_LVT_ACTIVE_LOW | APIC_LVT_LEVEL))
#define SVR_FIELDS ((uint32_t)(APIC_SVR_VECTOR | APIC_SVR_ENABLE | APIC_SVR_NO_FOCUS))
#define ICR_FIELDS                                                                         \
	((uint32_t)(APIC_ICR_VECTOR | APIC_ICR_DLM | APIC_ICR_LOGICAL | APIC_ICR_ASSERT |  \
	            APIC_ICR_LEVEL | APIC_ICR_SHORTHAND))
#define BANK(offset)                                                              \
	[(offset) / 16] = { R, 0 }, { R, 0 }, { R, 0 }, { R, 0 }, { R, 0 },       \
	{ R, 0 }, { R, 0 }, { R, 0 }

static const struct apic_row rows[0x400 / 16] = {
	[APIC_ID / 16] = { R, 0 },
	[APIC_VERSION / 16] = { R, 0 },
	[APIC_TPR / 16] = { R | W, 0xff },
	[APIC_APR / 16] = { MMIO_R, 0 },
	[APIC_PPR / 16] = { R, 0 },
	[APIC_EOI / 16] = { W, 0 },
	[APIC_RRD / 16] = { MMIO_R, 0 },
	[APIC_LDR / 16] = { R | MMIO_W, (uint32_t)APIC_LOGICAL_ID },
	[APIC_DFR / 16] = { MMIO_R | MMIO_W, (uint32_t)APIC_DFR_MODEL },
	[APIC_SVR / 16] = { R | W, SVR_FIELDS },
	BANK(APIC_ISR),
	BANK(APIC_TMR),
	BANK(APIC_IRR),
	[APIC_ESR / 16] = { R | W, 0 },
	[APIC_ICR / 16] = { R | W, ICR_FIELDS },
	[APIC_ICR_HI / 16] = { MMIO_R | MMIO_W, (uint32_t)(APIC_ICR_DEST_XAPIC >> 32) },
	[APIC_LVT_TIMER / 16] = { R | W, VECTOR_MASK | (uint32_t)APIC_LVT_TIMER_MODE },
	[APIC_LVT_THERMAL / 16] = { R | W, VECTOR_MODE_MASK },
	[APIC_LVT_PERF / 16] = { R | W, VECTOR_MODE_MASK },
	[APIC_LVT_LINT0 / 16] = { R | W, LINT },
	[APIC_LVT_LINT1 / 16] = { R | W, LINT },
	[APIC_LVT_ERROR / 16] = { R | W, VECTOR_MASK },
	[APIC_INITIAL_COUNT / 16] = { R | W, ~0u },
	[APIC_CURRENT_COUNT / 16] = { R, 0 },
	[APIC_DIVIDE / 16] = { R | W, 0xb },
	[APIC_SELF_IPI / 16] = { MSR_W, 0xff },
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
	return offset >= APIC_LVT_TIMER && offset <= APIC_LVT_ERROR;
}

static bool software_enabled(const struct hyp_vcpu *v)
{
	return apic_read(v->apic, APIC_SVR) & APIC_SVR_ENABLE;
}

/*
 * What senders of IPIs must know of it, in one word, for the page is its owner's
 * alone. A sender sees the word before a write or after it, as on a bus.
 */
static void publish(struct hyp_vcpu *v)
{
	uint64_t ldr = apic_read(v->apic, APIC_LDR) & APIC_LOGICAL_ID;
	uint64_t dfr = apic_read(v->apic, APIC_DFR) & APIC_DFR_MODEL;
	uint64_t enabled = apic_read(v->apic, APIC_SVR) & APIC_SVR_ENABLE;

	pi_store_release(&v->identity, dfr << 32 | ldr | enabled);
}

/* Bits of a register that are what they are. */
static uint32_t fixed(const struct hyp_vcpu *v, unsigned offset)
{
	switch (offset) {
	case APIC_ID:
		return v->vm->x2apic ? v->apic_id : v->apic_id << 24;
	case APIC_VERSION:
		return VERSION;
	case APIC_LDR:
		return v->vm->x2apic ? apic_x2apic_ldr(v->apic_id) : 0;
	case APIC_DFR:
		return (uint32_t)~APIC_DFR_MODEL;
	}
	return is_lvt(offset) && !software_enabled(v) ? (uint32_t)APIC_LVT_MASK : 0;
}

static void put(struct hyp_vcpu *v, unsigned offset, uint64_t value)
{
	uint32_t writable = rows[offset / 16].writable;

	apic_write(v->apic, offset, ((uint32_t)value & writable) | fixed(v, offset));
}

void hyp_apic_init(struct hyp_vcpu *v)
{
	if (!apic_read(v->apic, APIC_VERSION)) {
		put(v, APIC_ID, 0);
		put(v, APIC_VERSION, 0);
		put(v, APIC_LDR, 0);
		put(v, APIC_DFR, APIC_DFR_MODEL);
		put(v, APIC_SVR, APIC_SVR_ENABLE | APIC_SVR_VECTOR);
		for (unsigned i = APIC_LVT_TIMER; i <= APIC_LVT_ERROR; i += 16)
			put(v, i, APIC_LVT_MASK);
	}
	publish(v);
}

/* TPR is the guest's own, by the TPR shadow; emulated, PPR follows it only here. */
static uint8_t update_ppr(struct hyp_vcpu *v)
{
	uint8_t tpr = (uint8_t)apic_read(v->apic, APIC_TPR);
	uint8_t ppr = apic_ppr(tpr, apic_highest_or_0(v->apic, APIC_ISR));

	apic_write(v->apic, APIC_PPR, ppr);
	return ppr;
}

int hyp_apic_pending(struct hyp_vcpu *v)
{
	uint8_t ppr = update_ppr(v);
	int vector = apic_highest(v->apic, APIC_IRR);

	return vector >= 0 && apic_above((uint8_t)vector, ppr) ? vector : -1;
}

/* With virtual-interrupt delivery SVI, which the next VM entry goes by, is the highest VISR. */
static void end_interrupt(struct hyp_vcpu *v)
{
	const struct hyp *h = v->vm->hyp;
	int vector = apic_highest(v->apic, APIC_ISR);

	if (vector < 0)
		return;
	apic_clear(v->apic, APIC_ISR, (uint8_t)vector);
	if (!h->software_apic)
		hyp_change_bits(v, VMX_GUEST_INTR_STATUS, VMX_SVI,
		                pi_field(VMX_SVI, apic_highest_or_0(v->apic, APIC_ISR)));
}

void hyp_apic_error(struct hyp_vcpu *v, uint64_t error)
{
	uint32_t lvt = apic_read(v->apic, APIC_LVT_ERROR);
	uint8_t vector = (uint8_t)pi_field_get(APIC_LVT_VECTOR, lvt);

	v->errors |= (uint32_t)error;
	if (!(lvt & APIC_LVT_MASK) && vector >= APIC_FIRST_VECTOR)
		hyp_vcpu_deliver(v, vector);
}

static void send_self(struct hyp_vcpu *v, uint8_t vector)
{
	if (vector >= APIC_FIRST_VECTOR)
		hyp_vcpu_deliver(v, vector);
	else
		hyp_apic_error(v, APIC_ESR_SEND_VECTOR);
}

/* "Local APIC Software Disable"; what arrived before the write is judged by the old setting. */
static void write_svr(struct hyp_vcpu *v, uint64_t value)
{
	hyp_sync_pir_to_irr(v);
	put(v, APIC_SVR, value);
	for (unsigned i = APIC_LVT_TIMER; i <= APIC_LVT_ERROR; i += 16)
		put(v, i, apic_read(v->apic, i));
	publish(v);
}

/* A write of a register that there is. */
static void write_register(struct hyp_vcpu *v, unsigned offset, uint64_t value)
{
	switch (offset) {
	case APIC_EOI:
		end_interrupt(v);
		break;
	case APIC_SELF_IPI:
		send_self(v, (uint8_t)value);
		break;
	case APIC_ESR:
		/* It shows what happened since the last write. */
		apic_write(v->apic, APIC_ESR, v->errors);
		v->errors = 0;
		break;
	case APIC_SVR:
		write_svr(v, value);
		break;
	case APIC_ICR:
		put(v, APIC_ICR, value);
		hyp_apic_send(v);
		break;
	case APIC_LDR:
	case APIC_DFR:
		put(v, offset, value);
		publish(v);
		break;
	default:
		put(v, offset, value);
	}
}

void hyp_apic_written(struct hyp_vcpu *v, unsigned offset)
{
	if (find(offset, R | W))
		write_register(v, offset, apic_read(v->apic, offset));
}

uint32_t hyp_apic_mmio_read(struct hyp_vcpu *v, unsigned offset)
{
	if (!find(offset, MMIO_R | MMIO_W)) {
		hyp_apic_error(v, APIC_ESR_REGISTER);
		return 0;
	}
	if (!find(offset, MMIO_R))
		return 0;
	if (offset == APIC_APR)
		return apic_apr((uint8_t)apic_read(v->apic, APIC_TPR),
		                apic_highest_or_0(v->apic, APIC_ISR),
		                apic_highest_or_0(v->apic, APIC_IRR));
	update_ppr(v);
	return apic_read(v->apic, offset);
}

void hyp_apic_mmio_write(struct hyp_vcpu *v, unsigned offset, uint32_t value)
{
	if (!find(offset, MMIO_R | MMIO_W))
		hyp_apic_error(v, APIC_ESR_REGISTER);
	else if (find(offset, MMIO_W))
		write_register(v, offset, value);
}

bool hyp_apic_msr_readable(uint32_t msr)
{
	return find((msr & 0xff) * 16, MSR_R);
}

bool hyp_apic_rdmsr(struct hyp_vcpu *v, uint32_t msr, uint64_t *value)
{
	unsigned offset = (msr & 0xff) * 16;

	if (!v->vm->x2apic || !find(offset, MSR_R))
		return false;
	update_ppr(v);
	*value = apic_read(v->apic, offset);
	if (offset == APIC_ICR)
		*value |= (uint64_t)apic_read(v->apic, APIC_ICR + 4) << 32;
	return true;
}

/* Bits that may be written though they are not kept: status bits, and the rest of the ICR. */
static uint64_t tolerated(unsigned offset)
{
	if (offset == APIC_ICR)
		return APIC_ICR_DEST | APIC_ICR_STATUS;
	if (offset == APIC_LVT_LINT0 || offset == APIC_LVT_LINT1)
		return APIC_LVT_STATUS | APIC_LVT_REMOTE_IRR;
	return is_lvt(offset) ? APIC_LVT_STATUS : 0;
}

bool hyp_apic_wrmsr(struct hyp_vcpu *v, uint32_t msr, uint64_t value)
{
	unsigned offset = (msr & 0xff) * 16;
	const struct apic_row *row = find(offset, MSR_W);

	if (!v->vm->x2apic || !row || (value & ~(row->writable | tolerated(offset))))
		return false;
	if (offset == APIC_ICR)
		apic_write(v->apic, APIC_ICR + 4, (uint32_t)(value >> 32));
	write_register(v, offset, value);
	return true;
}
