/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any sequence of register accesses, requests, faults and stores to memory, on
 * one unit. The input is a list of struct op, after one byte that chooses
 * capabilities.
 */
#include "fuzz.h"
#include "unit.h"
#include <string.h>

enum op_kind {
	OP_READ,    /* arg bytes at offset at */
	OP_WRITE,   /* value */
	OP_STORE,   /* value to memory, at quadword at */
	OP_REQUEST, /* address FEEx_xxxxH from value 31:0, data 63:32, source id at */
	OP_DMA,     /* the same, of arg bytes */
	OP_FAULT,   /* reason arg, index and source id at */
	OP_KINDS,
};

struct op {
	uint8_t kind, arg;
	uint16_t at;
	uint8_t value[8];
};

static void do_read(struct pstd_vtd *u, const struct op *op)
{
	uint64_t value = pstd_vtd_read(u, op->at, op->arg);

	MUST(pstd_vtd_read(u, op->at, op->arg) == value);
	if (op->arg != 8)
		MUST(value >> 32 == 0);
	if ((op->arg != 4 && op->arg != 8) || op->at % op->arg)
		MUST(value == 0);
	else if (op->arg == 8)
		MUST(value ==
		     (pstd_vtd_read(u, op->at, 4) | pstd_vtd_read(u, op->at + 4u, 4) << 32));
}

/* What a request leads to: a post, a fault, or a message for which nothing is to be done here. */
static void carry_out(struct fuzz_unit *f, const struct pstd_vtd_request_result *r, uint16_t sid)
{
	const uint8_t *pid = (const uint8_t *)r->pid;
	enum pstd_vtd_fault fault = r->fault;

	MUST((r->kind == PSTD_VTD_BLOCKED) == (fault != PSTD_VTD_FAULT_NONE));
	if (r->kind == PSTD_VTD_POST) {
		MUST(pid >= f->memory.base && pid + 64 <= f->memory.base + f->memory.size);
		MUST((uintptr_t)pid % 64 == 0);
		fault = pstd_vtd_post(r->pid, r->vector, r->urgent, r->x2apic).fault;
	}
	if (fault)
		pstd_vtd_fault(&f->vtd, fault, r->qualified, r->index, sid);
}

static void perform(struct fuzz_unit *f, const struct op *op, uint64_t value)
{
	uint32_t address = 0xfee00000 | (uint32_t)(value & 0xfffff), bits = (uint32_t)(value >> 32);
	struct pstd_vtd_request_result r;

	switch (op->kind % OP_KINDS) {
	case OP_READ:
		do_read(&f->vtd, op);
		break;
	case OP_WRITE:
		pstd_vtd_write(&f->vtd, op->at, op->arg, value);
		break;
	case OP_STORE:
		pstd_store_relaxed((uint64_t *)(void *)f->memory.base + op->at % (UNIT_MEMORY / 8),
		                   value);
		break;
	case OP_REQUEST:
		r = pstd_vtd_request(&f->vtd, (struct pstd_msi_msg){ address, 0, bits }, op->at);
		carry_out(f, &r, op->at);
		break;
	case OP_DMA:
		r = pstd_vtd_dma(&f->vtd, address, bits, op->arg & 0xf, op->arg & 0x80, op->at);
		carry_out(f, &r, op->at);
		break;
	case OP_FAULT:
		pstd_vtd_fault(&f->vtd, PSTD_VTD_FAULT_REQUEST_RSVD + op->arg % 12, op->arg & 0x80,
		               op->at, op->at);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_unit *f;
	uint64_t value;
	struct op op;

	if (!size)
		return 0;
	f = unit_reset((*data & 1 ? PSTD_VTD_CAP_CM : 0) | (*data & 2 ? PSTD_VTD_CAP_ESIRTPS : 0),
	               (*data & 4 ? PSTD_VTD_ECAP_SMTS : 0) |
	                       (*data & 8 ? PSTD_VTD_ECAP_IRREQ : 0));
	for (data++, size--; size >= sizeof(op); data += sizeof(op), size -= sizeof(op)) {
		memcpy(&op, data, sizeof(op));
		memcpy(&value, op.value, sizeof(value));
		perform(f, &op, value);
		unit_work(f);
		unit_judge(f);
	}
	return 0;
}
