/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The operations of glue.c once more, counted, and watched: a VMCS must never be active on two
 * CPUs, which a CPU does not tell.
 */
#include "metal.h"

uint64_t twice_active;

static uint64_t active[CPUS]; /* each CPU's; 0: none */

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	this_cpu()->counts.vmreads++;
	return metal_ops.vmread(ctx, v, field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	this_cpu()->counts.vmwrites++;
	metal_ops.vmwrite(ctx, v, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	unsigned here = this_cpu()->p.index;

	pstd_exchange_seq(&active[here], vmcs);
	for (unsigned i = 0; i < CPUS; i++)
		if (i != here && pstd_load_acquire(&active[i]) == vmcs)
			pstd_count(&twice_active, 1);
	metal_ops.vmptrld(ctx, vmcs);
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	metal_ops.vmclear(ctx, vmcs);
	pstd_store_release(&active[this_cpu()->p.index], 0);
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	this_cpu()->counts.icrs += offset == PSTD_APIC_ICR;
	metal_ops.apic_write(ctx, offset, value);
}

void start_judging(void)
{
	static struct pstd_ops judged;

	judged = metal_ops;
	judged.vmread = op_vmread;
	judged.vmwrite = op_vmwrite;
	judged.vmptrld = op_vmptrld;
	judged.vmclear = op_vmclear;
	judged.apic_write = op_apic_write;
	hyp.ops = &judged;
}
