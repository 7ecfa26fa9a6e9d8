/* SPDX-License-Identifier: BSD-2-Clause */
/* hw/vtd/regs.h: each register as the manual has it, at every offset and size. */
#include "vtd_unit.h"

#include "hw/vtd/regs.h"

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
	return manual[i].offset == PSTD_VTD_CAP    ? unit.config.cap
	       : manual[i].offset == PSTD_VTD_ECAP ? unit.config.ecap
	                                           : manual[i].reset;
}

static uint64_t read_whole(unsigned i)
{
	return pstd_vtd_read(&unit.vtd, manual[i].offset, manual[i].width);
}

static void write_whole(unsigned i, uint64_t value)
{
	pstd_vtd_write(&unit.vtd, manual[i].offset, manual[i].width, value);
}

static void there_are_as_many_rows_as_registers(void **state)
{
	unsigned rows = 0;

	while (pstd_vtd_rows[rows].name)
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

			*pstd_vtd_reg(&unit.vtd, manual[i].offset) |= manual[i].w1c;
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
		if (offset != PSTD_VTD_GCMD)
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

		assert_int_equal(pstd_vtd_read(&unit.vtd, offset, 8), high << 32 | low);
	}
	assert_int_equal(pstd_vtd_read(&unit.vtd, PSTD_VTD_VER, 8), 0x10);
	assert_int_equal(pstd_vtd_read(&unit.vtd, PSTD_VTD_FEADDR, 8), 0xfffffffffffffffc);
}

/* On a unit in which all is set, so that what one clears shows too. */
static void eight_bytes_of_a_pair_are_written_as_two_registers_the_lower_first(void **state)
{
	static const uint64_t values[] = { 0, ~0ull, 0x00000005fee01000, 0x8000000080000000,
		                           0x0000007100000000, 0x0000000107000000 };
	struct pstd_vtd halves;

	for (unsigned offset = 0; offset < 4096; offset += 8) {
		for (unsigned i = 0; is_pair(offset) && i < sizeof(values) / 8; i++) {
			reset(state);
			set_everything(~0ull);
			*pstd_vtd_reg(&unit.vtd, PSTD_VTD_FSTS) |= 0x71;
			*pstd_vtd_reg(&unit.vtd, PSTD_VTD_ICS) |= 1;
			halves = unit.vtd;
			pstd_vtd_write(&halves, offset, 4, (uint32_t)values[i]);
			pstd_vtd_write(&halves, offset + 4, 4, values[i] >> 32);
			pstd_vtd_write(&unit.vtd, offset, 8, values[i]);
			assert_memory_equal(&unit.vtd, &halves, sizeof(halves));
		}
	}
}

static void command_is_carried_out_in_eight_bytes_too(void **state)
{
	pstd_vtd_write(&unit.vtd, PSTD_VTD_GCMD, 8, PSTD_VTD_GCMD_QIE | PSTD_BITS(63, 32));
	assert_int_equal(pstd_vtd_read(&unit.vtd, PSTD_VTD_GCMD, 8), PSTD_VTD_GSTS_QIES << 32);
}

/* An event that was held leaves as the mask is cleared: before the rest of the pair is written. */
static void event_of_a_pair_is_that_of_its_lower_half(void **state)
{
	struct pstd_vtd_event event;

	for (unsigned at = PSTD_VTD_FECTL; at <= PSTD_VTD_IECTL;
	     at += PSTD_VTD_IECTL - PSTD_VTD_FECTL) {
		unit_write(at + 4, 0x31);
		*pstd_vtd_reg(&unit.vtd, at) |= PSTD_VTD_ECTL_IP;
		event = pstd_vtd_write(&unit.vtd, at, 8, 0x3200000000);
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
	return offset == PSTD_VTD_GCMD || (offset >= FRCD && offset < FRCD + 16 * RECORDS);
}

static void all_other_accesses_read_zero_and_change_nothing(void **state)
{
	static const unsigned sizes[] = { 0, 1, 2, 3, 4, 5, 8, 16 };
	struct pstd_vtd before = unit.vtd;

	for (unsigned offset = 0; offset < 4096 + 64; offset++) {
		for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
			bool aligned = (sizes[i] == 4 || sizes[i] == 8) && offset % sizes[i] == 0;

			if (aligned && (meaningful(offset) ||
			                (sizes[i] == 8 && meaningful(offset + 4))))
				continue;
			pstd_vtd_write(&unit.vtd, offset, sizes[i], ~0ull);
			assert_int_equal(pstd_vtd_read(&unit.vtd, offset, sizes[i]), 0);
		}
	}
	assert_memory_equal(&unit.vtd, &before, sizeof(before));
}

static void eime_is_reserved_without_the_capability(void **state)
{
	unit.config.ecap &= ~PSTD_VTD_ECAP_EIM;
	unit_init();
	pstd_vtd_write(&unit.vtd, PSTD_VTD_IRTA, 8, ~0ull);
	assert_int_equal(pstd_vtd_read(&unit.vtd, PSTD_VTD_IRTA, 8), 0xfffffffffffff00f);
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
	};

	return cmocka_run_group_tests_name("vtd_regs", tests, NULL, NULL);
}
