/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Families vtd_ir and faults: a whole VT-d unit, programmed by its registers as a
 * driver does, gets the request; what it records is read back by its registers. And
 * family msi_compat, as far as a unit that does not remap passes its messages on.
 */
#include "vectors_families.h"

#include <posted/hw/vtd.h>
#include <posted/vtd.h>
#include <string.h>

enum {
	/* the greatest there is; behind it the descriptor */
	TABLE = 65536 * sizeof(struct pstd_irte),
	RECORDS = 0x200, /* offset of the one fault record */
};

static struct unit {
	struct pstd_vtd vtd;
	struct pstd_memory memory;
	struct pstd_vtd_cache_slot cache[4];
	uint64_t frcd[2];
	struct pstd_desc *pid;
} unit;

static uint8_t ram[TABLE + 4096] __attribute__((aligned(4096)));

/* One request, which is not under way when this is called. */
static void drain(void *ctx)
{
}

/* Changes one bit of the configuration, and sees it done. */
static void command(struct vec *v, uint64_t bit)
{
	uint64_t keep = pstd_vtd_read(&unit.vtd, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_KEEP;

	pstd_vtd_write(&unit.vtd, PSTD_VTD_GCMD, 4, keep | bit);
	if (!(pstd_vtd_read(&unit.vtd, PSTD_VTD_GSTS, 4) & bit))
		vec_fail(v, "in_addr", "a command is not shown as done in GSTS");
}

/* The table, then the page of the descriptor where the entry says that it is. */
static void build_memory(struct vec *v)
{
	struct pstd_irte e = { { vec_x(v, "in_irte_lo", 64), vec_x(v, "in_irte_hi", 64) } };
	uint64_t pda = pstd_irte_decode(e).pda;
	uint8_t bytes[VEC_BYTES];

	memset(ram, 0, sizeof(ram));
	unit.memory = (struct pstd_memory){
		.base = ram,
		.size = sizeof(ram),
		.moved = (pda & ~0xfffull) - TABLE - PSTD_MEMORY_PHYS_BASE,
	};
	unit.pid = (struct pstd_desc *)(void *)(ram + TABLE + (pda & 0xfff));
	if (vec_b(v, "in_pid_err"))
		unit.memory.moved += 2 * sizeof(ram);
	if (strcmp(vec_s(v, "in_pid"), "-")) {
		vec_bytes(v, "in_pid", bytes);
		memcpy(unit.pid, bytes, sizeof(bytes));
	}
}

/* The entry lies at the index that the vector says; all others are not present. */
static void build_table(struct vec *v)
{
	struct pstd_irte e = { { vec_x(v, "in_irte_lo", 64), vec_x(v, "in_irte_hi", 64) } };
	uint64_t address = pstd_memory_phys(&unit.memory, ram), index = vec_x(v, "out_index", 20);

	if (index < TABLE / sizeof(e))
		memcpy(ram + index * sizeof(e), &e, sizeof(e));
	if (vec_b(v, "in_irte_err"))
		address += 2 * sizeof(ram) & ~0xfffull;
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, address | vec_d(v, "in_irta_s") |
	                                            (vec_b(v, "in_eime") ? PSTD_VTD_IRTA_EIME : 0));
	command(v, PSTD_VTD_GCMD_SIRTP);
}

/* A unit at reset; memory is made before. */
static void reset(struct vec *v, bool posting)
{
	struct pstd_vtd_config c = {
		.memory = &unit.memory,
		.address_width = 64,
		.cap = pstd_field(PSTD_VTD_CAP_PI, posting) |
		       pstd_field(PSTD_VTD_CAP_FRO, RECORDS / 16),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.cache = unit.cache,
		.cache_entries = 4,
		.cache_ways = 2,
		.frcd = unit.frcd,
		.drain = drain,
	};
	const char *wrong = pstd_vtd_init(&unit.vtd, &c);

	if (wrong)
		vec_fail(v, "unit", wrong);
}

static void build(struct vec *v)
{
	memset(&unit, 0, sizeof(unit));
	build_memory(v);
	reset(v, vec_b(v, "in_pi_cap"));
	build_table(v);
	if (vec_b(v, "in_cfis"))
		command(v, PSTD_VTD_GCMD_CFI);
	command(v, PSTD_VTD_GCMD_IRE);
}

static void expect_message(struct vec *v, const struct pstd_apic_msg *m)
{
	vec_expect_x(v, "out_vector", 8, m->vector);
	vec_expect_x(v, "out_dest", 32, m->dest);
	vec_expect_b(v, "out_dm", m->logical);
	vec_expect_b(v, "out_rh", m->redirection_hint);
	vec_expect_b(v, "out_tm", m->level);
	vec_expect_x(v, "out_dlm", 3, m->dlm);
}

static void expect_post(struct vec *v, enum pstd_vtd_kind kind,
                        const struct pstd_vtd_post_result *p)
{
	if (kind == PSTD_VTD_POST)
		vec_expect_bytes(v, "out_pid", unit.pid);
	else
		vec_expect_s(v, "out_pid", "-");
	vec_expect_b(v, "out_notify", p->notify);
	vec_expect_x(v, "out_nvec", 8, p->notification.vector);
	vec_expect_x(v, "out_ndest", 32, p->notification.dest);
}

static void expect_fault(struct vec *v, const struct pstd_vtd_request_result *r, uint16_t rid)
{
	uint64_t high;

	if (r->fault)
		pstd_vtd_fault(&unit.vtd, r->fault, r->qualified, r->index, rid);
	high = pstd_vtd_read(&unit.vtd, RECORDS + 8, 8);
	vec_expect_x(v, "out_reason", 8, r->fault);
	vec_expect_b(v, "out_qualified", pstd_vtd_fault_qualified(r->fault));
	vec_expect_b(v, "out_logged", high & PSTD_VTD_FRCD_F);
	vec_expect_x(v, "out_frcd_lo", 64, pstd_vtd_read(&unit.vtd, RECORDS, 8));
	vec_expect_x(v, "out_frcd_hi", 64, high);
}

void vtd_family(struct vec *v)
{
	static const char *const kinds[] = { [PSTD_VTD_BLOCKED] = "fault",
		                             [PSTD_VTD_PASS] = "pass",
		                             [PSTD_VTD_REMAPPED] = "remap",
		                             [PSTD_VTD_POST] = "post" };
	struct pstd_msi_msg m = { .addr_lo = (uint32_t)vec_x(v, "in_addr", 32),
		                  .data = (uint32_t)vec_x(v, "in_data", 32) };
	uint16_t rid = (uint16_t)vec_x(v, "in_rid", 16);
	struct pstd_vtd_post_result p = { 0 };
	struct pstd_apic_msg none = { 0 };
	struct pstd_vtd_request_result r;

	build(v);
	/* Twice: what the second finds in the cache must be judged as the first was. */
	pstd_vtd_request(&unit.vtd, m, rid);
	r = pstd_vtd_request(&unit.vtd, m, rid);
	if (r.kind == PSTD_VTD_POST)
		p = pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
	if (p.fault) {
		r.kind = PSTD_VTD_BLOCKED;
		r.fault = p.fault;
	}
	vec_expect_s(v, "out_kind", kinds[r.kind]);
	vec_expect_x(v, "out_index", 20, r.index);
	expect_message(v, r.kind == PSTD_VTD_REMAPPED ? &r.msg : &none);
	expect_post(v, r.kind, &p);
	expect_fault(v, &r, rid);
}

void vtd_expect_passed(struct vec *v, struct pstd_msi_msg m)
{
	struct pstd_vtd_request_result r;

	memset(&unit, 0, sizeof(unit));
	unit.memory = (struct pstd_memory){ .base = ram, .size = sizeof(ram) };
	reset(v, true);
	r = pstd_vtd_request(&unit.vtd, m, 0);
	if (r.kind != PSTD_VTD_PASS)
		vec_fail(v, "in_addr_lo", "a unit at reset does not pass it on");
	/* Of the destination it knows what is in the lower address. */
	if (!strcmp(vec_s(v, "in_how"), "arch"))
		vec_expect_x(v, "out_dest", 32, r.msg.dest);
	vec_expect_b(v, "out_rh", r.msg.redirection_hint);
	vec_expect_b(v, "out_dm", r.msg.logical);
	vec_expect_x(v, "out_vector", 8, r.msg.vector);
	vec_expect_x(v, "out_dlm", 3, r.msg.dlm);
	vec_expect_b(v, "out_trig", r.msg.level);
}
