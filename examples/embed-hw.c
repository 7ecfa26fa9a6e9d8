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
static struct pstd_memory memory = { .base = ram, .size = sizeof(ram) };
static struct pstd_cpu cpu = { .memory = &memory };
static struct pstd_vtd unit;
static bool woken;

#define MUST(holds) must(holds, #holds)

/* Else it says what, and which rules the last VM entry broke. */
static void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("does not hold: %s\n", what);
	for (unsigned rule = 0; rule < PSTD_VMCS_RULES; rule++)
		if (cpu.broken >> rule & 1)
			printf("%s\n", pstd_vmcs_rule_demand(rule));
	exit(1);
}

/* The operations: an instruction of the CPU each. */

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return pstd_vmcs_read(cpu.vmcs, field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	pstd_vmcs_write(cpu.vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	MUST(pstd_cpu_vmptrld(&cpu, vmcs));
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	MUST(pstd_cpu_vmclear(&cpu, vmcs));
}

/* IPIs can only be for this CPU. */
static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == PSTD_APIC_EOI)
		pstd_lapic_eoi(&cpu.lapic);
	else
		pstd_lapic_notify(&cpu.lapic, (uint8_t)value);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return pstd_memory_phys(&memory, p);
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
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

static const struct pstd_ops ops = {
	.vmread = op_vmread, .vmwrite = op_vmwrite, .vmptrld = op_vmptrld,
	.vmclear = op_vmclear, .apic_write = op_apic_write, .phys = op_phys,
	.runnable = op_runnable, .invalidate = op_invalidate, .synchronize = nothing,
};

/* What a driver of the unit does, from reset. Returns its table of remapping entries. */
static struct pstd_irte *start_unit(void)
{
	static uint64_t fault_record[2];
	const struct pstd_vtd_config config = {
		.memory = &memory, .address_width = 46, .drain = nothing, .frcd = fault_record,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR,
	};
	struct pstd_irte *table = pstd_memory_take(&memory, ENTRIES * sizeof(*table), 4096);

	MUST(!pstd_vtd_init(&unit, &config));
	/* 2^(5 + 1) entries */
	pstd_vtd_write(&unit, PSTD_VTD_IRTA, 8, pstd_memory_phys(&memory, table) | 5);
	pstd_vtd_write(&unit, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_SIRTP);
	pstd_vtd_write(&unit, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_IRE);
	return table;
}

/* A device's message, through the unit to the descriptor, and to the CPU if it is to be told. */
static void device_raises(void)
{
	struct pstd_vtd_request_result r =
		pstd_vtd_request(&unit, pstd_msi_remappable(INDEX, false, 0), SID);
	struct pstd_vtd_post_result posted;

	MUST(r.kind == PSTD_VTD_POST);
	posted = pstd_vtd_post(r.pid, r.vector, r.urgent, r.x2apic);
	MUST(!posted.fault && posted.notify);
	pstd_lapic_notify(&cpu.lapic, posted.notification.vector);
	printf("the device posts %#x, and notifies by %#x\n", r.vector,
	       posted.notification.vector);
}

/* What the host's handlers do with what has arrived. */
static void host_interrupts(struct pstd_pcpu *p)
{
	while (pstd_lapic_pending(&cpu.lapic) >= 0)
		pstd_host_vector(p, pstd_lapic_acknowledge(&cpu.lapic));
}

/* In guest mode: the interrupt is delivered without an exit; EOI, IRET, HLT, which exits. */
static void run_guest(void)
{
	struct pstd_apic_msg none;
	uint8_t vector;

	MUST(pstd_cpu_boundary(&cpu, &vector) == PSTD_CPU_DELIVER && vector == VECTOR);
	printf("the guest's handler of %#x runs, without an exit\n", vector);
	MUST(pstd_cpu_wrmsr(&cpu, PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0, &none) == PSTD_CPU_DONE);
	pstd_cpu_iret(&cpu);
	MUST(pstd_cpu_hlt(&cpu));
}

/* Until it sleeps. The device raises its interrupt while the guest runs, or has done so. */
static void run(struct pstd_vcpu *v, struct pstd_pcpu *p, bool raise)
{
	pstd_vcpu_load(v, p);
	for (;;) {
		if (pstd_vcpu_enter(v) == PSTD_BLOCK) {
			if (pstd_vcpu_block(v))
				break;
			continue;
		}
		MUST(pstd_cpu_vm_entry(&cpu, v->launched));
		if (raise)
			device_raises();
		run_guest();
		pstd_vcpu_exit(v);
	}
	MUST(!cpu.vmcs);
	printf("the vCPU sleeps\n");
}

int main(void)
{
	struct pstd_hyp hyp = { .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .hlt_exiting = true };
	struct pstd_pcpu p = { .hyp = &hyp };
	struct pstd_vcpu *vcpus[1] = { 0 };
	struct pstd_route routes[GSI + 1] = { 0 };
	struct pstd_vm vm = { .hyp = &hyp, .x2apic = true, .vcpus = vcpus, .vcpu_count = 1,
	                      .routes = routes, .route_count = GSI + 1 };
	struct pstd_vmcs *vmcs = pstd_memory_take(&memory, sizeof(*vmcs), 4096);
	uint8_t *bitmap = pstd_memory_take(&memory, PSTD_VMX_MSR_BITMAP_SIZE, 4096);
	struct pstd_vcpu v = {
		.vm = &vm,
		.vmcs = pstd_memory_phys(&memory, vmcs),
		.apic = pstd_memory_take(&memory, sizeof(struct pstd_apic_page), 4096),
		.pid = pstd_memory_take(&memory, sizeof(struct pstd_desc), 64),
	};
	struct pstd_eventfd trigger = { 0 };
	struct pstd_irqfd irqfd = { .vm = &vm, .gsi = GSI, .eventfd = &trigger };
	uint64_t counts[1] = { 0 }; /* by pCPU */
	struct pstd_irq irq = { .irte = start_unit() + INDEX, .index = INDEX, .sid = SID,
	                        .trigger = &trigger, .counts = counts };
	/* as the guest programs it */
	const struct pstd_msi_msg message = pstd_msi_compat(0, VECTOR);

	/* The VMCS: the caller's part. */
	vmcs->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_MSR_BITMAPS;
	vmcs->MSR_BITMAP = pstd_memory_phys(&memory, bitmap);
	vmcs->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	pstd_msr_bitmap(&vm, bitmap);
	MUST(!pstd_pcpu_init(&p));
	MUST(!pstd_vcpu_init(&v, &p));

	/* A device is passed through, and may post. */
	MUST(!pstd_irq_request(&irq, &p));
	MUST(!pstd_route_set(&vm, GSI, &message));
	MUST(!pstd_irqfd_assign(&irqfd));
	MUST(!pstd_bypass_register(&irq));

	run(&v, &p, true);
	device_raises();
	host_interrupts(&p);
	MUST(woken);
	run(&v, &p, false);
	return 0;
}
