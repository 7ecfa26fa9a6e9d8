/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any sequence of MMIO, MSR and CR8 accesses, messages, pins and time on one
 * local APIC. The input is a list of struct op, after one byte of features.
 */
#include "fuzz.h"
#include "hw/apic/lapic_parts.h"
#include <string.h>

enum op_kind {
	OP_MMIO_READ,  /* arg bytes at offset at */
	OP_MMIO_WRITE, /* the same, value 31:0 */
	OP_RDMSR,      /* at */
	OP_WRMSR,      /* at, value */
	OP_ICR,        /* value, by the way that the mode has */
	OP_CR8,        /* value */
	OP_RECEIVE,    /* delivery mode arg, vector at 7:0, level at 8 */
	OP_PIN,        /* LINT0 or LINT1 by arg 0, level by arg 1 */
	OP_LOCAL,      /* the source arg of three */
	OP_PASS,       /* value 39:0 of time */
	OP_SERVE,      /* acknowledge cycles and EOIs, by the bits of arg */
	OP_EVENTS,     /* all are taken; INIT is done */
	OP_KINDS,
};

struct op {
	uint8_t kind, arg;
	uint16_t at;
	uint8_t value[8];
};

static struct pstd_lapic l, before;
static uint64_t now;

static void judge_out(const struct pstd_lapic_out *out)
{
	const struct pstd_apic_msg *m = &out->ipi;

	if (out->eoi)
		MUST(out->vector >= PSTD_APIC_FIRST_VECTOR);
	if (!out->send)
		return;
	MUST(m->shorthand <= PSTD_APIC_TO_OTHERS && m->shorthand != PSTD_APIC_TO_SELF && !m->level);
	MUST(m->dlm != 3 && m->dlm < PSTD_APIC_DM_EXTINT);
	if (m->dlm == PSTD_APIC_DM_FIXED || m->dlm == PSTD_APIC_DM_LOWEST)
		MUST(m->vector >= PSTD_APIC_FIRST_VECTOR);
	MUST(pstd_lapic_mode(&l) != PSTD_APIC_DISABLED);
	MUST(pstd_lapic_mode(&l) == PSTD_APIC_X2APIC || m->dest <= 0xff);
}

/* A fault changes nothing, once what was due is done. */
static void do_wrmsr(uint32_t msr, uint64_t value)
{
	struct pstd_lapic_out out;
	uint64_t read;

	pstd_lapic_pending(&l);
	pstd_lapic_timer(&l, now);
	before = l;
	if (!pstd_lapic_wrmsr(&l, msr, value, now, &out)) {
		MUST(!memcmp(&before, &l, sizeof(l)));
		MUST(!out.send && !out.eoi && !out.identity && !out.priority);
		return;
	}
	judge_out(&out);
	if (msr == PSTD_APIC_MSR_BASE)
		MUST(pstd_lapic_rdmsr(&l, msr, now, &read) && read == value);
}

static void do_rdmsr(uint32_t msr)
{
	uint64_t first, second;

	if (!pstd_lapic_rdmsr(&l, msr, now, &first))
		return;
	MUST(msr == PSTD_APIC_MSR_BASE || msr == PSTD_APIC_MSR_TSC_DEADLINE ||
	     pstd_lapic_mode(&l) == PSTD_APIC_X2APIC);
	MUST(pstd_lapic_rdmsr(&l, msr, now, &second) && first == second);
}

/* A read changes nothing that is read, but by the error that it may be. */
static void do_mmio_read(unsigned offset, unsigned size)
{
	uint32_t first = pstd_lapic_mmio_read(&l, offset, size, now);
	uint32_t errors = l.errors, second = pstd_lapic_mmio_read(&l, offset, size, now);

	MUST(first == second && errors == l.errors);
	if (pstd_lapic_mode(&l) != PSTD_APIC_XAPIC)
		MUST(first == 0xffffffff);
	else if (size != 4 || offset % 16 != 0 || !pstd_lapic_row(&l, offset))
		MUST(first == 0 && (errors & PSTD_APIC_ESR_REGISTER));
}

static void do_mmio_write(unsigned offset, unsigned size, uint32_t value)
{
	struct pstd_lapic_out out = pstd_lapic_mmio_write(&l, offset, size, value, now);

	judge_out(&out);
}

static void do_icr(uint64_t value)
{
	if (pstd_lapic_mode(&l) == PSTD_APIC_X2APIC) {
		do_wrmsr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), value & ~PSTD_APIC_ICR_RSVD);
		return;
	}
	do_mmio_write(PSTD_APIC_ICR_HI, 4, (uint32_t)(value >> 32));
	do_mmio_write(PSTD_APIC_ICR, 4, (uint32_t)value);
}

static void do_serve(uint8_t bits)
{
	for (unsigned i = 0; i < 8; i++) {
		int pending = pstd_lapic_pending(&l);

		if (bits >> i & 1) {
			uint8_t vector = pstd_lapic_inta(&l);

			MUST(pending < 0 || vector == pending);
			MUST(pending < 0 || pstd_apic_highest(&l.regs, PSTD_APIC_ISR) == vector);
		} else {
			MUST(pstd_lapic_eoi(&l) < 256);
		}
	}
}

static void do_events(void)
{
	unsigned events = pstd_lapic_events(&l);

	MUST(!(events &
	       ~(1u << PSTD_APIC_DM_SMI | 1u << PSTD_APIC_DM_NMI | 1u << PSTD_APIC_DM_INIT |
	         1u << PSTD_APIC_DM_SIPI | 1u << PSTD_APIC_DM_EXTINT)));
	for (unsigned dlm = 0; dlm < 8; dlm++)
		pstd_lapic_event_taken(&l, dlm);
	MUST(!(pstd_lapic_events(&l) & ~(1u << PSTD_APIC_DM_EXTINT)));
	if (events & 1u << PSTD_APIC_DM_INIT)
		pstd_lapic_init(&l);
}

static void perform(const struct op *op, uint64_t value)
{
	static const unsigned sources[] = { PSTD_APIC_LVT_CMCI, PSTD_APIC_LVT_THERMAL,
		                            PSTD_APIC_LVT_PERF };
	struct pstd_apic_msg m = { .dlm = op->arg & 7, .vector = (uint8_t)op->at,
		                   .level = op->at & 0x100 };

	switch (op->kind % OP_KINDS) {
	case OP_MMIO_READ:
		do_mmio_read(op->at, op->arg);
		break;
	case OP_MMIO_WRITE:
		do_mmio_write(op->at, op->arg, (uint32_t)value);
		break;
	case OP_RDMSR:
		do_rdmsr(op->at);
		break;
	case OP_WRMSR:
		do_wrmsr(op->at, value);
		break;
	case OP_ICR:
		do_icr(value);
		break;
	case OP_CR8:
		MUST(pstd_lapic_write_cr8(&l, value) == (value < 16));
		break;
	case OP_RECEIVE:
		pstd_lapic_receive(&l, &m);
		break;
	case OP_PIN:
		pstd_lapic_pin(&l, op->arg & 1, op->arg & 2);
		break;
	case OP_LOCAL:
		pstd_lapic_local(&l, sources[op->arg % 3]);
		break;
	case OP_PASS:
		now += value & 0xffffffffff;
		pstd_lapic_timer(&l, now);
		break;
	case OP_SERVE:
		do_serve(op->arg);
		break;
	case OP_EVENTS:
		do_events();
		break;
	}
}

/* Each register has only bits that software or reset can have set. */
static void judge_registers(void)
{
	bool disabled = !(pstd_apic_read(&l.regs, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE);

	for (unsigned offset = 0; offset < PSTD_LAPIC_ROWS * 16; offset += 16) {
		const struct pstd_lapic_row *row = pstd_lapic_row(&l, offset);
		uint32_t value = pstd_apic_read(&l.regs, offset);
		bool lvt = offset == PSTD_APIC_LVT_CMCI ||
		           (offset >= PSTD_APIC_LVT_TIMER && offset <= PSTD_APIC_LVT_ERROR);

		if (disabled && lvt)
			MUST(value & PSTD_APIC_LVT_MASK);
		if (!row || !(row->access & PSTD_LAPIC_MSR_W) || offset == PSTD_APIC_ESR)
			continue;
		MUST(!(value & ~(pstd_lapic_writable(&l, row) | row->tolerated | row->reset)));
	}
	MUST(!(pstd_apic_read(&l.regs, PSTD_APIC_ESR) & ~0xf0u) && !(l.errors & ~0xf0u));
}

static void judge(void)
{
	uint32_t none = (1u << PSTD_APIC_FIRST_VECTOR) - 1;
	int pending = pstd_lapic_pending(&l);

	pstd_lapic_timer(&l, now);
	MUST(!(l.base & PSTD_APIC_BASE_EXTD) || (l.base & PSTD_APIC_BASE_EN));
	MUST(!((pstd_apic_read(&l.regs, PSTD_APIC_IRR) | pstd_apic_read(&l.regs, PSTD_APIC_ISR) |
	        pstd_apic_read(&l.regs, PSTD_APIC_TMR)) & none));
	MUST(pending < 0 ||
	     pstd_apic_above((uint8_t)pending, (uint8_t)pstd_apic_read(&l.regs, PSTD_APIC_TPR)));
	MUST(pstd_lapic_timer_next(&l) > now);
	MUST(pstd_lapic_timer_current(&l, now) <= pstd_apic_read(&l.regs, PSTD_APIC_INITIAL_COUNT));
	judge_registers();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pstd_lapic_config c = { .id = 0x123, .address_width = 46, .cycle = 1 };
	uint64_t value;
	struct op op;

	if (!size)
		return 0;
	c.features = *data & PSTD_LAPIC_ALL;
	pstd_lapic_reset(&l, &c);
	now = 0;
	for (data++, size--; size >= sizeof(op); data += sizeof(op), size -= sizeof(op)) {
		memcpy(&op, data, sizeof(op));
		memcpy(&value, op.value, sizeof(value));
		perform(&op, value);
		judge();
	}
	return 0;
}
