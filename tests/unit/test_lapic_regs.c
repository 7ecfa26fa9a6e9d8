/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers through both ways: where they are, which of their bits are
 * reserved, what faults; SVR, ESR, TPR. The tables here are from the manual's
 * figures, not from the rows.
 */
#include "lapic_unit.h"

enum { R = 1, W = 2, RW = 3 };

/* "Local APIC Register Address Map" and "x2APIC Register Address Space". */
static const struct reg {
	unsigned offset;
	int mmio, msr;
	uint32_t writable, rsvd; /* bits kept by a write; bits that fault in x2APIC mode */
} regs[] = {
	{ 0x020, R, R, 0, 0 },               { 0x030, R, R, 0, 0 },
	{ 0x080, RW, RW, 0xff, 0xffffff00 }, { 0x090, R, 0, 0, 0 },
	{ 0x0a0, R, R, 0, 0 },               { 0x0b0, W, W, 0, 0xffffffff },
	{ 0x0c0, R, 0, 0, 0 },               { 0x0d0, RW, R, 0xff000000, 0 },
	{ 0x0e0, RW, 0, 0xf0000000, 0 },     { 0x0f0, RW, RW, 0x13ff, 0xffffec00 },
	{ 0x280, RW, RW, 0, 0xffffffff },    { 0x2f0, RW, RW, 0x107ff, 0xfffee800 },
	{ 0x300, RW, RW, 0xccfff & ~0x1000u, 0xfff32000 },
	{ 0x310, RW, 0, 0xff000000, 0 },     { 0x320, RW, RW, 0x700ff, 0xfff8ef00 },
	{ 0x330, RW, RW, 0x107ff, 0xfffee800 },
	{ 0x340, RW, RW, 0x107ff, 0xfffee800 },
	{ 0x350, RW, RW, 0x1a7ff, 0xfffe0800 },
	{ 0x360, RW, RW, 0x1a7ff, 0xfffe0800 },
	{ 0x370, RW, RW, 0x100ff, 0xfffeef00 },
	{ 0x380, RW, RW, 0xffffffff, 0 },    { 0x390, R, R, 0, 0 },
	{ 0x3e0, RW, RW, 0xb, 0xfffffff4 },  { 0x3f0, 0, W, 0, 0xffffff00 },
};

/* What the manual has at an offset; the three banks are added here. */
static struct reg manual(unsigned offset)
{
	struct reg bank = { offset, R, R, 0, 0 }, none = { offset, 0, 0, 0, 0 };

	for (unsigned i = 0; i < sizeof(regs) / sizeof(regs[0]); i++)
		if (regs[i].offset == offset)
			return regs[i];
	return offset >= 0x100 && offset < 0x280 ? bank : none;
}

static void page_has_the_manuals_registers(void **state)
{
	for (unsigned offset = 0; offset < 0x1000; offset += 4) {
		struct reg m = manual(offset);
		uint32_t expected = m.mmio && offset % 16 == 0 ? 0 : PSTD_APIC_ESR_REGISTER;

		unit_enabled(state);
		get(offset);
		assert_int_equal(errors(), expected);
		put(offset, 0x41);
		assert_int_equal(errors(), expected);
	}
}

static void accesses_but_of_4_aligned_bytes_are_errors(void **state)
{
	static const struct {
		unsigned offset, size;
	} bad[] = { { PSTD_APIC_SVR, 1 }, { PSTD_APIC_SVR, 2 }, { PSTD_APIC_SVR, 8 },
		    { PSTD_APIC_SVR + 1, 4 },
		    { PSTD_APIC_SVR + 4, 4 }, { PSTD_APIC_SVR, 0 }, { ~0u - 15, 4 } };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(pstd_lapic_mmio_read(&l, bad[i].offset, bad[i].size, 0), 0);
		assert_int_equal(errors(), PSTD_APIC_ESR_REGISTER);
		pstd_lapic_mmio_write(&l, bad[i].offset, bad[i].size, 0x142, 0);
		assert_int_equal(get(PSTD_APIC_SVR), 0x1ff);
		assert_int_equal(errors(), PSTD_APIC_ESR_REGISTER);
	}
}

/* Every bit alone: kept or ignored in xAPIC mode, kept, ignored or a fault in x2APIC mode. */
static void each_bit_by_mmio(void **state)
{
	for (unsigned offset = 0; offset < 0x400; offset += 16) {
		struct reg m = manual(offset);

		for (unsigned bit = 0; bit < 32 && m.mmio == RW; bit++) {
			uint32_t value = 1u << bit, base;

			unit_enabled(state);
			put(offset, offset == PSTD_APIC_SVR ? PSTD_APIC_SVR_ENABLE : 0);
			base = get(offset) & ~m.writable;
			put(offset, value | (offset == PSTD_APIC_SVR ? PSTD_APIC_SVR_ENABLE : 0));
			if (offset == PSTD_APIC_SVR)
				base |= PSTD_APIC_SVR_ENABLE;
			assert_int_equal(get(offset), base | (value & m.writable));
		}
	}
}

static void each_bit_by_msr(void **state)
{
	for (unsigned offset = 0; offset < 0x400; offset += 16) {
		struct reg m = manual(offset);
		uint32_t msr = 0x800 + offset / 16;

		for (unsigned bit = 0; bit < 64 && m.msr & W; bit++) {
			uint64_t value = 1ull << bit, was;
			bool faults = bit < 32 ? m.rsvd >> bit & 1 : offset != PSTD_APIC_ICR;

			unit_x2apic(state);
			was = m.msr & R ? get_msr(msr) : 0;
			assert_int_equal(put_msr(msr, value), !faults);
			if (!(m.msr & R))
				continue;
			if (offset == PSTD_APIC_SVR && bit != 8 && !faults)
				assert_int_equal(get_msr(msr), value);
			else if (faults)
				assert_int_equal(get_msr(msr), was);
			else if (bit < 32)
				assert_int_equal(get_msr(msr), value & m.writable);
			else
				assert_int_equal(get_msr(msr), value);
		}
	}
}

static void msrs_without_the_right_or_register_fault(void **state)
{
	for (uint32_t msr = 0x800; msr <= 0x8ff; msr++) {
		struct reg m = manual((msr & 0xff) * 16);

		unit_x2apic(state);
		assert_int_equal(can_get_msr(msr), (m.msr & R) != 0);
		assert_int_equal(put_msr(msr, msr == 0x83f ? 0x41 : 0), (m.msr & W) != 0);
	}
	assert_false(can_get_msr(0x7ff));
	assert_false(can_get_msr(0x900));
}

static void all_of_them_fault_outside_x2apic_mode(void **state)
{
	for (uint32_t msr = 0x800; msr <= 0x8ff; msr++) {
		assert_false(can_get_msr(msr));
		assert_false(put_msr(msr, 0));
	}
}

static void there_is_no_page_in_x2apic_mode(void **state)
{
	unit_x2apic(state);
	assert_int_equal(get(PSTD_APIC_VERSION), 0xffffffff);
	put(PSTD_APIC_TPR, 0x50);
	assert_int_equal(get_msr(0x808), 0);
}

static void what_is_not_offered_is_reserved(void **state)
{
	unit_reset(PSTD_LAPIC_X2APIC);
	assert_int_equal(get(PSTD_APIC_VERSION), 0x00050014);
	put(PSTD_APIC_SVR, 0x11ff);
	assert_int_equal(get(PSTD_APIC_SVR), 0x1ff);
	put(PSTD_APIC_LVT_TIMER, 0x60041);
	assert_int_equal(get(PSTD_APIC_LVT_TIMER), 0x20041);
	assert_int_equal(get(PSTD_APIC_LVT_CMCI), 0);
	assert_int_equal(errors(), PSTD_APIC_ESR_REGISTER);
	assert_false(can_get_msr(PSTD_APIC_MSR_TSC_DEADLINE));
	assert_false(put_msr(PSTD_APIC_MSR_TSC_DEADLINE, 0));
	assert_true(put_msr(PSTD_APIC_MSR_BASE, l.base | PSTD_APIC_BASE_EXTD));
	assert_false(put_msr(0x80f, 0x11ff));
	assert_false(put_msr(0x832, 0x40041));
	assert_false(can_get_msr(0x82f));
}

/* "Local APIC Software Disable" */

static const unsigned lvts[] = { 0x2f0, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370 };

static void software_disable_masks_every_entry_for_good(void **state)
{
	for (unsigned i = 0; i < 7; i++)
		put(lvts[i], 0x41);
	put(PSTD_APIC_SVR, 0xff);
	for (unsigned i = 0; i < 7; i++) {
		assert_int_equal(get(lvts[i]), 0x10041);
		put(lvts[i], 0x42);
		assert_int_equal(get(lvts[i]), 0x10042);
	}
	put(PSTD_APIC_SVR, 0x1ff);
	for (unsigned i = 0; i < 7; i++) {
		assert_int_equal(get(lvts[i]), 0x10042);
		put(lvts[i], 0x42);
		assert_int_equal(get(lvts[i]), 0x42);
	}
}

static void software_disabled_drops_vectors_and_takes_the_others(void **state)
{
	put(PSTD_APIC_SVR, 0xff);
	for (unsigned dlm = 0; dlm < 8; dlm++)
		pstd_lapic_receive(&l,
		                   &(struct pstd_apic_msg){ .dlm = (uint8_t)dlm, .vector = 0x41 });
	pstd_lapic_accept(&l, 0x51);
	pstd_lapic_accept(&l, 5);
	assert_int_equal(pstd_lapic_events(&l), 1 << PSTD_APIC_DM_SMI | 1 << PSTD_APIC_DM_NMI |
	                                        1 << PSTD_APIC_DM_INIT | 1 << PSTD_APIC_DM_SIPI);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	assert_int_equal(errors(), 0);
}

static void what_came_before_software_disable_stays(void **state)
{
	pstd_lapic_accept(&l, 0x61);
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_accept(&l, 0x71); /* still in the inbox */
	put(PSTD_APIC_SVR, 0xff);
	assert_int_equal(pstd_lapic_pending(&l), 0x71);
	assert_true(pstd_apic_test(&l.regs, PSTD_APIC_ISR, 0x61));
}

static void software_enable_is_part_of_the_identity(void **state)
{
	assert_true(put(PSTD_APIC_SVR, 0xff).identity);
	assert_false(put(PSTD_APIC_SVR, 0xfe).identity);
	assert_true(put(PSTD_APIC_SVR, 0x1fe).identity);
	assert_true(put(PSTD_APIC_LDR, 0).identity);
	assert_true(put(PSTD_APIC_DFR, 0).identity);
	assert_false(put(PSTD_APIC_TPR, 0).identity);
}

/* "Error Handling" */

static void esr_shows_at_a_write_what_came_since_the_last(void **state)
{
	pstd_lapic_accept(&l, 15);
	assert_int_equal(get(PSTD_APIC_ESR), 0);
	put(PSTD_APIC_ESR, 0xffffffff);
	assert_int_equal(get(PSTD_APIC_ESR), PSTD_APIC_ESR_RECEIVE_VECTOR);
	assert_int_equal(get(PSTD_APIC_ESR), PSTD_APIC_ESR_RECEIVE_VECTOR);
	put(PSTD_APIC_ESR, 0);
	assert_int_equal(get(PSTD_APIC_ESR), 0);
}

static void no_vector_below_16_is_requested(void **state)
{
	for (unsigned vector = 0; vector < 16; vector++) {
		pstd_lapic_accept(&l, (uint8_t)vector);
		assert_int_equal(errors(), PSTD_APIC_ESR_RECEIVE_VECTOR);
		pstd_lapic_notify(&l, (uint8_t)vector);
		assert_int_equal(errors(), PSTD_APIC_ESR_RECEIVE_VECTOR);
		assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_IRR), -1);
		assert_int_equal(pstd_lapic_events(&l), 0);
	}
}

static void errors_are_signaled_by_their_entry(void **state)
{
	put(PSTD_APIC_LVT_ERROR, 0xfe);
	get(0x040);
	assert_int_equal(pstd_lapic_pending(&l), 0xfe);
	pstd_lapic_acknowledge(&l);
	assert_int_equal(pstd_lapic_eoi(&l), -1);
	put(PSTD_APIC_LVT_ERROR, 0x100fe);
	get(0x040);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void error_entry_with_a_bad_vector_adds_an_error_once(void **state)
{
	put(PSTD_APIC_LVT_ERROR, 0x03);
	get(0x040);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	put(PSTD_APIC_LVT_ERROR, 0x10003);
	assert_int_equal(errors(), PSTD_APIC_ESR_REGISTER | PSTD_APIC_ESR_RECEIVE_VECTOR);
}

/* "Task and Processor Priorities" */

static void tpr_holds_its_class_and_those_below(void **state)
{
	put(PSTD_APIC_TPR, 0x45);
	pstd_lapic_accept(&l, 0x4f);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	pstd_lapic_accept(&l, 0x50);
	assert_int_equal(pstd_lapic_pending(&l), 0x50);
	assert_int_equal(get(PSTD_APIC_PPR), 0x45);
	pstd_lapic_acknowledge(&l);
	assert_int_equal(get(PSTD_APIC_PPR), 0x50);
	put(PSTD_APIC_TPR, 0x5f);
	assert_int_equal(get(PSTD_APIC_PPR), 0x5f);
	put(PSTD_APIC_TPR, 0x00);
	assert_int_equal(get(PSTD_APIC_PPR), 0x50);
}

static void cr8_is_the_tprs_class(void **state)
{
	assert_true(put(PSTD_APIC_TPR, 0x73).priority);
	assert_int_equal(pstd_lapic_cr8(&l), 7);
	assert_true(pstd_lapic_write_cr8(&l, 0xf));
	assert_int_equal(get(PSTD_APIC_TPR), 0xf0);
	assert_false(pstd_lapic_write_cr8(&l, 0x10));
	assert_false(pstd_lapic_write_cr8(&l, 1ull << 63));
	assert_int_equal(get(PSTD_APIC_TPR), 0xf0);
}

/* "Arbitration Priority Register": the formula's two branches. */
static void apr_is_of_task_service_and_request(void **state)
{
	put(PSTD_APIC_TPR, 0x43);
	assert_int_equal(get(PSTD_APIC_APR), 0x43);
	pstd_lapic_accept(&l, 0x61);
	assert_int_equal(get(PSTD_APIC_APR), 0x60);
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	assert_int_equal(get(PSTD_APIC_APR), 0x40); /* 4 AND 6 */
}

/* "Spurious Interrupt" */
static void acknowledge_of_nothing_gives_the_spurious_vector(void **state)
{
	put(PSTD_APIC_SVR, 0x1ee);
	pstd_lapic_accept(&l, 0x41);
	put(PSTD_APIC_TPR, 0x40);
	assert_int_equal(pstd_lapic_inta(&l), 0xee);
	assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_ISR), -1);
	put(PSTD_APIC_TPR, 0x30);
	assert_int_equal(pstd_lapic_inta(&l), 0x41);
	assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_ISR), 0x41);
}

/* "Signaling Interrupt Servicing Completion" */

static void serve_level(uint8_t vector)
{
	pstd_lapic_receive(&l, &(struct pstd_apic_msg){ .vector = vector, .level = true });
	assert_int_equal(pstd_lapic_pending(&l), vector);
	assert_int_equal(pstd_lapic_acknowledge(&l), vector);
}

static void eoi_of_a_level_is_broadcast_and_of_an_edge_not(void **state)
{
	struct pstd_lapic_out out;

	serve_level(0x61);
	assert_int_equal(get(PSTD_APIC_TMR + 0x30), 2);
	out = put(PSTD_APIC_EOI, 0x1234); /* any value */
	assert_true(out.eoi);
	assert_int_equal(out.vector, 0x61);
	/* The same vector as an edge clears its bit of TMR. */
	pstd_lapic_accept(&l, 0x61);
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	assert_int_equal(get(PSTD_APIC_TMR + 0x30), 0);
	assert_false(put(PSTD_APIC_EOI, 0).eoi);
	assert_false(put(PSTD_APIC_EOI, 0).eoi);
}

static void eoi_broadcast_is_suppressed_if_software_says_so(void **state)
{
	put(PSTD_APIC_SVR, 0x11ff);
	serve_level(0x61);
	assert_false(put(PSTD_APIC_EOI, 0).eoi);
	assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_ISR), -1);
}

static void eoi_by_msr_is_the_same(void **state)
{
	struct pstd_lapic_out out;

	unit_x2apic(state);
	serve_level(0x61);
	assert_false(pstd_lapic_wrmsr(&l, 0x80b, 1, 0, &out));
	assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_ISR), 0x61);
	assert_true(pstd_lapic_wrmsr(&l, 0x80b, 0, 0, &out));
	assert_true(out.eoi);
	assert_int_equal(out.vector, 0x61);
}

#define TEST(name) cmocka_unit_test_setup(name, unit_enabled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(page_has_the_manuals_registers),
		TEST(accesses_but_of_4_aligned_bytes_are_errors),
		TEST(each_bit_by_mmio),
		TEST(each_bit_by_msr),
		TEST(msrs_without_the_right_or_register_fault),
		TEST(all_of_them_fault_outside_x2apic_mode),
		TEST(there_is_no_page_in_x2apic_mode),
		TEST(what_is_not_offered_is_reserved),
		TEST(software_disable_masks_every_entry_for_good),
		TEST(software_disabled_drops_vectors_and_takes_the_others),
		TEST(what_came_before_software_disable_stays),
		TEST(software_enable_is_part_of_the_identity),
		TEST(esr_shows_at_a_write_what_came_since_the_last),
		TEST(no_vector_below_16_is_requested),
		TEST(errors_are_signaled_by_their_entry),
		TEST(error_entry_with_a_bad_vector_adds_an_error_once),
		TEST(tpr_holds_its_class_and_those_below),
		TEST(cr8_is_the_tprs_class),
		TEST(apr_is_of_task_service_and_request),
		TEST(acknowledge_of_nothing_gives_the_spurious_vector),
		TEST(eoi_of_a_level_is_broadcast_and_of_an_edge_not),
		TEST(eoi_broadcast_is_suppressed_if_software_says_so),
		TEST(eoi_by_msr_is_the_same),
	};

	return cmocka_run_group_tests_name("lapic_regs", tests, NULL, NULL);
}
