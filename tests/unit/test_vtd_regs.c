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

static void set_everything(uint64_t value)
{
	for (unsigned offset = 0; offset < 4096; offset += 4)
		if (offset != VTD_GCMD)
			unit_write(offset, value);
}

/* "Register Location": 8 aligned bytes that are no 64-bit register, so two of 32 bits or none. */
static bool is_pair(unsigned offset)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		if (manual[i].width == 8 && manual[i].offset == offset)
			return false;
	return offset < FRCD || offset >= FRCD + 16 * RECORDS;
}

static void eight_bytes_of_a_pair_are_read_as_two_registers(void **state)
{
	set_everything(~0ull);
	for (unsigned offset = 0; offset < 4096; offset += 8) {
		uint64_t low = unit_read(offset), high = unit_read(offset + 4);

		assert_int_equal(vtd_read(&unit.vtd, offset, 8), high << 32 | low);
	}
	assert_int_equal(vtd_read(&unit.vtd, VTD_VER, 8), 0x10);
	assert_int_equal(vtd_read(&unit.vtd, VTD_FEADDR, 8), 0xfffffffffffffffc);
}

/* On a unit in which all is set, so that what one clears shows too. */
static void eight_bytes_of_a_pair_are_written_as_two_registers_the_lower_first(void **state)
{
	static const uint64_t values[] = { 0, ~0ull, 0x00000005fee01000, 0x8000000080000000,
		                           0x0000007100000000, 0x0000000107000000 };
	struct vtd halves;

	for (unsigned offset = 0; offset < 4096; offset += 8) {
		for (unsigned i = 0; is_pair(offset) && i < sizeof(values) / 8; i++) {
			reset(state);
			set_everything(~0ull);
			*vtd_reg(&unit.vtd, VTD_FSTS) |= 0x71;
			*vtd_reg(&unit.vtd, VTD_ICS) |= 1;
			halves = unit.vtd;
			vtd_write(&halves, offset, 4, (uint32_t)values[i]);
			vtd_write(&halves, offset + 4, 4, values[i] >> 32);
			vtd_write(&unit.vtd, offset, 8, values[i]);
			assert_memory_equal(&unit.vtd, &halves, sizeof(halves));
		}
	}
}

static void command_is_carried_out_in_eight_bytes_too(void **state)
{
	vtd_write(&unit.vtd, VTD_GCMD, 8, VTD_GCMD_QIE | PI_BITS(63, 32));
	assert_int_equal(vtd_read(&unit.vtd, VTD_GCMD, 8), VTD_GSTS_QIES << 32);
}

/* An event that was held leaves as the mask is cleared: before the rest of the pair is written. */
static void event_of_a_pair_is_that_of_its_lower_half(void **state)
{
	struct vtd_event event;

	for (unsigned at = VTD_FECTL; at <= VTD_IECTL; at += VTD_IECTL - VTD_FECTL) {
		unit_write(at + 4, 0x31);
		*vtd_reg(&unit.vtd, at) |= VTD_ECTL_IP;
		event = vtd_write(&unit.vtd, at, 8, 0x3200000000);
		assert_true(event.send);
		assert_int_equal(event.msg.data, 0x31);
		assert_int_equal(unit_read(at + 4), 0x32);
	}
}

/* True if 4 aligned bytes mean something. */
static bool meaningful(unsigned offset)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		if (offset >= manual[i].offset && offset < manual[i].offset + manual[i].width)
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

			if (aligned && (meaningful(offset) ||
			                (sizes[i] == 8 && meaningful(offset + 4))))
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

/* From each status, each value of the bits of GCMD: all that changed, and the tables. */
static void one_write_makes_every_change(void **state)
{
	const uint64_t level = VTD_GCMD_TE | VTD_GCMD_QIE | VTD_GCMD_IRE | VTD_GCMD_CFI;
	const uint64_t one_shot = VTD_GCMD_SRTP | VTD_GCMD_SIRTP;

	for (uint64_t from = 0; from < 256; from++) {
		for (uint64_t to = 0; to < 256; to++) {
			uint64_t was, is;

			reset(state);
			unit_write(VTD_GCMD, from << 24 | (from & 1 ? VTD_GCMD_CFI : 0));
			was = gsts();
			unit_write(VTD_GCMD, to << 24 | (to & 2 ? VTD_GCMD_CFI : 0));
			is = (was & one_shot) | ((to << 24 | (to & 2 ? VTD_GCMD_CFI : 0)) &
			                         (level | one_shot));
			if (!(is & VTD_GSTS_IRTPS))
				is &= ~VTD_GSTS_IRES;
			assert_int_equal(gsts(), is);
		}
	}
}

/* A driver that forgets what is on switches it off. */
static void command_without_a_bit_that_is_on_switches_it_off(void **state)
{
	unit_command(VTD_GCMD_QIE, true);
	unit_write(VTD_GCMD, VTD_GCMD_SIRTP);
	assert_int_equal(gsts(), VTD_GSTS_IRTPS);
}

static void table_and_what_rests_on_it_are_set_at_once(void **state)
{
	irte_replace(&unit.table[1], irte_remapped(5, 0x41, SID));
	vtd_write(&unit.vtd, VTD_IRTA, 8, memory_phys(&unit.memory, unit.table) | 5 |
	                                  VTD_IRTA_EIME);
	unit_write(VTD_GCMD, VTD_GCMD_IRE | VTD_GCMD_SIRTP);
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
	unit_write(VTD_GCMD, VTD_GCMD_SIRTP);
	assert_int_equal(unit.drains, 2);
	assert_int_equal(drained[0], VTD_GSTS_IRES | VTD_GSTS_IRTPS);
	assert_int_equal(drained[1], 0);
	unit_write(VTD_GCMD, VTD_GCMD_SIRTP | VTD_GCMD_IRE);
	assert_int_equal(unit.drains, 4);
	assert_int_equal(drained[2], 0);
	assert_int_equal(drained[3], VTD_GSTS_IRTPS);
}

/* A one-shot bit of GSTS that a driver leaves in what it writes neither hides nor is hidden. */
static void one_shot_bit_is_a_command_though_its_status_is_set(void **state)
{
	unit_up(true);
	irte_replace(&unit.table[1], irte_remapped(5, 0x41, SID));
	vtd_write(&unit.vtd, VTD_IRTA, 8, 4);
	unit_write(VTD_GCMD, gsts() | VTD_GCMD_QIE);
	assert_true(gsts() & VTD_GSTS_QIES);
	assert_int_equal(unit_request(1).fault, VTD_FAULT_TABLE);
	unit_write(VTD_GCMD, gsts() & ~VTD_GCMD_IRE);
	assert_int_equal(gsts(), VTD_GSTS_QIES | VTD_GSTS_IRTPS);
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
		TEST(eight_bytes_of_a_pair_are_read_as_two_registers),
		TEST(eight_bytes_of_a_pair_are_written_as_two_registers_the_lower_first),
		TEST(command_is_carried_out_in_eight_bytes_too),
		TEST(event_of_a_pair_is_that_of_its_lower_half),
		TEST(all_other_accesses_read_zero_and_change_nothing),
		TEST(eime_is_reserved_without_the_capability),
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

	return cmocka_run_group_tests_name("vtd_regs", tests, NULL, NULL);
}
