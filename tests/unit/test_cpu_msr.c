/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * "Virtualizing MSR-Based APIC Accesses": RDMSR and WRMSR of every MSR from 800H to 8FFH,
 * under each combination of the controls that change what they do, against a table
 * written from the manual's words: which is what the vectors' family msr_access would judge.
 */
#include "cpu_unit.h"

enum { COMBINATIONS = 8, SERVED = 0x31, TPR_BEFORE = 0x90 };

/* What the manual says becomes of a WRMSR. */
enum what {
	NORMAL, /* "the instruction operates normally": the local APIC of the CPU judges it */
	FAULT,  /* #GP(0), and nothing else */
	TPR, EOI, SELF_IPI, IPI,
	WRITE_EXIT, /* to the page, then an APIC-write exit */
};

static unsigned controls;
static struct pstd_apic_page before;
static struct pstd_apic_msg msg;

/* Virtualize-x2APIC mode, no MSR exits, SERVED in service, every register of the page its own. */
static void start(void)
{
	reset(NULL);
	use_x2apic();
	use_controls(controls);
	fill_page(SERVED, TPR_BEFORE);
	enter();
	before = *page;
}

static uint32_t word(unsigned offset)
{
	return page->reg[offset / 4];
}

/*
 * RDMSR. "If the APIC-register virtualization control is 1 [it] loads EDX:EAX with the
 * 8 bytes at offset (ECX & FFH) << 4", whether or not there is such a register; "if it is
 * 0 ... 808H" alone is special, and the rest normal.
 */
static void every_read_is_of_the_page_or_normal(void **state)
{
	for (controls = 0; controls < COMBINATIONS; controls++) {
		start();
		for (uint32_t msr = 0x800; msr <= 0x8ff; msr++) {
			bool of_page = (controls & ARV) || msr == 0x808;
			unsigned at = (msr & 0xff) << 4;
			uint64_t value = 0x1234;

			assert_int_equal(pstd_cpu_rdmsr(&c, msr, &value),
			                 of_page ? PSTD_CPU_DONE : PSTD_CPU_THROUGH);
			assert_int_equal(value, of_page ? (uint64_t)word(at + 4) << 32 | word(at)
			                                : 0x1234);
			assert_true(c.guest);
		}
		assert_memory_equal(page, &before, sizeof(before));
	}
}

static bool zero(uint64_t value, unsigned high, unsigned low)
{
	for (unsigned bit = low; bit <= high; bit++)
		if (value >> bit & 1)
			return false;
	return true;
}

/* WRMSR, by the manual's list; entry 1 of the PID-pointer table is the one that is valid. */
static enum what manual(uint32_t msr, uint64_t value)
{
	uint64_t eax = value & 0xffffffff, edx = value >> 32;

	switch (msr) {
	case 0x808: /* "#GP if any of bits 63:8 is set"; then TPR virtualization */
		return edx || !zero(eax, 31, 8) ? FAULT : TPR;
	case 0x80b: /* if VID is 1: #GP if any bit is set; then EOI virtualization */
		if (!(controls & VID))
			return NORMAL;
		return edx || eax ? FAULT : EOI;
	case 0x83f: /* if VID is 1: #GP as for 808H; EAX[7:4] = 0 exits; else self-IPI */
		if (!(controls & VID))
			return NORMAL;
		if (edx || !zero(eax, 31, 8))
			return FAULT;
		return zero(eax, 7, 4) ? WRITE_EXIT : SELF_IPI;
	case 0x830: /* if IPI virtualization is 1: #GP for bits 31:20, 17:16 or 13 */
		if (!(controls & IPIV))
			return NORMAL;
		if (!zero(eax, 31, 20) || !zero(eax, 17, 16) || !zero(eax, 13, 13))
			return FAULT;
		if (zero(eax, 19, 18) && zero(eax, 15, 15) && zero(eax, 12, 12) &&
		    zero(eax, 11, 11) && zero(eax, 10, 8) && !zero(eax, 7, 4) && edx == 1)
			return IPI;
		return WRITE_EXIT;
	}
	return NORMAL;
}

/* What was written is on the page; put it back, so that the rest compares. */
static void expect_written(unsigned offset, uint64_t value)
{
	assert_int_equal(word(offset), (uint32_t)value);
	assert_int_equal(word(offset + 4), (uint32_t)(value >> 32));
	page->reg[offset / 4] = before.reg[offset / 4];
	page->reg[offset / 4 + 1] = before.reg[offset / 4 + 1];
}

/* VPPR := VTPR, or the class in service if that is higher: with VID alone. */
static void expect_vppr(uint8_t vtpr, uint8_t svi)
{
	if (!(controls & VID))
		return;
	assert_int_equal(word(PSTD_APIC_PPR), vtpr >> 4 >= svi >> 4 ? vtpr : svi & 0xf0);
	page->reg[PSTD_APIC_PPR / 4] = before.reg[PSTD_APIC_PPR / 4];
}

static void expect_self_ipi(uint8_t vector)
{
	assert_true(pstd_apic_test(page, PSTD_APIC_IRR, vector));
	assert_int_equal(c.vapic.rvi, vector);
	assert_int_equal(c.vapic.recognized, vector >> 4 > TPR_BEFORE >> 4);
	pstd_apic_clear(page, PSTD_APIC_IRR, vector);
}

static void expect_posted(uint8_t vector)
{
	assert_int_equal(target->pir[vector / 64], 1ull << vector % 64);
	assert_true(pstd_on(target));
	assert_int_equal(msg.dest, 5);
	assert_int_equal(msg.vector, 0xf2);
	target->pir[vector / 64] = 0;
	pstd_clear_on(target);
}

/* Its effect, and that there is no other. */
static void expect_effect(enum what what, uint32_t msr, uint64_t value)
{
	unsigned offset = (msr & 0xff) << 4;

	if (what != NORMAL && what != FAULT)
		expect_written(offset, value);
	if (what == TPR)
		expect_vppr((uint8_t)value, SERVED);
	if (what == SELF_IPI)
		expect_self_ipi((uint8_t)value);
	if (what == IPI)
		expect_posted((uint8_t)value);
	if (what == EOI) {
		assert_false(pstd_apic_test(page, PSTD_APIC_ISR, SERVED));
		assert_int_equal(c.vapic.svi, 0);
		pstd_apic_set(page, PSTD_APIC_ISR, SERVED);
		expect_vppr(TPR_BEFORE, 0);
	}
	if (what == WRITE_EXIT)
		assert_exited(PSTD_VMX_EXIT_APIC_WRITE, offset);
	else
		assert_true(c.guest);
	assert_memory_equal(page, &before, sizeof(before));
	assert_true(pstd_pir_empty(target) && !pstd_on(target));
	if (what != SELF_IPI)
		assert_int_equal(c.vapic.rvi, 0);
}

static void judge_write(uint32_t msr, uint64_t value)
{
	static const enum pstd_cpu_outcome outcome[] = {
		[NORMAL] = PSTD_CPU_THROUGH, [FAULT] = PSTD_CPU_GP, [TPR] = PSTD_CPU_DONE,
		[EOI] = PSTD_CPU_DONE,
		[SELF_IPI] = PSTD_CPU_DONE, [IPI] = PSTD_CPU_SEND, [WRITE_EXIT] = PSTD_CPU_EXITED,
	};
	enum what what = manual(msr, value);

	start();
	assert_int_equal(pstd_cpu_wrmsr(&c, msr, value, &msg), outcome[what]);
	expect_effect(what, msr, value);
}

static void every_write_is_as_the_manual_lists(void **state)
{
	static const uint64_t values[] = { 0, 0x41, 0x0f, 0xff, 1ull << 32 | 0x41,
		                           1ull << 32 | 0x4041, ~0ull };

	for (controls = 0; controls < COMBINATIONS; controls++)
		for (uint32_t msr = 0x800; msr <= 0x8ff; msr++)
			for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++)
				judge_write(msr, values[i]);
}

/* Each bit of its own, over values that are good without it. */
static void every_bit_of_the_four_registers_is_as_the_manual_lists(void **state)
{
	static const uint16_t msrs[] = { 0x808, 0x80b, 0x830, 0x83f };
	static const uint64_t good[] = { 0, 0x41, 0xf0, 1ull << 32 | 0x4041 };

	for (controls = 0; controls < COMBINATIONS; controls++)
		for (unsigned i = 0; i < 4; i++)
			for (unsigned j = 0; j < 4; j++)
				for (unsigned bit = 0; bit < 64; bit++)
					judge_write(msrs[i], good[j] ^ 1ull << bit);
}

static void eoi_of_a_vector_in_the_bitmap_exits_after_it(void **state)
{
	controls = VID;
	start();
	c.vapic.eoi_exit[0] = PSTD_BIT(SERVED);
	assert_int_equal(pstd_cpu_wrmsr(&c, 0x80b, 0, &msg), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_EOI_INDUCED, SERVED);
	assert_false(pstd_apic_test(page, PSTD_APIC_ISR, SERVED));
}

/* Without "virtualize x2APIC mode" none of them is anything but normal. */
static void nothing_is_virtualized_in_other_modes(void **state)
{
	reset(state);
	enter();
	before = *page;
	for (uint32_t msr = 0x800; msr <= 0x8ff; msr++) {
		uint64_t value;

		assert_int_equal(pstd_cpu_rdmsr(&c, msr, &value), PSTD_CPU_THROUGH);
		assert_int_equal(pstd_cpu_wrmsr(&c, msr, 0, &msg), PSTD_CPU_THROUGH);
	}
	assert_memory_equal(page, &before, sizeof(before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_read_is_of_the_page_or_normal),
		TEST(every_write_is_as_the_manual_lists),
		TEST(every_bit_of_the_four_registers_is_as_the_manual_lists),
		TEST(eoi_of_a_vector_in_the_bitmap_exits_after_it),
		TEST(nothing_is_virtualized_in_other_modes),
	};

	return cmocka_run_group_tests_name("cpu msr", tests, NULL, NULL);
}
