/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's agent: what exec/threads/pcpu.c does, with guests whose instructions
 * are the letters of a program. Interrupts are on where it calls
 * host_interrupts, and wait in the local APIC elsewhere.
 */
#include "check/check.h"
#include "exec/explore/world.h"
#include "exec/host_apic.h"

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
	if (p->cpu.vmcs->VM_ENTRY_INTR_INFO == vmx_intr_info(VMX_TYPE_NMI, VMX_NMI_VECTOR))
		v->masked = false;
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

/* The guest's write to a register of its local APIC, by the instruction of its mode. */
static enum cpu_outcome write_register(struct world_pcpu *p, struct world_vcpu *v, unsigned offset,
                                       uint64_t value, struct apic_msg *msg)
{
	uint32_t msr = APIC_X2APIC_MSR(offset);
	enum cpu_outcome done;

	v->hyp.rcx = msr;
	v->hyp.rax = (uint32_t)value;
	v->hyp.rdx = value >> 32;
	done = world.vm.x2apic ? cpu_wrmsr(&p->cpu, msr, value, msg) :
	                         cpu_mmio_write(&p->cpu, offset, 4, value, msg);
	if (done == CPU_GP || done == CPU_THROUGH)
		explore_fail("through: a guest's write to its local APIC is not virtualized");
	return done;
}

/* Where the local APIC is emulated it exits, and the handler goes on afterwards. */
static void end_interrupt(struct world_pcpu *p, struct world_vcpu *v)
{
	struct apic_msg none;

	if (write_register(p, v, APIC_EOI, 0, &none) != CPU_EXITED)
		return;
	handle_exit(v);
	enter(p, v);
}

static void handle(struct world_pcpu *p, struct world_vcpu *v, uint8_t vector)
{
	unsigned n = world_number(vector);

	explore_note("the guest's handler of %#x runs", vector);
	v->awake = false;
	if (n >= WORLD_VECTORS || world.home[n] != v->hyp.apic_id)
		explore_fail("misdirected: vector %#x to vCPU %u", vector, v->hyp.apic_id);
	else
		world.handled[n]++;
	if (vector >> 4 <= v->priority)
		explore_fail("early: vector %#x is handled, but the task priority is %u", vector,
		             v->priority);
	end_interrupt(p, v);
	cpu_iret(&p->cpu);
}

/* An NMI's handler begins; it is an instruction long, then IRET. */
static void begin_nmi(struct world_pcpu *p, struct world_vcpu *v)
{
	explore_note("the guest's handler of the NMI runs");
	v->awake = false;
	if (v->back)
		explore_fail("nested: an NMI in an NMI's handler");
	v->nmis_handled++;
	v->back = p->cpu.delivery.rflags;
}

static void end_nmi(struct world_pcpu *p, struct world_vcpu *v)
{
	explore_note("the guest's handler of the NMI ends");
	cpu_iret_to(&p->cpu, v->back);
	v->back = 0;
}

static void send_notification(const struct apic_msg *m)
{
	if (m->vector != POSTED_INTR_VECTOR && m->vector != POSTED_INTR_WAKEUP_VECTOR)
		explore_fail("misdirected: an IPI's notification is %#x", m->vector);
	else
		world_send(m->dest, m->vector, -1);
}

/* One register in x2APIC mode; else two, of which the second sends. */
static enum cpu_outcome write_icr(struct world_pcpu *p, struct world_vcpu *v, struct apic_msg *msg)
{
	uint64_t icr = apic_icr(world.home[WORLD_IPI], world_vector(WORLD_IPI), world.vm.x2apic);

	if (world.vm.x2apic)
		return write_register(p, v, APIC_ICR, icr, msg);
	write_register(p, v, APIC_ICR_HI, icr >> 32, msg);
	return write_register(p, v, APIC_ICR, (uint32_t)icr, msg);
}

/*
 * True: it exited. Where it may post instead it is like a device's request: who
 * takes a descriptor away waits for it.
 */
static bool send_ipi(struct world_pcpu *p, struct world_vcpu *v)
{
	bool posts = world.vm.pid_pointers;
	enum cpu_outcome done;
	struct apic_msg m;

	world.requested[WORLD_IPI]++;
	if (posts)
		world_read_lock();
	p->cpu.vapic.coalesced = world.vcpu[world.home[WORLD_IPI]].hyp.coalesced;
	done = write_icr(p, v, &m);
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	explore_note("an IPI%s", done == CPU_EXITED ? " exits"
	                         : done == CPU_SEND ? " -> notification sent"
	                                            : " -> silent");
	if (done == CPU_SEND)
		send_notification(&m);
	if (posts)
		world_read_unlock();
	return done == CPU_EXITED;
}

/* What the CPU does not virtualize. True: it exited. */
static bool clear_errors(struct world_pcpu *p, struct world_vcpu *v)
{
	struct apic_msg none;

	return write_register(p, v, APIC_ESR, 0, &none) == CPU_EXITED;
}

/* True: it exited. */
static bool set_priority(struct world_pcpu *p, struct world_vcpu *v, uint8_t class)
{
	bool exits = cpu_mov_to_cr8(&p->cpu, class) == CPU_EXITED;

	v->priority = class;
	explore_note("the guest's task priority is %u%s", class, exits ? " -> exits" : "");
	return exits;
}

/* Time passes until the local APIC's timer is due. */
static void tick(struct world_pcpu *p)
{
	p->now = lapic_timer_next(&p->cpu.lapic);
	lapic_timer(&p->cpu.lapic, p->now);
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
	case 's':
		v->program++;
		cpu_sti(&p->cpu);
		return cpu_hlt(&p->cpu);
	case 'i':
		v->program++;
		return send_ipi(p, v);
	case 'x':
		v->program++;
		return clear_errors(p, v);
	case 'd':
		v->program++;
		cpu_cli(&p->cpu);
		return false;
	case 'e': /* STI; NOP */
		v->program++;
		cpu_sti(&p->cpu);
		cpu_retire(&p->cpu);
		return false;
	case 'p':
		v->program++;
		return set_priority(p, v, world_vector(0) >> 4);
	case 'l':
		v->program++;
		return set_priority(p, v, 0);
	default: /* a tick, as the next event; who is preempted looks at the letter */
		tick(p);
		return false;
	}
}

/* At an instruction: what ended a halt has been delivered by now. */
static void judge_halt(const struct world_vcpu *v)
{
	if (v->awake)
		explore_fail("woken: a halt of vCPU %u ended with nothing to deliver",
		             v->hyp.apic_id);
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
			begin_nmi(p, v);
			break;
		case CPU_EXCEPTION:
			break; /* nobody sends them */
		case CPU_NONE:
			judge_halt(v);
			if (v->back) {
				end_nmi(p, v);
			} else if (*v->program && !p->cpu.activity) {
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
	host_apic_arm(&p->cpu.lapic, p->now + 1);
}

static bool sleeps(struct world_vcpu *v)
{
	if (!hyp_vcpu_block(&v->hyp)) {
		v->awake = true;
		return false;
	}
	explore_note("vCPU %u sleeps", v->hyp.apic_id);
	return true;
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
		if (v->hyp.halted && sleeps(v))
			return true;
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
