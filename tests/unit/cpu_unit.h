/* SPDX-License-Identifier: BSD-2-Clause */
/* One CPU with all of APIC virtualization in its VMCS, for the tests of posted/hw/cpu.h. */
#ifndef TESTS_UNIT_CPU_UNIT_H
#define TESTS_UNIT_CPU_UNIT_H

#include "exec/host_apic.h"
#include <posted/hw/cpu.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

enum { CPU_UNIT_PAGES = 8, CPU_UNIT_POINTERS = 4 };

static uint8_t ram[CPU_UNIT_PAGES * 4096] __attribute__((aligned(4096)));
static const struct pstd_vectors host_vectors = PSTD_LINUX_VECTORS;
static struct pstd_memory memory;
static struct pstd_vmcs *vmcs;
static struct pstd_apic_page *page;
static struct pstd_desc *pid, *target; /* its own, and one that the table points to */
static uint8_t *bitmap;                /* MSRs; nothing exits */
static uint64_t *pointers;             /* the PID-pointer table; entry 1 is valid */
static struct pstd_cpu c;

/* In xAPIC form, with posting, virtual-interrupt delivery and IPI virtualization; IF set. */
static int reset(void **state)
{
	struct pstd_memory *m = &memory;

	memset(ram, 0, sizeof(ram));
	memset(&c, 0, sizeof(c));
	*m = (struct pstd_memory){ .base = ram, .size = sizeof(ram) };
	page = pstd_memory_take(m, sizeof(*page), 4096);
	bitmap = pstd_memory_take(m, PSTD_VMX_MSR_BITMAP_SIZE, 4096);
	vmcs = pstd_memory_take(m, sizeof(*vmcs), 4096);
	pid = pstd_memory_take(m, sizeof(*pid), 64);
	target = pstd_memory_take(m, sizeof(*target), 64);
	pointers = pstd_memory_take(m, CPU_UNIT_POINTERS * sizeof(*pointers), 8);
	pid->control = pstd_control(0xf2, pstd_ndst(0, true));
	target->control = pstd_control(0xf2, pstd_ndst(5, true));
	pointers[1] = pstd_memory_phys(m, target) | PSTD_VMX_PID_POINTER_VALID;
	vmcs->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_POSTED_INTR;
	vmcs->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_MSR_BITMAPS |
	                                  PSTD_VMX_CPU_SECONDARY | PSTD_VMX_CPU_TERTIARY;
	vmcs->SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_VIRTUALIZE_APIC |
	                                  PSTD_VMX_SEC_APIC_REGISTER | PSTD_VMX_SEC_VIRTUAL_INTR;
	vmcs->TERTIARY_VM_EXEC_CONTROL = PSTD_VMX_TER_IPI_VIRT;
	vmcs->VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR;
	vmcs->MSR_BITMAP = pstd_memory_phys(m, bitmap);
	vmcs->VIRTUAL_APIC_PAGE_ADDR = pstd_memory_phys(m, page);
	vmcs->POSTED_INTR_DESC_ADDR = pstd_memory_phys(m, pid);
	vmcs->POSTED_INTR_NV = 0xf2;
	vmcs->PID_POINTER_TABLE = pstd_memory_phys(m, pointers);
	vmcs->LAST_PID_POINTER_INDEX = CPU_UNIT_POINTERS - 1;
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF;
	c.memory = m;
	host_apic_start(&c.lapic, 0, true, &host_vectors);
	return pstd_cpu_vmptrld(&c, pstd_memory_phys(m, vmcs)) ? 0 : -1;
}

/* The same VMCS with x2APIC MSRs in place of the page. */
__attribute__((unused))
static void use_x2apic(void)
{
	vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_VIRTUALIZE_APIC;
	vmcs->SECONDARY_VM_EXEC_CONTROL |= PSTD_VMX_SEC_X2APIC;
}

/* The same without virtual-interrupt delivery, and what needs it. */
__attribute__((unused))
static void use_threshold(uint8_t threshold)
{
	vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_VIRTUAL_INTR;
	vmcs->PIN_BASED_VM_EXEC_CONTROL &= ~PSTD_VMX_PIN_POSTED_INTR;
	vmcs->TPR_THRESHOLD = threshold;
}

/* What virtualizes a guest's APIC, and may be left out. */
enum { ARV = 1, VID = 2, IPIV = 4 };

__attribute__((unused))
static void use_controls(unsigned controls)
{
	if (!(controls & ARV))
		vmcs->SECONDARY_VM_EXEC_CONTROL &= ~PSTD_VMX_SEC_APIC_REGISTER;
	if (!(controls & VID))
		use_threshold(0);
	if (!(controls & IPIV))
		vmcs->TERTIARY_VM_EXEC_CONTROL = 0;
}

/* Every register of the page its own, but for the 256-bit ones: served is in service. */
__attribute__((unused))
static void fill_page(uint8_t served, uint8_t tpr)
{
	vmcs->GUEST_INTR_STATUS = (uint16_t)(served << 8);
	for (unsigned i = 0; i < 4096 / 4; i++)
		page->reg[i] = 0x5a000000 + i;
	memset((uint8_t *)page + PSTD_APIC_ISR, 0, 3 * 0x80); /* ISR, TMR, IRR */
	pstd_apic_set(page, PSTD_APIC_ISR, served);
	pstd_apic_write(page, PSTD_APIC_TPR, tpr);
}

__attribute__((unused))
static void enter(void)
{
	assert_true(pstd_cpu_vm_entry(&c, vmcs->launched));
	assert_int_equal(c.broken, 0);
}

/* One boundary, at which this happens. */
__attribute__((unused))
static void expect_event(enum pstd_cpu_event event, uint8_t expected)
{
	uint8_t vector = 0;

	assert_int_equal(pstd_cpu_boundary(&c, &vector), event);
	assert_int_equal(vector, expected);
}

__attribute__((unused))
static void assert_exited(enum pstd_vmx_exit_reason reason, uint64_t qualification)
{
	assert_false(c.guest);
	assert_int_equal(vmcs->VM_EXIT_REASON, reason);
	assert_int_equal(vmcs->EXIT_QUALIFICATION, qualification);
}

__attribute__((unused))
static void receive(enum pstd_apic_delivery_mode mode, uint8_t vector)
{
	struct pstd_apic_msg m = { .dlm = mode, .vector = vector };

	pstd_lapic_receive(&c.lapic, &m);
}

__attribute__((unused))
static void post(uint8_t vector)
{
	pstd_test_and_set_pir(pid, vector);
	if (!pstd_test_and_set_on(pid))
		pstd_lapic_notify(&c.lapic, 0xf2);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

#endif
