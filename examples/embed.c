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

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return vmcs[field];
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
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
	if (offset == PSTD_APIC_ICR)
		sent = (uint8_t)value;
	printf(offset == PSTD_APIC_ICR ? "  IPI %#x\n" : "  EOI\n", sent);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return (uintptr_t)p;
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
{
	printf("  vCPU %u goes on a run queue\n", v->apic_id);
}

/* Any agent that interrupts the guest, say a device's back end in another thread. */
static void post(struct pstd_vcpu *v, uint8_t vector, const char *when)
{
	printf("post %#x while the vCPU %s\n", vector, when);
	pstd_vcpu_deliver(v, vector);
}

/* VM entry, a guest, VM exit: the guest takes the interrupt that is due, and executes HLT. */
static void vm_enter(struct pstd_vcpu *v)
{
	uint8_t vector = (uint8_t)pstd_field_get(PSTD_VMX_RVI, vmcs[PSTD_VMX_GUEST_INTR_STATUS]);

	printf("  %s; the guest takes %#x\n", v->launched ? "VMRESUME" : "VMLAUNCH", vector);
	pstd_apic_clear(v->apic, PSTD_APIC_IRR, vector);
	vmcs[PSTD_VMX_GUEST_INTR_STATUS] = 0;
	if (vector == 0x41)
		post(v, 0x42, "is in guest mode");
	printf("  HLT exits\n");
	vmcs[PSTD_VMX_VM_EXIT_REASON] = PSTD_VMX_EXIT_HLT;
}

/* Where the host opens interrupts for a moment. */
static void host_interrupts(struct pstd_pcpu *p)
{
	uint8_t vector = sent;

	sent = 0;
	if (vector)
		pstd_host_vector(p, vector);
}

/* A vCPU on a pCPU, until it is preempted or sleeps. Interrupts are off. */
static void run(struct pstd_vcpu *v, struct pstd_pcpu *p)
{
	pstd_vcpu_load(v, p);
	for (;;) {
		if (p->resched) {
			pstd_vcpu_preempt(v); /* and back to the run queue */
			return;
		}
		switch (pstd_vcpu_enter(v)) {
		case PSTD_KICKED: /* by pstd_vcpu_kick: the host's own requests are served here */
			continue;
		case PSTD_BLOCK:
			if (pstd_vcpu_block(v))
				return;
			continue;
		case PSTD_ENTER:
			vm_enter(v);
		}
		pstd_vcpu_exit(v);
		host_interrupts(p);
	}
}

int main(void)
{
	static const struct pstd_ops ops = {
		.vmread = op_vmread, .vmwrite = op_vmwrite, .vmptrld = op_vmptrld,
		.vmclear = op_vmclear, .apic_write = op_apic_write, .phys = op_phys,
		.runnable = op_runnable,
	};
	static struct pstd_desc descriptor;
	static struct pstd_apic_page page;
	struct pstd_hyp hyp = { .ops = &ops, .vectors = PSTD_LINUX_VECTORS, .hlt_exiting = true };
	struct pstd_pcpu p = { .hyp = &hyp };
	struct pstd_vcpu *vcpus[1] = { 0 };
	struct pstd_vm vm = { .hyp = &hyp, .x2apic = true, .vcpus = vcpus, .vcpu_count = 1 };
	struct pstd_vcpu v = { .vm = &vm, .pid = &descriptor, .apic = &page };

	vmcs[PSTD_VMX_GUEST_RFLAGS] = PSTD_VMX_RFLAGS_IF; /* the guest's state is ours */
	if (pstd_pcpu_init(&p) || pstd_vcpu_init(&v, &p))
		return 1;
	post(&v, 0x41, "is not loaded");
	run(&v, &p);
	post(&v, 0x43, "sleeps");
	run(&v, &p);
	return v.exits[PSTD_VMX_EXIT_HLT] == 3 ? 0 : 1;
}
