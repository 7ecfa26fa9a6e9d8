/* SPDX-License-Identifier: BSD-2-Clause */
/* The machine as the hypervisor asks for it: one function for each of pstd_ops. */
#include "exec/threads/internal.h"
#include <unistd.h>

static void violated(struct machine *m, const char *operation, enum demand demand)
{
	char who[32] = "a thread that is no pCPU";

	if (atomic_flag_test_and_set(&m->undue))
		return;
	if (this_pcpu)
		snprintf(who, sizeof(who), "pCPU %u", this_pcpu->hyp.index);
	demand_text(m->undue_text, who, operation, demand);
	machine_violated(m, m->undue_text);
}

/* hyp/'s callers keep to what posted/hyp.h asks of them, or the machine says who did not. */
static bool demand(struct machine *m, bool holds, const char *operation, enum demand demand)
{
	if (__builtin_expect(!holds, false))
		violated(m, operation, demand);
	return holds;
}

static bool is_loaded(const struct pstd_vcpu *v)
{
	return this_pcpu && this_pcpu->loaded == v->vmcs;
}

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	if (!demand(ctx, is_loaded(v), "VMREAD", DEMAND_LOADED))
		return 0;
	return pstd_vmcs_read(this_pcpu->cpu.vmcs, field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	if (demand(ctx, is_loaded(v), "VMWRITE", DEMAND_LOADED))
		pstd_vmcs_write(this_pcpu->cpu.vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	demand(ctx, !pstd_cpu_active_elsewhere(&this_pcpu->cpu, vmcs), "VMPTRLD", DEMAND_ALONE);
	if (pstd_cpu_vmptrld(&this_pcpu->cpu, vmcs))
		this_pcpu->loaded = vmcs;
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	demand(ctx, !pstd_cpu_active_elsewhere(&this_pcpu->cpu, vmcs), "VMCLEAR", DEMAND_ALONE);
	if (pstd_cpu_vmclear(&this_pcpu->cpu, vmcs))
		this_pcpu->loaded = 0;
}

/* A thread that is no pCPU may send IPIs: on a real host it would run on one. */
static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	struct machine *m = ctx;
	struct pstd_apic_msg ipi = pstd_apic_icr_message(value, m->config.x2apic);

	demand(m, this_pcpu || read_inside(), "an IPI", DEMAND_SECTION);
	if (!this_pcpu || host_apic_write(&this_pcpu->cpu.lapic, offset, value, &ipi))
		bus_notify(m, &ipi);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	struct machine *m = ctx;

	return pstd_memory_phys(&m->memory, p);
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
{
	struct machine *m = ctx;

	demand(m, this_pcpu || read_inside(), "a wake-up", DEMAND_SECTION);
	atomic_fetch_add_explicit(&m->wakeups, 1, memory_order_relaxed);
	sched_place(vcpu_of(v));
}

static void op_invalidate(void *ctx, uint16_t index)
{
	struct machine *m = ctx;

	demand(m, control_holds(m), "an invalidation", DEMAND_CONTROL);
	if (!iommu_invalidate(&m->vectors[index]->unit->iommu, index))
		machine_violated(m, "a VT-d unit did not complete an invalidation");
}

static void op_synchronize(void *ctx)
{
	demand(ctx, control_holds(ctx), "a wait for readers", DEMAND_CONTROL);
	read_synchronize();
}

static void op_eventfd_write(void *ctx, struct pstd_eventfd *e)
{
	struct machine_vector *v =
		(struct machine_vector *)((char *)e - offsetof(struct machine_vector, eventfd));
	struct machine *m = ctx;
	uint64_t one = 1;

	/* Not user space's: the host's own handler. */
	if (e == &m->fault_event) {
		units_take_faults(m);
		return;
	}
	/* It cannot block: the counter is read long before it comes near its limit. */
	if (write(v->fd, &one, sizeof(one)) != sizeof(one))
		atomic_fetch_add_explicit(&m->faults, 1, memory_order_relaxed);
}

const struct pstd_ops machine_hyp_ops = {
	.vmread = op_vmread,
	.vmwrite = op_vmwrite,
	.vmptrld = op_vmptrld,
	.vmclear = op_vmclear,
	.apic_write = op_apic_write,
	.phys = op_phys,
	.runnable = op_runnable,
	.invalidate = op_invalidate,
	.synchronize = op_synchronize,
	.eventfd_write = op_eventfd_write,
};
