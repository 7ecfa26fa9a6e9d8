/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hypervisor without hardware: one vCPU's life with libposted, for reading. Its VMCS is an
 * array, VM entry and exit are a function, and what would go to hardware is printed. What is
 * left out here, and on the metal cannot be, is in metal/.
 */
#include <posted/hyp.h>
#include <stdio.h>

static uint64_t vmcs[0x7000]; /* by the fields' encoding */
static uint8_t sent;          /* the last IPI, until it arrives; 0: none */

/* What the library asks of the host. No device here: the other operations are never asked for. */

static uint64_t op_vmread(void *ctx, const struct hyp_vcpu *v, enum vmx_field field)
{
	return vmcs[field];
}

static void op_vmwrite(void *ctx, const struct hyp_vcpu *v, enum vmx_field field, uint64_t value)
{
	vmcs[field] = value;
}

static void op_vmptrld(void *ctx, uint64_t address)
{
	printf("  VMPTRLD\n");
}

static void op_vmclear(void *ctx, uint64_t address)
{
	printf("  VMCLEAR\n");
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	if (offset == APIC_ICR)
		sent = (uint8_t)value;
	printf(offset == APIC_ICR ? "  IPI %#x\n" : "  EOI\n", sent);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return (uintptr_t)p;
}

static void op_runnable(void *ctx, struct hyp_vcpu *v)
{
	printf("  vCPU %u goes on a run queue\n", v->apic_id);
}

/* Any agent that interrupts the guest, say a device's back end in another thread. */
static void post(struct hyp_vcpu *v, uint8_t vector, const char *when)
{
	printf("post %#x while the vCPU %s\n", vector, when);
	hyp_vcpu_deliver(v, vector);
}

/* VM entry, a guest, VM exit: the guest takes the interrupt that is due, and executes HLT. */
static void vm_enter(struct hyp_vcpu *v)
{
	uint8_t vector = (uint8_t)pi_field_get(VMX_RVI, vmcs[VMX_GUEST_INTR_STATUS]);

	printf("  %s; the guest takes %#x\n", v->launched ? "VMRESUME" : "VMLAUNCH", vector);
	apic_clear(v->apic, APIC_IRR, vector);
	vmcs[VMX_GUEST_INTR_STATUS] = 0;
	if (vector == 0x41)
		post(v, 0x42, "is in guest mode");
	printf("  HLT exits\n");
	vmcs[VMX_VM_EXIT_REASON] = VMX_EXIT_HLT;
}

/* Where the host opens interrupts for a moment. */
static void host_interrupts(struct hyp_pcpu *p)
{
	uint8_t vector = sent;

	sent = 0;
	if (vector)
		hyp_host_vector(p, vector);
}

/* A vCPU on a pCPU, until it is preempted or sleeps. Interrupts are off. */
static void run(struct hyp_vcpu *v, struct hyp_pcpu *p)
{
	hyp_vcpu_load(v, p);
	for (;;) {
		if (p->resched) {
			hyp_vcpu_preempt(v); /* and back to the run queue */
			return;
		}
		switch (hyp_vcpu_enter(v)) {
		case HYP_KICKED: /* by hyp_vcpu_kick: the host's own requests are served here */
			continue;
		case HYP_BLOCK:
			if (hyp_vcpu_block(v))
				return;
			continue;
		case HYP_ENTER:
			vm_enter(v);
		}
		hyp_vcpu_exit(v);
		host_interrupts(p);
	}
}

int main(void)
{
	static const struct hyp_ops ops = {
		.vmread = op_vmread, .vmwrite = op_vmwrite, .vmptrld = op_vmptrld,
		.vmclear = op_vmclear, .apic_write = op_apic_write, .phys = op_phys,
		.runnable = op_runnable,
	};
	static struct pi_desc descriptor;
	static struct apic_page page;
	struct hyp hyp = { .ops = &ops, .vectors = HYP_LINUX_VECTORS, .hlt_exiting = true };
	struct hyp_pcpu p = { .hyp = &hyp };
	struct hyp_vcpu *vcpus[1] = { 0 };
	struct hyp_vm vm = { .hyp = &hyp, .x2apic = true, .vcpus = vcpus, .vcpu_count = 1 };
	struct hyp_vcpu v = { .vm = &vm, .pid = &descriptor, .apic = &page };

	vmcs[VMX_GUEST_RFLAGS] = VMX_RFLAGS_IF; /* the guest's state is ours */
	hyp_pcpu_init(&p);
	hyp_vcpu_init(&v, &p);
	post(&v, 0x41, "is not loaded");
	run(&v, &p);
	post(&v, 0x43, "sleeps");
	run(&v, &p);
	return v.exits[VMX_EXIT_HLT] == 3 ? 0 : 1;
}
