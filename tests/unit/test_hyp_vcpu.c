/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU over its life: what its VMCS begins with, what its caller may do, how it ends. */
#include "hyp_unit.h"

static void runs(void)
{
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
}

/* Exits while an event is being delivered. */
static void cut_short(uint64_t event)
{
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = event;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
}

/* Invariant 6, also of a page that was restored. */
static void the_first_entry_has_the_status_of_the_page(void **state)
{
	pstd_apic_set(&h.apic[0], PSTD_APIC_IRR, 0x61);
	pstd_apic_set(&h.apic[0], PSTD_APIC_ISR, 0x41);
	runs();
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0x4161);
}

static void a_vmcs_of_another_vcpu_says_nothing(void **state)
{
	h.vmcs[PSTD_VMX_GUEST_INTR_STATUS] = 0x4161;
	runs();
	enter();
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0);
}

static void a_vcpu_can_be_readied_again(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs();
	h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] = PSTD_VMX_BLOCKING_NMI;
	pstd_vcpu_nmi(v);
	enter();
	assert_true(nmi_window());
	cut_short(PSTD_VMX_INTR_VALID | 0x61);
	leave(PSTD_VMX_EXIT_HLT);
	pstd_vcpu_kick(v);
	pstd_vcpu_deliver(v, 0x51);
	assert_true(v->halted && v->carried_out && v->interrupted && v->kick && v->launched);
	pstd_vcpu_preempt(v);
	pstd_vcpu_fini(v);
	assert_null(h.vcpus[0]);
	memset(h.vmcs, 0, sizeof(h.vmcs));
	memset(&h.apic[0], 0, sizeof(h.apic[0]));
	v->errors = PSTD_APIC_ESR_REGISTER;
	v->tpr_threshold = 4;
	pstd_vcpu_init(v, &h.pcpus[0]);
	assert_ptr_equal(h.vcpus[0], v);
	assert_false(v->halted | v->carried_out | v->errors | v->kick | v->launched | v->nmi);
	runs();
	assert_int_equal(v->tpr_threshold, 0);
	assert_true(h.vmcs[PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL] & PSTD_VMX_PIN_POSTED_INTR);
	/* What it knows of its windows is what the new VMCS has: here it needs the same again. */
	h.vmcs[PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO] = PSTD_VMX_BLOCKING_NMI;
	pstd_vcpu_nmi(v);
	assert_int_equal(enter(), 0);
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0);
	assert_true(nmi_window());
}

/* What is saved of a vCPU, and given back. */
static void a_vcpu_that_is_restored_goes_on(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];
	uint32_t interrupted;

	runs();
	enter();
	cut_short(PSTD_VMX_INTR_VALID | 0x61);
	interrupted = v->interrupted;
	pstd_vcpu_preempt(v);
	pstd_vcpu_fini(v);
	pstd_vcpu_init(v, &h.pcpus[1]);
	v->interrupted = interrupted;
	pstd_vcpu_nmi(v);
	pstd_vcpu_deliver(v, 0x51);
	runs();
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
	assert_true(nmi_window());
	assert_int_equal(h.vmcs[PSTD_VMX_GUEST_INTR_STATUS], 0x51);
	leave(PSTD_VMX_EXIT_NMI_WINDOW);
	assert_int_equal(enter(), pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, PSTD_VMX_NMI_VECTOR));
}

static void a_callers_event_ends_a_halt(void **state)
{
	runs();
	enter();
	leave(PSTD_VMX_EXIT_HLT);
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = PSTD_VMX_INTR_VALID | 0x20;
	assert_false(pstd_vcpu_block(&h.vcpu[0]));
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x20);
}

/* An ExtINT of the caller's, say, while the vector in service waits for its turn. */
static void two_interrupts_cut_short_both_arrive(void **state)
{
	runs();
	enter();
	cut_short(PSTD_VMX_INTR_VALID | 0x61);
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = PSTD_VMX_INTR_VALID | 0x20;
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x20);
	cut_short(PSTD_VMX_INTR_VALID | 0x20);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x20);
	assert_true(window());
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
	assert_false(window());
}

static void an_interrupt_cut_short_ends_a_halt(void **state)
{
	runs();
	enter();
	cut_short(PSTD_VMX_INTR_VALID | 0x61);
	h.vcpu[0].halted = true;
	assert_false(pstd_vcpu_block(&h.vcpu[0]));
}

/* "VM-Entry Failures": the fields for the entry are as they were, the others those of before. */
static void a_failed_entry_changes_nothing(void **state)
{
	runs();
	enter();
	cut_short(PSTD_VMX_INTR_VALID | 0x61);
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = PSTD_VMX_INTR_VALID | 0x61;
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
	h.vmcs[PSTD_VMX_VM_EXIT_REASON] = PSTD_VMX_EXIT_INVALID_STATE | PSTD_VMX_EXIT_ENTRY_FAILURE;
	h.vcpu[0].carried_out = true; /* what exited before that */
	pstd_vcpu_exit(&h.vcpu[0]);
	assert_false(h.vcpu[0].carried_out);
	assert_int_equal(h.vcpu[0].mode, PSTD_OUTSIDE_GUEST_MODE);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = 0;
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
}

/* One of a later CPU's, which has no counter. */
static void an_unknown_exit_counts_as_none(void **state)
{
	runs();
	enter();
	h.vcpu[0].coalesced[0] = 7; /* what is behind the counters */
	leave((enum pstd_vmx_exit_reason)PSTD_VMX_EXIT_REASONS);
	assert_int_equal(h.vcpu[0].coalesced[0], 7);
	assert_int_equal(h.vcpu[0].mode, PSTD_OUTSIDE_GUEST_MODE);
}

/* Not by bypass either, which might rewrite the entry later. */
static void a_freed_irq_stays_freed(void **state)
{
	const struct pstd_msi_msg msi = pstd_msi_compat(0, 0x41);

	assert_int_equal(pstd_irq_request(&h.irq, &h.pcpus[0]), 0);
	assert_int_equal(pstd_route_set(&h.vm, GSI, &msi), 0);
	assert_int_equal(pstd_irqfd_assign(&h.irqfd), 0);
	assert_int_equal(pstd_bypass_register(&h.irq), 0);
	assert_false(pstd_irq_free(&h.irq));
	assert_int_equal(pstd_route_set(&h.vm, GSI, &msi), 0);
	pstd_irqfd_deassign(&h.irqfd);
	assert_int_equal(h.irte.raw.lo & PSTD_IRTE_P, 0);
	assert_null(h.eventfd.producer);
}

/* RDMSR and WRMSR use ECX; what is above it is any guest's business. */
static void the_upper_half_of_rcx_does_not_matter(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs();
	enter();
	v->rcx = 0xdead000000000000 | PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR);
	v->rax = 0x52;
	v->rdx = 1;
	leave(PSTD_VMX_EXIT_MSR_WRITE);
	assert_true(v->carried_out);
	assert_int_equal(h.pid[1].pir[1], PSTD_BIT(0x52 - 64));
	v->rcx = 0xdead000000000000 | PSTD_APIC_X2APIC_MSR(PSTD_APIC_CURRENT_COUNT);
	leave(PSTD_VMX_EXIT_MSR_READ);
	assert_true(v->carried_out);
}

/* 3F0H is a register of x2APIC mode alone. */
static void self_ipi_is_no_register_of_the_page(void **state)
{
	make_vcpus(2, false);
	runs();
	h.vmcs[PSTD_VMX_EXIT_QUALIFICATION] =
		pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_READ) | PSTD_APIC_SELF_IPI;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	assert_int_equal(h.vcpu[0].errors, PSTD_APIC_ESR_REGISTER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_first_entry_has_the_status_of_the_page),
		TEST(a_vmcs_of_another_vcpu_says_nothing),
		TEST(a_vcpu_can_be_readied_again),
		TEST(a_vcpu_that_is_restored_goes_on),
		TEST(a_callers_event_ends_a_halt),
		TEST(two_interrupts_cut_short_both_arrive),
		TEST(an_interrupt_cut_short_ends_a_halt),
		TEST(a_failed_entry_changes_nothing),
		TEST(an_unknown_exit_counts_as_none),
		TEST(a_freed_irq_stays_freed),
		TEST(the_upper_half_of_rcx_does_not_matter),
		TEST(self_ipi_is_no_register_of_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
