/* SPDX-License-Identifier: BSD-2-Clause */
/* "Issuing Interprocessor Interrupts": what a write of ICR or SELF IPI emits. */
#include "lapic_unit.h"

static struct pstd_lapic_out write_icr(uint32_t low)
{
	put(PSTD_APIC_ICR_HI, 0x07000000);
	return put(PSTD_APIC_ICR, low);
}

/* Delivery modes of ICR; 011b and 111b are reserved. */
static void each_delivery_mode_is_sent_or_reserved(void **state)
{
	for (unsigned dlm = 0; dlm < 8; dlm++) {
		struct pstd_lapic_out out = write_icr(dlm << 8 | 0x4041);

		assert_int_equal(out.send, dlm != 3 && dlm != 7);
		if (!out.send)
			continue;
		assert_int_equal(out.ipi.dlm, dlm);
		assert_int_equal(out.ipi.vector, 0x41);
		assert_int_equal(out.ipi.dest, 7);
		assert_false(out.ipi.logical);
	}
	assert_int_equal(errors(), 0);
}

static void destination_mode_and_shorthand_are_passed_on(void **state)
{
	struct pstd_lapic_out out = write_icr(0x4841);

	assert_true(out.ipi.logical);
	assert_int_equal(out.ipi.shorthand, PSTD_APIC_TO_DEST);
	assert_int_equal(write_icr(0x84041).ipi.shorthand, PSTD_APIC_TO_ALL);
	assert_int_equal(write_icr(0xc4041).ipi.shorthand, PSTD_APIC_TO_OTHERS);
}

static void trigger_mode_is_overridden_by_edge(void **state)
{
	struct pstd_lapic_out out = write_icr(0xc041);

	assert_true(out.send);
	assert_false(out.ipi.level);
}

static void init_level_deassert_sends_nothing(void **state)
{
	assert_false(write_icr(0x8500).send);
	assert_false(write_icr(0x88500).send);
	assert_true(write_icr(0xc500).send);
	assert_true(write_icr(0x0500).send);
}

static void x2apic_sends_to_32_bits(void **state)
{
	struct pstd_lapic_out out;

	unit_x2apic(state);
	assert_true(pstd_lapic_wrmsr(&l, 0x830, 0x1234567800004841, 0, &out));
	assert_true(out.send);
	assert_int_equal(out.ipi.dest, 0x12345678);
	assert_true(out.ipi.logical);
	assert_int_equal(get_msr(0x830), 0x1234567800004841);
	/* Bit 12 is no fault, and not kept. */
	assert_true(pstd_lapic_wrmsr(&l, 0x830, 0x1234567800005841, 0, &out));
	assert_int_equal(get_msr(0x830), 0x1234567800004841);
}

static void self_shorthand_stays_inside(void **state)
{
	assert_false(write_icr(0x44041).send);
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
	write_icr(0x44400);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_NMI);
	put(PSTD_APIC_SVR, 0xff);
	write_icr(0x44051);
	assert_false(pstd_apic_test(&l.regs, PSTD_APIC_IRR, 0x51));
}

static void self_ipi_register_is_a_fixed_edge_to_itself(void **state)
{
	struct pstd_lapic_out out;

	unit_x2apic(state);
	assert_true(pstd_lapic_wrmsr(&l, 0x83f, 0x61, 0, &out));
	assert_false(out.send);
	assert_int_equal(pstd_lapic_pending(&l), 0x61);
}

static uint32_t errors_x2apic(void)
{
	assert_true(put_msr(0x828, 0));
	return (uint32_t)get_msr(0x828);
}

static void bad_vectors_are_errors_and_not_sent(void **state)
{
	for (unsigned vector = 0; vector < 32; vector++) {
		bool bad = vector < 16;

		assert_int_equal(write_icr(0x4000 | vector).send, !bad);
		assert_int_equal(errors(), bad ? PSTD_APIC_ESR_SEND_VECTOR : 0);
		assert_int_equal(write_icr(0x4100 | vector).send, !bad);
		assert_int_equal(errors(), bad ? PSTD_APIC_ESR_SEND_VECTOR : 0);
		/* Other modes have no vector, or a page. */
		assert_true(write_icr(0x4400 | vector).send);
		assert_true(write_icr(0x4600 | vector).send);
		assert_int_equal(errors(), 0);
	}
}

static void bad_vector_to_itself_is_an_error_twice(void **state)
{
	write_icr(0x44005);
	assert_int_equal(errors(), PSTD_APIC_ESR_SEND_VECTOR | PSTD_APIC_ESR_RECEIVE_VECTOR);
	unit_x2apic(state);
	assert_true(put_msr(0x83f, 5));
	assert_int_equal(errors_x2apic(), PSTD_APIC_ESR_SEND_VECTOR | PSTD_APIC_ESR_RECEIVE_VECTOR);
}

static void lowest_priority_is_redirectable_where_it_cannot_be_sent(void **state)
{
	unit_reset(PSTD_LAPIC_ALL & ~PSTD_LAPIC_LOWEST_IPI);
	put(PSTD_APIC_SVR, 0x1ff);
	assert_false(write_icr(0x4141).send);
	assert_int_equal(errors(), PSTD_APIC_ESR_REDIRECTABLE);
	/* "If software also wrote an illegal vector, only this bit is set." */
	assert_false(write_icr(0x4105).send);
	assert_int_equal(errors(), PSTD_APIC_ESR_REDIRECTABLE);
}

/* "The local APIC can still issue IPIs" when disabled by software. */
static void software_disabled_still_sends(void **state)
{
	put(PSTD_APIC_SVR, 0xff);
	assert_true(write_icr(0x4041).send);
}

static void high_half_alone_sends_nothing(void **state)
{
	assert_false(put(PSTD_APIC_ICR_HI, 0xff000000).send);
	assert_int_equal(get(PSTD_APIC_ICR_HI), 0xff000000);
}

#define TEST(name) cmocka_unit_test_setup(name, unit_enabled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_delivery_mode_is_sent_or_reserved),
		TEST(destination_mode_and_shorthand_are_passed_on),
		TEST(trigger_mode_is_overridden_by_edge),
		TEST(init_level_deassert_sends_nothing),
		TEST(x2apic_sends_to_32_bits),
		TEST(self_shorthand_stays_inside),
		TEST(self_ipi_register_is_a_fixed_edge_to_itself),
		TEST(bad_vectors_are_errors_and_not_sent),
		TEST(bad_vector_to_itself_is_an_error_twice),
		TEST(lowest_priority_is_redirectable_where_it_cannot_be_sent),
		TEST(software_disabled_still_sends),
		TEST(high_half_alone_sends_nothing),
	};

	return cmocka_run_group_tests_name("lapic_send", tests, NULL, NULL);
}
