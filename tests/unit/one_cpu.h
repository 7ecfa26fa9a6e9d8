/* SPDX-License-Identifier: BSD-2-Clause */
/* The host of a test that runs hyp/ on the real hw/: one pCPU, which is hyp.ctx. */
#ifndef UNIT_ONE_CPU_H
#define UNIT_ONE_CPU_H

#include "exec/host_apic.h"
#include "own_vectors.h"
#include <posted/hw/cpu.h>
#include <posted/hyp.h>
#include <stdio.h>
#include <stdlib.h>

static bool one_cpu_woke; /* pstd_ops.runnable was called; the test clears it */

static inline void one_cpu_must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "the library: %s\n", what);
	abort();
}

static uint64_t one_cpu_vmread(void *cpu, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	return pstd_vmcs_read(((struct pstd_cpu *)cpu)->vmcs, field);
}

static void one_cpu_vmwrite(void *cpu, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                            uint64_t value)
{
	struct pstd_cpu *c = cpu;

	one_cpu_must(!c->guest, "VMWRITE in guest mode");
	one_cpu_must(c->vmcs == pstd_memory_at(c->memory, v->vmcs, sizeof(*c->vmcs)),
	             "VMWRITE for a vCPU that is not the loaded one");
	pstd_vmcs_write(c->vmcs, field, value);
}

static void one_cpu_vmptrld(void *cpu, uint64_t vmcs)
{
	one_cpu_must(pstd_cpu_vmptrld(cpu, vmcs), "VMPTRLD of no VMCS");
}

static void one_cpu_vmclear(void *cpu, uint64_t vmcs)
{
	one_cpu_must(pstd_cpu_vmclear(cpu, vmcs), "VMCLEAR of no VMCS");
}

static void one_cpu_apic_write(void *cpu, unsigned offset, uint64_t value)
{
	struct pstd_cpu *c = cpu;
	struct pstd_apic_msg ipi;

	if (host_apic_write(&c->lapic, offset, value, &ipi))
		pstd_lapic_receive(&c->lapic, &ipi);
}

static uint64_t one_cpu_phys(void *cpu, const void *at)
{
	return pstd_memory_phys(((struct pstd_cpu *)cpu)->memory, at);
}

static void one_cpu_runnable(void *cpu, struct pstd_vcpu *v)
{
	one_cpu_woke = true;
}

/* No device, and nobody else who could be inside a read-side section. */

static void one_cpu_invalidate(void *cpu, uint16_t index)
{
}

static void one_cpu_synchronize(void *cpu)
{
}

static void one_cpu_eventfd_write(void *cpu, struct pstd_eventfd *e)
{
}

static void one_cpu_host_vector(void *cpu, struct pstd_pcpu *p, uint8_t vector)
{
	one_cpu_must(vector < OWN_FIRST_DEVICE || vector > OWN_LAST_DEVICE,
	             "a device's vector is given to the caller");
}

static const struct pstd_ops one_cpu_ops = {
	one_cpu_vmread, one_cpu_vmwrite, one_cpu_vmptrld, one_cpu_vmclear, one_cpu_apic_write,
	one_cpu_phys, one_cpu_runnable, one_cpu_invalidate, one_cpu_synchronize,
	one_cpu_eventfd_write, one_cpu_host_vector,
};

#endif
