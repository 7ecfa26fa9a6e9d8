/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/cpu.h and the VMCS: entries, exits, notifications and HLT of one pCPU. */
#include <posted/hw/cpu.h>

#include <asm/vmx.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>

static uint8_t ram[4 * 4096] __attribute__((aligned(4096)));
static struct pstd_memory memory;
static struct pstd_vmcs *vmcs;
static struct pstd_apic_page *page;
static struct pstd_desc *pid;
static struct pstd_cpu c;

/* A CPU with a VMCS that posts, IF set, nothing pending; not yet entered. */
static int reset(void **state)
{
	memset(ram, 0, sizeof(ram));
	memset(&c, 0, sizeof(c));
	memory = (struct pstd_memory){ .base = ram, .size = sizeof(ram) };
	page = pstd_memory_take(&memory, sizeof(*page), 4096);
	vmcs = pstd_memory_take(&memory, sizeof(*vmcs), 4096);
	pid = pstd_memory_take(&memory, sizeof(*pid), 64);
	pid->control = pstd_control(0xf2, 0);
	vmcs->VIRTUAL_APIC_PAGE_ADDR = pstd_memory_phys(&memory, page);
	vmcs->POSTED_INTR_DESC_ADDR = pstd_memory_phys(&memory, pid);
	vmcs->POSTED_INTR_NV = 0xf2;
	vmcs->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_POSTED_INTR;
	vmcs->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_SECONDARY;
	vmcs->SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_VIRTUALIZE_APIC | PSTD_VMX_SEC_VIRTUAL_INTR;
	vmcs->VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR;
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF;
	c.memory = &memory;
	return pstd_cpu_vmptrld(&c, pstd_memory_phys(&memory, vmcs)) ? 0 : -1;
}

/* The guest's store to a register. */
static enum pstd_cpu_outcome store(unsigned offset, uint32_t value)
{
	struct pstd_apic_msg none;

	return pstd_cpu_mmio_write(&c, offset, 4, value, &none);
}

static void post(uint8_t vector)
{
	pstd_test_and_set_pir(pid, vector);
	if (!pstd_test_and_set_on(pid))
		pstd_lapic_notify(&c.lapic, 0xf2);
}

static void assert_delivers(uint8_t expected)
{
	uint8_t vector = 0;

	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_DELIVER);
	assert_int_equal(vector, expected);
}

static void assert_nothing(void)
{
	uint8_t vector;

	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_NONE);
}

static void assert_exited(enum pstd_vmx_exit_reason reason, uint64_t qualification)
{
	assert_false(c.guest);
	assert_int_equal(vmcs->VM_EXIT_REASON, reason);
	assert_int_equal(vmcs->EXIT_QUALIFICATION, qualification);
}

/* The VMCS. */

static void exit_reasons_are_linuxs(void **state)
{
#define PSTD_VMX_ROW(number, name) assert_int_equal(PSTD_VMX_EXIT_##name, EXIT_REASON_##name);
	PSTD_VMX_EXITS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
}

/* Bits 14:13 of an encoding are the width (16, 64, 32, natural), 11:10 the type. */
static void assert_encoding(enum pstd_vmx_field field, unsigned width, unsigned type)
{
	assert_int_equal(field >> 13 & 3, width);
	assert_int_equal(field >> 10 & 3, type);
	assert_int_equal(field & 1, 0);
}

static void field_encodings_have_their_width_and_type(void **state)
{
	enum { W16, W64, W32, NATURAL };
	enum { CONTROL, READ_ONLY, GUEST };

	assert_encoding(PSTD_VMX_POSTED_INTR_NV, W16, CONTROL);
	assert_encoding(PSTD_VMX_GUEST_INTR_STATUS, W16, GUEST);
	assert_encoding(PSTD_VMX_VIRTUAL_APIC_PAGE_ADDR, W64, CONTROL);
	assert_encoding(PSTD_VMX_POSTED_INTR_DESC_ADDR, W64, CONTROL);
	assert_encoding(PSTD_VMX_EOI_EXIT_BITMAP0, W64, CONTROL);
	assert_encoding(PSTD_VMX_EOI_EXIT_BITMAP3, W64, CONTROL);
	assert_encoding(PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL, W32, CONTROL);
	assert_encoding(PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL, W32, CONTROL);
	assert_encoding(PSTD_VMX_SECONDARY_VM_EXEC_CONTROL, W32, CONTROL);
	assert_encoding(PSTD_VMX_VM_EXIT_CONTROLS, W32, CONTROL);
	assert_encoding(PSTD_VMX_VM_EXIT_REASON, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_VM_EXIT_INTR_INFO, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO, W32, GUEST);
	assert_encoding(PSTD_VMX_GUEST_ACTIVITY_STATE, W32, GUEST);
	assert_encoding(PSTD_VMX_EXIT_QUALIFICATION, NATURAL, READ_ONLY);
	assert_encoding(PSTD_VMX_LAST_PID_POINTER_INDEX, W16, CONTROL);
	assert_encoding(PSTD_VMX_MSR_BITMAP, W64, CONTROL);
	assert_encoding(PSTD_VMX_APIC_ACCESS_ADDR, W64, CONTROL);
	assert_encoding(PSTD_VMX_TERTIARY_VM_EXEC_CONTROL, W64, CONTROL);
	assert_encoding(PSTD_VMX_PID_POINTER_TABLE, W64, CONTROL);
	assert_encoding(PSTD_VMX_VM_ENTRY_INTR_INFO, W32, CONTROL);
	assert_encoding(PSTD_VMX_VM_ENTRY_EXCEPTION_ERROR_CODE, W32, CONTROL);
	assert_encoding(PSTD_VMX_VM_ENTRY_INSTRUCTION_LEN, W32, CONTROL);
	assert_encoding(PSTD_VMX_TPR_THRESHOLD, W32, CONTROL);
	assert_encoding(PSTD_VMX_VM_INSTRUCTION_ERROR, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_IDT_VECTORING_INFO, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_IDT_VECTORING_ERROR_CODE, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_VM_EXIT_INSTRUCTION_LEN, W32, READ_ONLY);
	assert_encoding(PSTD_VMX_GUEST_RFLAGS, NATURAL, GUEST);
}

static void every_field_reads_back_what_was_written_to_it(void **state)
{
#define PSTD_VMX_ROW(encoding, name) \
	pstd_vmcs_write(vmcs, PSTD_VMX_##name, 0x1234560000 + encoding);
	PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
#define PSTD_VMX_ROW(encoding, name)                                                     \
	assert_int_equal(pstd_vmcs_read(vmcs, PSTD_VMX_##name), 0x1234560000 + encoding); \
	assert_int_equal(vmcs->name, 0x1234560000 + encoding);
	PSTD_VMX_FIELDS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
}

static void unknown_field_reads_zero_and_is_not_written(void **state)
{
	struct pstd_vmcs before = *vmcs;

	pstd_vmcs_write(vmcs, (enum pstd_vmx_field)0x6802, 1);
	assert_memory_equal(vmcs, &before, sizeof(before));
	assert_int_equal(pstd_vmcs_read(vmcs, (enum pstd_vmx_field)0x6802), 0);
}

static void vmptrld_refuses_an_address_outside_memory(void **state)
{
	assert_false(pstd_cpu_vmptrld(&c, 0x1000));
	assert_false(pstd_cpu_vmptrld(&c, pstd_memory_phys(&memory, ram + sizeof(ram) - 8)));
}

/* "The VMCS": clear, launched, active. */

static void a_vmcs_is_launched_once_until_it_is_cleared(void **state)
{
	uint64_t at = pstd_memory_phys(&memory, vmcs);

	assert_false(pstd_cpu_vm_entry(&c, true));
	assert_int_equal(vmcs->VM_INSTRUCTION_ERROR, 5); /* "VMRESUME with non-launched VMCS" */
	/* One that fails leaves it clear. */
	vmcs->GUEST_ACTIVITY_STATE = 9;
	assert_false(pstd_cpu_vm_entry(&c, false));
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_ACTIVE;
	assert_true(pstd_cpu_vm_entry(&c, false));
	c.guest = false;
	assert_false(pstd_cpu_vm_entry(&c, false));
	assert_int_equal(vmcs->VM_INSTRUCTION_ERROR, 4); /* "VMLAUNCH with non-clear VMCS" */
	assert_int_equal(c.broken, 0);
	assert_false(c.guest);
	assert_true(pstd_cpu_vm_entry(&c, true));
	c.guest = false;
	assert_true(pstd_cpu_vmptrld(&c, at));
	assert_true(pstd_cpu_vm_entry(&c, true));
	c.guest = false;
	assert_true(pstd_cpu_vmclear(&c, at));
	/* None is current. */
	assert_false(pstd_cpu_vm_entry(&c, false));
	assert_true(pstd_cpu_vmptrld(&c, at));
	assert_true(pstd_cpu_vm_entry(&c, false));
}

static void a_vmcs_is_active_where_it_was_loaded(void **state)
{
	struct pstd_cpu other = { .memory = &memory };
	uint64_t at = pstd_memory_phys(&memory, vmcs);
	struct pstd_vmcs *second = pstd_memory_take(&memory, sizeof(*second), 4096);

	assert_false(pstd_cpu_active_elsewhere(&c, at));
	assert_true(pstd_cpu_active_elsewhere(&other, at));
	/* Another may be current here. */
	assert_true(pstd_cpu_vmptrld(&c, pstd_memory_phys(&memory, second)));
	assert_true(pstd_cpu_active_elsewhere(&other, at));
	assert_true(pstd_cpu_vmclear(&c, at));
	assert_ptr_equal(c.vmcs, second);
	assert_false(pstd_cpu_active_elsewhere(&other, at));
	assert_true(pstd_cpu_vmptrld(&other, at));
	assert_true(pstd_cpu_active_elsewhere(&c, at));
	assert_false(pstd_cpu_vmclear(&c, 0x1000));
	assert_false(pstd_cpu_active_elsewhere(&c, 0x1000));
}

/* Virtual interrupts. */

static void entry_delivers_what_software_requested(void **state)
{
	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x41;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_delivers(0x41);
	assert_int_equal(c.rflags & PSTD_VMX_RFLAGS_IF, 0);
	assert_nothing();
}

static void delivery_waits_for_if_and_for_sti_and_mov_ss_blocking(void **state)
{
	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x41;
	vmcs->GUEST_RFLAGS = 0;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_true(c.vapic.recognized);
	assert_nothing();
	c.rflags = PSTD_VMX_RFLAGS_IF;
	c.interruptibility = PSTD_VMX_BLOCKING_STI;
	assert_nothing();
	c.interruptibility = PSTD_VMX_BLOCKING_MOV_SS;
	assert_nothing();
	c.interruptibility = 0;
	assert_delivers(0x41);
}

static void tpr_holds_an_interrupt_and_lowering_it_releases_it(void **state)
{
	pstd_apic_write(page, PSTD_APIC_TPR, 0x40);
	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x41;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_nothing();
	assert_int_equal(pstd_cpu_mov_to_cr8(&c, 3), PSTD_CPU_DONE);
	assert_delivers(0x41);
}

static void eoi_exits_with_its_vector_if_the_bitmap_says_so(void **state)
{
	pstd_apic_set(page, PSTD_APIC_ISR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x4100;
	vmcs->EOI_EXIT_BITMAP1 = 1ull << (0x41 - 64);
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_int_equal(store(PSTD_APIC_EOI, 0), PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_EOI_INDUCED, 0x41);
	assert_int_equal(vmcs->GUEST_INTR_STATUS, 0);
}

static void icr_write_exits_as_an_msr_write_in_x2apic_mode(void **state)
{
	struct pstd_apic_msg none;

	vmcs->SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_X2APIC | PSTD_VMX_SEC_VIRTUAL_INTR;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_int_equal(pstd_cpu_wrmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR),
	                                pstd_apic_icr(1, 0x41, true), &none),
	                 PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_MSR_WRITE, 0);
}

static void icr_write_exits_as_an_apic_write_in_xapic_mode(void **state)
{
	vmcs->SECONDARY_VM_EXEC_CONTROL |= PSTD_VMX_SEC_APIC_REGISTER;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_int_equal(store(PSTD_APIC_ICR_HI, 1u << 24), PSTD_CPU_DONE);
	assert_int_equal(store(PSTD_APIC_ICR, (uint32_t)pstd_apic_icr(1, 0x41, false)),
	                 PSTD_CPU_EXITED);
	assert_exited(PSTD_VMX_EXIT_APIC_WRITE, 0x300);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR), 0x4041);
	assert_int_equal(pstd_apic_read(page, PSTD_APIC_ICR_HI), 0x01000000);
}

/* External interrupts. */

static void notification_delivers_without_an_exit(void **state)
{
	pstd_cpu_vm_entry(&c, vmcs->launched);
	post(0x41);
	assert_delivers(0x41);
	assert_true(c.guest);
	assert_false(pstd_on(pid));
	assert_true(pstd_pir_empty(pid));
	assert_int_equal(c.lapic.eois, 1);
	assert_int_equal(pstd_lapic_pending(&c.lapic), -1);
}

static void notification_of_before_the_entry_is_processed_after_it(void **state)
{
	post(0x41);
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_delivers(0x41);
	assert_true(c.guest);
}

static void notification_is_processed_although_if_is_clear(void **state)
{
	vmcs->GUEST_RFLAGS = 0;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	post(0x41);
	assert_nothing();
	assert_true(c.guest && c.vapic.recognized);
	assert_false(pstd_on(pid));
	c.rflags = PSTD_VMX_RFLAGS_IF;
	assert_delivers(0x41);
}

static void spurious_notification_changes_nothing(void **state)
{
	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_lapic_notify(&c.lapic, 0xf2);
	assert_nothing();
	assert_true(c.guest);
	assert_int_equal(c.vapic.rvi, 0);
	assert_int_equal(c.lapic.eois, 1);
}

static void other_vector_exits_with_the_interrupt_acknowledged(void **state)
{
	uint8_t vector;

	pstd_apic_set(page, PSTD_APIC_IRR, 0x31);
	vmcs->GUEST_INTR_STATUS = 0x5131;
	vmcs->GUEST_RFLAGS = 0;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_test_and_set_pir(pid, 0x41);
	pstd_lapic_accept(&c.lapic, 0xf1);
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	assert_exited(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT, 0);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0x800000f1);
	assert_int_equal(vmcs->GUEST_INTR_STATUS, 0x5131);
	assert_true(pstd_apic_test(&c.lapic.regs, PSTD_APIC_ISR, 0xf1));
	assert_int_equal(c.lapic.eois, 0);
	assert_false(pstd_pir_empty(pid));
}

static void notification_exits_if_the_vmcs_does_not_post(void **state)
{
	uint8_t vector;

	vmcs->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	post(0x41);
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0x800000f2);
	assert_true(pstd_on(pid));
}

static void virtual_interrupt_goes_before_an_external_one(void **state)
{
	uint8_t vector;

	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	vmcs->GUEST_INTR_STATUS = 0x41;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_lapic_accept(&c.lapic, 0xfd);
	assert_delivers(0x41);
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO, 0x800000fd);
}

/* HLT. */

static void hlt_exits_if_the_vmcs_asks_for_it(void **state)
{
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_HLT;
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_true(pstd_cpu_hlt(&c));
	assert_exited(PSTD_VMX_EXIT_HLT, 0);
	assert_int_equal(vmcs->GUEST_ACTIVITY_STATE, PSTD_VMX_ACTIVE);
}

static void posted_interrupt_wakes_from_hlt(void **state)
{
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_false(pstd_cpu_hlt(&c));
	assert_int_equal(c.activity, PSTD_VMX_HLT);
	post(0x41);
	assert_delivers(0x41);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
}

static void spurious_notification_leaves_hlt_alone(void **state)
{
	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_cpu_hlt(&c);
	pstd_lapic_notify(&c.lapic, 0xf2);
	assert_nothing();
	assert_int_equal(c.activity, PSTD_VMX_HLT);
}

static void no_external_interrupt_waits_behind_a_spurious_notification(void **state)
{
	uint8_t vector;

	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_cpu_hlt(&c);
	pstd_lapic_accept(&c.lapic, (uint8_t)vmcs->POSTED_INTR_NV);
	pstd_lapic_accept(&c.lapic, 0x30);
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	assert_int_equal(vmcs->VM_EXIT_INTR_INFO & 0xff, 0x30);
}

static void hlt_survives_an_exit_and_an_entry(void **state)
{
	uint8_t vector;

	pstd_cpu_vm_entry(&c, vmcs->launched);
	pstd_cpu_hlt(&c);
	pstd_lapic_accept(&c.lapic, 0xfd);
	assert_int_equal(pstd_cpu_boundary(&c, &vector), PSTD_CPU_EXIT);
	assert_int_equal(vmcs->GUEST_ACTIVITY_STATE, PSTD_VMX_HLT);
	pstd_lapic_eoi(&c.lapic);
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_int_equal(c.activity, PSTD_VMX_HLT);
	post(0x41);
	assert_delivers(0x41);
	assert_int_equal(c.activity, PSTD_VMX_ACTIVE);
}

/* A race: the second post of a round comes at any moment of the first one's processing. */

#define ROUNDS 5000

static uint64_t delivered, abandoned;

static void *poster(void *arg)
{
	for (unsigned round = 0; round < ROUNDS && !pstd_load_acquire(&abandoned); round++) {
		post(0x41);
		for (unsigned pause = 0; pause < round % 64; pause++)
			__builtin_ia32_pause();
		post(0x61);
		while (pstd_load_acquire(&delivered) < 2 * (round + 1) &&
		       !pstd_load_acquire(&abandoned))
			sched_yield();
	}
	return NULL;
}

/* Runs the guest until every post was delivered, or for ten seconds nothing was. */
static void handle_posts(void)
{
	time_t last = time(NULL);
	uint8_t vector;

	while (pstd_load_relaxed(&delivered) < 2 * ROUNDS && time(NULL) - last < 10) {
		if (pstd_cpu_boundary(&c, &vector) != PSTD_CPU_DELIVER)
			continue;
		store(PSTD_APIC_EOI, 0);
		c.rflags = PSTD_VMX_RFLAGS_IF;
		pstd_count(&delivered, 1);
		last = time(NULL);
	}
}

static void no_post_is_lost_however_it_meets_the_processing(void **state)
{
	pthread_t thread;

	pstd_store_release(&delivered, 0);
	pstd_store_release(&abandoned, 0);
	pstd_cpu_vm_entry(&c, vmcs->launched);
	assert_int_equal(pthread_create(&thread, NULL, poster, NULL), 0);
	handle_posts();
	pstd_store_release(&abandoned, 1);
	pthread_join(thread, NULL);
	assert_int_equal(delivered, 2 * ROUNDS);
	assert_true(c.guest);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(exit_reasons_are_linuxs),
		TEST(field_encodings_have_their_width_and_type),
		TEST(every_field_reads_back_what_was_written_to_it),
		TEST(unknown_field_reads_zero_and_is_not_written),
		TEST(vmptrld_refuses_an_address_outside_memory),
		TEST(a_vmcs_is_launched_once_until_it_is_cleared),
		TEST(a_vmcs_is_active_where_it_was_loaded),
		TEST(entry_delivers_what_software_requested),
		TEST(delivery_waits_for_if_and_for_sti_and_mov_ss_blocking),
		TEST(tpr_holds_an_interrupt_and_lowering_it_releases_it),
		TEST(eoi_exits_with_its_vector_if_the_bitmap_says_so),
		TEST(icr_write_exits_as_an_msr_write_in_x2apic_mode),
		TEST(icr_write_exits_as_an_apic_write_in_xapic_mode),
		TEST(notification_delivers_without_an_exit),
		TEST(notification_of_before_the_entry_is_processed_after_it),
		TEST(notification_is_processed_although_if_is_clear),
		TEST(spurious_notification_changes_nothing),
		TEST(other_vector_exits_with_the_interrupt_acknowledged),
		TEST(notification_exits_if_the_vmcs_does_not_post),
		TEST(virtual_interrupt_goes_before_an_external_one),
		TEST(hlt_exits_if_the_vmcs_asks_for_it),
		TEST(posted_interrupt_wakes_from_hlt),
		TEST(spurious_notification_leaves_hlt_alone),
		TEST(no_external_interrupt_waits_behind_a_spurious_notification),
		TEST(hlt_survives_an_exit_and_an_entry),
		TEST(no_post_is_lost_however_it_meets_the_processing),
	};

	return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
