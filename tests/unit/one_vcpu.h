/* SPDX-License-Identifier: BSD-2-Clause */
/* One vCPU on the host of one_cpu.h: its memory, and all that the test fills in. */
#ifndef UNIT_ONE_VCPU_H
#define UNIT_ONE_VCPU_H

#include "one_cpu.h"
#include <string.h>

static struct {
	struct pstd_apic_page apic;
	uint8_t bitmap[PSTD_VMX_MSR_BITMAP_SIZE], access_page[4096];
	struct pstd_desc pid;
	uint64_t pid_pointers[1];
	struct pstd_vmcs vmcs;
} ram __attribute__((aligned(4096)));

static struct pstd_memory memory = { .base = (uint8_t *)&ram, .size = sizeof(ram) };
static struct pstd_cpu c;
static struct pstd_hyp hyp;
static struct pstd_pcpu p;
static struct pstd_vm vm;
static struct pstd_vcpu v, *vcpus[1];

/* All of it from reset on, but for what becomes of pCPU and vCPU: of host and VM these switches. */
static void one_vcpu_reset(struct pstd_hyp host, bool x2apic, bool ipiv)
{
	memset(&ram, 0, sizeof(ram));
	memset(&c, 0, sizeof(c));
	memset(&p, 0, sizeof(p));
	hyp = host;
	hyp.ops = &one_cpu_ops;
	hyp.ctx = &c;
	hyp.vectors = own_vectors;
	vm = (struct pstd_vm){ .hyp = &hyp, .x2apic = x2apic, .vcpus = vcpus, .vcpu_count = 1,
		               .pid_pointers = ipiv ? ram.pid_pointers : NULL };
	p.hyp = &hyp;
	v = (struct pstd_vcpu){ .vm = &vm, .pid = &ram.pid, .apic = &ram.apic,
		                .vmcs = pstd_memory_phys(&memory, &ram.vmcs) };
	ram.vmcs.GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED;
	ram.vmcs.MSR_BITMAP = pstd_memory_phys(&memory, ram.bitmap);
	ram.vmcs.APIC_ACCESS_ADDR = pstd_memory_phys(&memory, ram.access_page);
	c.memory = &memory;
	host_apic_start(&c.lapic, 0, hyp.x2apic, &own_vectors);
}

#endif
