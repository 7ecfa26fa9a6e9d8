/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor's own part of VMX: VMX operation, and in a VMCS guest state, host state and
 * the controls that must be 1. What posting needs in it is the library's to write.
 */
#include "guest.h"

/* Fields that <posted/vmx.h> has no use for. SDM volume 3, "Field Encoding in VMCS". */
enum vmcs_field {
	VMCS_LINK_POINTER = 0x2800,
	EXCEPTION_BITMAP = 0x4004,
	PAGE_FAULT_MASK = 0x4006,
	PAGE_FAULT_MATCH = 0x4008,
	CR3_TARGET_COUNT = 0x400a,
	EXIT_MSR_STORE_COUNT = 0x400e,
	EXIT_MSR_LOAD_COUNT = 0x4010,
	ENTRY_CONTROLS = 0x4012,
	ENTRY_MSR_LOAD_COUNT = 0x4014,
	GUEST_GDTR_LIMIT = 0x4810,
	GUEST_IDTR_LIMIT = 0x4812,
	CR0_MASK = 0x6000,
	CR4_MASK = 0x6002,
	CR0_SHADOW = 0x6004,
	CR4_SHADOW = 0x6006,
	GUEST_CR0 = 0x6800,
	GUEST_CR3 = 0x6802,
	GUEST_CR4 = 0x6804,
	GUEST_GDTR_BASE = 0x6816,
	GUEST_IDTR_BASE = 0x6818,
	GUEST_DR7 = 0x681a,
	GUEST_RSP = 0x681c,
	GUEST_RIP = 0x681e,
	HOST_CR0 = 0x6c00,
	HOST_CR3 = 0x6c02,
	HOST_CR4 = 0x6c04,
	HOST_GS_BASE = 0x6c08,
	HOST_TR_BASE = 0x6c0a,
	HOST_GDTR_BASE = 0x6c0c,
	HOST_IDTR_BASE = 0x6c0e,
	HOST_RIP = 0x6c16,
};

/* Segment registers in the order of their fields. */
enum segment { ES, CS, SS, DS, FS, GS, LDTR, TR, SEGMENTS };
#define GUEST_SELECTOR(s) (0x0800 + 2 * (s))
#define GUEST_LIMIT(s) (0x4800 + 2 * (s))
#define GUEST_RIGHTS(s) (0x4814 + 2 * (s))
#define GUEST_BASE(s) (0x6806 + 2 * (s))
#define HOST_SELECTOR(s) (0x0c00 + 2 * ((s) == TR ? 6 : (s)))

enum rights {
	RIGHTS_DATA = 0xc093,
	RIGHTS_CODE64 = 0xa09b,
	RIGHTS_TASK = 0x8b,
	RIGHTS_UNUSABLE = 0x10000,
};

/* VM-exit and VM-entry controls. */
#define EXIT_HOST_64BIT PSTD_BIT(9)
#define ENTRY_GUEST_64BIT PSTD_BIT(9)
#define PAGE_FAULT 14

#define MSR_FEATURE_CONTROL 0x3au
#define MSR_VMX_CR0_FIXED0 0x486u
#define MSR_VMX_CR0_FIXED1 0x487u
#define MSR_VMX_CR4_FIXED0 0x488u
#define MSR_VMX_CR4_FIXED1 0x489u
#define MSR_VMX_ENTRY 0x490u

static struct region {
	uint32_t revision;
	uint8_t rest[4092];
} vmxon_regions[CPUS] __attribute__((aligned(4096)));

static uint64_t read_cr0(void)
{
	uint64_t value;

	__asm__ volatile("movq %%cr0, %0" : "=r"(value));
	return value;
}

static uint64_t read_cr4(void)
{
	uint64_t value;

	__asm__ volatile("movq %%cr4, %0" : "=r"(value));
	return value;
}

bool vmx_on(struct cpu *c)
{
	uint64_t cr0 = (read_cr0() | rdmsr(MSR_VMX_CR0_FIXED0)) & rdmsr(MSR_VMX_CR0_FIXED1);
	uint64_t cr4 = (read_cr4() | rdmsr(MSR_VMX_CR4_FIXED0)) & rdmsr(MSR_VMX_CR4_FIXED1);
	struct region *region = &vmxon_regions[c->p.index];
	uint64_t address = (uintptr_t)region;
	bool fails;

	if (!(rdmsr(MSR_FEATURE_CONTROL) & 1))
		wrmsr(MSR_FEATURE_CONTROL, rdmsr(MSR_FEATURE_CONTROL) | 5);
	__asm__ volatile("movq %0, %%cr0; movq %1, %%cr4" ::"r"(cr0), "r"(cr4));
	region->revision = (uint32_t)rdmsr(PSTD_VMX_MSR_BASIC);
	__asm__ volatile("vmxon %1" : "=@ccbe"(fails) : "m"(address) : "memory");
	return !fails;
}

/* What the CPU lacks of what the library takes for granted; null: nothing. */
const char *vmx_missing(void)
{
	const struct pstd_vmx_capabilities capabilities = {
		.pin = rdmsr(PSTD_VMX_MSR_TRUE_PINBASED_CTLS),
		.cpu = rdmsr(PSTD_VMX_MSR_TRUE_PROCBASED_CTLS),
		.secondary = rdmsr(PSTD_VMX_MSR_PROCBASED_CTLS2),
		.exit = rdmsr(PSTD_VMX_MSR_TRUE_EXIT_CTLS),
	};

	return pstd_controls_missing(&vm, &capabilities);
}

/* A control word of ours, with the bits that must be 1 and without those that must be 0. */
static uint64_t allowed(uint32_t msr, uint64_t wanted)
{
	uint64_t capability = rdmsr(msr);

	return (wanted | (uint32_t)capability) & capability >> 32;
}

static uint64_t own_cpu_controls(void)
{
	return allowed(PSTD_VMX_MSR_TRUE_PROCBASED_CTLS, PSTD_VMX_CPU_MSR_BITMAPS);
}

static void set_controls(void)
{
	vmwrite(PSTD_VMX_PIN_BASED_VM_EXEC_CONTROL, allowed(PSTD_VMX_MSR_TRUE_PINBASED_CTLS, 0));
	vmwrite(PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL, own_cpu_controls());
	vmwrite(PSTD_VMX_SECONDARY_VM_EXEC_CONTROL, allowed(PSTD_VMX_MSR_PROCBASED_CTLS2, 0));
	vmwrite(PSTD_VMX_VM_EXIT_CONTROLS, allowed(PSTD_VMX_MSR_TRUE_EXIT_CTLS, EXIT_HOST_64BIT));
	vmwrite(ENTRY_CONTROLS, allowed(MSR_VMX_ENTRY, ENTRY_GUEST_64BIT));
	/* Page faults exit: its stacks are mapped when they are touched. */
	vmwrite(EXCEPTION_BITMAP, PSTD_BIT(PAGE_FAULT));
	vmwrite(PAGE_FAULT_MASK, 0);
	vmwrite(PAGE_FAULT_MATCH, 0);
	vmwrite(CR3_TARGET_COUNT, 0);
	vmwrite(EXIT_MSR_STORE_COUNT, 0);
	vmwrite(EXIT_MSR_LOAD_COUNT, 0);
	vmwrite(ENTRY_MSR_LOAD_COUNT, 0);
	vmwrite(PSTD_VMX_VM_ENTRY_INTR_INFO, 0);
	vmwrite(VMCS_LINK_POINTER, ~0ull);
	vmwrite(CR0_MASK, 0);
	vmwrite(CR4_MASK, 0);
	vmwrite(PSTD_VMX_MSR_BITMAP, (uintptr_t)msr_bitmap);
	vmwrite(PSTD_VMX_APIC_ACCESS_ADDR, PSTD_APIC_BASE_DEFAULT);
	for (unsigned i = 0; i < 4; i++)
		vmwrite(PSTD_VMX_EOI_EXIT_BITMAP0 + 2 * i, 0);
}

/*
 * A word of controls written whole, as by a hypervisor that changes one of its own: those of
 * the library stay, and the windows that it has open.
 */
void vmcs_write_controls(const struct vcpu *v)
{
	struct pstd_controls c;

	pstd_controls(&vm, &c);
	vmwrite(PSTD_VMX_CPU_BASED_VM_EXEC_CONTROL,
	        (own_cpu_controls() & ~c.cpu.forbidden) | c.cpu.required | v->h.windows);
}

static void set_guest_segment(enum segment s, uint16_t selector, uint32_t limit, enum rights rights,
                              uint64_t base)
{
	vmwrite(GUEST_SELECTOR(s), selector);
	vmwrite(GUEST_LIMIT(s), limit);
	vmwrite(GUEST_RIGHTS(s), rights);
	vmwrite(GUEST_BASE(s), base);
}

static void set_guest_segments(unsigned n)
{
	set_guest_segment(CS, CODE64, ~0u, RIGHTS_CODE64, 0);
	for (enum segment s = ES; s <= GS; s++)
		if (s != CS)
			set_guest_segment(s, DATA, ~0u, RIGHTS_DATA, 0);
	vmwrite(GUEST_BASE(GS), (uintptr_t)&guests[n]);
	set_guest_segment(LDTR, 0, 0, RIGHTS_UNUSABLE, 0);
	set_guest_segment(TR, TASK, sizeof(cpus[0].task) - 1, RIGHTS_TASK, (uintptr_t)cpus[0].task);
	vmwrite(GUEST_GDTR_BASE, (uintptr_t)cpus[0].gdt);
	vmwrite(GUEST_GDTR_LIMIT, sizeof(cpus[0].gdt) - 1);
	vmwrite(GUEST_IDTR_BASE, (uintptr_t)guest_idt);
	vmwrite(GUEST_IDTR_LIMIT, sizeof(guest_idt) - 1);
}

static void set_guest_state(unsigned n, void (*program)(void))
{
	set_guest_segments(n);
	vmwrite(GUEST_CR0, read_cr0());
	vmwrite(GUEST_CR3, PAGE_TABLES);
	vmwrite(GUEST_CR4, read_cr4());
	vmwrite(CR0_SHADOW, read_cr0());
	vmwrite(CR4_SHADOW, read_cr4());
	vmwrite(GUEST_DR7, 0x400);
	vmwrite(GUEST_RSP, LAZY_STACKS + (n + 1) * LAZY_STACK - 8);
	vmwrite(GUEST_RIP, (uintptr_t)program);
	vmwrite(PSTD_VMX_GUEST_RFLAGS, PSTD_VMX_RFLAGS_FIXED | PSTD_VMX_RFLAGS_IF);
	vmwrite(PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO, 0);
	vmwrite(PSTD_VMX_GUEST_ACTIVITY_STATE, PSTD_VMX_ACTIVE);
}

static void set_host_state(void)
{
	vmwrite(HOST_SELECTOR(CS), CODE64);
	for (enum segment s = ES; s <= GS; s++)
		if (s != CS)
			vmwrite(HOST_SELECTOR(s), DATA);
	vmwrite(HOST_SELECTOR(TR), TASK);
	vmwrite(HOST_CR0, read_cr0());
	vmwrite(HOST_CR3, PAGE_TABLES);
	vmwrite(HOST_CR4, read_cr4());
	vmwrite(HOST_IDTR_BASE, (uintptr_t)host_idt);
	vmwrite(HOST_RIP, (uintptr_t)vm_exit);
}

/* What differs from CPU to CPU: written whenever the VMCS is loaded. */
void vmcs_set_host(struct cpu *c)
{
	vmwrite(HOST_GS_BASE, (uintptr_t)c);
	vmwrite(HOST_TR_BASE, (uintptr_t)c->task);
	vmwrite(HOST_GDTR_BASE, (uintptr_t)c->gdt);
}

/* All before the library loads it for the first time. */
void vmcs_init(struct vcpu *v, void (*program)(void))
{
	unsigned n = v->h.apic_id;
	struct region *region = (struct region *)(uintptr_t)v->h.vmcs;

	region->revision = (uint32_t)rdmsr(PSTD_VMX_MSR_BASIC);
	vmclear(v->h.vmcs);
	vmptrld(v->h.vmcs);
	set_controls();
	set_guest_state(n, program);
	set_host_state();
	vmclear(v->h.vmcs);
}

/*
 * The length of what exited: for an access to the APIC page there is none in the VMCS, and a
 * hypervisor decodes the instruction, where it also finds which register is written. These
 * guests have two forms: MOV [RDX], EAX, and with a prefix for RAX.
 */
static uint64_t instruction_length(void)
{
	const uint8_t *code = (const uint8_t *)vmread(GUEST_RIP);

	if ((vmread(PSTD_VMX_VM_EXIT_REASON) & PSTD_VMX_EXIT_REASON) != PSTD_VMX_EXIT_APIC_ACCESS)
		return vmread(PSTD_VMX_VM_EXIT_INSTRUCTION_LEN);
	return code[0] == 0x48 ? 3 : 2;
}

void skip_instruction(void)
{
	vmwrite(GUEST_RIP, vmread(GUEST_RIP) + instruction_length());
}
