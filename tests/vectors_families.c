/* SPDX-License-Identifier: BSD-2-Clause */
#include "vectors_families.h"

#include "hw/cpu.h"
#include <posted/apic.h>
#include <posted/ioapic.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>
#include <string.h>

/* Banks of an APIC page as 256-bit columns. */

static void load_bank(struct vec *v, const char *column, struct apic_page *page, unsigned bank)
{
	uint64_t bits[4], merged[4];

	vec_bm(v, column, bits);
	apic_merge(page, bank, bits, merged);
}

static void expect_bank(struct vec *v, const char *column, const struct apic_page *page,
                        unsigned bank)
{
	uint64_t bits[4] = { 0 };

	for (unsigned vector = 0; vector < 256; vector++)
		if (apic_test(page, bank, (uint8_t)vector))
			bits[vector / 64] |= PI_BIT(vector % 64);
	vec_expect_bm(v, column, bits);
}

/* Encodings, each both ways. */

static void pid_load(struct vec *v, struct pi_desc *d)
{
	uint64_t pir[4];

	vec_bm(v, "in_pir", pir);
	for (unsigned vector = 0; vector < 256; vector++)
		if (pir[vector / 64] >> vector % 64 & 1)
			pi_test_and_set_pir(d, (uint8_t)vector);
	if (vec_b(v, "in_on"))
		pi_test_and_set_on(d);
	if (vec_b(v, "in_sn"))
		pi_set_sn(d);
}

static void pid_encode(struct vec *v)
{
	struct pi_desc d = { 0 };
	uint8_t bytes[VEC_BYTES];
	uint64_t pir[4];

	d.control = pi_control((uint8_t)vec_x(v, "in_nv", 8), (uint32_t)vec_x(v, "in_ndst", 32));
	pid_load(v, &d);
	vec_expect_bytes(v, "out_bytes", &d);

	vec_bytes(v, "out_bytes", bytes);
	memcpy(&d, bytes, sizeof(d));
	vec_expect_b(v, "in_on", pi_on(&d));
	vec_expect_b(v, "in_sn", d.control & PI_SN);
	vec_expect_x(v, "in_nv", 8, pi_field_get(PI_NV, d.control));
	vec_expect_x(v, "in_ndst", 32, pi_destination(d.control, true));
	pi_take_pir(&d, pir);
	vec_expect_bm(v, "in_pir", pir);
}

static void expect_irte(struct vec *v, const struct irte_fields *f)
{
	struct irte e = irte_encode(f);

	vec_expect_x(v, "out_lo", 64, e.raw.lo);
	vec_expect_x(v, "out_hi", 64, e.raw.hi);
}

/* Decodes the outputs and compares what both formats have. */
static struct irte_fields expect_irte_fields(struct vec *v, bool posted)
{
	struct irte e = { { vec_x(v, "out_lo", 64), vec_x(v, "out_hi", 64) } };
	struct irte_fields f = irte_decode(e);

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

static struct irte_fields irte_common(struct vec *v)
{
	struct irte_fields f = {
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
	struct irte_fields f = irte_common(v);

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
	struct irte_fields f = irte_common(v);

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
	struct msi_msg m = msi_remappable((uint16_t)vec_x(v, "in_handle", 16), shv, subhandle);

	vec_expect_x(v, "out_addr", 32, m.addr_lo);
	vec_expect_x(v, "out_data", 32, m.data);

	m = (struct msi_msg){ (uint32_t)vec_x(v, "out_addr", 32), 0,
		              (uint32_t)vec_x(v, "out_data", 32) };
	if (!msi_is_interrupt(m) || !msi_is_remappable(m))
		vec_fail(v, "out_addr", "not taken for a remappable interrupt");
	vec_expect_x(v, "in_handle", 16, msi_handle(m));
	vec_expect_b(v, "in_shv", m.addr_lo & MSI_ADDR_SHV);
	if (shv)
		vec_expect_x(v, "in_subhandle", 16, pi_field_get(MSI_DATA_SUBHANDLE, m.data));
	vec_expect_x(v, "out_index", 20, msi_index(m));
}

/* The destination, with its upper bits where this kind of message has them. */
static uint32_t compat_dest(struct vec *v, struct msi_msg m)
{
	const char *how = vec_s(v, "in_how");

	if (!strcmp(how, "ext15"))
		return msi_dest15(m);
	if (!strcmp(how, "arch"))
		m.addr_hi = 0;
	else if (strcmp(how, "kvm32"))
		vec_malformed(v, "in_how", "\"%.80s\" is none of arch, kvm32, ext15", how);
	return msi_dest(m);
}

static void msi_compat_family(struct vec *v)
{
	struct msi_msg m = { (uint32_t)vec_x(v, "in_addr_lo", 32),
		             (uint32_t)vec_x(v, "in_addr_hi", 32),
		             (uint32_t)vec_x(v, "in_data", 32) };

	if (!msi_is_interrupt(m) || msi_is_remappable(m))
		vec_fail(v, "in_addr_lo", "not taken for an interrupt in compatibility format");
	vec_expect_x(v, "out_dest", 32, compat_dest(v, m));
	vec_expect_b(v, "out_rh", msi_redirection_hint(m));
	vec_expect_b(v, "out_dm", msi_logical(m));
	vec_expect_x(v, "out_vector", 8, msi_vector(m));
	vec_expect_x(v, "out_dlm", 3, msi_delivery_mode(m));
	vec_expect_b(v, "out_level", m.data & MSI_DATA_LEVEL);
	vec_expect_b(v, "out_trig", m.data & MSI_DATA_TRIGGER);
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
	struct ioapic_fields f = ioapic_decode(rte);
	struct msi_msg m = ioapic_message(rte);

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
	struct apic_page page = { 0 };
	uint8_t isrv;

	load_bank(v, "in_isr", &page, APIC_ISR);
	isrv = apic_highest_or_0(&page, APIC_ISR);
	vec_expect_x(v, "out_isrv", 8, isrv);
	vec_expect_x(v, "out_ppr", 8, apic_ppr((uint8_t)vec_x(v, "in_tpr", 8), isrv));
	/* What another model may give if TPR and ISRV are of one class; ours is VPPR's rule. */
	vec_x(v, "out_ppr_alt", 8);
}

/* Virtual interrupts: a CPU in guest mode, entered with a vector's state. */

static struct guest {
	struct cpu cpu;
	struct memory memory;
	struct vmcs *vmcs;
	struct apic_page *page;
	struct pi_desc *pid;
} guest;

static void guest_reset(void)
{
	static uint8_t ram[4 * 4096] __attribute__((aligned(4096)));

	memset(ram, 0, sizeof(ram));
	memset(&guest, 0, sizeof(guest));
	guest.memory = (struct memory){ .base = ram, .size = sizeof(ram) };
	guest.page = memory_take(&guest.memory, sizeof(*guest.page), 4096);
	guest.vmcs = memory_take(&guest.memory, sizeof(*guest.vmcs), 4096);
	guest.pid = memory_take(&guest.memory, sizeof(*guest.pid), 64);
	guest.cpu.memory = &guest.memory;
	cpu_vmptrld(&guest.cpu, memory_phys(&guest.memory, guest.vmcs));
	guest.vmcs->VIRTUAL_APIC_PAGE_ADDR = memory_phys(&guest.memory, guest.page);
	guest.vmcs->POSTED_INTR_DESC_ADDR = memory_phys(&guest.memory, guest.pid);
}

/* The inputs that all these families have. */
static void guest_load(struct vec *v)
{
	struct vmcs *s = guest.vmcs;

	apic_write(guest.page, APIC_TPR, (uint32_t)vec_x(v, "in_vtpr", 8));
	load_bank(v, "in_visr", guest.page, APIC_ISR);
	load_bank(v, "in_virr", guest.page, APIC_IRR);
	s->GUEST_INTR_STATUS = pi_field(VMX_RVI, vec_x(v, "in_rvi", 8)) |
	                       pi_field(VMX_SVI, vec_x(v, "in_svi", 8));
	s->CPU_BASED_VM_EXEC_CONTROL = vec_b(v, "in_iwe") ? VMX_CPU_INTR_WINDOW : 0;
	s->GUEST_RFLAGS = vec_b(v, "in_rflags_if") ? VMX_RFLAGS_IF : 0;
	s->GUEST_INTERRUPTIBILITY_INFO = (vec_b(v, "in_sti") ? VMX_BLOCKING_STI : 0) |
	                                 (vec_b(v, "in_movss") ? VMX_BLOCKING_MOV_SS : 0);
}

static void expect_vppr(struct vec *v, const char *column)
{
	vec_expect_x(v, column, 8, apic_read(guest.page, APIC_PPR));
}

/* Recognition, then the delivery if there is one, then the state in the end. */
static void expect_rest(struct vec *v, const char *vector_column)
{
	uint8_t vector = 0;

	vec_expect_b(v, "out_recognized", guest.cpu.guest && guest.cpu.vapic.recognized);
	vec_expect_b(v, "out_delivered",
	             guest.cpu.guest && cpu_boundary(&guest.cpu, &vector) == CPU_DELIVER);
	vec_expect_x(v, vector_column, 8, vector);
	expect_vppr(v, "out_vppr");
	vec_expect_x(v, "out_rvi", 8, guest.cpu.vapic.rvi);
	vec_expect_x(v, "out_svi", 8, guest.cpu.vapic.svi);
	expect_bank(v, "out_visr", guest.page, APIC_ISR);
	expect_bank(v, "out_virr", guest.page, APIC_IRR);
}

static void vid_tpr(struct vec *v)
{
	const char *op = vec_s(v, "in_op");
	uint8_t value = (uint8_t)vec_x(v, "in_value", 8);

	guest_reset();
	guest_load(v);
	cpu_vm_entry(&guest.cpu);
	if (!strcmp(op, "cr8"))
		cpu_write_tpr(&guest.cpu, (uint8_t)(value << 4));
	else if (!strcmp(op, "mmio80") || !strcmp(op, "msr808"))
		cpu_write_tpr(&guest.cpu, value);
	else if (strcmp(op, "entry"))
		vec_malformed(v, "in_op", "\"%.80s\" is none of entry, cr8, mmio80, msr808", op);
	expect_vppr(v, "out_vppr_virt");
	expect_rest(v, "out_vector");
	vec_expect_x(v, "out_vtpr", 8, apic_read(guest.page, APIC_TPR));
}

static void vid_eoi(struct vec *v)
{
	uint64_t bitmap[4];

	guest_reset();
	guest_load(v);
	vec_bm(v, "in_eoi_exit_bitmap", bitmap);
	guest.vmcs->EOI_EXIT_BITMAP0 = bitmap[0];
	guest.vmcs->EOI_EXIT_BITMAP1 = bitmap[1];
	guest.vmcs->EOI_EXIT_BITMAP2 = bitmap[2];
	guest.vmcs->EOI_EXIT_BITMAP3 = bitmap[3];
	cpu_vm_entry(&guest.cpu);
	vec_expect_x(v, "out_vector", 8, guest.cpu.vapic.svi);
	vec_expect_b(v, "out_exit", cpu_write_eoi(&guest.cpu));
	vec_expect_x(v, "out_exit_qual", 8, guest.vmcs->EXIT_QUALIFICATION);
	expect_bank(v, "out_visr_eoi", guest.page, APIC_ISR);
	vec_expect_x(v, "out_svi_eoi", 8, guest.cpu.vapic.svi);
	expect_vppr(v, "out_vppr_eoi");
	expect_rest(v, "out_dvector");
}

/* The external interrupt arrives, is taken, and what it did to the descriptor is compared. */
static void posted_processing(struct vec *v)
{
	uint8_t vector = (uint8_t)vec_x(v, "in_phys_vec", 8);
	uint64_t pir[4];
	bool posted;

	guest_reset();
	guest_load(v);
	pid_load(v, guest.pid);
	guest.vmcs->PIN_BASED_VM_EXEC_CONTROL = VMX_PIN_EXT_INTR | VMX_PIN_POSTED_INTR;
	guest.vmcs->POSTED_INTR_NV = vec_x(v, "in_pinv", 16);
	cpu_vm_entry(&guest.cpu);
	apic_write(guest.page, APIC_PPR, (uint32_t)vec_x(v, "in_vppr", 8));
	lapic_accept(&guest.cpu.lapic, vector);
	if (lapic_pending(&guest.cpu.lapic) != vector)
		vec_fail(v, "in_phys_vec", "the local APIC does not offer it");
	posted = cpu_posted_interrupt_processing(&guest.cpu);
	vec_expect_s(v, "out_kind", posted ? "posted" : "extint_exit");
	vec_expect_b(v, "out_on", pi_on(guest.pid));
	vec_expect_b(v, "out_sn", guest.pid->control & PI_SN);
	vec_expect_b(v, "out_eoi_written", guest.cpu.lapic.eois);
	expect_bank(v, "out_virr_merged", guest.page, APIC_IRR);
	vec_expect_x(v, "out_rvi_merged", 8, guest.cpu.vapic.rvi);
	expect_rest(v, "out_vector");
	pi_take_pir(guest.pid, pir);
	vec_expect_bm(v, "out_pir", pir);
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
	{ "vid_tpr", vid_tpr },
	{ "vid_eoi", vid_eoi },
	{ "posted_processing", posted_processing },
	{ NULL, NULL },
};
