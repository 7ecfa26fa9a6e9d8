/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * golden_exits exits: a scene for each VM exit reason that posted/vmx.h has, as
 * golden.sh compares it with exits.txt. Status 1 if a reason has no scene.
 */
#include <posted/hw/cpu.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t bytes[8 * 4096] __attribute__((aligned(4096)));
static struct memory memory;
static struct vmcs *vmcs;
static struct apic_page *page;
static uint8_t *bitmap;
static struct pic_pair pics;
static struct cpu c;
static bool seen[VMX_EXIT_REASONS];

static const char *reason_name(uint64_t reason)
{
	switch (pi_field_get(VMX_EXIT_REASON, reason)) {
#define VMX_ROW(number, name) \
	case number:          \
		return #name;
		VMX_EXITS(VMX_ROW)
#undef VMX_ROW
	}
	return "unknown";
}

static void tell_exit(void)
{
	static const char *const states[] = { "active", "HLT", "shutdown", "wait-for-SIPI" };

	seen[pi_field_get(VMX_EXIT_REASON, vmcs->VM_EXIT_REASON)] = true;
	printf("exit %s", reason_name(vmcs->VM_EXIT_REASON));
	if (vmcs->EXIT_QUALIFICATION)
		printf(", qualification 0x%lx", (unsigned long)vmcs->EXIT_QUALIFICATION);
	if (vmcs->VM_EXIT_INTR_INFO)
		printf(", interruption 0x%08lx", (unsigned long)vmcs->VM_EXIT_INTR_INFO);
	if (vmcs->IDT_VECTORING_INFO)
		printf(", IDT vectoring 0x%08lx", (unsigned long)vmcs->IDT_VECTORING_INFO);
	if (vmcs->GUEST_ACTIVITY_STATE)
		printf(", in %s", states[vmcs->GUEST_ACTIVITY_STATE]);
	if (vmcs->GUEST_INTR_STATUS)
		printf(", status 0x%04lx", (unsigned long)vmcs->GUEST_INTR_STATUS);
	putchar('\n');
}

/* What the guest or its surroundings did, and what came of it. */
__attribute__((format(printf, 2, 3)))
static void tell(const char *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" -> ");
	if (c.guest)
		puts(why);
	else
		tell_exit();
}

/* Virtual interrupts, NMIs exit and are virtual, nothing else exits. */
static void open_scene(const char *title, uint64_t secondary)
{
	printf("\n%s\n", title);
	memset(bytes, 0, sizeof(bytes));
	memset(&c, 0, sizeof(c));
	memory = (struct memory){ .base = bytes, .size = sizeof(bytes) };
	page = memory_take(&memory, sizeof(*page), 4096);
	bitmap = memory_take(&memory, VMX_MSR_BITMAP_SIZE, 4096);
	vmcs = memory_take(&memory, sizeof(*vmcs), 4096);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = VMX_PIN_EXT_INTR | VMX_PIN_NMI | VMX_PIN_VIRTUAL_NMI;
	vmcs->CPU_BASED_VM_EXEC_CONTROL = VMX_CPU_TPR_SHADOW | VMX_CPU_MSR_BITMAPS |
	                                  VMX_CPU_SECONDARY;
	vmcs->SECONDARY_VM_EXEC_CONTROL = secondary;
	vmcs->VM_EXIT_CONTROLS = VMX_EXIT_ACK_INTR;
	vmcs->VIRTUAL_APIC_PAGE_ADDR = memory_phys(&memory, page);
	vmcs->MSR_BITMAP = memory_phys(&memory, bitmap);
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_IF | VMX_RFLAGS_FIXED;
	c.memory = &memory;
	if (!cpu_vmptrld(&c, memory_phys(&memory, vmcs)))
		abort();
}

static void enter(const char *how)
{
	if (!cpu_vm_entry(&c, vmcs->launched) && !(vmcs->VM_EXIT_REASON & VMX_EXIT_ENTRY_FAILURE))
		abort();
	tell("guest mode", "VM entry%s%s", *how ? ", " : "", how);
}

static void boundary(void)
{
	static const char *const events[] = { [CPU_NONE] = "nothing",
		                              [CPU_DELIVER] = "handler runs",
		                              [CPU_EXIT] = "",
		                              [CPU_NMI] = "NMI handler runs",
		                              [CPU_EXCEPTION] = "exception handler runs" };
	uint8_t vector = 0;
	enum cpu_event event = cpu_boundary(&c, &vector);

	if (event == CPU_DELIVER)
		tell(events[event], "boundary, 0x%02x", vector);
	else
		tell(events[event], "boundary");
}

static void receive(enum apic_delivery_mode mode, uint8_t vector, const char *what)
{
	struct apic_msg m = { .dlm = mode, .vector = vector };

	lapic_receive(&c.lapic, &m);
	tell("waits in the local APIC", "%s arrives", what);
}

static void store(unsigned offset, uint32_t value)
{
	struct apic_msg none;

	cpu_mmio_write(&c, offset, 4, value, &none);
	tell("done", "guest stores 0x%x at 0x%03x", value, offset);
}

static void interrupts(void)
{
	open_scene("an NMI", VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_FIXED;
	enter("IF clear");
	receive(APIC_DM_NMI, 0, "an NMI");
	boundary();
	open_scene("an external interrupt in HLT, that no VMCS posts", VMX_SEC_VIRTUAL_INTR);
	enter("");
	cpu_hlt(&c);
	tell("waits", "guest halts");
	receive(APIC_DM_FIXED, 0x31, "vector 0x31");
	boundary();
	open_scene("INIT, then SIPI", VMX_SEC_VIRTUAL_INTR);
	enter("");
	receive(APIC_DM_SIPI, 0x9a, "a SIPI of 0x9a");
	boundary();
	receive(APIC_DM_INIT, 0, "an INIT");
	boundary();
	vmcs->GUEST_ACTIVITY_STATE = VMX_WAIT_SIPI;
	enter("in wait-for-SIPI");
	receive(APIC_DM_INIT, 0, "an INIT");
	boundary();
	receive(APIC_DM_SIPI, 0x9a, "a SIPI of 0x9a");
	boundary();
}

/* A device's line, through the pair to LINT0. */
static void irq(unsigned n)
{
	static const uint8_t icw[] = { 0x11, 0x20, 4, 1 };

	pic_init(&pics);
	for (unsigned i = 0; i < 4; i++)
		pic_write(&pics, PIC_MASTER_COMMAND + !!i, icw[i]);
	c.pic = &pics;
	pic_set_irq(&pics, n, true);
	lapic_pin(&c.lapic, 0, pic_intr(&pics));
	tell("LINT0 is high", "line %u of the 8259 rises", n);
}

static void older_ways(void)
{
	open_scene("an ExtINT of the 8259", VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_FIXED;
	enter("IF clear");
	irq(3);
	boundary();
	printf("in service in the 8259 -> 0x%02x\n", pics.master.isr);
	open_scene("an ExtINT that no exit acknowledges", 0);
	vmcs->VM_EXIT_CONTROLS = 0;
	enter("");
	irq(3);
	boundary();
	printf("host acknowledges -> 0x%02x\n", cpu_acknowledge(&c));
	open_scene("an ExtINT that does not exit", 0);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_FIXED;
	enter("IF clear");
	irq(3);
	boundary();
	cpu_sti(&c);
	cpu_retire(&c);
	tell("IF set", "guest executes STI and another instruction");
	boundary();
	open_scene("an SMI, then an INIT behind one", VMX_SEC_VIRTUAL_INTR);
	enter("");
	cpu_hlt(&c);
	tell("waits", "guest halts");
	receive(APIC_DM_SMI, 0, "an SMI");
	boundary();
	receive(APIC_DM_SMI, 0, "an SMI");
	receive(APIC_DM_INIT, 0, "an INIT");
	boundary();
	printf("SMIs taken: %lu\n", (unsigned long)c.smis);
}

static void windows(void)
{
	open_scene("an interrupt window, behind STI", VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= VMX_CPU_INTR_WINDOW;
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_FIXED;
	enter("IF clear");
	boundary();
	cpu_sti(&c);
	tell("IF set, blocking by STI", "guest executes STI");
	boundary();
	cpu_retire(&c);
	tell("no blocking", "guest executes another instruction");
	boundary();
	open_scene("an NMI window, behind an injected NMI", VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= VMX_CPU_NMI_WINDOW;
	vmcs->VM_ENTRY_INTR_INFO = vmx_intr_info(VMX_TYPE_NMI, VMX_NMI_VECTOR);
	enter("an NMI is injected");
	boundary();
	boundary();
	cpu_iret_to(&c, c.delivery.rflags);
	tell("virtual-NMI blocking ends", "guest executes IRET");
	boundary();
}

static void instructions(void)
{
	struct apic_msg none;
	uint64_t value;

	open_scene("HLT and MWAIT", VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= VMX_CPU_HLT | VMX_CPU_MWAIT;
	enter("");
	cpu_hlt(&c);
	tell("waits", "guest halts");
	enter("");
	cpu_mwait(&c, false);
	tell("waits", "guest executes MWAIT");
	open_scene("CR8, load and store", VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= VMX_CPU_CR8_LOAD | VMX_CPU_CR8_STORE;
	enter("");
	cpu_mov_to_cr8(&c, 4);
	tell("done", "guest moves 4 to CR8");
	enter("");
	cpu_mov_from_cr8(&c, &value);
	tell("done", "guest moves from CR8");
	open_scene("MSRs, by the bitmap", VMX_SEC_VIRTUAL_INTR | VMX_SEC_X2APIC);
	vmx_msr_exits(bitmap, APIC_X2APIC_MSR(APIC_TPR), false, true);
	vmx_msr_exits(bitmap, APIC_X2APIC_MSR(APIC_ICR), true, true);
	enter("");
	cpu_wrmsr(&c, APIC_X2APIC_MSR(APIC_TPR), 0x40, &none);
	tell("done, on the page", "guest writes 0x40 to MSR 0x808");
	cpu_rdmsr(&c, APIC_X2APIC_MSR(APIC_TPR), &value);
	tell("done, from the page", "guest reads MSR 0x808");
	enter("");
	cpu_wrmsr(&c, APIC_X2APIC_MSR(APIC_ICR), 0x41, &none);
	tell("done", "guest writes 0x41 to MSR 0x830");
}

static void apic(void)
{
	open_scene("a VM entry with interrupts injected while IF is clear", VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_FIXED;
	vmcs->VM_ENTRY_INTR_INFO = vmx_intr_info(VMX_TYPE_EXTERNAL, 0x41);
	enter("0x41 is injected");
	open_scene("a task priority below the threshold", VMX_SEC_VIRTUALIZE_APIC);
	vmcs->TPR_THRESHOLD = 5;
	apic_write(page, APIC_TPR, 0x60);
	enter("VTPR 0x60, threshold 5");
	store(APIC_TPR, 0x50);
	store(APIC_TPR, 0x4f);
	enter("");
	boundary();
	open_scene("the APIC-access page, and a delivery that meets it",
	           VMX_SEC_VIRTUALIZE_APIC | VMX_SEC_VIRTUAL_INTR);
	enter("");
	store(APIC_DIVIDE, 0xb);
	vmcs->GUEST_INTR_STATUS = 0x41;
	apic_set(page, APIC_IRR, 0x41);
	enter("RVI 0x41");
	boundary();
	cpu_delivery_exit(&c, 0xff8);
	tell("", "the stack is in the APIC-access page");
	vmcs->VM_ENTRY_INTR_INFO = vmcs->IDT_VECTORING_INFO;
	enter("0x41 is injected again");
	boundary();
	open_scene("EOI of a vector in the EOI-exit bitmap",
	           VMX_SEC_VIRTUALIZE_APIC | VMX_SEC_VIRTUAL_INTR);
	vmcs->EOI_EXIT_BITMAP1 = PI_BIT(0x41 - 64);
	vmcs->GUEST_INTR_STATUS = 0x5231;
	apic_set(page, APIC_ISR, 0x41);
	apic_set(page, APIC_ISR, 0x52);
	enter("0x52 and 0x41 in service");
	store(APIC_EOI, 0);
	store(APIC_EOI, 0);
	open_scene("writes that the page takes, and software completes",
	           VMX_SEC_VIRTUALIZE_APIC | VMX_SEC_VIRTUAL_INTR | VMX_SEC_APIC_REGISTER);
	enter("");
	store(APIC_LVT_TIMER, 0x41);
	enter("");
	store(APIC_ICR_HI, 0x01ffffff);
	store(APIC_ICR, 0x4041);
}

static int without_scene(void)
{
	int missing = 0;

#define VMX_ROW(number, name)                               \
	if (!seen[number]) {                                \
		printf("exit reason %s has no scene\n", #name); \
		missing = 1;                                \
	}
	VMX_EXITS(VMX_ROW)
#undef VMX_ROW
	return missing;
}

int main(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "exits")) {
		fputs("usage: golden_exits exits\n", stderr);
		return 2;
	}
	interrupts();
	older_ways();
	windows();
	instructions();
	apic();
	return without_scene();
}
