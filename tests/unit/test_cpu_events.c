/* SPDX-License-Identifier: BSD-2-Clause */
/* Activity states, blocking, windows, NMI, INIT, SIPI, injection and deliveries cut short. */
#include "cpu_unit.h"

static void request(uint8_t vector)
{
	pstd_apic_set(page, PSTD_APIC_IRR, vector);
	vmcs->GUEST_INTR_STATUS = vector;
}

/* Posted-interrupt processing, by activity state. */

static void mwait_ends_with_a_notification_even_if_nothing_is_deliverable(void **state)
{
	enter();
	assert_false(pstd_cpu_mwait(&c, false));
	assert_int_equal(c.activity, PSTD_VMX_MWAIT);
	pstd_lapic_notify(&c.lapic, 0xf2);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	assert_int_equal(c.lapic.eois, 1);
}

static void mwait_ends_with_a_posted_interrupt(void **state)
{
	enter();
	pstd_cpu_mwait(&c, false);
	post(0x41);
	expect_event(PSTD_CPU_DELIVER, 0x41);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
}

static void mwait_does_not_wait_where_a_masked_interrupt_ends_it(void **state)
{
	request(0x41);
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_cpu_mwait(&c, true);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	pstd_cpu_mwait(&c, false);
	assert_int_equal(c.activity, PSTD_VMX_MWAIT);
}

static void mwait_is_saved_as_active(void **state)
{
	enter();
	pstd_cpu_mwait(&c, false);
	pstd_lapic_notify(&c.lapic, 0x31);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_int_equal(vmcs->GUEST_ACTIVITY_STATE, PSTD_VMX_ACTIVE);
}

static void hlt_with_if_clear_takes_the_post_and_sleeps_on(void **state)
{
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_cpu_hlt(&c);
	post(0x41);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(c.activity, PSTD_VMX_HLT);
	assert_true(c.vapic.recognized);
	assert_false(pstd_on(pid));
}

/* The notification stays in the local APIC; the VM exit that ends the state hands it on. */
static void blocked_state_holds_notifications(uint64_t activity)
{
	vmcs->GUEST_ACTIVITY_STATE = activity;
	request(0x51);
	enter();
	post(0x41);
	expect_event(PSTD_CPU_NONE, 0);
	assert_true(c.guest && pstd_on(pid) && !pstd_pir_empty(pid));
	assert_int_equal(c.lapic.eois, 0);
	assert_int_equal(pstd_lapic_pending(&c.lapic), 0xf2);
	/* Nor is what was recognized at VM entry delivered. */
	assert_true(c.vapic.recognized);
}

static void shutdown_and_wait_for_sipi_hold_notifications(void **state)
{
	blocked_state_holds_notifications(PSTD_VMX_SHUTDOWN);
	reset(NULL);
	blocked_state_holds_notifications(PSTD_VMX_WAIT_SIPI);
}

static void entry_into_hlt_is_woken_by_what_was_requested(void **state)
{
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_HLT;
	request(0x41);
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x41);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
}

/* Blocking by instructions. */

static void sti_and_mov_ss_hold_the_delivery_for_one_instruction(void **state)
{
	request(0x41);
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_cpu_sti(&c);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_mov_ss(&c);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_retire(&c);
	expect_event(PSTD_CPU_DELIVER, 0x41);
}

static void sti_and_hlt_lose_no_wake_up(void **state)
{
	request(0x41);
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_cpu_sti(&c);
	expect_event(PSTD_CPU_NONE, 0);
	assert_false(pstd_cpu_hlt(&c));
	expect_event(PSTD_CPU_DELIVER, 0x41);
}

static void sti_blocks_only_if_interrupts_were_masked(void **state)
{
	request(0x41);
	enter();
	pstd_cpu_sti(&c);
	expect_event(PSTD_CPU_DELIVER, 0x41);
	pstd_cpu_iret(&c);
	pstd_cpu_cli(&c);
	assert_int_equal(c.rflags & PSTD_VMX_RFLAGS_IF, 0);
}

/* Interrupt window. */

static void open_window_exits_before_external_and_virtual_interrupts(void **state)
{
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_INTR_WINDOW;
	request(0x41);
	enter();
	assert_false(c.vapic.recognized);
	pstd_lapic_notify(&c.lapic, 0x31);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_INTERRUPT_WINDOW, 0);
	assert_int_equal(pstd_lapic_pending(&c.lapic), 0x31);
}

static void window_waits_for_if_and_blocking_while_notifications_are_processed(void **state)
{
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_INTR_WINDOW;
	vmcs->GUEST_RFLAGS = 0;
	enter();
	post(0x41);
	expect_event(PSTD_CPU_NONE, 0);
	assert_false(pstd_on(pid) || c.vapic.recognized);
	assert_int_equal(c.vapic.rvi, 0x41);
	pstd_cpu_sti(&c);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_hlt(&c);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_INTERRUPT_WINDOW, 0);
	assert_int_equal(vmcs->GUEST_INTR_STATUS, 0x41);
}

/* NMI, INIT, SIPI. */

static void use_virtual_nmis(uint64_t controls)
{
	vmcs->PIN_BASED_VM_EXEC_CONTROL |= PSTD_VMX_PIN_NMI | PSTD_VMX_PIN_VIRTUAL_NMI;
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= controls;
}

static void nmi_exits_with_its_information(void **state)
{
	vmcs->PIN_BASED_VM_EXEC_CONTROL |= PSTD_VMX_PIN_NMI;
	vmcs->GUEST_RFLAGS = 0;
	request(0x41);
	enter();
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_EXCEPTION_NMI, 0);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0x80000202);
}

static void nmi_goes_to_the_guest_once_until_its_iret(void **state)
{
	uint64_t before;

	enter();
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NMI, 2);
	before = c.delivery.rflags;
	assert_int_equal(c.interruptibility, PSTD_VMX_BLOCKING_NMI);
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_iret_to(&c, before);
	assert_int_equal(c.rflags, PSTD_VMX_RFLAGS_IF);
	expect_event(PSTD_CPU_NMI, 2);
}

/* Its handler begins with IF clear: blocking by STI would not be a state to save. */
static void no_blocking_by_sti_follows_an_nmi(void **state)
{
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_cpu_sti(&c);
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NMI, 2);
	pstd_lapic_notify(&c.lapic, 0x31);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_int_equal(vmcs->GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_NMI);
	enter();
}

static void nmi_wakes_from_shutdown(void **state)
{
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_SHUTDOWN;
	enter();
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NMI, 2);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
}

static void nmi_window_opens_with_the_iret(void **state)
{
	use_virtual_nmis(PSTD_VMX_CPU_NMI_WINDOW);
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, 2);
	enter();
	expect_event(PSTD_CPU_NMI, 2);
	assert_int_equal(c.interruptibility, PSTD_VMX_BLOCKING_NMI);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_iret_to(&c, c.delivery.rflags);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_NMI_WINDOW, 0);
}

static void nmi_window_goes_before_an_nmi_which_waits_for_the_host(void **state)
{
	use_virtual_nmis(PSTD_VMX_CPU_NMI_WINDOW);
	vmcs->GUEST_INTERRUPTIBILITY_INFO = PSTD_VMX_BLOCKING_NMI;
	enter();
	/* Virtual-NMI blocking does not hold the real one. */
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_EXCEPTION_NMI, 0);
	assert_int_equal(vmcs->GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_NMI);
	vmcs->GUEST_INTERRUPTIBILITY_INFO = 0;
	enter();
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_NMI_WINDOW, 0);
	assert_int_equal(pstd_lapic_events(&c.lapic), PSTD_BIT(PSTD_APIC_DM_NMI));
}

static void init_exits_but_from_wait_for_sipi(void **state)
{
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_WAIT_SIPI;
	enter();
	receive(PSTD_APIC_DM_INIT, 0);
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NONE, 0);
	receive(PSTD_APIC_DM_SIPI, 0x9a);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_SIPI_SIGNAL, 0x9a);
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_SHUTDOWN;
	enter();
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_INIT_SIGNAL, 0);
}

static void sipi_is_nothing_to_a_cpu_that_does_not_wait_for_it(void **state)
{
	enter();
	receive(PSTD_APIC_DM_SIPI, 0x9a);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(pstd_lapic_events(&c.lapic), 0);
}

/* Injection. */

static void injected_interrupt_goes_before_a_virtual_one(void **state)
{
	request(0x41);
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, 0x31);
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x31);
	assert_int_equal(c.vapic.svi, 0);
	pstd_cpu_iret(&c);
	expect_event(PSTD_CPU_DELIVER, 0x41);
}

static void injection_happens_once(void **state)
{
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_HLT;
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, 0x31);
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x31);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	pstd_lapic_notify(&c.lapic, 0x30);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_int_equal(vmcs->VM_ENTRY_INTR_INFO, 0x31);
	assert_int_equal(vmcs->IDT_VECTORING_INFO, 0);
	enter();
	expect_event(PSTD_CPU_NONE, 0);
}

static void exception_is_injected_with_its_error_code(void **state)
{
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_HARDWARE_EXCEPTION, 13) |
	                           PSTD_VMX_INTR_ERROR_CODE;
	vmcs->VM_ENTRY_EXCEPTION_ERROR_CODE = 0x18;
	enter();
	expect_event(PSTD_CPU_EXCEPTION, 13);
	assert_int_equal(c.delivery.error_code, 0x18);
}

static void delivery_that_exits_is_told_and_injected_again(void **state)
{
	request(0x41);
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x41);
	pstd_cpu_delivery_exit(&c, 0xfe8);
	assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, 0x3fe8);
	assert_int_equal(vmcs->IDT_VECTORING_INFO, 0x80000041);
	/* The guest is as before the delivery; the virtual APIC is not. */
	assert_int_equal(vmcs->GUEST_RFLAGS, PSTD_VMX_RFLAGS_IF);
	assert_int_equal(vmcs->GUEST_INTR_STATUS, 0x4100);
	vmcs->VM_ENTRY_INTR_INFO = vmcs->IDT_VECTORING_INFO;
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x41);
	assert_int_equal(c.vapic.svi, 0x41);
	pstd_lapic_notify(&c.lapic, 0xfe);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_int_equal(vmcs->IDT_VECTORING_INFO, 0);
}

static void nmi_whose_delivery_exits_leaves_its_blocking_to_software(void **state)
{
	use_virtual_nmis(0);
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, 2);
	enter();
	expect_event(PSTD_CPU_NMI, 2);
	pstd_cpu_delivery_exit(&c, 0);
	assert_int_equal(vmcs->IDT_VECTORING_INFO, 0x80000202);
	vmcs->VM_ENTRY_INTR_INFO = vmcs->IDT_VECTORING_INFO;
	assert_false(pstd_cpu_vm_entry(&c, vmcs->launched));
	assert_int_equal(c.broken, PSTD_BIT(PSTD_VMCS_inject_blocked));
	vmcs->GUEST_INTERRUPTIBILITY_INFO &= ~PSTD_VMX_BLOCKING_NMI;
	enter();
	expect_event(PSTD_CPU_NMI, 2);
}

/* The TPR threshold at VM entry. */

static void entry_below_the_threshold_exits_after_the_injection(void **state)
{
	use_threshold(5);
	pstd_apic_write(page, PSTD_APIC_TPR, 0x4f);
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, 0x31);
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_HLT;
	enter();
	expect_event(PSTD_CPU_DELIVER, 0x31);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
}

static void exit_by_the_threshold_goes_before_smi_and_init(void **state)
{
	use_threshold(5);
	enter();
	receive(PSTD_APIC_DM_SMI, 0);
	receive(PSTD_APIC_DM_INIT, 0);
	pstd_lapic_pending(&c.lapic);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	assert_int_equal(pstd_lapic_events(&c.lapic),
	                 1 << PSTD_APIC_DM_SMI | 1 << PSTD_APIC_DM_INIT);
}

/* "Suppressed [by shutdown], it occurs after the delivery of any event that [ends it]." */
static void exit_by_the_threshold_waits_for_the_end_of_shutdown(void **state)
{
	use_threshold(5);
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_SHUTDOWN;
	enter();
	expect_event(PSTD_CPU_NONE, 0);
	receive(PSTD_APIC_DM_NMI, 0);
	expect_event(PSTD_CPU_NMI, 2);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
	/* An injection ends it at once. */
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_SHUTDOWN;
	vmcs->GUEST_INTERRUPTIBILITY_INFO = 0;
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, 2);
	enter();
	expect_event(PSTD_CPU_NMI, 2);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
}

/* External interrupts that nothing virtualizes. */

static void interrupt_is_left_to_the_host_if_exits_do_not_acknowledge(void **state)
{
	use_threshold(0);
	vmcs->VM_EXIT_CONTROLS = 0;
	enter();
	pstd_lapic_notify(&c.lapic, 0x31);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0);
	assert_int_equal(pstd_lapic_pending(&c.lapic), 0x31);
}

static void interrupt_is_the_guests_if_it_does_not_exit(void **state)
{
	use_threshold(0);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
	vmcs->GUEST_RFLAGS = 0;
	enter();
	pstd_lapic_notify(&c.lapic, 0x31);
	expect_event(PSTD_CPU_NONE, 0);
	c.rflags = PSTD_VMX_RFLAGS_IF;
	expect_event(PSTD_CPU_DELIVER, 0x31);
	assert_true(pstd_apic_test(&c.lapic.regs, PSTD_APIC_ISR, 0x31));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(mwait_ends_with_a_notification_even_if_nothing_is_deliverable),
		TEST(mwait_ends_with_a_posted_interrupt),
		TEST(mwait_does_not_wait_where_a_masked_interrupt_ends_it),
		TEST(mwait_is_saved_as_active),
		TEST(hlt_with_if_clear_takes_the_post_and_sleeps_on),
		TEST(shutdown_and_wait_for_sipi_hold_notifications),
		TEST(entry_into_hlt_is_woken_by_what_was_requested),
		TEST(sti_and_mov_ss_hold_the_delivery_for_one_instruction),
		TEST(sti_and_hlt_lose_no_wake_up),
		TEST(sti_blocks_only_if_interrupts_were_masked),
		TEST(open_window_exits_before_external_and_virtual_interrupts),
		TEST(window_waits_for_if_and_blocking_while_notifications_are_processed),
		TEST(nmi_exits_with_its_information),
		TEST(nmi_goes_to_the_guest_once_until_its_iret),
		TEST(no_blocking_by_sti_follows_an_nmi),
		TEST(nmi_wakes_from_shutdown),
		TEST(nmi_window_opens_with_the_iret),
		TEST(nmi_window_goes_before_an_nmi_which_waits_for_the_host),
		TEST(init_exits_but_from_wait_for_sipi),
		TEST(sipi_is_nothing_to_a_cpu_that_does_not_wait_for_it),
		TEST(injected_interrupt_goes_before_a_virtual_one),
		TEST(injection_happens_once),
		TEST(exception_is_injected_with_its_error_code),
		TEST(delivery_that_exits_is_told_and_injected_again),
		TEST(nmi_whose_delivery_exits_leaves_its_blocking_to_software),
		TEST(entry_below_the_threshold_exits_after_the_injection),
		TEST(exit_by_the_threshold_goes_before_smi_and_init),
		TEST(exit_by_the_threshold_waits_for_the_end_of_shutdown),
		TEST(interrupt_is_left_to_the_host_if_exits_do_not_acknowledge),
		TEST(interrupt_is_the_guests_if_it_does_not_exit),
	};

	return cmocka_run_group_tests_name("cpu events", tests, NULL, NULL);
}
