/* SPDX-License-Identifier: BSD-2-Clause */
#include "vectors_families.h"

#include <posted/apic.h>
#include <posted/ioapic.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>
#include <string.h>

/* Banks of an APIC page as 256-bit columns. */

void bank_load(struct vec *v, const char *column, struct pstd_apic_page *page, unsigned bank)
{
	uint64_t bits[4], merged[4];

	vec_bm(v, column, bits);
	pstd_apic_merge(page, bank, bits, merged);
}

void bank_expect(struct vec *v, const char *column, const struct pstd_apic_page *page,
                 unsigned bank)
{
	uint64_t bits[4] = { 0 };

	for (unsigned vector = 0; vector < 256; vector++)
		if (pstd_apic_test(page, bank, (uint8_t)vector))
			bits[vector / 64] |= PSTD_BIT(vector % 64);
	vec_expect_bm(v, column, bits);
}

/* Encodings, each both ways. */

void pid_load(struct vec *v, struct pstd_desc *d)
{
	uint64_t pir[4];

	vec_bm(v, "in_pir", pir);
	for (unsigned vector = 0; vector < 256; vector++)
		if (pir[vector / 64] >> vector % 64 & 1)
			pstd_test_and_set_pir(d, (uint8_t)vector);
	if (vec_b(v, "in_on"))
		pstd_test_and_set_on(d);
	if (vec_b(v, "in_sn"))
		pstd_set_sn(d);
}

static void pid_encode(struct vec *v)
{
	struct pstd_desc d = { 0 };
	uint8_t bytes[VEC_BYTES];
	uint64_t pir[4];

	d.control = pstd_control((uint8_t)vec_x(v, "in_nv", 8), (uint32_t)vec_x(v, "in_ndst", 32));
	pid_load(v, &d);
	vec_expect_bytes(v, "out_bytes", &d);

	vec_bytes(v, "out_bytes", bytes);
	memcpy(&d, bytes, sizeof(d));
	vec_expect_b(v, "in_on", pstd_on(&d));
	vec_expect_b(v, "in_sn", d.control & PSTD_SN);
	vec_expect_x(v, "in_nv", 8, pstd_field_get(PSTD_NV, d.control));
	vec_expect_x(v, "in_ndst", 32, pstd_destination(d.control, true));
	pstd_take_pir(&d, pir);
	vec_expect_bm(v, "in_pir", pir);
}

static void expect_irte(struct vec *v, const struct pstd_irte_fields *f)
{
	struct pstd_irte e = pstd_irte_encode(f);

	vec_expect_x(v, "out_lo", 64, e.raw.lo);
	vec_expect_x(v, "out_hi", 64, e.raw.hi);
}

/* Decodes the outputs and compares what both formats have. */
static struct pstd_irte_fields expect_irte_fields(struct vec *v, bool posted)
{
	struct pstd_irte e = { { vec_x(v, "out_lo", 64), vec_x(v, "out_hi", 64) } };
	struct pstd_irte_fields f = pstd_irte_decode(e);

	if (f.posted != posted)
		vec_fail(v, "out_lo", "decoded as the other format");
	vec_expect_b(v, "in_p", f.p);
	vec_expect_b(v, "in_fpd", f.fpd);
	vec_expect_x(v, "in_avail", 4, f.avail);
	vec_expect_x(v, "in_v", 8, f.vector);
	vec_expect_x(v, "in_sid", 16, f.sid);
	vec_expect_x(v, "in_sq", 2, f.sq);
	vec_expect_x(v, "in_svt", 2, f.svt);
	return f;
}

static struct pstd_irte_fields irte_common(struct vec *v)
{
	struct pstd_irte_fields f = {
		.p = vec_b(v, "in_p"),
		.fpd = vec_b(v, "in_fpd"),
		.avail = (uint8_t)vec_x(v, "in_avail", 4),
		.vector = (uint8_t)vec_x(v, "in_v", 8),
		.sid = (uint16_t)vec_x(v, "in_sid", 16),
		.sq = (uint8_t)vec_x(v, "in_sq", 2),
		.svt = (uint8_t)vec_x(v, "in_svt", 2),
	};

	return f;
}

static void irte_remapped_family(struct vec *v)
{
	struct pstd_irte_fields f = irte_common(v);

	f.dm = vec_b(v, "in_dm");
	f.rh = vec_b(v, "in_rh");
	f.tm = vec_b(v, "in_tm");
	f.dlm = (uint8_t)vec_x(v, "in_dlm", 3);
	f.dst = (uint32_t)vec_x(v, "in_dst", 32);
	expect_irte(v, &f);

	f = expect_irte_fields(v, false);
	vec_expect_b(v, "in_dm", f.dm);
	vec_expect_b(v, "in_rh", f.rh);
	vec_expect_b(v, "in_tm", f.tm);
	vec_expect_x(v, "in_dlm", 3, f.dlm);
	vec_expect_x(v, "in_dst", 32, f.dst);
}

static void irte_posted_family(struct vec *v)
{
	struct pstd_irte_fields f = irte_common(v);

	f.posted = true;
	f.urg = vec_b(v, "in_urg");
	f.pda = vec_x(v, "in_pda", 64);
	expect_irte(v, &f);

	f = expect_irte_fields(v, true);
	vec_expect_b(v, "in_urg", f.urg);
	vec_expect_x(v, "in_pda", 64, f.pda);
}

static void msi_remappable_family(struct vec *v)
{
	bool shv = vec_b(v, "in_shv");
	uint16_t subhandle = (uint16_t)vec_x(v, "in_subhandle", 16);
	struct pstd_msi_msg m =
		pstd_msi_remappable((uint16_t)vec_x(v, "in_handle", 16), shv, subhandle);

	vec_expect_x(v, "out_addr", 32, m.addr_lo);
	vec_expect_x(v, "out_data", 32, m.data);

	m = (struct pstd_msi_msg){ (uint32_t)vec_x(v, "out_addr", 32), 0,
		                   (uint32_t)vec_x(v, "out_data", 32) };
	if (!pstd_msi_is_interrupt(m) || !pstd_msi_is_remappable(m))
		vec_fail(v, "out_addr", "not taken for a remappable interrupt");
	vec_expect_x(v, "in_handle", 16, pstd_msi_handle(m));
	vec_expect_b(v, "in_shv", m.addr_lo & PSTD_MSI_ADDR_SHV);
	if (shv)
		vec_expect_x(v, "in_subhandle", 16,
		             pstd_field_get(PSTD_MSI_DATA_SUBHANDLE, m.data));
	vec_expect_x(v, "out_index", 20, pstd_msi_index(m));
}

/* The destination, with its upper bits where this kind of message has them. */
static uint32_t compat_dest(struct vec *v, struct pstd_msi_msg m)
{
	const char *how = vec_s(v, "in_how");

	if (!strcmp(how, "ext15"))
		return pstd_msi_dest15(m);
	if (!strcmp(how, "arch"))
		m.addr_hi = 0;
	else if (strcmp(how, "kvm32"))
		vec_malformed(v, "in_how", "\"%.80s\" is none of arch, kvm32, ext15", how);
	return pstd_msi_dest(m);
}

static void msi_compat_family(struct vec *v)
{
	struct pstd_msi_msg m = { (uint32_t)vec_x(v, "in_addr_lo", 32),
		                  (uint32_t)vec_x(v, "in_addr_hi", 32),
		                  (uint32_t)vec_x(v, "in_data", 32) };

	if (!pstd_msi_is_interrupt(m) || pstd_msi_is_remappable(m))
		vec_fail(v, "in_addr_lo", "not taken for an interrupt in compatibility format");
	vec_expect_x(v, "out_dest", 32, compat_dest(v, m));
	vec_expect_b(v, "out_rh", pstd_msi_redirection_hint(m));
	vec_expect_b(v, "out_dm", pstd_msi_logical(m));
	vec_expect_x(v, "out_vector", 8, pstd_msi_vector(m));
	vec_expect_x(v, "out_dlm", 3, pstd_msi_delivery_mode(m));
	vec_expect_b(v, "out_level", m.data & PSTD_MSI_DATA_LEVEL);
	vec_expect_b(v, "out_trig", m.data & PSTD_MSI_DATA_TRIGGER);
	vtd_expect_passed(v, m);
}

/* A message, where the vector says which of its bits are certain. */
static void expect_masked(struct vec *v, const char *column, const char *mask, uint32_t got)
{
	uint32_t certain = (uint32_t)vec_x(v, mask, 32);
	uint32_t expected = (uint32_t)vec_x(v, column, 32);

	vec_expect_x(v, column, 32, (got & certain) | (expected & ~certain));
}

static void ioapic_rte(struct vec *v)
{
	uint64_t rte = vec_x(v, "in_rte", 64);
	struct pstd_ioapic_fields f = pstd_ioapic_decode(rte);
	struct pstd_msi_msg m = pstd_ioapic_message(rte);

	vec_expect_b(v, "out_fmt", f.remappable);
	vec_expect_x(v, "out_vector", 8, f.vector);
	vec_expect_x(v, "out_dlm", 3, f.dlm);
	vec_expect_b(v, "out_dm", f.logical);
	vec_expect_b(v, "out_status", f.status);
	vec_expect_b(v, "out_pol", f.active_low);
	vec_expect_b(v, "out_rirr", f.remote_irr);
	vec_expect_b(v, "out_trig", f.level);
	vec_expect_b(v, "out_mask", f.masked);
	vec_expect_x(v, "out_dest", 8, f.dest);
	vec_expect_x(v, "out_index", 16, f.index);
	expect_masked(v, "out_msg_addr", "out_msg_addr_mask", m.addr_lo);
	expect_masked(v, "out_msg_data", "out_msg_data_mask", m.data);
}

static void ppr(struct vec *v)
{
	struct pstd_apic_page page = { 0 };
	uint8_t isrv;

	bank_load(v, "in_isr", &page, PSTD_APIC_ISR);
	isrv = pstd_apic_highest_or_0(&page, PSTD_APIC_ISR);
	vec_expect_x(v, "out_isrv", 8, isrv);
	vec_expect_x(v, "out_ppr", 8, pstd_apic_ppr((uint8_t)vec_x(v, "in_tpr", 8), isrv));
	/* What another model may give if TPR and ISRV are of one class; ours is VPPR's rule. */
	vec_x(v, "out_ppr_alt", 8);
}

const struct vec_family vec_families[] = {
	{ "pid_encode", pid_encode },
	{ "irte_remapped", irte_remapped_family },
	{ "irte_posted", irte_posted_family },
	{ "msi_remappable", msi_remappable_family },
	{ "msi_compat", msi_compat_family },
	{ "ioapic_rte", ioapic_rte },
	{ "vtd_ir", vtd_family },
	{ "faults", vtd_family },
	{ "ppr", ppr },
	{ "vid_tpr", vid_tpr_family },
	{ "vid_eoi", vid_eoi_family },
	{ "vid_selfipi", vid_selfipi_family },
	{ "posted_processing", posted_processing_family },
	{ "tpr_threshold", tpr_threshold_family },
	{ "apic_access", apic_access_family },
	{ "msr_access", msr_access_family },
	{ "vmentry_ctl", vmentry_ctl_family },
	{ "apic_dest", apic_dest_family },
	{ "lowest_prio", lowest_prio_family },
	{ "apic_timer_divide", apic_timer_divide_family },
	{ "apic_timer_count", apic_timer_count_family },
	{ NULL, NULL },
};
