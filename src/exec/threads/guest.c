/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest program may do: each an instruction of its vCPU, or a look at its machine. */
#include "exec/threads/internal.h"
#include <string.h>
#include <time.h>

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t guest_clock(void)
{
	return now_ns();
}

void *guest_state(struct guest *g)
{
	return g->state;
}

void *guest_vm_state(struct guest *g)
{
	return g->vm_state;
}

unsigned guest_id(const struct guest *g)
{
	return g->vcpu->hyp.apic_id;
}

unsigned guest_count(const struct guest *g)
{
	return g->vcpu->vm->vcpu_count;
}

void *guest_device(struct guest *g, const char *kind, unsigned n)
{
	for (struct mapping *i = g->vcpu->vm->mappings; i; i = i->next)
		if (!strcmp(i->kind, kind) && n-- == 0)
			return i->registers;
	return NULL;
}

bool guest_stopping(const struct guest *g)
{
	return atomic_load_explicit(&g->vcpu->vm->machine->finishing, memory_order_relaxed);
}

void guest_eoi(struct guest *g)
{
	if (cpu_write_eoi(&this_pcpu->cpu))
		pcpu_trap(this_pcpu, g->vcpu);
}

void guest_ipi(struct guest *g, unsigned apic_id, uint8_t vector)
{
	struct vcpu *v = g->vcpu;
	uint64_t icr = apic_icr(apic_id, vector, v->vm->machine->config.x2apic);

	if (apic_id < v->vm->vcpu_count && vector >= APIC_FIRST_VECTOR)
		pi_count(&v->vm->vcpus[apic_id].ipis[vector], 1);
	v->hyp.rcx = APIC_X2APIC_MSR(APIC_ICR);
	v->hyp.rax = (uint32_t)icr;
	v->hyp.rdx = icr >> 32;
	if (cpu_write_icr(&this_pcpu->cpu, icr))
		pcpu_trap(this_pcpu, v);
}
