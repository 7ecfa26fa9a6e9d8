/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An embedding of libposted under test: its operations reach the models of libposted-hw, a CPU
 * and a VT-d unit, which know nothing of the library and judge what it does. A device's
 * message goes through its remapping entry to a guest that runs, then to one that sleeps.
 */
#include <posted/hw/cpu.h>
#include <posted/hw/vtd.h>
#include <posted/hyp.h>
#include <stdio.h>
#include <stdlib.h>

enum { VECTOR = 0x41, GSI = 3, SID = 0x0310, INDEX = 5, ENTRIES = 64 };

static uint8_t ram[8 * 4096] __attribute__((aligned(4096)));
static struct memory memory = { .base = ram, .size = sizeof(ram) };
static struct cpu cpu = { .memory = &memory };
static struct vtd unit;
static bool woken;

#define MUST(holds) must(holds, #holds)

/* Else it says what, and which rules the last VM entry broke. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("does not hold: %s\n", what);
	for (unsigned rule = 0; rule < VMCS_RULES; rule++)
		if (cpu.broken >> rule & 1)
			printf("%s\n", vmcs_rule_demand(rule));
	exit(1);
}

/* The operations: an instruction of the CPU each. */

static uint64_t op_vmread(void *ctx, const struct hyp_vcpu *v, enum vmx_field field)
{
	return vmcs_read(cpu.vmcs, field);
}

static void op_vmwrite(void *ctx, const struct hyp_vcpu *v, enum vmx_field field, uint64_t value)
{
	vmcs_write(cpu.vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	MUST(cpu_vmptrld(&cpu, vmcs));
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	MUST(cpu_vmclear(&cpu, vmcs));
}

/* IPIs can only be for this CPU. */
static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == APIC_EOI)
		lapic_eoi(&cpu.lapic);
	else
		lapic_notify(&cpu.lapic, (uint8_t)value);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return memory_phys(&memory, p);
}

static void op_runnable(void *ctx, struct hyp_vcpu *v)
{
	woken = true;
}

/* The unit has no cache, and nobody runs beside us. */
static void op_invalidate(void *ctx, uint16_t index)
{
}

static void nothing(void *ctx)
{
}

static const struct hyp_ops ops = {
	.vmread = op_vmread, .vmwrite = op_vmwrite, .vmptrld = op_vmptrld,
	.vmclear = op_vmclear, .apic_write = op_apic_write, .phys = op_phys,
	.runnable = op_runnable, .invalidate = op_invalidate, .synchronize = nothing,
};

/* What a driver of the unit does, from reset. Returns its table of remapping entries. */
static struct irte *start_unit(void)
{
	static uint64_t fault_record[2];
	const struct vtd_config config = {
		.memory = &memory, .address_width = 46, .drain = nothing, .frcd = fault_record,
		.cap = VTD_CAP_PI | pi_field(VTD_CAP_FRO, 0x20), .ecap = VTD_ECAP_QI | VTD_ECAP_IR,
	};
	struct irte *table = memory_take(&memory, ENTRIES * sizeof(*table), 4096);

	MUST(!vtd_init(&unit, &config));
	vtd_write(&unit, VTD_IRTA, 8, memory_phys(&memory, table) | 5); /* 2^(5 + 1) entries */
	vtd_write(&unit, VTD_GCMD, 4, VTD_GCMD_SIRTP);
	vtd_write(&unit, VTD_GCMD, 4, VTD_GCMD_IRE);
	return table;
}

/* A device's message, through the unit to the descriptor, and to the CPU if it is to be told. */
static void device_raises(void)
{
	struct vtd_request_result r = vtd_request(&unit, msi_remappable(INDEX, false, 0), SID);
	struct vtd_post_result posted;

	MUST(r.kind == VTD_POST);
	posted = vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
	MUST(!posted.fault && posted.notify);
	lapic_notify(&cpu.lapic, posted.notification.vector);
	printf("the device posts %#x, and notifies by %#x\n", r.vector,
	       posted.notification.vector);
}

/* What the host's handlers do with what has arrived. */
static void host_interrupts(struct hyp_pcpu *p)
{
	while (lapic_pending(&cpu.lapic) >= 0)
		hyp_host_vector(p, lapic_acknowledge(&cpu.lapic));
}

/* In guest mode: the interrupt is delivered without an exit; EOI, IRET, HLT, which exits. */
static void run_guest(void)
{
	struct apic_msg none;
	uint8_t vector;

	MUST(cpu_boundary(&cpu, &vector) == CPU_DELIVER && vector == VECTOR);
	printf("the guest's handler of %#x runs, without an exit\n", vector);
	MUST(cpu_wrmsr(&cpu, APIC_X2APIC_MSR(APIC_EOI), 0, &none) == CPU_DONE);
	cpu_iret(&cpu);
	MUST(cpu_hlt(&cpu));
}

/* Until it sleeps. The device raises its interrupt while the guest runs, or has done so. */
static void run(struct hyp_vcpu *v, struct hyp_pcpu *p, bool raise)
{
	hyp_vcpu_load(v, p);
	for (;;) {
		if (hyp_vcpu_enter(v) == HYP_BLOCK) {
			if (hyp_vcpu_block(v))
				break;
			continue;
		}
		MUST(cpu_vm_entry(&cpu, v->launched));
		if (raise)
			device_raises();
		run_guest();
		hyp_vcpu_exit(v);
	}
	MUST(!cpu.vmcs);
	printf("the vCPU sleeps\n");
}

int main(void)
{
	struct hyp hyp = { .ops = &ops, .vectors = HYP_LINUX_VECTORS, .hlt_exiting = true };
	struct hyp_pcpu p = { .hyp = &hyp };
	struct hyp_vcpu *vcpus[1] = { 0 };
	struct hyp_route routes[GSI + 1] = { 0 };
	struct hyp_vm vm = { .hyp = &hyp, .x2apic = true, .vcpus = vcpus, .vcpu_count = 1,
	                     .routes = routes, .route_count = GSI + 1 };
	struct vmcs *vmcs = memory_take(&memory, sizeof(*vmcs), 4096);
	uint8_t *bitmap = memory_take(&memory, VMX_MSR_BITMAP_SIZE, 4096);
	struct hyp_vcpu v = { .vm = &vm, .vmcs = memory_phys(&memory, vmcs),
	                      .apic = memory_take(&memory, sizeof(struct apic_page), 4096),
	                      .pid = memory_take(&memory, sizeof(struct pi_desc), 64) };
	struct hyp_eventfd trigger = { 0 };
	struct hyp_irqfd irqfd = { .vm = &vm, .gsi = GSI, .eventfd = &trigger };
	uint64_t counts[1] = { 0 }; /* by pCPU */
	struct hyp_irq irq = { .irte = start_unit() + INDEX, .index = INDEX, .sid = SID,
	                       .trigger = &trigger, .counts = counts };
	const struct msi_msg message = msi_compat(0, VECTOR); /* as the guest programs it */

	/* The VMCS: the caller's part. */
	vmcs->CPU_BASED_VM_EXEC_CONTROL = VMX_CPU_MSR_BITMAPS;
	vmcs->MSR_BITMAP = memory_phys(&memory, bitmap);
	vmcs->GUEST_RFLAGS = VMX_RFLAGS_IF | VMX_RFLAGS_FIXED;
	hyp_msr_bitmap(&vm, bitmap);
	hyp_pcpu_init(&p);
	hyp_vcpu_init(&v, &p);

	/* A device is passed through, and may post. */
	MUST(!hyp_irq_request(&irq, &p));
	MUST(!hyp_route_set(&vm, GSI, &message));
	MUST(!hyp_irqfd_assign(&irqfd));
	MUST(!hyp_bypass_register(&irq));

	run(&v, &p, true);
	device_raises();
	host_interrupts(&p);
	MUST(woken);
	run(&v, &p, false);
	return 0;
}
