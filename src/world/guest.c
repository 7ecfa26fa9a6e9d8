/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's instructions: the letters of its program. */
#include "world/world.h"

enum pstd_cpu_outcome world_write_register(struct world_pcpu *p, struct world_vcpu *v,
                                           unsigned offset, uint64_t value,
                                           struct pstd_apic_msg *msg)
{
	uint32_t msr = PSTD_APIC_X2APIC_MSR(offset);
	enum pstd_cpu_outcome done;

	v->hyp.rcx = msr;
	v->hyp.rax = (uint32_t)value;
	v->hyp.rdx = value >> 32;
	done = world.vm.x2apic ? pstd_cpu_wrmsr(&p->cpu, msr, value, msg) :
	                         pstd_cpu_mmio_write(&p->cpu, offset, v->wide ? 8 : 4, value, msg);
	if (done == PSTD_CPU_GP || done == PSTD_CPU_THROUGH)
		explore_fail("through: a guest's write to its local APIC is not virtualized");
	return done;
}

static void send_notification(const struct pstd_apic_msg *m)
{
	if (m->vector != world.hyp.vectors.notification && m->vector != world.hyp.vectors.wakeup)
		explore_fail("misdirected: an IPI's notification is %#x", m->vector);
	else
		world_send(m->dest, m->vector, -1);
}

/* One register in x2APIC mode; else two, of which the second sends. */
static enum pstd_cpu_outcome write_icr(struct world_pcpu *p, struct world_vcpu *v,
                                       struct pstd_apic_msg *msg)
{
	uint64_t icr =
		pstd_apic_icr(world.home[WORLD_IPI], world_vector(WORLD_IPI), world.vm.x2apic);

	if (world.vm.x2apic)
		return world_write_register(p, v, PSTD_APIC_ICR, icr, msg);
	world_write_register(p, v, PSTD_APIC_ICR_HI, icr >> 32, msg);
	return world_write_register(p, v, PSTD_APIC_ICR, (uint32_t)icr, msg);
}

/*
 * True: it exited. Where it may post instead it is like a device's request: who
 * takes a descriptor away waits for it.
 */
static bool send_ipi(struct world_pcpu *p, struct world_vcpu *v)
{
	bool posts = world.vm.pid_pointers;
	enum pstd_cpu_outcome done;
	struct pstd_apic_msg m;

	world.requested[WORLD_IPI]++;
	if (posts)
		world_read_lock();
	p->cpu.vapic.coalesced = world.vcpu[world.home[WORLD_IPI]].hyp.coalesced;
	done = write_icr(p, v, &m);
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	explore_note("an IPI%s", done == PSTD_CPU_EXITED ? " exits"
	                         : done == PSTD_CPU_SEND ? " -> notification sent"
	                                                 : " -> silent");
	if (done == PSTD_CPU_SEND)
		send_notification(&m);
	if (posts)
		world_read_unlock();
	return done == PSTD_CPU_EXITED;
}

/* What the CPU does not virtualize. True: it exited. */
static bool clear_errors(struct world_pcpu *p, struct world_vcpu *v)
{
	struct pstd_apic_msg none;

	return world_write_register(p, v, PSTD_APIC_ESR, 0, &none) == PSTD_CPU_EXITED;
}

/* True: it exited. */
static bool set_priority(struct world_pcpu *p, struct world_vcpu *v, uint8_t class)
{
	bool exits = pstd_cpu_mov_to_cr8(&p->cpu, class) == PSTD_CPU_EXITED;

	v->priority = class;
	explore_note("the guest's task priority is %u%s", class, exits ? " -> exits" : "");
	return exits;
}

/* Time passes until the local APIC's timer is due. */
static void tick(struct world_pcpu *p)
{
	p->now = pstd_lapic_timer_next(&p->cpu.lapic);
	pstd_lapic_timer(&p->cpu.lapic, p->now);
}

/* What the access asks for; where a vector is anybody's, each is told from its own handlers. */
static void ask(const struct world_access *a)
{
	unsigned n = world_number(a->vector);

	for (unsigned i = 0; i < WORLD_VCPUS; i++) {
		if (!(a->targets >> i & 1))
			continue;
		if (a->vector == PSTD_VMX_NMI_VECTOR)
			world.vcpu[i].nmis++;
		else if (a->vector == PSTD_VMX_GP_VECTOR)
			world.vcpu[i].raised++;
		else
			world.requested[n]++;
		world.vcpu[i].expects += n < WORLD_VECTORS;
	}
}

static const struct world_access *next_access(struct world_vcpu *v)
{
	const struct world_access *a = v->access;

	explore_touch(&v->access, true);
	if (v->alternatives)
		a += explore_choose(v->alternatives);
	else
		v->access++;
	ask(a);
	return a;
}

static void judge_read(const struct world_access *a, uint64_t value)
{
	explore_note("reads %#llx from its local APIC's register %#x", (unsigned long long)value,
	             a->offset);
	if (a->vector != PSTD_VMX_GP_VECTOR && value != a->value)
		explore_fail("misread: register %#x is %#llx, not %#llx", a->offset,
		             (unsigned long long)value, (unsigned long long)a->value);
}

/* If it exits, what it reads is known after that. */
static enum pstd_cpu_outcome read_register(struct world_pcpu *p, struct world_vcpu *v,
                                           const struct world_access *a)
{
	uint64_t value = 0;
	enum pstd_cpu_outcome done;

	v->hyp.rcx = PSTD_APIC_X2APIC_MSR(a->offset);
	done = world.vm.x2apic ? pstd_cpu_rdmsr(&p->cpu, (uint32_t)v->hyp.rcx, &value)
	                       : pstd_cpu_mmio_read(&p->cpu, a->offset, 4, &value);
	if (done == PSTD_CPU_EXITED)
		v->reads = a;
	else
		judge_read(a, value);
	return done;
}

/* True: it exited. */
static bool access_next(struct world_pcpu *p, struct world_vcpu *v)
{
	const struct world_access *a = next_access(v);
	struct pstd_apic_msg none;

	if (a->kind == WORLD_READ)
		return read_register(p, v, a) == PSTD_CPU_EXITED;
	explore_note("writes %#llx to its local APIC's register %#x", (unsigned long long)a->value,
	             a->offset);
	return world_write_register(p, v, a->offset, a->value, &none) == PSTD_CPU_EXITED;
}

void world_end_read(struct world_vcpu *v)
{
	uint64_t high = world.vm.x2apic ? v->hyp.rdx << 32 : 0;

	if (v->reads)
		judge_read(v->reads, high | (uint32_t)v->hyp.rax);
	v->reads = NULL;
}

bool world_step(struct world_pcpu *p, struct world_vcpu *v)
{
	switch (*v->program) {
	case 'h':
		v->program++;
		return pstd_cpu_hlt(&p->cpu);
	case 'c':
		v->program++;
		v->masked = true;
		p->cpu.rflags &= ~PSTD_VMX_RFLAGS_IF;
		return pstd_cpu_hlt(&p->cpu);
	case 's':
		v->program++;
		pstd_cpu_sti(&p->cpu);
		return pstd_cpu_hlt(&p->cpu);
	case 'i':
		v->program++;
		return send_ipi(p, v);
	case 'x':
		v->program++;
		return clear_errors(p, v);
	case 'd':
		v->program++;
		pstd_cpu_cli(&p->cpu);
		return false;
	case 'e': /* STI; NOP */
		v->program++;
		pstd_cpu_sti(&p->cpu);
		pstd_cpu_retire(&p->cpu);
		return false;
	case 'p':
		v->program++;
		return set_priority(p, v, world_vector(0) >> 4);
	case 'l':
		v->program++;
		return set_priority(p, v, 0);
	case 'a':
		v->program++;
		return access_next(p, v);
	default: /* a tick, as the next event; who is preempted looks at the letter */
		tick(p);
		return false;
	}
}
