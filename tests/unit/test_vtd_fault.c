/* SPDX-License-Identifier: BSD-2-Clause */
/* Fault records, overflow and recovery, and when the fault event is raised. */
#include "vtd_unit.h"

enum { F_DWORD = 12 }; /* of a record: the dword with F */

static int reset(void **state)
{
	unit_build(state);
	unit_up(true);
	unit_write(PSTD_VTD_FEDATA, FAULT_VECTOR);
	unit_write(PSTD_VTD_FEADDR, 0xfee01000);
	unit_write(PSTD_VTD_FEUADDR, 0x100);
	return 0;
}

static struct pstd_vtd_event fault(uint16_t sid)
{
	return pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_NOT_PRESENT, false, 7, sid);
}

static uint64_t high(unsigned record)
{
	return pstd_vtd_read(&unit.vtd, FRCD + 16 * record + 8, 8);
}

static bool recorded(unsigned record, uint16_t sid)
{
	return (high(record) & PSTD_VTD_FRCD_F) && (high(record) & PSTD_VTD_FRCD_SID) == sid;
}

static struct pstd_vtd_event clear(unsigned record)
{
	return unit_write(FRCD + 16 * record + F_DWORD, PSTD_VTD_FRCD_F >> 32);
}

static uint64_t fsts(void)
{
	return unit_read(PSTD_VTD_FSTS);
}

static bool pending(void)
{
	return unit_read(PSTD_VTD_FECTL) & PSTD_VTD_ECTL_IP;
}

static void record_has_reason_source_and_index(void **state)
{
	pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_SOURCE, false, 0xabcd, 0x1234);
	assert_int_equal(pstd_vtd_read(&unit.vtd, FRCD, 8), 0xabcd000000000000);
	assert_int_equal(high(0), 0x8000002600001234);
	assert_int_equal(unit_read(FRCD + 4), 0xabcd0000);
	assert_int_equal(unit_read(FRCD + F_DWORD), 0x80000026);
	assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF);
}

static void qualified_fault_leaves_no_trace(void **state)
{
	pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_SOURCE, true, 1, SID);
	assert_int_equal(high(0) | fsts() | pending(), 0);
}

static void record_is_read_only_but_for_f(void **state)
{
	fault(SID);
	pstd_vtd_write(&unit.vtd, FRCD, 8, ~0ull);
	pstd_vtd_write(&unit.vtd, FRCD + 8, 8, ~PSTD_VTD_FRCD_F);
	assert_int_equal(pstd_vtd_read(&unit.vtd, FRCD, 8), 7ull << 48);
	assert_true(recorded(0, SID));
	clear(0);
	assert_int_equal(high(0), 0x2200000000 | SID);
	assert_int_equal(fsts() & PSTD_VTD_FSTS_PPF, 0);
}

/* PPF is the OR of all F; FRI names the record that set it. */
static void first_pending_record_is_named(void **state)
{
	for (uint16_t i = 0; i < 3; i++)
		fault(i);
	assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF);
	clear(0);
	clear(2);
	assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF);
	clear(1);
	assert_int_equal(fsts() & PSTD_VTD_FSTS_PPF, 0);
	fault(3);
	assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF | pstd_field(PSTD_VTD_FSTS_FRI, 3));
}

static void records_wrap_around(void **state)
{
	for (uint16_t i = 0; i < 3 * RECORDS + 1; i++) {
		fault(i);
		assert_true(recorded(i % RECORDS, i));
		clear(i % RECORDS);
	}
}

static void overflow_drops_until_it_is_serviced(void **state)
{
	fault(0);
	clear(0);
	for (uint16_t i = 1; i <= RECORDS; i++)
		fault(i);
	assert_int_equal(fsts() & PSTD_VTD_FSTS_PFO, 0);
	fault(9);
	assert_int_equal(fsts() & PSTD_VTD_FSTS_PFO, PSTD_VTD_FSTS_PFO);
	/* All F cleared, PFO still set: dropped. */
	for (unsigned i = 0; i < RECORDS; i++) {
		assert_true(recorded(i, i ? (uint16_t)i : RECORDS));
		clear(i);
	}
	fault(10);
	assert_int_equal(fsts() & ~PSTD_VTD_FSTS_FRI, PSTD_VTD_FSTS_PFO);
	/* PFO cleared: recording goes on where it was, not at 0. */
	unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_PFO);
	fault(11);
	assert_true(recorded(1, 11));
}

static void index_begins_anew_only_when_all_translation_is_off(void **state)
{
	fault(0);
	unit_command(PSTD_VTD_GCMD_TE, true);
	unit_command(PSTD_VTD_GCMD_IRE, false);
	fault(1);
	assert_true(recorded(1, 1));
	unit_command(PSTD_VTD_GCMD_TE, false);
	clear(0);
	fault(2);
	assert_true(recorded(0, 2));
}

/* A unit that demands remapping records while it is off: other commands change nothing. */
static void other_commands_leave_the_index(void **state)
{
	static const uint64_t bits[] = { PSTD_VTD_GCMD_QIE, PSTD_VTD_GCMD_CFI, PSTD_VTD_GCMD_SIRTP,
		                         PSTD_VTD_GCMD_SRTP };

	for (unsigned i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		unit_build(state);
		unit.config.ecap |= PSTD_VTD_ECAP_IRREQ;
		unit_init();
		pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_IR_REQUIRED, false, 0, 1);
		unit_command(bits[i], true);
		pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_IR_REQUIRED, false, 0, 2);
		assert_true(recorded(0, 1) && recorded(1, 2));
		assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF);
		unit_command(bits[i], false);
		pstd_vtd_fault(&unit.vtd, PSTD_VTD_FAULT_IR_REQUIRED, false, 0, 3);
		assert_true(recorded(2, 3));
	}
}

/* FSTS goes on naming the record that was pending before. */
static void index_begins_anew_when_remapping_was_off_and_is_on_again(void **state)
{
	fault(0);
	clear(0);
	fault(1);
	unit_command(PSTD_VTD_GCMD_IRE, false);
	unit_command(PSTD_VTD_GCMD_IRE, true);
	fault(2);
	assert_true(recorded(1, 1) && recorded(0, 2));
	assert_int_equal(fsts(), PSTD_VTD_FSTS_PPF | pstd_field(PSTD_VTD_FSTS_FRI, 1));
}

static void assert_event(struct pstd_vtd_event e)
{
	assert_true(e.send);
	assert_int_equal(e.msg.data, FAULT_VECTOR);
	assert_int_equal(e.msg.addr_lo, 0xfee01000);
	assert_int_equal(e.msg.addr_hi, 0x100);
	assert_false(pending());
}

static void first_fault_raises_the_event_and_later_ones_do_not(void **state)
{
	unit_write(PSTD_VTD_FECTL, 0);
	assert_event(fault(0));
	for (uint16_t i = 1; i < RECORDS + 1; i++)
		assert_false(fault(i).send); /* the last is an overflow */
	for (unsigned i = 0; i < RECORDS; i++)
		clear(i);
	/* PFO counts as pending. */
	unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_PFO);
	assert_event(fault(9));
}

/* After reset the event is masked. */
static void masked_event_is_held_and_sent_when_unmasked(void **state)
{
	assert_int_equal(unit_read(PSTD_VTD_FECTL), PSTD_VTD_ECTL_IM);
	assert_false(fault(0).send);
	assert_true(pending());
	assert_false(unit_write(PSTD_VTD_FECTL, PSTD_VTD_ECTL_IM).send);
	assert_event(unit_write(PSTD_VTD_FECTL, 0));
	assert_false(unit_write(PSTD_VTD_FECTL, PSTD_VTD_ECTL_IM).send);
	assert_false(unit_write(PSTD_VTD_FECTL, 0).send);
}

static void held_event_is_dropped_when_all_is_serviced(void **state)
{
	fault(0);
	fault(1);
	clear(0);
	assert_true(pending());
	clear(1);
	assert_false(pending());
	assert_false(unit_write(PSTD_VTD_FECTL, 0).send);
}

static void overflow_that_is_left_keeps_the_event(void **state)
{
	for (uint16_t i = 0; i < RECORDS + 1; i++)
		fault(i);
	for (unsigned i = 0; i < RECORDS; i++)
		clear(i);
	assert_true(pending());
	unit_write(PSTD_VTD_FSTS, PSTD_VTD_FSTS_PFO);
	assert_false(pending());
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(record_has_reason_source_and_index),
		TEST(qualified_fault_leaves_no_trace),
		TEST(record_is_read_only_but_for_f),
		TEST(first_pending_record_is_named),
		TEST(records_wrap_around),
		TEST(overflow_drops_until_it_is_serviced),
		TEST(index_begins_anew_only_when_all_translation_is_off),
		TEST(other_commands_leave_the_index),
		TEST(index_begins_anew_when_remapping_was_off_and_is_on_again),
		TEST(first_fault_raises_the_event_and_later_ones_do_not),
		TEST(masked_event_is_held_and_sent_when_unmasked),
		TEST(held_event_is_dropped_when_all_is_serviced),
		TEST(overflow_that_is_left_keeps_the_event),
	};

	return cmocka_run_group_tests_name("vtd_fault", tests, NULL, NULL);
}
