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

static struct pstd_apic_page page;
static struct pstd_vapic v;

static int reset(void **state)
{
	memset(&page, 0, sizeof(page));
	v = (struct pstd_vapic){ .page = &page, .vid = true };
	return 0;
}

/* Requests a vector as software does before VM entry. */
static void request(uint8_t vector)
{
	pstd_apic_set(&page, PSTD_APIC_IRR, vector);
	v.rvi = pstd_apic_highest_or_0(&page, PSTD_APIC_IRR);
}

static void vppr_has_zero_upper_bytes_and_ignores_vtprs(void **state)
{
	pstd_apic_write(&page, PSTD_APIC_PPR, 0xffffffff);
	pstd_apic_write(&page, PSTD_APIC_TPR, 0xffffff23);
	v.svi = 0x1f;
	pstd_vapic_ppr_virtualization(&v);
	assert_int_equal(pstd_apic_read(&page, PSTD_APIC_PPR), 0x23);
	assert_int_equal(pstd_apic_read(&page, PSTD_APIC_TPR), 0xffffff23);
}

static void request_is_recognized_only_above_vpprs_class(void **state)
{
	for (unsigned rvi = 0; rvi < 256; rvi++) {
		for (unsigned vppr = 0; vppr < 256; vppr++) {
			v.rvi = (uint8_t)rvi;
			pstd_apic_write(&page, PSTD_APIC_PPR, vppr);
			pstd_vapic_evaluate_pending(&v);
			assert_int_equal(v.recognized, rvi / 16 > vppr / 16);
		}
	}
}

static void interrupt_window_exiting_recognizes_nothing(void **state)
{
	request(0xff);
	v.recognized = true;
	v.intr_window = true;
	pstd_vapic_evaluate_pending(&v);
	assert_false(v.recognized);
}

static void higher_interrupt_nests_and_eoi_returns_to_the_lower(void **state)
{
	uint8_t ended;

	request(0x41);
	pstd_vapic_vm_entry(&v);
	assert_int_equal(pstd_vapic_deliver(&v), 0x41);
	request(0x61);
	pstd_vapic_evaluate_pending(&v);
	assert_true(v.recognized);
	assert_int_equal(pstd_vapic_deliver(&v), 0x61);
	assert_int_equal(pstd_apic_read(&page, PSTD_APIC_PPR), 0x60);
	assert_false(pstd_vapic_eoi_virtualization(&v, &ended));
	assert_int_equal(ended, 0x61);
	assert_int_equal(v.svi, 0x41);
	assert_int_equal(pstd_apic_read(&page, PSTD_APIC_PPR), 0x40);
}

static void eoi_delivers_what_waited_behind_its_class(void **state)
{
	uint8_t ended;

	request(0x45);
	pstd_vapic_vm_entry(&v);
	pstd_vapic_deliver(&v);
	request(0x41);
	pstd_vapic_evaluate_pending(&v);
	assert_false(v.recognized);
	assert_false(pstd_vapic_eoi_virtualization(&v, &ended));
	assert_true(v.recognized);
	assert_int_equal(pstd_vapic_deliver(&v), 0x41);
	assert_int_equal(v.rvi, 0);
	assert_int_equal(pstd_apic_highest(&page, PSTD_APIC_IRR), -1);
}

static void delivery_ends_recognition_until_the_next_evaluation(void **state)
{
	request(0x41);
	request(0x61);
	pstd_vapic_vm_entry(&v);
	assert_int_equal(pstd_vapic_deliver(&v), 0x61);
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
			pstd_apic_set(&page, PSTD_APIC_ISR, (uint8_t)vector);
			v.svi = (uint8_t)vector;
			assert_int_equal(pstd_vapic_eoi_virtualization(&v, &ended), bit == vector);
			assert_int_equal(ended, vector);
			assert_false(pstd_apic_test(&page, PSTD_APIC_ISR, (uint8_t)vector));
		}
	}
}

static void merging_pir_requests_its_highest_vector(void **state)
{
	struct pstd_desc d = { .control = PSTD_ON | PSTD_SN };

	pstd_test_and_set_pir(&d, 0x41);
	pstd_test_and_set_pir(&d, 0x31);
	pstd_vapic_merge_pir(&v, &d);
	assert_true(pstd_apic_test(&page, PSTD_APIC_IRR, 0x41) &&
	            pstd_apic_test(&page, PSTD_APIC_IRR, 0x31));
	assert_int_equal(v.rvi, 0x41);
	assert_true(pstd_pir_empty(&d));
	assert_int_equal(d.control, PSTD_ON | PSTD_SN);
}

static void merging_never_lowers_rvi(void **state)
{
	struct pstd_desc d = { 0 };

	request(0x51);
	pstd_test_and_set_pir(&d, 0x41);
	pstd_vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x51);
}

/* The manual compares RVI with what was in PIR, not with VIRR. */
static void merging_an_empty_pir_leaves_rvi_although_virr_is_higher(void **state)
{
	struct pstd_desc d = { 0 };

	pstd_apic_set(&page, PSTD_APIC_IRR, 0x71);
	v.rvi = 0x21;
	pstd_vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x21);
	pstd_test_and_set_pir(&d, 0x31);
	pstd_vapic_merge_pir(&v, &d);
	assert_int_equal(v.rvi, 0x31);
}

static void merged_requests_are_counted_by_vector(void **state)
{
	uint64_t coalesced[256] = { 0 };
	struct pstd_desc d = { 0 };

	v.coalesced = coalesced;
	for (int round = 0; round < 2; round++) {
		pstd_test_and_set_pir(&d, 0x41);
		pstd_test_and_set_pir(&d, 0xff);
		if (round)
			pstd_test_and_set_pir(&d, 0x42);
		pstd_vapic_merge_pir(&v, &d);
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
