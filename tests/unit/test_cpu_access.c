/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's ways to its APIC, where the vectors say nothing: sizes, exits of
 * MSRs and CR8, what goes through, what faults, IPI virtualization.
 */
#include "cpu_unit.h"

static uint64_t value;
static struct pstd_apic_msg msg;

static enum pstd_cpu_outcome store(unsigned offset, uint32_t stored)
{
	return pstd_cpu_mmio_write(&c, offset, 4, stored, &msg);
}

static enum pstd_cpu_outcome wrmsr(unsigned offset, uint64_t written)
{
	return pstd_cpu_wrmsr(&c, PSTD_APIC_X2APIC_MSR(offset), written, &msg);
}

/* The page. */

static void page_is_read_and_written_within_the_low_four_bytes_of_a_register(void **state)
{
	for (unsigned offset = 0; offset < 16; offset++) {
		for (unsigned size = 1; size <= 8; size++) {
			bool fits = offset + size <= 4;
			unsigned at = PSTD_APIC_LDR + offset;

			reset(NULL);
			enter();
			pstd_apic_write(page, PSTD_APIC_LDR, 0x87654321);
			assert_int_equal(pstd_cpu_mmio_read(&c, at, size, &value),
			                 fits ? PSTD_CPU_DONE : PSTD_CPU_EXITED);
			if (fits)
				assert_int_equal(value, 0x87654321ull >> 8 * offset &
				                                ((1ull << 8 * size) - 1));
			else
				assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, at);
		}
	}
}

/* Without register virtualization an access begins at the register, or it exits. */
static void page_without_register_virtualization_has_offsets_not_ranges(void **state)
{
	static const unsigned offsets[] = { PSTD_APIC_TPR, PSTD_APIC_EOI, PSTD_APIC_ICR };

	for (unsigned i = 0; i < 3 * 16; i++) {
		unsigned offset = offsets[i / 16] + i % 4, size = 1 + i % 16 / 4;
		bool fits = i % 4 == 0;

		reset(state);
		vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_APIC_REGISTER;
		enter();
		assert_int_equal(pstd_cpu_mmio_read(&c, offset, size, &value),
		                 fits ? PSTD_CPU_DONE : PSTD_CPU_EXITED);
		reset(state);
		vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_APIC_REGISTER;
		enter();
		pstd_cpu_mmio_write(&c, offset, size, 0, &msg);
		assert_int_equal(!c.guest && vmcs->VM_EXIT_REASON == PSTD_VMX_EXIT_APIC_ACCESS,
		                 !fits);
	}
}

static void write_of_a_part_leaves_the_rest_of_a_register(void **state)
{
	enter();
	pstd_apic_write(page, PSTD_APIC_LDR, 0x87654321);
	assert_int_equal(pstd_cpu_mmio_write(&c, PSTD_APIC_LDR + 2, 1, 0xffab, &msg),
	                 PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_WRITE, PSTD_APIC_LDR + 2);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_LDR), 0x87ab4321);
	enter();
	assert_int_equal(pstd_cpu_mmio_write(&c, PSTD_APIC_TPR + 1, 1, 0xff, &msg), PSTD_CPU_DONE);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_TPR), 0);
}

static void access_exits_tell_reads_writes_and_fetches_apart(void **state)
{
	enter();
	assert_int_equal(pstd_cpu_mmio_read(&c, 0x390, 4, &value), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, 0x0390);
	enter();
	assert_int_equal(store(0x390, 1), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, 0x1390);
	assert_int_equal(pstd_apic_read(page, 0x390), 0);
	enter();
	assert_int_equal(pstd_cpu_mmio_fetch(&c, PSTD_APIC_TPR), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, 0x2080);
}

static void page_goes_through_where_it_is_not_virtualized(void **state)
{
	vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_VIRTUALIZE_APIC;
	enter();
	assert_int_equal(pstd_cpu_mmio_read(&c, PSTD_APIC_TPR, 4, &value), PSTD_CPU_THROUGH);
	assert_int_equal(store(PSTD_APIC_TPR, 0x50), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_cpu_mmio_fetch(&c, PSTD_APIC_TPR), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_TPR), 0);
}

/* MSRs. */

static void msr_bitmap_has_a_bit_for_reads_and_one_for_writes(void **state)
{
	use_x2apic();
	pstd_vmx_msr_exits(bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), true, true);
	enter();
	assert_int_equal(pstd_cpu_rdmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), &value),
	                 PSTD_CPU_DONE);
	assert_int_equal(wrmsr(PSTD_APIC_TPR, 0), PSTD_CPU_DONE);
	assert_int_equal(wrmsr(PSTD_APIC_ICR, ~0ull), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_MSR_WRITE, 0);
	pstd_vmx_msr_exits(bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), true, false);
	pstd_vmx_msr_exits(bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), false, true);
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, ~0ull), PSTD_CPU_GP);
	assert_int_equal(pstd_cpu_rdmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), &value),
	                 PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_MSR_READ, 0);
}

static void msrs_without_a_bit_exit_and_so_do_all_without_a_bitmap(void **state)
{
	enter();
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x1fff, &value), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_cpu_rdmsr(&c, 0xc0001fff, &value), PSTD_CPU_THROUGH);
	bitmap[PSTD_VMX_MSR_BITMAP_HIGH + 0x1fff / 8] = 0x80;
	assert_int_equal(pstd_cpu_rdmsr(&c, 0xc0001fff, &value), PSTD_CPU_EXITED);
	enter();
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x2000, &value), PSTD_CPU_EXITED);
	enter();
	assert_int_equal(pstd_cpu_wrmsr(&c, 0xc0002000, 0, &msg), PSTD_CPU_EXITED);
	vmcs->CPU_BASED_VM_EXEC_CONTROL &= ~PSTD_VMX_CPU_MSR_BITMAPS;
	enter();
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x10, &value), PSTD_CPU_EXITED);
}

static void msr_reads_eight_bytes_of_the_page(void **state)
{
	use_x2apic();
	enter();
	pstd_apic_write(page, PSTD_APIC_ICR, 0x11223344);
	pstd_apic_write(page, PSTD_APIC_ICR + 4, 0x55667788);
	assert_int_equal(pstd_cpu_rdmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), &value),
	                 PSTD_CPU_DONE);
	assert_int_equal(value, 0x5566778811223344);
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x8ff, &value), PSTD_CPU_DONE);
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x900, &value), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_cpu_rdmsr(&c, 0x7ff, &value), PSTD_CPU_THROUGH);
}

static void msrs_fault_at_reserved_bits(void **state)
{
	use_x2apic();
	enter();
	for (unsigned bit = 8; bit < 64; bit++) {
		assert_int_equal(wrmsr(PSTD_APIC_TPR, 1ull << bit), PSTD_CPU_GP);
		assert_int_equal(wrmsr(PSTD_APIC_SELF_IPI, 0x41 | 1ull << bit), PSTD_CPU_GP);
	}
	for (unsigned bit = 0; bit < 64; bit++)
		assert_int_equal(wrmsr(PSTD_APIC_EOI, 1ull << bit), PSTD_CPU_GP);
	assert_true(c.guest);
	assert_int_equal(c.vapic.rvi, 0);
	assert_int_equal(
		pstd_apic_read(page, PSTD_APIC_TPR) | pstd_apic_read(page, PSTD_APIC_SELF_IPI), 0);
}

/* CR8. */

static void cr8_is_the_class_of_the_virtual_task_priority(void **state)
{
	pstd_apic_write(page, PSTD_APIC_TPR, 0xffffff5a);
	enter();
	assert_int_equal(pstd_cpu_mov_from_cr8(&c, &value), PSTD_CPU_DONE);
	assert_int_equal(value, 5);
	assert_int_equal(pstd_cpu_mov_to_cr8(&c, 16), PSTD_CPU_GP);
	assert_int_equal(pstd_cpu_mov_to_cr8(&c, 7), PSTD_CPU_DONE);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_TPR), 0x70);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_PPR), 0x70);
}

static void cr8_exits_or_goes_through_by_its_controls(void **state)
{
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_CR8_LOAD | PSTD_VMX_CPU_CR8_STORE;
	enter();
	assert_int_equal(pstd_cpu_mov_to_cr8(&c, 7), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_CR_ACCESS, 0x08);
	enter();
	assert_int_equal(pstd_cpu_mov_from_cr8(&c, &value), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_CR_ACCESS, 0x18);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = vmcs->CPU_BASED_VM_EXEC_CONTROL = 0;
	enter();
	assert_int_equal(pstd_cpu_mov_to_cr8(&c, 7), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_cpu_mov_from_cr8(&c, &value), PSTD_CPU_THROUGH);
}

/* With and without a shadow, and exits of either kind: which of them decides. */
static void cr8_under_every_combination_of_its_controls(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		bool load = i & 1, store_exits = i & 2, shadow = i & 4;
		enum pstd_cpu_outcome done = shadow ? PSTD_CPU_DONE : PSTD_CPU_THROUGH;

		reset(state);
		vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
		vmcs->CPU_BASED_VM_EXEC_CONTROL = (load ? PSTD_VMX_CPU_CR8_LOAD : 0) |
		                                  (store_exits ? PSTD_VMX_CPU_CR8_STORE : 0) |
		                                  (shadow ? PSTD_VMX_CPU_TPR_SHADOW : 0);
		pstd_apic_write(page, PSTD_APIC_TPR, 0x5a);
		enter();
		assert_int_equal(pstd_cpu_mov_to_cr8(&c, 16), load ? PSTD_CPU_EXITED : PSTD_CPU_GP);
		enter();
		assert_int_equal(pstd_cpu_mov_to_cr8(&c, 7), load ? PSTD_CPU_EXITED : done);
		assert_int_equal(pstd_apic_read(page, PSTD_APIC_TPR),
		                 shadow && !load ? 0x70 : 0x5a);
		enter();
		value = 0xbad;
		assert_int_equal(pstd_cpu_mov_from_cr8(&c, &value),
		                 store_exits ? PSTD_CPU_EXITED : done);
		assert_int_equal(value, store_exits || !shadow ? 0xbad : load ? 5 : 7);
	}
}

/* "TPR Virtualization" does not ask by which of the ways TPR was written. */
static enum pstd_cpu_outcome write_tpr(unsigned way, uint8_t class)
{
	if (way == 0)
		return pstd_cpu_mov_to_cr8(&c, class);
	return way == 1 ? store(PSTD_APIC_TPR, class << 4) : wrmsr(PSTD_APIC_TPR, class << 4);
}

static void task_priority_below_the_threshold_exits_after_each_way_to_write_it(void **state)
{
	for (unsigned i = 0; i < 3 * 256; i++) {
		unsigned way = i / 256, threshold = i / 16 % 16, class = i % 16;
		bool below = class < threshold;

		reset(state);
		if (way == 2)
			use_x2apic();
		use_threshold((uint8_t)threshold);
		pstd_apic_write(page, PSTD_APIC_TPR, 0xf0);
		enter();
		assert_int_equal(write_tpr(way, (uint8_t)class),
		                 below ? PSTD_CPU_EXITED : PSTD_CPU_DONE);
		if (below)
			assert_exited(PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD, 0);
		assert_int_equal(pstd_apic_read(page, PSTD_APIC_TPR), class << 4);
	}
}

/* IPI virtualization. */

enum { TO = 1, NOBODY = 2 };

static uint64_t icr_to(uint32_t apic_id)
{
	return (uint64_t)apic_id << 32 | PSTD_APIC_ICR_ASSERT | 0x41;
}

static void assert_not_posted(void)
{
	assert_true(pstd_pir_empty(target));
	assert_false(pstd_on(target));
}

static void assert_sent(uint32_t dest)
{
	assert_true(target->pir[1] == 1ull << (0x41 - 64) && pstd_on(target));
	assert_int_equal(msg.dest, dest);
	assert_int_equal(msg.vector, 0xf2);
	assert_int_equal(msg.dlm, PSTD_APIC_DM_FIXED);
	assert_false(msg.logical || msg.level || msg.redirection_hint || msg.shorthand);
	assert_true(c.guest);
}

static void ipi_is_posted_by_msr(void **state)
{
	use_x2apic();
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_SEND);
	assert_sent(5);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR + 4), TO);
	/* ON is set now: the next is silent, whatever its vector. */
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO) + 1), PSTD_CPU_DONE);
	assert_int_equal(target->pir[1], 3ull << (0x41 - 64));
}

static void ipi_is_posted_by_the_page(void **state)
{
	host_apic_start(&c.lapic, 0, false, &host_vectors);
	target->control = pstd_control(0xf2, pstd_ndst(9, false));
	enter();
	assert_int_equal(store(PSTD_APIC_ICR_HI, 0x01ffffff), PSTD_CPU_DONE);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR_HI), 0x01000000);
	assert_int_equal(store(PSTD_APIC_ICR, 0x4041), PSTD_CPU_SEND);
	assert_sent(9);
}

static void ipi_by_the_page_needs_no_virtual_interrupt_delivery(void **state)
{
	use_threshold(0);
	vmcs->SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_VIRTUALIZE_APIC;
	enter();
	pstd_apic_write(page, PSTD_APIC_ICR_HI, TO << 24);
	assert_int_equal(store(PSTD_APIC_ICR, 0x4041), PSTD_CPU_SEND);
	assert_sent(5);
	/* A read of it is another matter. */
	assert_int_equal(pstd_cpu_mmio_read(&c, PSTD_APIC_ICR, 4, &value), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_ACCESS, PSTD_APIC_ICR);
}

static void posted_vector_notifies_again_once_on_is_clear(void **state)
{
	use_x2apic();
	pstd_test_and_set_pir(target, 0x41);
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_SEND);
	assert_sent(5);
}

static void suppressed_target_is_posted_silently_and_on_stays_clear(void **state)
{
	use_x2apic();
	pstd_set_sn(target);
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_DONE);
	assert_false(pstd_on(target) || pstd_pir_empty(target));
}

/* Each exits with the whole value on the page, and nothing is posted. */
static void assert_ipi_exits(uint64_t icr)
{
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_WRITE, PSTD_APIC_ICR);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR), (uint32_t)icr);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR + 4), icr >> 32);
	assert_not_posted();
}

static void other_forms_of_the_msr_exit(void **state)
{
	use_x2apic();
	assert_ipi_exits((icr_to(TO) & ~0xffull) | 15);
	for (unsigned mode = 1; mode < 8; mode++)
		assert_ipi_exits(icr_to(TO) | mode << 8);
	for (uint64_t shorthand = 1; shorthand < 4; shorthand++)
		assert_ipi_exits(icr_to(TO) | shorthand << 18);
	assert_ipi_exits(icr_to(TO) | PSTD_APIC_ICR_LOGICAL);
	assert_ipi_exits(icr_to(TO) | PSTD_APIC_ICR_LEVEL);
	/* Bit 12 exits; it does not fault, and stays on the page. */
	assert_ipi_exits(icr_to(TO) | PSTD_BIT(12));
}

static void reserved_bits_of_the_msr_fault(void **state)
{
	use_x2apic();
	enter();
	for (unsigned bit = 0; bit < 32; bit++)
		if (PSTD_APIC_ICR_RSVD >> bit & 1)
			assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO) | PSTD_BIT(bit)),
			                 PSTD_CPU_GP);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR), 0);
	assert_not_posted();
}

static void other_forms_of_the_page_exit(void **state)
{
	static const uint8_t bits[] = { 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 20, 31 };

	for (unsigned i = 0; i < sizeof(bits); i++) {
		enter();
		pstd_apic_write(page, PSTD_APIC_ICR_HI, TO << 24);
		assert_int_equal(store(PSTD_APIC_ICR, 0x4041 | 1u << bits[i]), PSTD_CPU_EXITED);
		assert_exited(PSTD_VMX_EXIT_APIC_WRITE, PSTD_APIC_ICR);
		assert_not_posted();
	}
}

static void table_decides_who_can_be_reached(void **state)
{
	uint64_t entry = pointers[TO];

	use_x2apic();
	assert_ipi_exits(icr_to(NOBODY));
	assert_ipi_exits(icr_to(CPU_UNIT_POINTERS));
	assert_ipi_exits(icr_to(0xffffffff));
	vmcs->LAST_PID_POINTER_INDEX = TO - 1;
	assert_ipi_exits(icr_to(TO));
	vmcs->LAST_PID_POINTER_INDEX = TO;
	for (unsigned bit = 1; bit < 6; bit++) {
		pointers[TO] = entry | PSTD_BIT(bit);
		assert_ipi_exits(icr_to(TO));
	}
	pointers[TO] = entry | PSTD_BIT(46);
	assert_ipi_exits(icr_to(TO));
	/* No memory there. */
	pointers[TO] = 0x1000 | PSTD_VMX_PID_POINTER_VALID;
	assert_ipi_exits(icr_to(TO));
	pointers[TO] = entry;
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_SEND);
}

/* Memory that is there, on both sides of where physical addresses end. */
static void descriptor_beyond_the_physical_width_exits(void **state)
{
	use_x2apic();
	memory.moved = PSTD_BIT(33) - 4 * 4096 - PSTD_MEMORY_PHYS_BASE;
	c.address_width = 33;
	vmcs->MSR_BITMAP += memory.moved;
	vmcs->VIRTUAL_APIC_PAGE_ADDR += memory.moved;
	vmcs->POSTED_INTR_DESC_ADDR += memory.moved;
	vmcs->PID_POINTER_TABLE += memory.moved;
	pointers[TO] = pstd_memory_phys(&memory, ram + 4 * 4096) | PSTD_VMX_PID_POINTER_VALID;
	assert_ipi_exits(icr_to(TO));
	c.address_width = 34;
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_SEND);
	assert_int_equal(ram[4 * 4096 + 0x41 / 8], 1 << 0x41 % 8);
}

/* The pseudo-code has no test for a broadcast: FFH is entry 255, if there is one. */
static void page_reaches_entry_255_by_the_broadcast_id(void **state)
{
	enter();
	pstd_apic_write(page, PSTD_APIC_ICR_HI, 0xff000000);
	assert_int_equal(store(PSTD_APIC_ICR, 0x4041), PSTD_CPU_EXITED);
	vmcs->LAST_PID_POINTER_INDEX = 0xff;
	vmcs->PID_POINTER_TABLE -= (0xff - TO) * 8;
	enter();
	pstd_apic_write(page, PSTD_APIC_ICR_HI, 0xff000000);
	assert_int_equal(store(PSTD_APIC_ICR, 0x4041), PSTD_CPU_SEND);
}

static void icr_goes_through_by_msr_without_ipi_virtualization(void **state)
{
	use_x2apic();
	vmcs->TERTIARY_VM_EXEC_CONTROL = 0;
	enter();
	assert_int_equal(wrmsr(PSTD_APIC_ICR, icr_to(TO)), PSTD_CPU_THROUGH);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR), 0);
}

static void instruction_ends_blocking_by_sti_and_a_fault_like_exit_does_not(void **state)
{
	vmcs->GUEST_INTERRUPTIBILITY_INFO = PSTD_VMX_BLOCKING_STI;
	enter();
	assert_int_equal(store(0x390, 1), PSTD_CPU_EXITED);
	assert_int_equal(vmcs->GUEST_INTERRUPTIBILITY_INFO, PSTD_VMX_BLOCKING_STI);
	enter();
	assert_int_equal(store(PSTD_APIC_LDR, 1), PSTD_CPU_EXITED);
	assert_int_equal(vmcs->GUEST_INTERRUPTIBILITY_INFO, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(page_is_read_and_written_within_the_low_four_bytes_of_a_register),
		TEST(page_without_register_virtualization_has_offsets_not_ranges),
		TEST(write_of_a_part_leaves_the_rest_of_a_register),
		TEST(access_exits_tell_reads_writes_and_fetches_apart),
		TEST(page_goes_through_where_it_is_not_virtualized),
		TEST(msr_bitmap_has_a_bit_for_reads_and_one_for_writes),
		TEST(msrs_without_a_bit_exit_and_so_do_all_without_a_bitmap),
		TEST(msr_reads_eight_bytes_of_the_page),
		TEST(msrs_fault_at_reserved_bits),
		TEST(cr8_is_the_class_of_the_virtual_task_priority),
		TEST(cr8_exits_or_goes_through_by_its_controls),
		TEST(cr8_under_every_combination_of_its_controls),
		TEST(task_priority_below_the_threshold_exits_after_each_way_to_write_it),
		TEST(ipi_is_posted_by_msr),
		TEST(ipi_is_posted_by_the_page),
		TEST(ipi_by_the_page_needs_no_virtual_interrupt_delivery),
		TEST(posted_vector_notifies_again_once_on_is_clear),
		TEST(suppressed_target_is_posted_silently_and_on_stays_clear),
		TEST(other_forms_of_the_msr_exit),
		TEST(reserved_bits_of_the_msr_fault),
		TEST(other_forms_of_the_page_exit),
		TEST(table_decides_who_can_be_reached),
		TEST(descriptor_beyond_the_physical_width_exits),
		TEST(page_reaches_entry_255_by_the_broadcast_id),
		TEST(icr_goes_through_by_msr_without_ipi_virtualization),
		TEST(instruction_ends_blocking_by_sti_and_a_fault_like_exit_does_not),
	};

	return cmocka_run_group_tests_name("cpu access", tests, NULL, NULL);
}
