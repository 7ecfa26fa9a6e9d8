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
static struct pstd_memory memory;
static struct pstd_vmcs *vmcs;
static struct pstd_apic_page *page;
static uint8_t *bitmap;
static struct pstd_pic_pair pics;
static struct pstd_cpu c;
static bool seen[PSTD_VMX_EXIT_REASONS];

static const char *reason_name(uint64_t reason)
{
	switch (pstd_field_get(PSTD_VMX_EXIT_REASON, reason)) {
#define PSTD_VMX_ROW(number, name) \
	case number:               \
		return #name;
		PSTD_VMX_EXITS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
	}
	return "unknown";
}

static void tell_exit(void)
{
	static const char *const states[] = { "active", "HLT", "shutdown", "wait-for-SIPI" };

	seen[pstd_field_get(PSTD_VMX_EXIT_REASON, vmcs->VM_EXIT_REASON)] = true;
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
	memory = (struct pstd_memory){ .base = bytes, .size = sizeof(bytes) };
	page = pstd_memory_take(&memory, sizeof(*page), 4096);
	bitmap = pstd_memory_take(&memory, PSTD_VMX_MSR_BITMAP_SIZE, 4096);
	vmcs = pstd_memory_take(&memory, sizeof(*vmcs), 4096);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_NMI |
	                                  PSTD_VMX_PIN_VIRTUAL_NMI;
	vmcs->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_MSR_BITMAPS |
	                                  PSTD_VMX_CPU_SECONDARY;
	vmcs->SECONDARY_VM_EXEC_CONTROL = secondary;
	vmcs->VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR;
	vmcs->VIRTUAL_APIC_PAGE_ADDR = pstd_memory_phys(&memory, page);
	vmcs->MSR_BITMAP = pstd_memory_phys(&memory, bitmap);
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	c.memory = &memory;
	if (!pstd_cpu_vmptrld(&c, pstd_memory_phys(&memory, vmcs)))
		abort();
}

static void enter(const char *how)
{
	if (!pstd_cpu_vm_entry(&c, vmcs->launched) &&
	    !(vmcs->VM_EXIT_REASON & PSTD_VMX_EXIT_ENTRY_FAILURE))
		abort();
	tell("guest mode", "VM entry%s%s", *how ? ", " : "", how);
}

static void boundary(void)
{
	static const char *const events[] = { [PSTD_CPU_NONE] = "nothing",
		                              [PSTD_CPU_DELIVER] = "handler runs",
		                              [PSTD_CPU_EXIT] = "",
		                              [PSTD_CPU_NMI] = "NMI handler runs",
		                              [PSTD_CPU_EXCEPTION] = "exception handler runs" };
	uint8_t vector = 0;
	enum pstd_cpu_event event = pstd_cpu_boundary(&c, &vector);

	if (event == PSTD_CPU_DELIVER)
		tell(events[event], "boundary, 0x%02x", vector);
	else
		tell(events[event], "boundary");
}

static void receive(enum pstd_apic_delivery_mode mode, uint8_t vector, const char *what)
{
	struct pstd_apic_msg m = { .dlm = mode, .vector = vector };

	pstd_lapic_receive(&c.lapic, &m);
	tell("waits in the local APIC", "%s arrives", what);
}

static void store(unsigned offset, uint32_t value)
{
	struct pstd_apic_msg none;

	pstd_cpu_mmio_write(&c, offset, 4, value, &none);
	tell("done", "guest stores 0x%x at 0x%03x", value, offset);
}

static void interrupts(void)
{
	open_scene("an NMI", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	enter("IF clear");
	receive(PSTD_APIC_DM_NMI, 0, "an NMI");
	boundary();
	open_scene("an external interrupt in HLT, that no VMCS posts", PSTD_VMX_SEC_VIRTUAL_INTR);
	enter("");
	pstd_cpu_hlt(&c);
	tell("waits", "guest halts");
	receive(PSTD_APIC_DM_FIXED, 0x31, "vector 0x31");
	boundary();
	open_scene("INIT, then SIPI", PSTD_VMX_SEC_VIRTUAL_INTR);
	enter("");
	receive(PSTD_APIC_DM_SIPI, 0x9a, "a SIPI of 0x9a");
	boundary();
	receive(PSTD_APIC_DM_INIT, 0, "an INIT");
	boundary();
	vmcs->GUEST_ACTIVITY_STATE = PSTD_VMX_WAIT_SIPI;
	enter("in wait-for-SIPI");
	receive(PSTD_APIC_DM_INIT, 0, "an INIT");
	boundary();
	receive(PSTD_APIC_DM_SIPI, 0x9a, "a SIPI of 0x9a");
	boundary();
}

/* A device's line, through the pair to LINT0. */
static void irq(unsigned n)
{
	static const uint8_t icw[] = { 0x11, 0x20, 4, 1 };

	pstd_pic_init(&pics);
	for (unsigned i = 0; i < 4; i++)
		pstd_pic_write(&pics, PSTD_PIC_MASTER_COMMAND + !!i, icw[i]);
	c.pic = &pics;
	pstd_pic_set_irq(&pics, n, true);
	pstd_lapic_pin(&c.lapic, 0, pstd_pic_intr(&pics));
	tell("LINT0 is high", "line %u of the 8259 rises", n);
}

static void older_ways(void)
{
	open_scene("an ExtINT of the 8259", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	enter("IF clear");
	irq(3);
	boundary();
	printf("in service in the 8259 -> 0x%02x\n", pics.master.isr);
	open_scene("an ExtINT that no exit acknowledges", 0);
	vmcs->VM_EXIT_CONTROLS = 0;
	enter("");
	irq(3);
	boundary();
	printf("host acknowledges -> 0x%02x\n", pstd_cpu_acknowledge(&c));
	open_scene("an ExtINT that does not exit", 0);
	vmcs->PIN_BASED_VM_EXEC_CONTROL = 0;
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	enter("IF clear");
	irq(3);
	boundary();
	pstd_cpu_sti(&c);
	pstd_cpu_retire(&c);
	tell("IF set", "guest executes STI and another instruction");
	boundary();
	open_scene("an SMI, then an INIT behind one", PSTD_VMX_SEC_VIRTUAL_INTR);
	enter("");
	pstd_cpu_hlt(&c);
	tell("waits", "guest halts");
	receive(PSTD_APIC_DM_SMI, 0, "an SMI");
	boundary();
	receive(PSTD_APIC_DM_SMI, 0, "an SMI");
	receive(PSTD_APIC_DM_INIT, 0, "an INIT");
	boundary();
	printf("SMIs taken: %lu\n", (unsigned long)c.smis);
}

static void windows(void)
{
	open_scene("an interrupt window, behind STI", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_INTR_WINDOW;
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	enter("IF clear");
	boundary();
	pstd_cpu_sti(&c);
	tell("IF set, blocking by STI", "guest executes STI");
	boundary();
	pstd_cpu_retire(&c);
	tell("no blocking", "guest executes another instruction");
	boundary();
	open_scene("an NMI window, behind an injected NMI", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_NMI_WINDOW;
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, PSTD_VMX_NMI_VECTOR);
	enter("an NMI is injected");
	boundary();
	boundary();
	pstd_cpu_iret_to(&c, c.delivery.rflags);
	tell("virtual-NMI blocking ends", "guest executes IRET");
	boundary();
}

static void instructions(void)
{
	struct pstd_apic_msg none;
	uint64_t value;

	open_scene("HLT and MWAIT", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_HLT | PSTD_VMX_CPU_MWAIT;
	enter("");
	pstd_cpu_hlt(&c);
	tell("waits", "guest halts");
	enter("");
	pstd_cpu_mwait(&c, false);
	tell("waits", "guest executes MWAIT");
	open_scene("CR8, load and store", PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->CPU_BASED_VM_EXEC_CONTROL |= PSTD_VMX_CPU_CR8_LOAD | PSTD_VMX_CPU_CR8_STORE;
	enter("");
	pstd_cpu_mov_to_cr8(&c, 4);
	tell("done", "guest moves 4 to CR8");
	enter("");
	pstd_cpu_mov_from_cr8(&c, &value);
	tell("done", "guest moves from CR8");
	open_scene("MSRs, by the bitmap", PSTD_VMX_SEC_VIRTUAL_INTR | PSTD_VMX_SEC_X2APIC);
	pstd_vmx_msr_exits(bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), false, true);
	pstd_vmx_msr_exits(bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), true, true);
	enter("");
	pstd_cpu_wrmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), 0x40, &none);
	tell("done, on the page", "guest writes 0x40 to MSR 0x808");
	pstd_cpu_rdmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_TPR), &value);
	tell("done, from the page", "guest reads MSR 0x808");
	enter("");
	pstd_cpu_wrmsr(&c, PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR), 0x41, &none);
	tell("done", "guest writes 0x41 to MSR 0x830");
}

static void apic(void)
{
	open_scene("a VM entry with interrupts injected while IF is clear",
	           PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	vmcs->VM_ENTRY_INTR_INFO = pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, 0x41);
	enter("0x41 is injected");
	open_scene("a task priority below the threshold", PSTD_VMX_SEC_VIRTUALIZE_APIC);
	vmcs->TPR_THRESHOLD = 5;
	pstd_apic_write(page, PSTD_APIC_TPR, 0x60);
	enter("VTPR 0x60, threshold 5");
	store(PSTD_APIC_TPR, 0x50);
	store(PSTD_APIC_TPR, 0x4f);
	enter("");
	boundary();
	open_scene("the APIC-access page, and a delivery that meets it",
	           PSTD_VMX_SEC_VIRTUALIZE_APIC | PSTD_VMX_SEC_VIRTUAL_INTR);
	enter("");
	store(PSTD_APIC_DIVIDE, 0xb);
	vmcs->GUEST_INTR_STATUS = 0x41;
	pstd_apic_set(page, PSTD_APIC_IRR, 0x41);
	enter("RVI 0x41");
	boundary();
	pstd_cpu_delivery_exit(&c, 0xff8);
	tell("", "the stack is in the APIC-access page");
	vmcs->VM_ENTRY_INTR_INFO = vmcs->IDT_VECTORING_INFO;
	enter("0x41 is injected again");
	boundary();
	open_scene("EOI of a vector in the EOI-exit bitmap",
	           PSTD_VMX_SEC_VIRTUALIZE_APIC | PSTD_VMX_SEC_VIRTUAL_INTR);
	vmcs->EOI_EXIT_BITMAP1 = PSTD_BIT(0x41 - 64);
	vmcs->GUEST_INTR_STATUS = 0x5231;
	pstd_apic_set(page, PSTD_APIC_ISR, 0x41);
	pstd_apic_set(page, PSTD_APIC_ISR, 0x52);
	enter("0x52 and 0x41 in service");
	store(PSTD_APIC_EOI, 0);
	store(PSTD_APIC_EOI, 0);
	open_scene("writes that the page takes, and software completes",
	           PSTD_VMX_SEC_VIRTUALIZE_APIC | PSTD_VMX_SEC_VIRTUAL_INTR |
	                   PSTD_VMX_SEC_APIC_REGISTER);
	enter("");
	store(PSTD_APIC_LVT_TIMER, 0x41);
	enter("");
	store(PSTD_APIC_ICR_HI, 0x01ffffff);
	store(PSTD_APIC_ICR, 0x4041);
}

static int without_scene(void)
{
	int missing = 0;

#define PSTD_VMX_ROW(number, name)                               \
	if (!seen[number]) {                                     \
		printf("exit reason %s has no scene\n", #name); \
		missing = 1;                                \
	}
	PSTD_VMX_EXITS(PSTD_VMX_ROW)
#undef PSTD_VMX_ROW
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
