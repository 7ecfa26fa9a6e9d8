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
	TABLE = 65536 * sizeof(struct irte), /* the greatest there is; behind it the descriptor */
	RECORDS = 0x200,                     /* offset of the one fault record */
};

static struct unit {
	struct vtd vtd;
	struct memory memory;
	struct vtd_cache_slot cache[4];
	uint64_t frcd[2];
	struct pi_desc *pid;
} unit;

static uint8_t ram[TABLE + 4096] __attribute__((aligned(4096)));

/* One request, which is not under way when this is called. */
static void drain(void *ctx)
{
}

/* Changes one bit of the configuration, and sees it done. */
static void command(struct vec *v, uint64_t bit)
{
	uint64_t keep = vtd_read(&unit.vtd, VTD_GSTS, 4) & VTD_GSTS_KEEP;

	vtd_write(&unit.vtd, VTD_GCMD, 4, keep | bit);
	if (!(vtd_read(&unit.vtd, VTD_GSTS, 4) & bit))
		vec_fail(v, "in_addr", "a command is not shown as done in GSTS");
}

/* The table, then the page of the descriptor where the entry says that it is. */
static void build_memory(struct vec *v)
{
	struct irte e = { { vec_x(v, "in_irte_lo", 64), vec_x(v, "in_irte_hi", 64) } };
	uint64_t pda = irte_decode(e).pda;
	uint8_t bytes[VEC_BYTES];

	memset(ram, 0, sizeof(ram));
	unit.memory = (struct memory){ .base = ram, .size = sizeof(ram),
		                       .moved = (pda & ~0xfffull) - TABLE - MEMORY_PHYS_BASE };
	unit.pid = (struct pi_desc *)(void *)(ram + TABLE + (pda & 0xfff));
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
	struct irte e = { { vec_x(v, "in_irte_lo", 64), vec_x(v, "in_irte_hi", 64) } };
	uint64_t address = memory_phys(&unit.memory, ram), index = vec_x(v, "out_index", 20);

	if (index < TABLE / sizeof(e))
		memcpy(ram + index * sizeof(e), &e, sizeof(e));
	if (vec_b(v, "in_irte_err"))
		address += 2 * sizeof(ram) & ~0xfffull;
	vtd_write(&unit.vtd, VTD_IRTA, 8, address | vec_d(v, "in_irta_s") |
	                                  (vec_b(v, "in_eime") ? VTD_IRTA_EIME : 0));
	command(v, VTD_GCMD_SIRTP);
}

/* A unit at reset; memory is made before. */
static void reset(struct vec *v, bool posting)
{
	struct vtd_config c = {
		.memory = &unit.memory,
		.address_width = 64,
		.cap = pi_field(VTD_CAP_PI, posting) | pi_field(VTD_CAP_FRO, RECORDS / 16),
		.ecap = VTD_ECAP_QI | VTD_ECAP_IR | VTD_ECAP_EIM,
		.cache = unit.cache,
		.cache_entries = 4,
		.cache_ways = 2,
		.frcd = unit.frcd,
		.drain = drain,
	};
	const char *wrong = vtd_init(&unit.vtd, &c);

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
		command(v, VTD_GCMD_CFI);
	command(v, VTD_GCMD_IRE);
}

static void expect_message(struct vec *v, const struct apic_msg *m)
{
	vec_expect_x(v, "out_vector", 8, m->vector);
	vec_expect_x(v, "out_dest", 32, m->dest);
	vec_expect_b(v, "out_dm", m->logical);
	vec_expect_b(v, "out_rh", m->redirection_hint);
	vec_expect_b(v, "out_tm", m->level);
	vec_expect_x(v, "out_dlm", 3, m->dlm);
}

static void expect_post(struct vec *v, enum vtd_kind kind, const struct vtd_post_result *p)
{
	if (kind == VTD_POST)
		vec_expect_bytes(v, "out_pid", unit.pid);
	else
		vec_expect_s(v, "out_pid", "-");
	vec_expect_b(v, "out_notify", p->notify);
	vec_expect_x(v, "out_nvec", 8, p->notification.vector);
	vec_expect_x(v, "out_ndest", 32, p->notification.dest);
}

static void expect_fault(struct vec *v, const struct vtd_request_result *r, uint16_t rid)
{
	uint64_t high;

	if (r->fault)
		vtd_fault(&unit.vtd, r->fault, r->qualified, r->index, rid);
	high = vtd_read(&unit.vtd, RECORDS + 8, 8);
	vec_expect_x(v, "out_reason", 8, r->fault);
	vec_expect_b(v, "out_qualified", vtd_fault_qualified(r->fault));
	vec_expect_b(v, "out_logged", high & VTD_FRCD_F);
	vec_expect_x(v, "out_frcd_lo", 64, vtd_read(&unit.vtd, RECORDS, 8));
	vec_expect_x(v, "out_frcd_hi", 64, high);
}

void vtd_family(struct vec *v)
{
	static const char *const kinds[] = { [VTD_BLOCKED] = "fault", [VTD_PASS] = "pass",
		                             [VTD_REMAPPED] = "remap", [VTD_POST] = "post" };
	struct msi_msg m = { .addr_lo = (uint32_t)vec_x(v, "in_addr", 32),
		             .data = (uint32_t)vec_x(v, "in_data", 32) };
	uint16_t rid = (uint16_t)vec_x(v, "in_rid", 16);
	struct vtd_post_result p = { 0 };
	struct apic_msg none = { 0 };
	struct vtd_request_result r;

	build(v);
	/* Twice: what the second finds in the cache must be judged as the first was. */
	vtd_request(&unit.vtd, m, rid);
	r = vtd_request(&unit.vtd, m, rid);
	if (r.kind == VTD_POST)
		p = vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
	if (p.fault) {
		r.kind = VTD_BLOCKED;
		r.fault = p.fault;
	}
	vec_expect_s(v, "out_kind", kinds[r.kind]);
	vec_expect_x(v, "out_index", 20, r.index);
	expect_message(v, r.kind == VTD_REMAPPED ? &r.msg : &none);
	expect_post(v, r.kind, &p);
	expect_fault(v, &r, rid);
}

void vtd_expect_passed(struct vec *v, struct msi_msg m)
{
	struct vtd_request_result r;

	memset(&unit, 0, sizeof(unit));
	unit.memory = (struct memory){ .base = ram, .size = sizeof(ram) };
	reset(v, true);
	r = vtd_request(&unit.vtd, m, 0);
	if (r.kind != VTD_PASS)
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
