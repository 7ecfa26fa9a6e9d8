/* SPDX-License-Identifier: BSD-2-Clause */
/* The run loop's steps: who may be entered, and how; kicks; an entry that does not take place. */
#include "hyp_unit.h"

#define NMI 0x80000202u

static void runs(uint64_t rflags)
{
	hyp_vcpu_load(&h.vcpu[0], &h.pcpus[0]);
	h.vmcs[VMX_GUEST_RFLAGS] = rflags | VMX_RFLAGS_FIXED;
}

static void a_vcpu_is_launched_once_it_has_exited(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	runs(0);
	enter();
	assert_false(v->launched);
	/* The entry failed. */
	h.vmcs[VMX_VM_EXIT_REASON] = VMX_EXIT_INVALID_STATE | VMX_EXIT_ENTRY_FAILURE;
	hyp_vcpu_exit(v);
	assert_false(v->launched);
	enter();
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_true(v->launched);
	hyp_vcpu_preempt(v);
	assert_false(v->launched);
	assert_int_equal(h.cleared, 1);
	runs(0);
	enter();
	leave(VMX_EXIT_HLT);
	assert_true(v->launched);
	assert_true(hyp_vcpu_block(v));
	assert_false(v->launched);
	assert_int_equal(h.cleared, 2);
}

/* What woke it may not end the halt. */
static void a_halted_vcpu_is_not_entered(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	runs(0);
	enter();
	leave(VMX_EXIT_HLT);
	assert_int_equal(hyp_vcpu_enter(v), HYP_BLOCK);
	assert_int_equal(v->mode, HYP_OUTSIDE_GUEST_MODE);
	assert_true(hyp_vcpu_block(v));
	hyp_vcpu_wake(v);
	assert_ptr_equal(h.woken, v);
	hyp_vcpu_load(v, &h.pcpus[1]);
	assert_int_equal(hyp_vcpu_enter(v), HYP_BLOCK);
	hyp_vcpu_nmi(v);
	assert_false(hyp_vcpu_block(v));
	assert_int_equal(enter(), NMI);
}

static void a_kick_is_told_of_once(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	hyp_vcpu_kick(v); /* before it is loaded, twice */
	hyp_vcpu_kick(v);
	assert_int_equal(h.icr, 0);
	runs(0);
	assert_int_equal(hyp_vcpu_enter(v), HYP_KICKED);
	assert_int_equal(v->mode, HYP_OUTSIDE_GUEST_MODE);
	enter();
	hyp_vcpu_kick(v);
	assert_int_equal(pi_field_get(APIC_ICR_VECTOR, h.icr), OWN_KICK);
	h.icr = 0;
	hyp_vcpu_kick(v);
	assert_int_equal(h.icr, 0);
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(hyp_vcpu_enter(v), HYP_KICKED);
	enter();
}

static void a_kick_wakes_but_ends_no_halt(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	runs(VMX_RFLAGS_IF);
	enter();
	leave(VMX_EXIT_HLT);
	hyp_vcpu_kick(v);
	assert_false(hyp_vcpu_block(v));
	assert_true(v->halted);
	assert_int_equal(v->task, HYP_TASK_RUNNING);
	assert_int_equal(hyp_vcpu_enter(v), HYP_KICKED);
	assert_int_equal(hyp_vcpu_enter(v), HYP_BLOCK);
	assert_true(hyp_vcpu_block(v));
	assert_null(h.woken);
	hyp_vcpu_kick(v);
	assert_ptr_equal(h.woken, v);
	hyp_vcpu_load(v, &h.pcpus[0]);
	assert_int_equal(hyp_vcpu_enter(v), HYP_KICKED);
	assert_int_equal(hyp_vcpu_enter(v), HYP_BLOCK);
}

static void an_interrupt_that_is_not_injected_after_all_waits(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	emulate(VMX_RFLAGS_IF);
	hyp_vcpu_deliver(v, 0x41);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x41);
	hyp_vcpu_cancel(v);
	assert_int_equal(v->mode, HYP_OUTSIDE_GUEST_MODE);
	assert_false(h.vmcs[VMX_VM_ENTRY_INTR_INFO] & VMX_INTR_VALID);
	/* It is in service already, so that a higher one comes after it. */
	hyp_vcpu_deliver(v, 0x61);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x41);
	assert_true(window());
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x61);
}

static void an_nmi_that_is_not_injected_after_all_waits(void **state)
{
	struct hyp_vcpu *v = &h.vcpu[0];

	runs(0);
	hyp_vcpu_nmi(v);
	assert_int_equal(enter(), NMI);
	hyp_vcpu_cancel(v);
	assert_false(h.vmcs[VMX_VM_ENTRY_INTR_INFO] & VMX_INTR_VALID);
	assert_false(hyp_vcpu_nmi(v));
	assert_int_equal(enter(), NMI);
	leave(VMX_EXIT_EXTERNAL_INTERRUPT);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
}

/* The caller's exception belongs to an instruction, its interrupt goes before what waits. */
static void what_else_was_to_be_injected_stays(void **state)
{
	const uint64_t ud = vmx_intr_info(VMX_TYPE_HARDWARE_EXCEPTION, 6);
	const uint64_t extint = VMX_INTR_VALID | 0x20;
	struct hyp_vcpu *v = &h.vcpu[0];

	runs(VMX_RFLAGS_IF);
	assert_int_equal(enter() & VMX_INTR_VALID, 0);
	hyp_vcpu_cancel(v);
	h.vmcs[VMX_VM_ENTRY_INTR_INFO] = ud;
	assert_int_equal(enter(), ud);
	hyp_vcpu_cancel(v);
	assert_int_equal(enter(), ud);
	h.vmcs[VMX_IDT_VECTORING_INFO] = VMX_INTR_VALID | 0x61;
	leave(VMX_EXIT_APIC_ACCESS);
	h.vmcs[VMX_VM_ENTRY_INTR_INFO] = extint;
	assert_int_equal(enter(), extint);
	hyp_vcpu_cancel(v);
	assert_int_equal(enter(), extint);
	leave(VMX_EXIT_INTERRUPT_WINDOW);
	assert_int_equal(enter(), VMX_INTR_VALID | 0x61);
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
