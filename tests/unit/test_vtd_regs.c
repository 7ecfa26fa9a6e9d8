/* SPDX-License-Identifier: BSD-2-Clause */
/* hw/vtd_regs.h and commands: each register as the manual has it, and what GCMD does. */
#include "vtd_unit.h"

#include "hw/vtd_regs.h"

/* "Register Descriptions", read beside the manual, not beside the rows; CAP and ECAP: below. */
static const struct {
	unsigned offset, width;
	uint64_t reset, writable, w1c;
} manual[] = {
	{ 0x000, 4, 0x10, 0, 0 },                         /* VER */
	{ 0x008, 8, 0, 0, 0 },                            /* CAP */
	{ 0x010, 8, 0, 0, 0 },                            /* ECAP */
	{ 0x01c, 4, 0, 0, 0 },                            /* GSTS */
	{ 0x020, 8, 0, 0xfffffffffffff000, 0 },           /* RTADDR: address; mode 00 */
	{ 0x034, 4, 0, 0, 0x71 },                         /* FSTS: PFO, IQE, ICE, ITE */
	{ 0x038, 4, 0x80000000, 0x80000000, 0 },          /* FECTL: IM */
	{ 0x03c, 4, 0, 0xffff, 0 },                       /* FEDATA */
	{ 0x040, 4, 0, 0xfffffffc, 0 },                   /* FEADDR */
	{ 0x044, 4, 0, 0xffffffff, 0 },                   /* FEUADDR */
	{ 0x080, 8, 0, 0, 0 },                            /* IQH */
	{ 0x088, 8, 0, 0x7fff0, 0 },                      /* IQT: 18:4 */
	{ 0x090, 8, 0, 0xfffffffffffff807, 0 },           /* IQA: base, DW, QS */
	{ 0x09c, 4, 0, 0, 0x1 },                          /* ICS: IWC */
	{ 0x0a0, 4, 0x80000000, 0x80000000, 0 },          /* IECTL: IM */
	{ 0x0a4, 4, 0, 0xffff, 0 },                       /* IEDATA */
	{ 0x0a8, 4, 0, 0xfffffffc, 0 },                   /* IEADDR */
	{ 0x0ac, 4, 0, 0xffffffff, 0 },                   /* IEUADDR */
	{ 0x0b0, 8, 0, 0, 0 },                            /* IQER */
	{ 0x0b8, 8, 0, 0xfffffffffffff80f, 0 },           /* IRTA: base, EIME, S */
};

#define REGISTERS (sizeof(manual) / sizeof(*manual))

static int reset(void **state)
{
	unit_build(state);
	unit_init();
	return 0;
}

static uint64_t reset_value(unsigned i)
{
	return manual[i].offset == VTD_CAP    ? unit.config.cap
	       : manual[i].offset == VTD_ECAP ? unit.config.ecap
	                                      : manual[i].reset;
}

static uint64_t read_whole(unsigned i)
{
	return vtd_read(&unit.vtd, manual[i].offset, manual[i].width);
}

static void write_whole(unsigned i, uint64_t value)
{
	vtd_write(&unit.vtd, manual[i].offset, manual[i].width, value);
}

static void there_are_as_many_rows_as_registers(void **state)
{
	unsigned rows = 0;

	while (vtd_rows[rows].name)
		rows++;
	assert_int_equal(rows, REGISTERS);
}

static void each_register_resets_and_takes_what_is_writable(void **state)
{
	for (unsigned i = 0; i < REGISTERS; i++) {
		reset(state);
		assert_int_equal(read_whole(i), reset_value(i));
		write_whole(i, ~0ull);
		assert_int_equal(read_whole(i), reset_value(i) | manual[i].writable);
		write_whole(i, 0);
		assert_int_equal(read_whole(i), reset_value(i) & ~manual[i].writable);
	}
}

static void each_bit_that_one_clears_is_left_by_zero(void **state)
{
	for (unsigned i = 0; i < REGISTERS; i++) {
		for (uint64_t left = manual[i].w1c; left; left &= left - 1) {
			uint64_t bit = left & -left;

			*vtd_reg(&unit.vtd, manual[i].offset) |= manual[i].w1c;
			write_whole(i, 0);
			assert_int_equal(read_whole(i) & manual[i].w1c, manual[i].w1c);
			write_whole(i, bit);
			assert_int_equal(read_whole(i) & manual[i].w1c, manual[i].w1c & ~bit);
		}
	}
}

static void a_64_bit_register_has_two_halves(void **state)
{
	const uint64_t value = 0x123456789abcd000;

	for (unsigned i = 0; i < REGISTERS; i++) {
		uint64_t kept = value & manual[i].writable;

		if (manual[i].width != 8 || !manual[i].writable)
			continue;
		unit_write(manual[i].offset + 4, value >> 32);
		assert_int_equal(read_whole(i), kept >> 32 << 32);
		unit_write(manual[i].offset, (uint32_t)value);
		assert_int_equal(read_whole(i), kept);
		assert_int_equal(unit_read(manual[i].offset), (uint32_t)kept);
		assert_int_equal(unit_read(manual[i].offset + 4), kept >> 32);
	}
}

/* True if an access of so many bytes means something. */
static bool meaningful(unsigned offset, unsigned size)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		if (offset >= manual[i].offset && offset < manual[i].offset + manual[i].width &&
		    size <= manual[i].width)
			return true;
	return offset == VTD_GCMD || (offset >= FRCD && offset < FRCD + 16 * RECORDS);
}

static void all_other_accesses_read_zero_and_change_nothing(void **state)
{
	static const unsigned sizes[] = { 0, 1, 2, 3, 4, 5, 8, 16 };
	struct vtd before = unit.vtd;

	for (unsigned offset = 0; offset < 4096 + 64; offset++) {
		for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			bool aligned = (sizes[i] == 4 || sizes[i] == 8) && offset % sizes[i] == 0;

			if (aligned && meaningful(offset, sizes[i]))
				continue;
			vtd_write(&unit.vtd, offset, sizes[i], ~0ull);
			assert_int_equal(vtd_read(&unit.vtd, offset, sizes[i]), 0);
		}
	}
	assert_memory_equal(&unit.vtd, &before, sizeof(before));
}

static void eime_is_reserved_without_the_capability(void **state)
{
	unit.config.ecap &= ~VTD_ECAP_EIM;
	unit_init();
	vtd_write(&unit.vtd, VTD_IRTA, 8, ~0ull);
	assert_int_equal(vtd_read(&unit.vtd, VTD_IRTA, 8), 0xfffffffffffff00f);
}

/* Commands. */

static uint64_t gsts(void)
{
	return unit_read(VTD_GSTS);
}

static void commands_show_in_gsts_and_gcmd_reads_zero(void **state)
{
	static const uint64_t bits[] = { VTD_GCMD_TE, VTD_GCMD_QIE, VTD_GCMD_CFI };

	for (unsigned i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		unit_command(bits[i], true);
		assert_int_equal(gsts(), bits[i]);
		assert_int_equal(unit_read(VTD_GCMD), 0);
		unit_command(bits[i], false);
		assert_int_equal(gsts(), 0);
	}
	unit_command(VTD_GCMD_SRTP, true);
	unit_command(VTD_GCMD_SIRTP, true);
	assert_int_equal(gsts(), VTD_GSTS_RTPS | VTD_GSTS_IRTPS);
	/* One-shot: writing 0 undoes nothing. */
	unit_write(VTD_GCMD, 0);
	assert_int_equal(gsts(), VTD_GSTS_RTPS | VTD_GSTS_IRTPS);
	unit_write(VTD_GCMD, VTD_GCMD_WBF | PI_BIT(29) | PI_BIT(28) | 0x7fffff);
	assert_int_equal(gsts(), VTD_GSTS_RTPS | VTD_GSTS_IRTPS);
}

static void one_write_makes_one_change(void **state)
{
	unit_write(VTD_GCMD, VTD_GCMD_QIE | VTD_GCMD_SIRTP | VTD_GCMD_CFI);
	assert_int_equal(gsts(), VTD_GSTS_QIES);
	/* A driver that forgets what is on switches it off. */
	unit_write(VTD_GCMD, VTD_GCMD_SIRTP);
	assert_int_equal(gsts(), 0);
}

static void remapping_needs_a_table(void **state)
{
	unit_command(VTD_GCMD_IRE, true);
	assert_int_equal(gsts(), 0);
	assert_int_equal(unit_request(0).kind, VTD_PASS);
}

static void table_and_mode_take_effect_at_sirtp_only(void **state)
{
	unit_up(true);
	irte_replace(&unit.table[1], irte_remapped(0x12345600, 0x41, SID));
	assert_int_equal(unit_request(1).msg.dest, 0x12345600);
	/* Half as many entries, at an address without memory, in xAPIC mode. */
	vtd_write(&unit.vtd, VTD_IRTA, 8, 4);
	assert_int_equal(unit_request(1).msg.dest, 0x12345600);
	assert_int_equal(unit_request(ENTRIES - 1).fault, VTD_FAULT_NOT_PRESENT);
	unit_command(VTD_GCMD_SIRTP, true);
	assert_int_equal(unit_request(ENTRIES - 1).fault, VTD_FAULT_INDEX);
	assert_int_equal(unit_request(1).fault, VTD_FAULT_TABLE);
	assert_int_equal(gsts(), VTD_GSTS_IRES | VTD_GSTS_IRTPS);
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
		{ VTD_GCMD_SIRTP, true, 0, VTD_GSTS_IRTPS },
		{ VTD_GCMD_IRE, true, VTD_GSTS_IRTPS, VTD_GSTS_IRTPS | VTD_GSTS_IRES },
		{ VTD_GCMD_SIRTP, true, VTD_GSTS_IRES, VTD_GSTS_IRTPS | VTD_GSTS_IRES },
		{ VTD_GCMD_IRE, false, VTD_GSTS_IRTPS | VTD_GSTS_IRES, VTD_GSTS_IRTPS },
		{ VTD_GCMD_CFI, true, VTD_GSTS_IRTPS, VTD_GSTS_IRTPS | VTD_GSTS_CFIS },
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
		TEST(there_are_as_many_rows_as_registers),
		TEST(each_register_resets_and_takes_what_is_writable),
		TEST(each_bit_that_one_clears_is_left_by_zero),
		TEST(a_64_bit_register_has_two_halves),
		TEST(all_other_accesses_read_zero_and_change_nothing),
		TEST(eime_is_reserved_without_the_capability),
		TEST(commands_show_in_gsts_and_gcmd_reads_zero),
		TEST(one_write_makes_one_change),
		TEST(remapping_needs_a_table),
		TEST(table_and_mode_take_effect_at_sirtp_only),
		TEST(status_changes_when_requests_under_way_have_ended),
	};

	return cmocka_run_group_tests_name("vtd_regs", tests, NULL, NULL);
}
