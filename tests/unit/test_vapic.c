/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/vapic.h: what the vectors leave out; tests/vectors judges the rules themselves. */
#include <posted/hw/vapic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct apic_page page;
static struct vapic v;

static int reset(void **state)
{
	memset(&page, 0, sizeof(page));
	v = (struct vapic){ .page = &page, .vid = true };
	return 0;
}

/* Requests a vector as software does before VM entry. */
static void request(uint8_t vector)
{
	apic_set(&page, APIC_IRR, vector);
	v.rvi = apic_highest_or_0(&page, APIC_IRR);
}

static void vppr_has_zero_upper_bytes_and_ignores_vtprs(void **state)
{
	apic_write(&page, APIC_PPR, 0xffffffff);
	apic_write(&page, APIC_TPR, 0xffffff23);
	v.svi = 0x1f;
	vapic_ppr_virtualization(&v);
	assert_int_equal(apic_read(&page, APIC_PPR), 0x23);
	assert_int_equal(apic_read(&page, APIC_TPR), 0xffffff23);
}

static void request_is_recognized_only_above_vpprs_class(void **state)
{
	for (unsigned rvi = 0; rvi < 256; rvi++) {
		for (unsigned vppr = 0; vppr < 256; vppr++) {
			v.rvi = (uint8_t)rvi;
			apic_write(&page, APIC_PPR, vppr);
			vapic_evaluate_pending(&v);
			assert_int_equal(v.recognized, rvi / 16 > vppr / 16);
		}
	}
}

static void interrupt_window_exiting_recognizes_nothing(void **state)
{
	request(0xff);
	v.recognized = true;
	v.intr_window = true;
	vapic_evaluate_pending(&v);
	assert_false(v.recognized);
}

static void higher_interrupt_nests_and_eoi_returns_to_the_lower(void **state)
{
	uint8_t ended;

	request(0x41);
	vapic_vm_entry(&v);
	assert_int_equal(vapic_deliver(&v), 0x41);
	request(0x61);
	vapic_evaluate_pending(&v);
	assert_true(v.recognized);
	assert_int_equal(vapic_deliver(&v), 0x61);
	assert_int_equal(apic_read(&page, APIC_PPR), 0x60);
	assert_false(vapic_eoi_virtualization(&v, &ended));
	assert_int_equal(ended, 0x61);
	assert_int_equal(v.svi, 0x41);
	assert_int_equal(apic_read(&page, APIC_PPR), 0x40);
}

static void eoi_delivers_what_waited_behind_its_class(void **state)
{
	uint8_t ended;

	request(0x45);
	vapic_vm_entry(&v);
	vapic_deliver(&v);
	request(0x41);
	vapic_evaluate_pending(&v);
	assert_false(v.recognized);
	assert_false(vapic_eoi_virtualization(&v, &ended));
	assert_true(v.recognized);
	assert_int_equal(vapic_deliver(&v), 0x41);
	assert_int_equal(v.rvi, 0);
	assert_int_equal(apic_highest(&page, APIC_IRR), -1);
}

static void delivery_ends_recognition_until_the_next_evaluation(void **state)
{
	request(0x41);
	request(0x61);
	vapic_vm_entry(&v);
	assert_int_equal(vapic_deliver(&v), 0x61);
	assert_false(v.recognized);
	assert_int_equal(v.rvi, 0x41);
}

static void eoi_exits_for_the_vectors_of_the_bitmap_alone(void **state)
{
	for (unsigned vector = 16; vector < 256; vector++) {
		for (unsigned bit = 0; bit < 256; bit++) {
			uint8_t ended;

			memset(v.eoi_exit, 0, sizeof(v.eoi_exit));
			v.eoi_exit[bit / 64] = 1ull << bit % 64;
			apic_set(&page, APIC_ISR, (uint8_t)vector);
			v.svi = (uint8_t)vector;
			assert_int_equal(vapic_eoi_virtualization(&v, &ended), bit == vector);
			assert_int_equal(ended, vector);
			assert_false(apic_test(&page, APIC_ISR, (uint8_t)vector));
		}
	}
}

static void merging_pir_requests_its_highest_vector(void **state)
{
	struct pi_desc d = { .control = PI_ON | PI_SN };

	pi_test_and_set_pir(&d, 0x41);
	pi_test_and_set_pir(&d, 0x31);
	vapic_merge_pir(&v, &d);
	assert_true(apic_test(&page, APIC_IRR, 0x41) && apic_test(&page, APIC_IRR, 0x31));
	assert_int_equal(v.rvi, 0x41);
	assert_true(pi_pir_empty(&d));
	assert_int_equal(d.control, PI_ON | PI_SN);
}

static void merging_never_lowers_rvi(void **state)
{
	struct pi_desc d = { 0 };

	request(0x51);
	pi_test_and_set_pir(&d, 0x41);
	vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x51);
}

/* The manual compares RVI with what was in PIR, not with VIRR. */
static void merging_an_empty_pir_leaves_rvi_although_virr_is_higher(void **state)
{
	struct pi_desc d = { 0 };

	apic_set(&page, APIC_IRR, 0x71);
	v.rvi = 0x21;
	vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x21);
	pi_test_and_set_pir(&d, 0x31);
	vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x31);
}

static void merged_requests_are_counted_by_vector(void **state)
{
	uint64_t coalesced[256] = { 0 };
	struct pi_desc d = { 0 };

	v.coalesced = coalesced;
	for (int round = 0; round < 2; round++) {
		pi_test_and_set_pir(&d, 0x41);
		pi_test_and_set_pir(&d, 0xff);
		if (round)
			pi_test_and_set_pir(&d, 0x42);
		vapic_merge_pir(&v, &d);
	}
	for (unsigned vector = 0; vector < 256; vector++)
		assert_int_equal(coalesced[vector], vector == 0x41 || vector == 0xff);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(vppr_has_zero_upper_bytes_and_ignores_vtprs),
		TEST(request_is_recognized_only_above_vpprs_class),
		TEST(interrupt_window_exiting_recognizes_nothing),
		TEST(higher_interrupt_nests_and_eoi_returns_to_the_lower),
		TEST(eoi_delivers_what_waited_behind_its_class),
		TEST(delivery_ends_recognition_until_the_next_evaluation),
		TEST(eoi_exits_for_the_vectors_of_the_bitmap_alone),
		TEST(merging_pir_requests_its_highest_vector),
		TEST(merging_never_lowers_rvi),
		TEST(merging_an_empty_pir_leaves_rvi_although_virr_is_higher),
		TEST(merged_requests_are_counted_by_vector),
	};

	return cmocka_run_group_tests_name("vapic", tests, NULL, NULL);
}
