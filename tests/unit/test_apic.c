/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/apic.h against the SDM's local APIC: the page, the banks, priorities, the ICR. */
#include <posted/apic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static const unsigned banks[] = { PSTD_APIC_ISR, PSTD_APIC_TMR, PSTD_APIC_IRR };
static struct pstd_apic_page page, expected;

static int clear_pages(void **state)
{
	memset(&page, 0, sizeof(page));
	memset(&expected, 0, sizeof(expected));
	return 0;
}

/* Where the manual has a vector's bit: byte and bit in the page. */
static uint8_t *byte_of(struct pstd_apic_page *a, unsigned bank, unsigned vector)
{
	return (uint8_t *)a + bank + vector / 32 * 16 + vector % 32 / 8;
}

static void registers_are_where_the_manual_has_them(void **state)
{
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ID), 0x802);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), 0x808);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_PPR), 0x80a);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0x80b);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ISR), 0x810);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_TMR), 0x818);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_IRR), 0x820);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), 0x830);
	assert_int_equal(PSTD_APIC_X2APIC_MSR(PSTD_APIC_SELF_IPI), 0x83f);
	assert_int_equal(PSTD_APIC_ICR_HI, 0x310);
}

static void register_is_read_and_written_at_its_offset(void **state)
{
	pstd_apic_write(&page, PSTD_APIC_TPR, 0x11223344);
	memcpy((uint8_t *)&expected + 0x80, "\x44\x33\x22\x11", 4);
	assert_memory_equal(&page, &expected, sizeof(page));
	assert_int_equal(pstd_apic_read(&page, PSTD_APIC_TPR), 0x11223344);
}

static void vector_is_its_bit_of_its_dword_16_bytes_apart(void **state)
{
	for (unsigned b = 0; b < 3; b++) {
		for (unsigned vector = 0; vector < 256; vector++) {
			uint8_t *byte = byte_of(&expected, banks[b], vector);

			pstd_apic_set(&page, banks[b], (uint8_t)vector);
			*byte = (uint8_t)(1u << vector % 8);
			assert_memory_equal(&page, &expected, sizeof(page));
			assert_true(pstd_apic_test(&page, banks[b], (uint8_t)vector));
			pstd_apic_clear(&page, banks[b], (uint8_t)vector);
			*byte = 0;
			assert_memory_equal(&page, &expected, sizeof(page));
			assert_false(pstd_apic_test(&page, banks[b], (uint8_t)vector));
		}
	}
}

static void clearing_a_vector_leaves_its_neighbours(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++)
		pstd_apic_set(&page, PSTD_APIC_IRR, (uint8_t)vector);
	pstd_apic_clear(&page, PSTD_APIC_IRR, 0x41);
	for (unsigned vector = 0; vector < 256; vector++)
		assert_int_equal(pstd_apic_test(&page, PSTD_APIC_IRR, (uint8_t)vector),
		                 vector != 0x41);
}

static void highest_of_an_empty_bank_is_none(void **state)
{
	pstd_apic_set(&page, PSTD_APIC_IRR, 0xff);
	pstd_apic_set(&page, PSTD_APIC_TMR, 0xff);
	assert_int_equal(pstd_apic_highest(&page, PSTD_APIC_ISR), -1);
	assert_int_equal(pstd_apic_highest_or_0(&page, PSTD_APIC_ISR), 0);
}

static void highest_is_found_alone_and_above_all_lower_ones(void **state)
{
	struct pstd_apic_page alone;

	for (unsigned vector = 0; vector < 256; vector++) {
		memset(&alone, 0, sizeof(alone));
		pstd_apic_set(&alone, PSTD_APIC_ISR, (uint8_t)vector);
		pstd_apic_set(&page, PSTD_APIC_ISR, (uint8_t)vector);
		assert_int_equal(pstd_apic_highest(&alone, PSTD_APIC_ISR), (int)vector);
		assert_int_equal(pstd_apic_highest(&page, PSTD_APIC_ISR), (int)vector);
		assert_int_equal(pstd_apic_highest_or_0(&page, PSTD_APIC_ISR), vector);
	}
}

static void merge_puts_every_vector_in_its_place(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		uint64_t bits[4] = { 0 }, merged[4] = { 9, 9, 9, 9 };

		clear_pages(state);
		bits[vector / 64] = 1ull << vector % 64;
		*byte_of(&expected, PSTD_APIC_IRR, vector) = (uint8_t)(1u << vector % 8);
		assert_false(pstd_apic_merge(&page, PSTD_APIC_IRR, bits, merged));
		assert_memory_equal(&page, &expected, sizeof(page));
		assert_int_equal(merged[0] | merged[1] | merged[2] | merged[3], 0);
		assert_true(pstd_apic_merge(&page, PSTD_APIC_IRR, bits, merged));
		assert_memory_equal(&page, &expected, sizeof(page));
		assert_memory_equal(merged, bits, sizeof(bits));
	}
}

static void merge_keeps_what_was_there_and_tells_the_overlap(void **state)
{
	uint64_t bits[4] = { 0x30, 0, 1ull << 63, 0 }, merged[4];

	pstd_apic_set(&page, PSTD_APIC_IRR, 4);
	pstd_apic_set(&page, PSTD_APIC_IRR, 0x50);
	pstd_apic_set(&page, PSTD_APIC_IRR, 191);
	assert_true(pstd_apic_merge(&page, PSTD_APIC_IRR, bits, merged));
	assert_int_equal(merged[0], 0x10);
	assert_int_equal(merged[1], 0);
	assert_int_equal(merged[2], 1ull << 63);
	assert_int_equal(merged[3], 0);
	assert_true(pstd_apic_test(&page, PSTD_APIC_IRR, 5));
	assert_true(pstd_apic_test(&page, PSTD_APIC_IRR, 0x50));
}

/* Of one class, the SDM allows either low nibble; VPPR's rule is all of TPR. */
static void ppr_is_tpr_or_the_class_in_service_whichever_is_higher(void **state)
{
	for (unsigned tpr = 0; tpr < 256; tpr++) {
		for (unsigned isrv = 0; isrv < 256; isrv++) {
			unsigned ppr = pstd_apic_ppr((uint8_t)tpr, (uint8_t)isrv);

			if (tpr / 16 >= isrv / 16)
				assert_int_equal(ppr, tpr);
			else
				assert_int_equal(ppr, isrv / 16 * 16);
		}
	}
}

static void only_a_higher_class_is_above(void **state)
{
	assert_true(pstd_apic_above(0x40, 0x3f));
	assert_false(pstd_apic_above(0x4f, 0x40));
	assert_false(pstd_apic_above(0x40, 0x4f));
	assert_false(pstd_apic_above(0x30, 0x40));
	assert_true(pstd_apic_above(0x10, 0x0f));
	assert_false(pstd_apic_above(0x0f, 0x00));
	assert_false(pstd_apic_above(0xff, 0xf0));
}

static void icr_fields_have_their_bits(void **state)
{
	assert_int_equal(PSTD_APIC_ICR_VECTOR, 0xff);
	assert_int_equal(PSTD_APIC_ICR_DLM, 0x700);
	assert_int_equal(PSTD_APIC_ICR_LOGICAL, 1 << 11);
	assert_int_equal(PSTD_APIC_ICR_ASSERT, 1 << 14);
	assert_int_equal(PSTD_APIC_ICR_LEVEL, 1 << 15);
	assert_int_equal(PSTD_APIC_ICR_SHORTHAND, 3 << 18);
	assert_int_equal(PSTD_APIC_ICR_DEST, 0xffffffffull << 32);
	assert_int_equal(PSTD_APIC_ICR_DEST_XAPIC, 0xffull << 56);
}

static void icr_in_x2apic_mode_takes_the_whole_id(void **state)
{
	uint64_t icr = pstd_apic_icr(0x12345678, 0xf2, true);

	assert_int_equal(icr, 0x12345678000040f2);
	assert_int_equal(pstd_apic_icr_dest(icr, true), 0x12345678);
}

static void icr_in_xapic_mode_takes_8_bits_at_the_top(void **state)
{
	uint64_t icr = pstd_apic_icr(0x78, 0xf2, false);

	assert_int_equal(icr, 0x78000000000040f2);
	assert_int_equal(pstd_apic_icr_dest(icr, false), 0x78);
	assert_int_equal(pstd_apic_icr(0x178, 0xf2, false), icr);
}

static void delivery_modes_and_shorthands_are_the_manuals(void **state)
{
	assert_int_equal(PSTD_APIC_DM_FIXED, 0);
	assert_int_equal(PSTD_APIC_DM_LOWEST, 1);
	assert_int_equal(PSTD_APIC_DM_SMI, 2);
	assert_int_equal(PSTD_APIC_DM_NMI, 4);
	assert_int_equal(PSTD_APIC_DM_INIT, 5);
	assert_int_equal(PSTD_APIC_DM_SIPI, 6);
	assert_int_equal(PSTD_APIC_DM_EXTINT, 7);
	assert_int_equal(PSTD_APIC_TO_DEST, 0);
	assert_int_equal(PSTD_APIC_TO_SELF, 1);
	assert_int_equal(PSTD_APIC_TO_ALL, 2);
	assert_int_equal(PSTD_APIC_TO_OTHERS, 3);
}

#define TEST(name) cmocka_unit_test_setup(name, clear_pages)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(registers_are_where_the_manual_has_them),
		TEST(register_is_read_and_written_at_its_offset),
		TEST(vector_is_its_bit_of_its_dword_16_bytes_apart),
		TEST(clearing_a_vector_leaves_its_neighbours),
		TEST(highest_of_an_empty_bank_is_none),
		TEST(highest_is_found_alone_and_above_all_lower_ones),
		TEST(merge_puts_every_vector_in_its_place),
		TEST(merge_keeps_what_was_there_and_tells_the_overlap),
		TEST(ppr_is_tpr_or_the_class_in_service_whichever_is_higher),
		TEST(only_a_higher_class_is_above),
		TEST(icr_fields_have_their_bits),
		TEST(icr_in_x2apic_mode_takes_the_whole_id),
		TEST(icr_in_xapic_mode_takes_8_bits_at_the_top),
		TEST(delivery_modes_and_shorthands_are_the_manuals),
	};

	return cmocka_run_group_tests_name("apic", tests, NULL, NULL);
}
