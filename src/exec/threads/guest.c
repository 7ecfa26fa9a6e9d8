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

/* The guest's store to a register of its local APIC, as its mode has it. */
static void write_register(struct vcpu *v, unsigned offset, uint64_t value)
{
	struct machine *m = v->vm->machine;
	struct pstd_cpu *c = &this_pcpu->cpu;
	struct pstd_apic_msg msg;

	/* What an earlier exit's entry injects comes before this instruction. */
	if (c->pending & PSTD_CPU_PENDING_INJECTION)
		pcpu_injected(this_pcpu, v);
	v->hyp.rcx = PSTD_APIC_X2APIC_MSR(offset);
	v->hyp.rax = (uint32_t)value;
	v->hyp.rdx = value >> 32;
	switch (m->config.x2apic ? pstd_cpu_wrmsr(c, PSTD_APIC_X2APIC_MSR(offset), value, &msg) :
	                           pstd_cpu_mmio_write(c, offset, 4, value, &msg)) {
	case PSTD_CPU_DONE:
		break;
	case PSTD_CPU_EXITED:
		pcpu_trap(this_pcpu, v);
		break;
	case PSTD_CPU_SEND:
		bus_notify(m, &msg);
		break;
	case PSTD_CPU_GP:
	case PSTD_CPU_THROUGH:
		machine_violated(m, "a guest's write to its local APIC was not virtualized");
	}
}

void guest_eoi(struct guest *g)
{
	write_register(g->vcpu, PSTD_APIC_EOI, 0);
}

/* One access in x2APIC mode, two in xAPIC mode, of which the second sends. */
static void write_icr(struct vcpu *v, uint64_t icr)
{
	if (!v->vm->machine->config.x2apic)
		write_register(v, PSTD_APIC_ICR_HI, icr >> 32);
	write_register(v, PSTD_APIC_ICR, v->vm->machine->config.x2apic ? icr : (uint32_t)icr);
}

void guest_ipi(struct guest *g, unsigned apic_id, uint8_t vector)
{
	struct vcpu *v = g->vcpu;
	uint64_t icr = pstd_apic_icr(apic_id, vector, v->vm->machine->config.x2apic);

	if (apic_id < v->vm->vcpu_count && vector >= PSTD_APIC_FIRST_VECTOR) {
		pstd_count(&v->vm->vcpus[apic_id].ipis[vector], 1);
		/* What the CPU finds posted already merges there. */
		this_pcpu->cpu.vapic.coalesced = v->vm->hyp.vcpus[apic_id]->coalesced;
	}
	/* As a device's request: who takes a descriptor away waits for it. */
	read_lock();
	write_icr(v, icr);
	read_unlock();
	this_pcpu->cpu.vapic.coalesced = v->hyp.coalesced;
}
