/* SPDX-License-Identifier: BSD-2-Clause */
/* The run loop's steps: who may be entered, and how; kicks; an entry that does not take place. */
#include "hyp_unit.h"

#define NMI 0x80000202u

static void runs(uint64_t rflags)
{
	pstd_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[PSTD_VMX_GUEST_RFLAGS] = rflags | PSTD_VMX_RFLAGS_FIXED;
}

static void a_vcpu_is_launched_once_it_has_exited(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs(0);
	enter();
	assert_false(v->launched);
	/* The entry failed. */
	h.vmcs[PSTD_VMX_VM_EXIT_REASON] = PSTD_VMX_EXIT_INVALID_STATE | PSTD_VMX_EXIT_ENTRY_FAILURE;
	pstd_vcpu_exit(v);
	assert_false(v->launched);
	enter();
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_true(v->launched);
	pstd_vcpu_preempt(v);
	assert_false(v->launched);
	assert_int_equal(h.cleared, 1);
	runs(0);
	enter();
	leave(PSTD_VMX_EXIT_HLT);
	assert_true(v->launched);
	assert_true(pstd_vcpu_block(v));
	assert_false(v->launched);
	assert_int_equal(h.cleared, 2);
}

/* What woke it may not end the halt. */
static void a_halted_vcpu_is_not_entered(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs(0);
	enter();
	leave(PSTD_VMX_EXIT_HLT);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_BLOCK);
	assert_int_equal(v->mode, PSTD_OUTSIDE_GUEST_MODE);
	assert_true(pstd_vcpu_block(v));
	pstd_vcpu_wake(v);
	assert_ptr_equal(h.woken, v);
	pstd_vcpu_load(v, &h.pcpus[1]);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_BLOCK);
	pstd_vcpu_nmi(v);
	assert_false(pstd_vcpu_block(v));
	assert_int_equal(enter(), NMI);
}

static void a_kick_is_told_of_once(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	pstd_vcpu_kick(v); /* before it is loaded, twice */
	pstd_vcpu_kick(v);
	assert_int_equal(h.icr, 0);
	runs(0);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_KICKED);
	assert_int_equal(v->mode, PSTD_OUTSIDE_GUEST_MODE);
	enter();
	pstd_vcpu_kick(v);
	assert_int_equal(pstd_field_get(PSTD_APIC_ICR_VECTOR, h.icr), OWN_KICK);
	h.icr = 0;
	pstd_vcpu_kick(v);
	assert_int_equal(h.icr, 0);
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_KICKED);
	enter();
}

static void a_kick_wakes_but_ends_no_halt(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs(PSTD_VMX_RFLAGS_IF);
	enter();
	leave(PSTD_VMX_EXIT_HLT);
	pstd_vcpu_kick(v);
	assert_false(pstd_vcpu_block(v));
	assert_true(v->halted);
	assert_int_equal(v->task, PSTD_TASK_RUNNING);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_KICKED);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_BLOCK);
	assert_true(pstd_vcpu_block(v));
	assert_null(h.woken);
	pstd_vcpu_kick(v);
	assert_ptr_equal(h.woken, v);
	pstd_vcpu_load(v, &h.pcpus[0]);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_KICKED);
	assert_int_equal(pstd_vcpu_enter(v), PSTD_BLOCK);
}

static void an_interrupt_that_is_not_injected_after_all_waits(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	emulate(PSTD_VMX_RFLAGS_IF);
	pstd_vcpu_deliver(v, 0x41);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x41);
	pstd_vcpu_cancel(v);
	assert_int_equal(v->mode, PSTD_OUTSIDE_GUEST_MODE);
	assert_false(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] & PSTD_VMX_INTR_VALID);
	/* It is in service already, so that a higher one comes after it. */
	pstd_vcpu_deliver(v, 0x61);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x41);
	assert_true(window());
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
}

static void an_nmi_that_is_not_injected_after_all_waits(void **state)
{
	struct pstd_vcpu *v = &h.vcpu[0];

	runs(0);
	pstd_vcpu_nmi(v);
	assert_int_equal(enter(), NMI);
	pstd_vcpu_cancel(v);
	assert_false(h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] & PSTD_VMX_INTR_VALID);
	assert_false(pstd_vcpu_nmi(v));
	assert_int_equal(enter(), NMI);
	leave(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
}

/* The caller's exception belongs to an instruction, its interrupt goes before what waits. */
static void what_else_was_to_be_injected_stays(void **state)
{
	const uint64_t ud = pstd_vmx_intr_info(PSTD_VMX_TYPE_HARDWARE_EXCEPTION, 6);
	const uint64_t extint = PSTD_VMX_INTR_VALID | 0x20;
	struct pstd_vcpu *v = &h.vcpu[0];

	runs(PSTD_VMX_RFLAGS_IF);
	assert_int_equal(enter() & PSTD_VMX_INTR_VALID, 0);
	pstd_vcpu_cancel(v);
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = ud;
	assert_int_equal(enter(), ud);
	pstd_vcpu_cancel(v);
	assert_int_equal(enter(), ud);
	h.vmcs[PSTD_VMX_IDT_VECTORING_INFO] = PSTD_VMX_INTR_VALID | 0x61;
	leave(PSTD_VMX_EXIT_APIC_ACCESS);
	h.vmcs[PSTD_VMX_VM_ENTRY_INTR_INFO] = extint;
	assert_int_equal(enter(), extint);
	pstd_vcpu_cancel(v);
	assert_int_equal(enter(), extint);
	leave(PSTD_VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), PSTD_VMX_INTR_VALID | 0x61);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_vcpu_is_launched_once_it_has_exited),
		TEST(a_halted_vcpu_is_not_entered),
		TEST(a_kick_is_told_of_once),
		TEST(a_kick_wakes_but_ends_no_halt),
		TEST(an_interrupt_that_is_not_injected_after_all_waits),
		TEST(an_nmi_that_is_not_injected_after_all_waits),
		TEST(what_else_was_to_be_injected_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
