/* SPDX-License-Identifier: BSD-2-Clause */
/* ExtINT, from a device's line through the 8259 pair and LINT0 to a handler and its EOI; SMI. */
#include "cpu_unit.h"

enum {
	BASE = 0x20, /* of IRQ 0; IRQ 8 is 28H */
	SPURIOUS = 0xef, /* the local APIC's */
	EOI = 0x20,
	AEOI = 2,
};

static struct pstd_pic_pair pics;

/* LINT0 has the level of INTR: the wire, for whoever changed the pair. */
static void wire(void)
{
	pstd_lapic_pin(&c.lapic, 0, pstd_pic_intr(&pics));
}

static void irq(unsigned n, bool high)
{
	pstd_pic_set_irq(&pics, n, high);
	wire();
}

static void out(unsigned port, uint8_t value)
{
	pstd_pic_write(&pics, port, value);
	wire();
}

static void init_chip(unsigned command, uint8_t base, uint8_t cascade, uint8_t icw4)
{
	out(command, 0x11);
	out(command + 1, base);
	out(command + 1, cascade);
	out(command + 1, 1 | icw4);
}

static void lvt(unsigned entry, uint32_t value)
{
	pstd_lapic_mmio_write(&c.lapic, entry, 4, value, 0);
}

/* The pair behind LINT0 in ExtINT mode, no posted-interrupt processing, IF set. */
static int with_pics(void **state)
{
	const struct pstd_lapic_config config = { .features = PSTD_LAPIC_ALL, .address_width = 40 };

	if (reset(state))
		return -1;
	pstd_lapic_reset(&c.lapic, &config);
	lvt(PSTD_APIC_SVR, 0x100 | SPURIOUS);
	lvt(PSTD_APIC_LVT_LINT0, 0x700);
	pstd_pic_init(&pics);
	init_chip(PSTD_PIC_MASTER_COMMAND, BASE, 4, 0);
	init_chip(PSTD_PIC_SLAVE_COMMAND, BASE + 8, 2, 0);
	c.pic = &pics;
	return 0;
}

/* No exits for external interrupts, and what needs them. */
static void pass_interrupts(void)
{
	use_threshold(0);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
}

static void assert_external(uint8_t vector)
{
	assert_exited(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0x80000000 | vector);
}

/* External-interrupt exits. */

static void exit_acknowledges_the_pair_and_says_its_vector(void **state)
{
	vmcs->GUEST_RFLAGS = 0;
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 3);
	assert_int_equal(pics.master.isr, 1 << 3);
	assert_int_equal(pics.master.irr, 0);
	assert_false(c.lapic.pin[0]);
	/* The local APIC itself had nothing, and has none to end. */
	assert_int_equal(pstd_apic_highest(&c.lapic.regs, PSTD_APIC_ISR), -1);
	assert_int_equal(c.lapic.accepted, 0);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	enter();
	expect_event(PSTD_CPU_NONE, 0);
}

static void exit_without_acknowledge_leaves_it_to_the_host(void **state)
{
	use_threshold(0);
	vmcs->VM_EXIT_CONTROLS = 0;
	enter();
	irq(12, true);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0);
	assert_int_equal(pstd_lapic_events(&c.lapic), 1 << PSTD_APIC_DM_EXTINT);
	assert_int_equal(pics.slave.isr, 0);
	assert_int_equal(pstd_cpu_acknowledge(&c), BASE + 12);
	assert_int_equal(pics.slave.isr, 1 << 4);
	assert_int_equal(pics.master.isr, 1 << 2);
	assert_int_equal(pstd_lapic_events(&c.lapic), 0);
}

static void host_acknowledges_extint_then_the_local_apic_then_spurious(void **state)
{
	pstd_lapic_notify(&c.lapic, 0x51);
	irq(1, true);
	assert_int_equal(pstd_cpu_acknowledge(&c), BASE + 1);
	assert_int_equal(pstd_cpu_acknowledge(&c), 0x51);
	assert_int_equal(pstd_cpu_acknowledge(&c), SPURIOUS);
}

/* To the guest. */

static void guest_without_exits_gets_it_once_interrupts_are_open(void **state)
{
	pass_interrupts();
	vmcs->GUEST_RFLAGS = 0;
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_NONE, 0);
	pstd_cpu_sti(&c);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(pics.master.isr, 0);
	pstd_cpu_retire(&c);
	expect_event(PSTD_CPU_DELIVER, BASE + 3);
	assert_int_equal(pics.master.isr, 1 << 3);
	pstd_cpu_iret(&c);
	/* An edge asks once, and others wait for the EOI. */
	irq(4, true);
	expect_event(PSTD_CPU_NONE, 0);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	expect_event(PSTD_CPU_DELIVER, BASE + 4);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	pstd_cpu_iret(&c);
	expect_event(PSTD_CPU_NONE, 0);
	assert_true(c.guest);
}

static void level_comes_again_after_its_eoi_until_the_line_falls(void **state)
{
	pass_interrupts();
	out(PSTD_PIC_ELCR_SLAVE, 1 << 3);
	enter();
	irq(11, true);
	for (unsigned i = 0; i < 3; i++) {
		expect_event(PSTD_CPU_DELIVER, BASE + 11);
		if (i == 2)
			irq(11, false);
		out(PSTD_PIC_SLAVE_COMMAND, EOI);
		out(PSTD_PIC_MASTER_COMMAND, EOI);
		pstd_cpu_iret(&c);
	}
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(pics.master.isr | pics.slave.isr, 0);
}

/* INT stays, so that the cycle finds nothing: IRQ 7's vector, and no in-service bit. */
static void withdrawn_line_is_the_pairs_spurious_interrupt(void **state)
{
	enter();
	irq(3, true);
	irq(3, false);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 7);
	assert_int_equal(pics.master.isr, 0);
}

static void withdrawn_intr_is_nothing(void **state)
{
	enter();
	irq(3, true);
	init_chip(PSTD_PIC_MASTER_COMMAND, BASE, 4, 0);
	expect_event(PSTD_CPU_NONE, 0);
	irq(4, true);
	lvt(PSTD_APIC_LVT_LINT0, 0x10700);
	expect_event(PSTD_CPU_NONE, 0);
	lvt(PSTD_APIC_LVT_LINT0, 0x700);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 4);
}

static void hlt_and_mwait_end_with_it(void **state)
{
	pass_interrupts();
	enter();
	pstd_cpu_hlt(&c);
	irq(0, true);
	expect_event(PSTD_CPU_DELIVER, BASE);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	irq(0, false);
	/* Masked: by ECX[0] alone. */
	pstd_cpu_mwait(&c, false);
	irq(0, true);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(c.activity, PSTD_VMX_MWAIT);
	pstd_cpu_mwait(&c, true);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	assert_int_equal(pics.master.isr, 0);
}

static void shutdown_and_wait_for_sipi_hold_it(void **state)
{
	for (unsigned activity = PSTD_VMX_SHUTDOWN; activity <= PSTD_VMX_WAIT_SIPI; activity++) {
		with_pics(state);
		vmcs->GUEST_ACTIVITY_STATE = activity;
		enter();
		irq(3, true);
		expect_event(PSTD_CPU_NONE, 0);
		assert_true(c.guest && c.lapic.pin[0]);
	}
}

/* Priority. */

static void it_goes_before_the_local_apics_own_whatever_the_priorities(void **state)
{
	pass_interrupts();
	enter();
	pstd_lapic_notify(&c.lapic, 0xfe);
	irq(3, true);
	expect_event(PSTD_CPU_DELIVER, BASE + 3);
	pstd_cpu_iret(&c);
	expect_event(PSTD_CPU_DELIVER, 0xfe);
	out(PSTD_PIC_MASTER_COMMAND, EOI);
	irq(4, true);
	pstd_cpu_iret(&c);
	/* FEH is in service: what has a priority waits for it. */
	pstd_lapic_notify(&c.lapic, 0xf1);
	expect_event(PSTD_CPU_DELIVER, BASE + 4);
	pstd_cpu_iret(&c);
	expect_event(PSTD_CPU_NONE, 0);
}

static void it_goes_after_window_and_virtual_interrupts(void **state)
{
	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x41;
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_DELIVER, 0x41);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 3);
	with_pics(state);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_INTR_WINDOW;
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_INTERRUPT_WINDOW, 0);
	assert_int_equal(pics.master.isr, 0);
}

/* The manual's steps, word for word: the local APIC gets the EOI, the pair does not. */
static void vector_of_the_notification_is_processed_as_one(void **state)
{
	vmcs->POSTED_INTR_NV = BASE + 3;
	pstd_test_and_set_pir(pid, 0x41);
	pstd_test_and_set_on(pid);
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_DELIVER, 0x41);
	assert_true(c.guest);
	assert_false(pstd_on(pid));
	assert_int_equal(c.lapic.eois, 1);
	assert_int_equal(pics.master.isr, 1 << 3);
}

static void all_that_a_pair_has_is_taken_before_hlt_goes_on(void **state)
{
	vmcs->POSTED_INTR_NV = BASE + 1;
	init_chip(PSTD_PIC_MASTER_COMMAND, BASE, 4, AEOI);
	enter();
	pstd_cpu_hlt(&c);
	irq(1, true);
	irq(3, true);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 3);
	assert_int_equal(c.lapic.eois, 1);
}

/* Other sources. */

static void where_there_is_no_pair_nobody_drives_the_bus(void **state)
{
	c.pic = NULL;
	enter();
	receive(PSTD_APIC_DM_EXTINT, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(0xff);
	enter();
	expect_event(PSTD_CPU_NONE, 0);
}

static void message_asks_once(void **state)
{
	enter();
	pstd_pic_set_irq(&pics, 5, true); /* wired to an I/O APIC's pin, say */
	receive(PSTD_APIC_DM_EXTINT, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_external(BASE + 5);
	enter();
	expect_event(PSTD_CPU_NONE, 0);
}

/* A pin that no acknowledge cycle lowers, whose vector does not exit: the boundary ends. */
static void line_without_end_does_not_hold_up_the_boundary(void **state)
{
	c.pic = NULL;
	vmcs->POSTED_INTR_NV = 0xff;
	enter();
	pstd_lapic_pin(&c.lapic, 0, true);
	expect_event(PSTD_CPU_NONE, 0);
	assert_true(c.guest);
	assert_int_equal(c.lapic.eois, PSTD_PIC_INPUTS);
}

static void pins_are_intr_and_nmi_where_the_local_apic_is_disabled(void **state)
{
	struct pstd_lapic_out none;

	assert_true(
		pstd_lapic_wrmsr(&c.lapic, PSTD_APIC_MSR_BASE, PSTD_APIC_BASE_DEFAULT, 0, &none));
	pass_interrupts();
	enter();
	irq(3, true);
	expect_event(PSTD_CPU_DELIVER, BASE + 3);
	pstd_lapic_pin(&c.lapic, 1, true);
	expect_event(PSTD_CPU_NMI, 2);
	pstd_lapic_pin(&c.lapic, 1, true);
	pstd_cpu_iret(&c);
	expect_event(PSTD_CPU_NONE, 0);
}

/* "Default Treatment of SMI Delivery" */

static void expect_smis(uint64_t n)
{
	assert_int_equal(c.smis, n);
	assert_int_equal(pstd_lapic_events(&c.lapic), 0);
}

static void smi_is_taken_and_the_guest_goes_on(void **state)
{
	static const enum pstd_vmx_activity states[] = { PSTD_VMX_ACTIVE, PSTD_VMX_HLT,
		                                         PSTD_VMX_SHUTDOWN };

	for (unsigned i = 0; i < 3; i++) {
		with_pics(state);
		vmcs->GUEST_ACTIVITY_STATE = states[i];
		enter();
		receive(PSTD_APIC_DM_SMI, 0);
		expect_event(PSTD_CPU_NONE, 0);
		expect_smis(1);
		assert_true(c.guest);
		assert_int_equal(c.activity, states[i]);
		assert_int_equal(c.rflags, PSTD_VMX_RFLAGS_IF);
	}
}

static void smi_ends_mwait_and_waits_in_wait_for_sipi(void **state)
{
	enter();
	pstd_cpu_mwait(&c, false);
	receive(PSTD_APIC_DM_SMI, 0);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
	expect_smis(1);
	with_pics(state);
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_WAIT_SIPI;
	enter();
	receive(PSTD_APIC_DM_SMI, 0);
	expect_event(PSTD_CPU_NONE, 0);
	assert_int_equal(pstd_lapic_events(&c.lapic), 1 << PSTD_APIC_DM_SMI);
	receive(PSTD_APIC_DM_SIPI, 0x9a);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_SIPI_SIGNAL, 0x9a);
	assert_int_equal(c.smis, 0);
	pstd_cpu_take_smi(&c);
	expect_smis(1);
}

static void smi_goes_before_init_and_all_after_it(void **state)
{
	enter();
	receive(PSTD_APIC_DM_SMI, 0);
	receive(PSTD_APIC_DM_INIT, 0);
	expect_event(PSTD_CPU_EXIT, 0);
	assert_exited(PSTD_VMX_EXIT_INIT_SIGNAL, 0);
	expect_smis(1);
}

static void host_takes_what_came_in_root_mode(void **state)
{
	pstd_cpu_take_smi(&c);
	expect_smis(0);
	receive(PSTD_APIC_DM_SMI, 0);
	receive(PSTD_APIC_DM_SMI, 0);
	pstd_cpu_take_smi(&c);
	expect_smis(1);
}

#undef TEST
#define TEST(name) cmocka_unit_test_setup(name, with_pics)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exit_acknowledges_the_pair_and_says_its_vector),
		TEST(exit_without_acknowledge_leaves_it_to_the_host),
		TEST(host_acknowledges_extint_then_the_local_apic_then_spurious),
		TEST(guest_without_exits_gets_it_once_interrupts_are_open),
		TEST(level_comes_again_after_its_eoi_until_the_line_falls),
		TEST(withdrawn_line_is_the_pairs_spurious_interrupt),
		TEST(withdrawn_intr_is_nothing),
		TEST(hlt_and_mwait_end_with_it),
		TEST(shutdown_and_wait_for_sipi_hold_it),
		TEST(it_goes_before_the_local_apics_own_whatever_the_priorities),
		TEST(it_goes_after_window_and_virtual_interrupts),
		TEST(vector_of_the_notification_is_processed_as_one),
		TEST(all_that_a_pair_has_is_taken_before_hlt_goes_on),
		TEST(where_there_is_no_pair_nobody_drives_the_bus),
		TEST(message_asks_once),
		TEST(line_without_end_does_not_hold_up_the_boundary),
		TEST(pins_are_intr_and_nmi_where_the_local_apic_is_disabled),
		TEST(smi_is_taken_and_the_guest_goes_on),
		TEST(smi_ends_mwait_and_waits_in_wait_for_sipi),
		TEST(smi_goes_before_init_and_all_after_it),
		TEST(host_takes_what_came_in_root_mode),
	};

	return cmocka_run_group_tests_name("cpu extint", tests, NULL, NULL);
}
