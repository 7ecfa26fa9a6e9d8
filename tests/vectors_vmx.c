/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The families of APIC virtualization: a CPU in guest mode, entered with a
 * vector's state, executes one instruction or takes one interrupt.
 */
#include "vectors_families.h"

#include <posted/hw/cpu.h>
#include <string.h>

static struct guest {
	struct pstd_cpu cpu;
	struct pstd_memory memory;
	struct pstd_vmcs *vmcs;
	struct pstd_apic_page *page;
	struct pstd_desc *pid;
} guest;

/* A VMCS that VM entry accepts, with these secondary controls and a TPR shadow. */
static void guest_reset(uint64_t secondary)
{
	static uint8_t ram[8 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory *m = &guest.memory;
	struct pstd_vmcs *s;

	memset(ram, 0, sizeof(ram));
	memset(&guest, 0, sizeof(guest));
	*m = (struct pstd_memory){ .base = ram, .size = sizeof(ram) };
	guest.page = pstd_memory_take(m, sizeof(*guest.page), 4096);
	guest.vmcs = s = pstd_memory_take(m, sizeof(*guest.vmcs), 4096);
	guest.pid = pstd_memory_take(m, sizeof(*guest.pid), 64);
	guest.cpu.memory = m;
	pstd_cpu_vmptrld(&guest.cpu, pstd_memory_phys(m, s));
	s->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR;
	s->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_SECONDARY |
	                               PSTD_VMX_CPU_MSR_BITMAPS;
	s->SECONDARY_VM_EXEC_CONTROL = secondary;
	s->VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR;
	s->MSR_BITMAP = pstd_memory_phys(m, pstd_memory_take(m, PSTD_VMX_MSR_BITMAP_SIZE, 4096));
	s->VIRTUAL_APIC_PAGE_ADDR = pstd_memory_phys(m, guest.page);
	s->POSTED_INTR_DESC_ADDR = pstd_memory_phys(m, guest.pid);
}

/* The inputs that all these families have, but for what blocks the delivery. */
static void guest_load(struct vec *v)
{
	struct pstd_vmcs *s = guest.vmcs;

	pstd_apic_write(guest.page, PSTD_APIC_TPR, (uint32_t)vec_x(v, "in_vtpr", 8));
	bank_load(v, "in_visr", guest.page, PSTD_APIC_ISR);
	bank_load(v, "in_virr", guest.page, PSTD_APIC_IRR);
	s->GUEST_INTR_STATUS = pstd_field(PSTD_VMX_RVI, vec_x(v, "in_rvi", 8)) |
	                       pstd_field(PSTD_VMX_SVI, vec_x(v, "in_svi", 8));
	s->CPU_BASED_VM_EXEC_CONTROL |= vec_b(v, "in_iwe") ? PSTD_VMX_CPU_INTR_WINDOW : 0;
}

static void guest_enter(struct vec *v)
{
	if (!pstd_cpu_vm_entry(&guest.cpu, false))
		vec_fail(v, "in_vtpr", "VM entry refuses this state");
}

static void expect_vppr(struct vec *v, const char *column)
{
	vec_expect_x(v, column, 8, pstd_apic_read(guest.page, PSTD_APIC_PPR));
}

/*
 * Recognition, then the delivery if nothing blocks it, then the state in the end.
 * The blocking is that of the boundary, whatever instruction came before.
 */
static void expect_rest(struct vec *v, const char *vector_column)
{
	struct pstd_cpu *c = &guest.cpu;
	uint8_t vector = 0;

	c->rflags = vec_b(v, "in_rflags_if") ? PSTD_VMX_RFLAGS_IF : 0;
	c->interruptibility = (vec_b(v, "in_sti") ? PSTD_VMX_BLOCKING_STI : 0) |
	                      (vec_b(v, "in_movss") ? PSTD_VMX_BLOCKING_MOV_SS : 0);
	vec_expect_b(v, "out_recognized", c->guest && c->vapic.recognized);
	vec_expect_b(v, "out_delivered",
	             c->guest && pstd_cpu_boundary(c, &vector) == PSTD_CPU_DELIVER);
	vec_expect_x(v, vector_column, 8, vector);
	expect_vppr(v, "out_vppr");
	vec_expect_x(v, "out_rvi", 8, c->vapic.rvi);
	vec_expect_x(v, "out_svi", 8, c->vapic.svi);
	bank_expect(v, "out_visr", guest.page, PSTD_APIC_ISR);
	bank_expect(v, "out_virr", guest.page, PSTD_APIC_IRR);
}

void vid_tpr_family(struct vec *v)
{
	const char *op = vec_s(v, "in_op");
	uint8_t value = (uint8_t)vec_x(v, "in_value", 8);
	struct pstd_apic_msg none;

	guest_reset(PSTD_VMX_SEC_VIRTUAL_INTR |
	            (strcmp(op, "msr808") ? PSTD_VMX_SEC_VIRTUALIZE_APIC : PSTD_VMX_SEC_X2APIC));
	guest_load(v);
	guest_enter(v);
	if (!strcmp(op, "cr8"))
		pstd_cpu_mov_to_cr8(&guest.cpu, value);
	else if (!strcmp(op, "mmio80"))
		pstd_cpu_mmio_write(&guest.cpu, PSTD_APIC_TPR, 4, value, &none);
	else if (!strcmp(op, "msr808"))
		pstd_cpu_wrmsr(&guest.cpu, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), value, &none);
	else if (strcmp(op, "entry"))
		vec_malformed(v, "in_op", "\"%.80s\" is none of entry, cr8, mmio80, msr808", op);
	expect_vppr(v, "out_vppr_virt");
	expect_rest(v, "out_vector");
	vec_expect_x(v, "out_vtpr", 8, pstd_apic_read(guest.page, PSTD_APIC_TPR));
}

void vid_eoi_family(struct vec *v)
{
	struct pstd_apic_msg none;
	uint64_t bitmap[4];

	guest_reset(PSTD_VMX_SEC_VIRTUAL_INTR | PSTD_VMX_SEC_X2APIC);
	guest_load(v);
	vec_bm(v, "in_eoi_exit_bitmap", bitmap);
	guest.vmcs->EOI_EXIT_BITMAP0 = bitmap[0];
	guest.vmcs->EOI_EXIT_BITMAP1 = bitmap[1];
	guest.vmcs->EOI_EXIT_BITMAP2 = bitmap[2];
	guest.vmcs->EOI_EXIT_BITMAP3 = bitmap[3];
	guest_enter(v);
	vec_expect_x(v, "out_vector", 8, guest.cpu.vapic.svi);
	vec_expect_b(v, "out_exit",
	             pstd_cpu_wrmsr(&guest.cpu, PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0, &none) ==
	                     PSTD_CPU_EXITED);
	vec_expect_x(v, "out_exit_qual", 8, guest.vmcs->EXIT_QUALIFICATION);
	bank_expect(v, "out_visr_eoi", guest.page, PSTD_APIC_ISR);
	vec_expect_x(v, "out_svi_eoi", 8, guest.cpu.vapic.svi);
	expect_vppr(v, "out_vppr_eoi");
	expect_rest(v, "out_dvector");
}

static const char *action(enum pstd_cpu_outcome outcome)
{
	const struct pstd_vmcs *s = guest.vmcs;

	switch (outcome) {
	case PSTD_CPU_DONE:
		return "selfipi";
	case PSTD_CPU_GP:
		return "gp";
	case PSTD_CPU_EXITED:
		return s->VM_EXIT_REASON == PSTD_VMX_EXIT_APIC_WRITE ? "apic_write_exit" : "exit";
	default:
		return "-";
	}
}

void vid_selfipi_family(struct vec *v)
{
	const char *via = vec_s(v, "in_via");
	uint32_t value = (uint32_t)vec_x(v, "in_value", 32);
	enum pstd_cpu_outcome outcome = PSTD_CPU_THROUGH;
	bool msr = !strcmp(via, "msr83f");
	struct pstd_apic_msg none;

	guest_reset(PSTD_VMX_SEC_VIRTUAL_INTR |
	            (msr ? PSTD_VMX_SEC_X2APIC : PSTD_VMX_SEC_VIRTUALIZE_APIC));
	guest_load(v);
	guest_enter(v);
	/* What VM entry computed is not the vector's concern. */
	pstd_apic_write(guest.page, PSTD_APIC_PPR, (uint32_t)vec_x(v, "in_vppr", 8));
	guest.cpu.vapic.recognized = false;
	if (msr)
		outcome = pstd_cpu_wrmsr(&guest.cpu, PSTD_APIC_X2APIC_MSR(PSTD_APIC_SELF_IPI),
		                         value, &none);
	else if (!strcmp(via, "icr300"))
		outcome = pstd_cpu_mmio_write(&guest.cpu, PSTD_APIC_ICR, 4, value, &none);
	else
		vec_malformed(v, "in_via", "\"%.80s\" is neither icr300 nor msr83f", via);
	vec_expect_s(v, "out_action", action(outcome));
	if (outcome != PSTD_CPU_DONE)
		guest.cpu.guest = false; /* the vector ends here */
	expect_rest(v, "out_vector");
}

/* The external interrupt arrives, is taken, and what it did to the descriptor is compared. */
void posted_processing_family(struct vec *v)
{
	uint8_t vector = (uint8_t)vec_x(v, "in_phys_vec", 8);
	uint64_t pir[4];
	bool posted;

	guest_reset(PSTD_VMX_SEC_VIRTUAL_INTR);
	guest_load(v);
	pid_load(v, guest.pid);
	guest.vmcs->PIN_BASED_VM_EXEC_CONTROL |= PSTD_VMX_PIN_POSTED_INTR;
	guest.vmcs->POSTED_INTR_NV = vec_x(v, "in_pinv", 16);
	guest_enter(v);
	pstd_apic_write(guest.page, PSTD_APIC_PPR, (uint32_t)vec_x(v, "in_vppr", 8));
	pstd_lapic_notify(&guest.cpu.lapic, vector);
	if (pstd_lapic_pending(&guest.cpu.lapic) != vector)
		vec_fail(v, "in_phys_vec", "the local APIC does not offer it");
	posted = pstd_cpu_posted_interrupt_processing(&guest.cpu);
	vec_expect_s(v, "out_kind", posted ? "posted" : "extint_exit");
	vec_expect_b(v, "out_on", pstd_on(guest.pid));
	vec_expect_b(v, "out_sn", guest.pid->control & PSTD_SN);
	vec_expect_b(v, "out_eoi_written", guest.cpu.lapic.eois);
	bank_expect(v, "out_virr_merged", guest.page, PSTD_APIC_IRR);
	vec_expect_x(v, "out_rvi_merged", 8, guest.cpu.vapic.rvi);
	expect_rest(v, "out_vector");
	pstd_take_pir(guest.pid, pir);
	vec_expect_bm(v, "out_pir", pir);
}

void tpr_threshold_family(struct vec *v)
{
	struct pstd_apic_msg none;

	guest_reset(PSTD_VMX_SEC_VIRTUALIZE_APIC |
	            (vec_b(v, "in_vid") ? PSTD_VMX_SEC_VIRTUAL_INTR : 0));
	guest.vmcs->TPR_THRESHOLD = vec_x(v, "in_threshold", 8);
	pstd_apic_write(guest.page, PSTD_APIC_TPR, 0xff);
	guest_enter(v);
	vec_expect_b(v, "out_exit",
	             pstd_cpu_mmio_write(&guest.cpu, PSTD_APIC_TPR, 4, vec_x(v, "in_vtpr", 8),
	                                 &none) == PSTD_CPU_EXITED &&
	                     guest.vmcs->VM_EXIT_REASON == PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD);
}

/* Accesses: what became of one, by its traces. */

enum {
	SERVED = 0x31,      /* the vector in service */
	WRITTEN = 0x40051,  /* a task priority, a self-IPI of 51H, and bytes 2:0 of VICR_HI */
	PAGE_HAS = 0x77,    /* what a register of the page reads */
};

/* In service one vector, the task priority at its highest, and a threshold as high. */
static void access_reset(struct vec *v, uint64_t secondary, unsigned offset)
{
	struct pstd_vmcs *s;

	guest_reset(secondary | (vec_b(v, "in_arv") ? PSTD_VMX_SEC_APIC_REGISTER : 0) |
	            (vec_b(v, "in_vid") ? PSTD_VMX_SEC_VIRTUAL_INTR : 0));
	s = guest.vmcs;
	s->TPR_THRESHOLD = 0xf;
	s->GUEST_INTR_STATUS = pstd_field(PSTD_VMX_SVI, SERVED);
	pstd_apic_write(guest.page, PSTD_APIC_TPR, 0xf0);
	pstd_apic_set(guest.page, PSTD_APIC_ISR, SERVED);
	pstd_apic_write(guest.page, PSTD_APIC_ICR_HI, 0x12345678);
}

static const char *effect(unsigned offset, const char *self_ipi)
{
	const struct pstd_vmcs *s = guest.vmcs;
	const struct pstd_apic_page *page = guest.page;

	if (!guest.cpu.guest && s->VM_EXIT_REASON == PSTD_VMX_EXIT_APIC_WRITE &&
	    s->EXIT_QUALIFICATION == offset)
		return "awexit";
	if (!guest.cpu.guest)
		return s->VM_EXIT_REASON == PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD ? "tpr" : "-";
	if (pstd_apic_read(page, PSTD_APIC_PPR) == (uint8_t)WRITTEN)
		return "tpr";
	if (!pstd_apic_test(page, PSTD_APIC_ISR, SERVED))
		return "eoi";
	if (pstd_apic_test(page, PSTD_APIC_IRR, (uint8_t)WRITTEN))
		return self_ipi;
	return offset == PSTD_APIC_ICR_HI && !pstd_apic_read(page, PSTD_APIC_ICR_HI) ? "clear3"
	                                                                             : "-";
}

void apic_access_family(struct vec *v)
{
	unsigned offset = (unsigned)vec_x(v, "in_offset", 16);
	bool write = vec_b(v, "in_write"), shadow = vec_b(v, "in_tpr_shadow"), exit;
	enum pstd_cpu_outcome outcome;
	struct pstd_apic_msg none;
	uint64_t value = 0;

	access_reset(v, PSTD_VMX_SEC_VIRTUALIZE_APIC, offset);
	if (!shadow)
		guest.vmcs->CPU_BASED_VM_EXEC_CONTROL &= ~PSTD_VMX_CPU_TPR_SHADOW;
	guest_enter(v);
	if (!write)
		pstd_apic_write(guest.page, offset, PAGE_HAS);
	outcome = write ? pstd_cpu_mmio_write(&guest.cpu, offset, 4, WRITTEN, &none) :
	                  pstd_cpu_mmio_read(&guest.cpu, offset, 4, &value);
	exit = outcome == PSTD_CPU_EXITED &&
	       guest.vmcs->VM_EXIT_REASON == PSTD_VMX_EXIT_APIC_ACCESS;
	vec_expect_s(v, "out_access", exit ? "exit" : "virt");
	vec_expect_s(v, "out_after", write && !exit ? effect(offset, "icr") : "-");
	if (exit && guest.vmcs->EXIT_QUALIFICATION != (offset | (uint64_t)write << 12))
		vec_fail(v, "in_offset", "the exit qualification is another");
	if (!write && !exit && value != PAGE_HAS)
		vec_fail(v, "in_offset", "the value read is not the page's");
}

void msr_access_family(struct vec *v)
{
	uint32_t msr = (uint32_t)vec_x(v, "in_msr", 16);
	unsigned offset = (msr & 0xff) << 4;
	bool write = vec_b(v, "in_write"), through;
	enum pstd_cpu_outcome outcome;
	struct pstd_apic_msg none;
	uint64_t value = 0;

	access_reset(v, PSTD_VMX_SEC_X2APIC, offset);
	guest_enter(v);
	if (!write)
		pstd_apic_write(guest.page, offset, PAGE_HAS);
	outcome = write ? pstd_cpu_wrmsr(&guest.cpu, msr,
	                                 offset == PSTD_APIC_EOI ? 0 : (uint8_t)WRITTEN, &none)
	                : pstd_cpu_rdmsr(&guest.cpu, msr, &value);
	through = outcome == PSTD_CPU_THROUGH;
	vec_expect_s(v, "out_access", through ? "normal" : "vapic");
	vec_expect_s(v, "out_after", write && !through ? effect(offset, "selfipi") : "-");
	if (!write && !through && value != PAGE_HAS)
		vec_fail(v, "in_msr", "the value read is not the page's");
}

/* Sets of names: the order in the column says nothing. */
static bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; (at = strstr(at, name)); at += length)
		if ((at == list || at[-1] == ',') && (!at[length] || at[length] == ','))
			return true;
	return false;
}

static unsigned list_length(const char *list)
{
	unsigned n = strcmp(list, "-") != 0;

	for (; *list; list++)
		n += *list == ',';
	return n;
}

static void expect_broken(struct vec *v, uint64_t broken)
{
	const char *list = vec_s(v, "out_broken");
	char names[1024] = "";
	unsigned found = 0;

	for (int rule = 0; rule < PSTD_VMCS_RULES; rule++) {
		if (!(broken & PSTD_BIT(rule)))
			continue;
		found += list_has(list, pstd_vmcs_rule_name((enum pstd_vmcs_rule)rule));
		if (*names)
			strcat(names, ",");
		strcat(names, pstd_vmcs_rule_name((enum pstd_vmcs_rule)rule));
	}
	if (found != list_length(list) || found != (unsigned)__builtin_popcountll(broken))
		vec_expect_s(v, "out_broken", *names ? names : "-");
}

static uint64_t if_set(struct vec *v, const char *column, uint64_t bits)
{
	return vec_b(v, column) ? bits : 0;
}

void vmentry_ctl_family(struct vec *v)
{
	struct pstd_vmcs s = {
		.PIN_BASED_VM_EXEC_CONTROL = if_set(v, "in_extint", PSTD_VMX_PIN_EXT_INTR) |
		                             if_set(v, "in_ppi", PSTD_VMX_PIN_POSTED_INTR),
		.CPU_BASED_VM_EXEC_CONTROL = if_set(v, "in_tprs", PSTD_VMX_CPU_TPR_SHADOW) |
		                             if_set(v, "in_sec", PSTD_VMX_CPU_SECONDARY),
		.SECONDARY_VM_EXEC_CONTROL = if_set(v, "in_vx2", PSTD_VMX_SEC_X2APIC) |
		                             if_set(v, "in_arv", PSTD_VMX_SEC_APIC_REGISTER) |
		                             if_set(v, "in_vid", PSTD_VMX_SEC_VIRTUAL_INTR) |
		                             if_set(v, "in_vaa", PSTD_VMX_SEC_VIRTUALIZE_APIC),
		.VM_EXIT_CONTROLS = if_set(v, "in_ack", PSTD_VMX_EXIT_ACK_INTR),
		.POSTED_INTR_NV = vec_x(v, "in_pinv", 16),
		.POSTED_INTR_DESC_ADDR = vec_x(v, "in_pid", 64),
		.VIRTUAL_APIC_PAGE_ADDR = vec_x(v, "in_vapic", 64),
		.APIC_ACCESS_ADDR = vec_x(v, "in_acc", 64),
		.TPR_THRESHOLD = vec_x(v, "in_thr", 32),
	};
	uint64_t broken = pstd_vmcs_broken(&s, (uint8_t)vec_x(v, "in_vtpr", 8),
	                                   (unsigned)vec_d(v, "in_maxphy"));

	vec_expect_b(v, "out_valid", !broken);
	expect_broken(v, broken);
}
