/* SPDX-License-Identifier: BSD-2-Clause */
/* hw/vtd/command.h: what a write to GCMD does, and when GSTS shows it. */
#include "vtd_unit.h"

static int reset(void **state)
{
	unit_build(state);
	unit_init();
	return 0;
}

static uint64_t gsts(void)
{
	return unit_read(PSTD_VTD_GSTS);
}

static void commands_show_in_gsts_and_gcmd_reads_zero(void **state)
{
	static const uint64_t bits[] = { PSTD_VTD_GCMD_TE, PSTD_VTD_GCMD_QIE, PSTD_VTD_GCMD_CFI };

	for (unsigned i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		unit_command(bits[i], true);
		assert_int_equal(gsts(), bits[i]);
		assert_int_equal(unit_read(PSTD_VTD_GCMD), 0);
		unit_command(bits[i], false);
		assert_int_equal(gsts(), 0);
	}
	unit_command(PSTD_VTD_GCMD_SRTP, true);
	unit_command(PSTD_VTD_GCMD_SIRTP, true);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_RTPS | PSTD_VTD_GSTS_IRTPS);
	/* One-shot: writing 0 undoes nothing. */
	unit_write(PSTD_VTD_GCMD, 0);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_RTPS | PSTD_VTD_GSTS_IRTPS);
	unit_write(PSTD_VTD_GCMD, PSTD_VTD_GCMD_WBF | PSTD_BIT(29) | PSTD_BIT(28) | 0x7fffff);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_RTPS | PSTD_VTD_GSTS_IRTPS);
}

/* From each status, each value of the bits of GCMD: all that changed, and the tables. */
static void one_write_makes_every_change(void **state)
{
	const uint64_t level = PSTD_VTD_GCMD_TE | PSTD_VTD_GCMD_QIE | PSTD_VTD_GCMD_IRE |
	                       PSTD_VTD_GCMD_CFI;
	const uint64_t one_shot = PSTD_VTD_GCMD_SRTP | PSTD_VTD_GCMD_SIRTP;

	for (uint64_t from = 0; from < 256; from++) {
		for (uint64_t to = 0; to < 256; to++) {
			uint64_t was, is;

			reset(state);
			unit_write(PSTD_VTD_GCMD, from << 24 | (from & 1 ? PSTD_VTD_GCMD_CFI : 0));
			was = gsts();
			unit_write(PSTD_VTD_GCMD, to << 24 | (to & 2 ? PSTD_VTD_GCMD_CFI : 0));
			is = (was & one_shot) | ((to << 24 | (to & 2 ? PSTD_VTD_GCMD_CFI : 0)) &
			                         (level | one_shot));
			if (!(is & PSTD_VTD_GSTS_IRTPS))
				is &= ~PSTD_VTD_GSTS_IRES;
			assert_int_equal(gsts(), is);
		}
	}
}

/* A driver that forgets what is on switches it off. */
static void command_without_a_bit_that_is_on_switches_it_off(void **state)
{
	unit_command(PSTD_VTD_GCMD_QIE, true);
	unit_write(PSTD_VTD_GCMD, PSTD_VTD_GCMD_SIRTP);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_IRTPS);
}

static void table_and_what_rests_on_it_are_set_at_once(void **state)
{
	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(5, 0x41, SID));
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, pstd_memory_phys(&unit.memory, unit.table) | 5 |
	                                            PSTD_VTD_IRTA_EIME);
	unit_write(PSTD_VTD_GCMD, PSTD_VTD_GCMD_IRE | PSTD_VTD_GCMD_SIRTP);
	assert_int_equal(unit_request(1).msg.vector, 0x41);
}

/* IRE goes off before the table that it rests on is another, and on after it. */
static uint64_t drained[4];

static void note_status(void)
{
	drained[(unit.drains - 1) % 4] = gsts();
}

static void remapping_rests_on_the_old_table_or_on_the_new(void **state)
{
	unit_up(true);
	unit.draining = note_status;
	unit_write(PSTD_VTD_GCMD, PSTD_VTD_GCMD_SIRTP);
	assert_int_equal(unit.drains, 2);
	assert_int_equal(drained[0], PSTD_VTD_GSTS_IRES | PSTD_VTD_GSTS_IRTPS);
	assert_int_equal(drained[1], 0);
	unit_write(PSTD_VTD_GCMD, PSTD_VTD_GCMD_SIRTP | PSTD_VTD_GCMD_IRE);
	assert_int_equal(unit.drains, 4);
	assert_int_equal(drained[2], 0);
	assert_int_equal(drained[3], PSTD_VTD_GSTS_IRTPS);
}

/* A one-shot bit of GSTS that a driver leaves in what it writes neither hides nor is hidden. */
static void one_shot_bit_is_a_command_though_its_status_is_set(void **state)
{
	unit_up(true);
	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(5, 0x41, SID));
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, 4);
	unit_write(PSTD_VTD_GCMD, gsts() | PSTD_VTD_GCMD_QIE);
	assert_true(gsts() & PSTD_VTD_GSTS_QIES);
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_TABLE);
	unit_write(PSTD_VTD_GCMD, gsts() & ~PSTD_VTD_GCMD_IRE);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_QIES | PSTD_VTD_GSTS_IRTPS);
}

static void remapping_needs_a_table(void **state)
{
	unit_command(PSTD_VTD_GCMD_IRE, true);
	assert_int_equal(gsts(), 0);
	assert_int_equal(unit_request(0).kind, PSTD_VTD_PASS);
}

static void table_and_mode_take_effect_at_sirtp_only(void **state)
{
	unit_up(true);
	pstd_irte_replace(&unit.table[1], pstd_irte_remapped(0x12345600, 0x41, SID));
	assert_int_equal(unit_request(1).msg.dest, 0x12345600);
	/* Half as many entries, at an address without memory, in xAPIC mode. */
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, 4);
	assert_int_equal(unit_request(1).msg.dest, 0x12345600);
	assert_int_equal(unit_request(ENTRIES - 1).fault, PSTD_VTD_FAULT_NOT_PRESENT);
	unit_command(PSTD_VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(ENTRIES - 1).fault, PSTD_VTD_FAULT_INDEX);
	assert_int_equal(unit_request(1).fault, PSTD_VTD_FAULT_TABLE);
	assert_int_equal(gsts(), PSTD_VTD_GSTS_IRES | PSTD_VTD_GSTS_IRTPS);
}

static uint64_t seen;

static void look(void)
{
	seen = gsts();
}

static void status_changes_when_requests_under_way_have_ended(void **state)
{
	static const struct {
		uint64_t bit;
		bool on;
		uint64_t during, after;
	} steps[] = {
		{ PSTD_VTD_GCMD_SIRTP, true, 0, PSTD_VTD_GSTS_IRTPS },
		{ PSTD_VTD_GCMD_IRE, true, PSTD_VTD_GSTS_IRTPS,
		  PSTD_VTD_GSTS_IRTPS | PSTD_VTD_GSTS_IRES },
		{ PSTD_VTD_GCMD_SIRTP, true, PSTD_VTD_GSTS_IRES,
		  PSTD_VTD_GSTS_IRTPS | PSTD_VTD_GSTS_IRES },
		{ PSTD_VTD_GCMD_IRE, false, PSTD_VTD_GSTS_IRTPS | PSTD_VTD_GSTS_IRES,
		  PSTD_VTD_GSTS_IRTPS },
		{ PSTD_VTD_GCMD_CFI, true, PSTD_VTD_GSTS_IRTPS,
		  PSTD_VTD_GSTS_IRTPS | PSTD_VTD_GSTS_CFIS },
	};

	unit.draining = look;
	for (unsigned i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		unit_command(steps[i].bit, steps[i].on);
		assert_int_equal(unit.drains, i + 1);
		assert_int_equal(seen, steps[i].during);
		assert_int_equal(gsts(), steps[i].after);
	}
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(commands_show_in_gsts_and_gcmd_reads_zero),
		TEST(one_write_makes_every_change),
		TEST(command_without_a_bit_that_is_on_switches_it_off),
		TEST(table_and_what_rests_on_it_are_set_at_once),
		TEST(remapping_rests_on_the_old_table_or_on_the_new),
		TEST(one_shot_bit_is_a_command_though_its_status_is_set),
		TEST(remapping_needs_a_table),
		TEST(table_and_mode_take_effect_at_sirtp_only),
		TEST(status_changes_when_requests_under_way_have_ended),
	};

	return cmocka_run_group_tests_name("vtd_command", tests, NULL, NULL);
}
