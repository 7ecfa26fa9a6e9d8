/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's agent: what exec/threads/pcpu.c does, with guests whose instructions
 * are the letters of a program. Interrupts are on where it calls
 * host_interrupts, and wait in the local APIC elsewhere.
 */
#include "check/check.h"
#include "exec/explore/world.h"

static bool knocked(const void *p)
{
	return ((const struct world_pcpu *)p)->cpu.lapic.doorbell;
}

static bool idle_ends(const void *p)
{
	return knocked(p) || ((const struct world_pcpu *)p)->queued;
}

static void host_interrupts(struct world_pcpu *p)
{
	while (lapic_pending(&p->cpu.lapic) >= 0) {
		uint8_t vector = lapic_acknowledge(&p->cpu.lapic);

		explore_note("takes %#x in host mode", vector);
		world_read_lock();
		hyp_host_vector(&p->hyp, vector);
		world_read_unlock();
	}
}

/* Invariants at VM entry. The words are those the entry has just had to itself. */
static void judge_entry(const struct world_pcpu *p, const struct world_vcpu *v)
{
	unsigned id = v->hyp.apic_id;

	explore_look_begin();
	world_violated(check_running_sn(&v->hyp), "vCPU %u", id);
	world_violated(check_loaded(&v->hyp, &p->cpu), "vCPU %u", id);
	world_violated(check_guest_status(&v->hyp, p->cpu.vmcs), "vCPU %u", id);
	world_violated(check_host_eoi(&p->cpu.lapic), "pCPU %u", p->hyp.index);
	explore_look_end();
	if (v->masked)
		explore_fail("woken: a guest that halted with interrupts disabled is entered");
}

static void enter(struct world_pcpu *p, struct world_vcpu *v)
{
	hyp_vcpu_enter(&v->hyp);
	judge_entry(p, v);
	if (!cpu_vm_entry(&p->cpu))
		explore_fail("refused: a VM entry of vCPU %u", v->hyp.apic_id);
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	explore_note("vCPU %u is in guest mode", v->hyp.apic_id);
}

static void handle_exit(struct world_vcpu *v)
{
	world_read_lock();
	hyp_vcpu_exit(&v->hyp);
	world_read_unlock();
}

/* In x2APIC mode where it is emulated, and exits. */
static void end_interrupt(struct world_pcpu *p, struct world_vcpu *v)
{
	struct apic_msg none;

	if (!world.hyp.software_apic) {
		cpu_write_eoi(&p->cpu);
		return;
	}
	v->hyp.rcx = APIC_X2APIC_MSR(APIC_EOI);
	cpu_wrmsr(&p->cpu, APIC_X2APIC_MSR(APIC_EOI), 0, &none);
	handle_exit(v);
	enter(p, v);
}

static void handle(struct world_pcpu *p, struct world_vcpu *v, uint8_t vector)
{
	unsigned n = vector - WORLD_VECTOR;

	explore_note("the guest's handler of %#x runs", vector);
	if (n >= WORLD_VECTORS || world.home[n] != v->hyp.apic_id)
		explore_fail("misdirected: vector %#x to vCPU %u", vector, v->hyp.apic_id);
	else
		world.handled[n]++;
	end_interrupt(p, v);
	cpu_iret(&p->cpu);
}

static void send_notification(const struct apic_msg *m)
{
	if (m->vector != POSTED_INTR_VECTOR && m->vector != POSTED_INTR_WAKEUP_VECTOR)
		explore_fail("misdirected: an IPI's notification is %#x", m->vector);
	else
		world_send(m->dest, m->vector, -1);
}

/* The guest's store to its ICR, in xAPIC mode where IPIs are virtualized. True: it exited. */
static bool write_icr(struct world_pcpu *p)
{
	uint64_t icr = apic_icr(world.home[WORLD_IPI], WORLD_VECTOR + WORLD_IPI, false);
	enum cpu_outcome done;
	struct apic_msg m;

	if (world.vm.x2apic)
		return cpu_write_icr(&p->cpu, icr);
	world_read_lock();
	cpu_mmio_write(&p->cpu, APIC_ICR_HI, 4, icr >> 32, &m);
	p->cpu.vapic.coalesced = world.vcpu[world.home[WORLD_IPI]].hyp.coalesced;
	done = cpu_mmio_write(&p->cpu, APIC_ICR, 4, (uint32_t)icr, &m);
	explore_note("an IPI%s", done == CPU_EXITED ? " exits"
	                         : done == CPU_SEND ? " -> notification sent"
	                                            : " -> silent");
	if (done == CPU_SEND)
		send_notification(&m);
	world_read_unlock();
	return done == CPU_EXITED;
}

static bool send_ipi(struct world_pcpu *p, struct world_vcpu *v)
{
	bool exits;

	world.requested[WORLD_IPI]++;
	v->hyp.rcx = APIC_X2APIC_MSR(APIC_ICR);
	v->hyp.rax = WORLD_VECTOR + WORLD_IPI;
	v->hyp.rdx = world.home[WORLD_IPI];
	exits = write_icr(p);
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	return exits;
}

/* The local timer fires. */
static void tick(struct world_pcpu *p)
{
	apic_set(&p->cpu.lapic.regs, APIC_IRR, HYP_LOCAL_TIMER_VECTOR);
}

/* One instruction. True: it exited. */
static bool step(struct world_pcpu *p, struct world_vcpu *v)
{
	switch (*v->program) {
	case 'h':
		v->program++;
		return cpu_hlt(&p->cpu);
	case 'c':
		v->program++;
		v->masked = true;
		p->cpu.rflags &= ~VMX_RFLAGS_IF;
		return cpu_hlt(&p->cpu);
	case 'i':
		v->program++;
		return send_ipi(p, v);
	case 'x':
		v->hyp.rcx = 0;
		v->program++;
		return cpu_write_icr(&p->cpu, 0);
	case 'd':
		v->program++;
		cpu_cli(&p->cpu);
		return false;
	case 'e': /* STI; NOP */
		v->program++;
		cpu_sti(&p->cpu);
		cpu_retire(&p->cpu);
		return false;
	default: /* a tick, as the next event; who is preempted looks at the letter */
		tick(p);
		return false;
	}
}

/* From VM entry to VM exit. False: to the end of the schedule. */
static bool run_guest(struct world_pcpu *p, struct world_vcpu *v)
{
	uint8_t vector;

	for (;;)
		switch (cpu_boundary(&p->cpu, &vector)) {
		case CPU_DELIVER:
			handle(p, v, vector);
			break;
		case CPU_EXIT:
			vector = (uint8_t)p->cpu.vmcs->VM_EXIT_INTR_INFO;
			explore_note("exits for %#x", vector);
			world_violated(check_notification_exit(p->cpu.vmcs), "vCPU %u",
			               v->hyp.apic_id);
			return true;
		case CPU_NMI:
		case CPU_EXCEPTION:
			break; /* nobody sends them */
		case CPU_NONE:
			if (*v->program && !p->cpu.activity) {
				if (step(p, v))
					return true;
			} else if (!explore_rest(knocked, p)) {
				return false;
			}
		}
}

static void preempt(struct world_pcpu *p, struct world_vcpu *v)
{
	bool moves = *v->program && *v->program++ == 'm';

	explore_note("vCPU %u is preempted", v->hyp.apic_id);
	hyp_vcpu_preempt(&v->hyp);
	explore_touch(&v->preempted, true);
	v->preempted = true;
	world_place(moves ? &world.pcpu[!p->hyp.index] : p, v);
}

static void load(struct world_pcpu *p, struct world_vcpu *v)
{
	explore_note("vCPU %u is loaded", v->hyp.apic_id);
	explore_touch(&v->preempted, true);
	v->preempted = false;
	p->hyp.resched = false;
	hyp_vcpu_load(&v->hyp, &p->hyp);
}

/* From load until it is preempted or sleeps. False: the schedule is over. */
static bool run_vcpu(struct world_pcpu *p, struct world_vcpu *v)
{
	load(p, v);
	for (;;) {
		host_interrupts(p);
		if (p->hyp.resched) {
			preempt(p, v);
			return true;
		}
		if (v->hyp.halted && hyp_vcpu_block(&v->hyp)) {
			explore_note("vCPU %u sleeps", v->hyp.apic_id);
			return true;
		}
		enter(p, v);
		if (!run_guest(p, v))
			return false;
		handle_exit(v);
	}
}

void world_pcpu(void *pcpu)
{
	struct world_pcpu *p = pcpu;

	while (explore_rest(idle_ends, p)) {
		struct world_vcpu *v;

		explore_touch(&p->queued, false);
		host_interrupts(p);
		v = world_pick(p);
		if (v && !run_vcpu(p, v))
			return;
	}
}
