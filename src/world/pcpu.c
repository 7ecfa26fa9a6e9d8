/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's agent: what exec/threads/pcpu.c does, with guests whose instructions
 * are the letters of a program. Interrupts are on where it calls
 * host_interrupts, and wait in the local APIC elsewhere.
 */
#include "check/check.h"
#include "world/world.h"
#include "exec/host_apic.h"

static bool knocked(const void *p)
{
	return ((const struct world_pcpu *)p)->cpu.lapic.doorbell;
}

static bool idle_ends(const void *p)
{
	return knocked(p) || ((const struct world_pcpu *)p)->queued;
}

/*
 * SDM, "Spurious Interrupt": the host raises its task priority as the CPU is about to
 * acknowledge, so that nothing may be delivered any more; and lowers it afterwards.
 */
static uint8_t acknowledge(struct world_pcpu *p)
{
	struct pstd_lapic *l = &p->cpu.lapic;
	struct pstd_apic_msg none;
	uint8_t vector;

	if (!p->masks || !explore_choose(2))
		return pstd_lapic_inta(l);
	p->masks = false;
	host_apic_write(l, PSTD_APIC_TPR, 0xff, &none);
	vector = pstd_lapic_inta(l);
	host_apic_write(l, PSTD_APIC_TPR, 0, &none);
	return vector;
}

static void host_interrupts(struct world_pcpu *p)
{
	while (pstd_lapic_pending(&p->cpu.lapic) >= 0) {
		uint8_t vector = acknowledge(p);

		explore_note("takes %#x in host mode", vector);
		world_read_lock();
		pstd_host_vector(&p->hyp, vector);
		world_read_unlock();
	}
}

/* Its own, also if another is loaded, or none. */
static struct pstd_vmcs *vmcs_of(const struct world_vcpu *v)
{
	return &world.physical.vmcs[v->hyp.apic_id];
}

/* Invariants at VM entry. The words are those the entry has just had to itself. */
static void judge_entry(const struct world_pcpu *p, const struct world_vcpu *v)
{
	unsigned id = v->hyp.apic_id;

	explore_look_begin();
	world_violated(check_running_sn(&v->hyp), "vCPU %u", id);
	world_violated(check_loaded(&v->hyp, &p->cpu), "vCPU %u", id);
	world_violated(check_guest_status(&v->hyp, vmcs_of(v)), "vCPU %u", id);
	world_violated(check_host_eoi(&p->cpu.lapic), "pCPU %u", p->hyp.index);
	explore_look_end();
	if (v->masked)
		explore_fail("woken: a guest that halted with interrupts disabled is entered");
}

/* An event of the caller's own, at any entry that has none, where interrupts are enabled. */
static void inject(struct pstd_vmcs *s, struct world_vcpu *v)
{
	const struct world_event *e;
	unsigned chosen;

	if (!v->events || (s->VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID) ||
	    !(s->GUEST_RFLAGS & PSTD_VMX_RFLAGS_IF))
		return;
	chosen = explore_choose(v->events + 1);
	if (!chosen)
		return;
	e = &v->event[chosen - 1];
	explore_note("the caller injects vector %#x", (uint8_t)e->info);
	s->VM_ENTRY_INTR_INFO = e->info;
	s->VM_ENTRY_EXCEPTION_ERROR_CODE = e->error_code;
	s->VM_ENTRY_INSTRUCTION_LEN = e->length;
	v->raised++;
	v->events = 0;
}

/* Guest state is wrong at times, through the caller's fault: true if the entry failed. */
static bool entry_fails(struct world_pcpu *p, struct world_vcpu *v)
{
	struct pstd_vmcs *s = p->cpu.vmcs;

	if (!v->fails || !explore_choose(2))
		return false;
	v->fails--;
	explore_note("the VM entry fails");
	s->GUEST_INTERRUPTIBILITY_INFO |= PSTD_BIT(31);
	if (pstd_cpu_vm_entry(&p->cpu, v->hyp.launched))
		explore_fail("accepted: a VM entry with bad guest state");
	s->GUEST_INTERRUPTIBILITY_INFO &= ~PSTD_BIT(31);
	return true;
}

/* What was asked by whoever kicked. */
static void see(struct world_vcpu *v)
{
	explore_note("vCPU %u was kicked", v->hyp.apic_id);
	for (unsigned i = 0; i < 2; i++)
		v->seen[i] = pstd_load_relaxed(&v->asked[i]);
}

/* The last step before VM entry; false: it is halted. */
static bool ready(struct world_vcpu *v)
{
	enum pstd_next next;

	if (!v->hyp.halted)
		inject(vmcs_of(v), v);
	while ((next = pstd_vcpu_enter(&v->hyp)) == PSTD_KICKED)
		see(v);
	return next == PSTD_ENTER;
}

/* The caller has something else to do first. */
static bool gives_up(struct world_vcpu *v)
{
	unsigned chosen = v->gives_up ? explore_choose(v->halts ? 3 : 2) : 0;

	if (!chosen)
		return false;
	v->gives_up--;
	pstd_vcpu_cancel(&v->hyp);
	v->hyp.halted = chosen == 2;
	explore_note("the VM entry is given up%s", v->hyp.halted ? ", and the vCPU halts" : "");
	return true;
}

/* False: it failed. */
static bool try_enter(struct world_pcpu *p, struct world_vcpu *v)
{
	if (vmcs_of(v)->VM_ENTRY_INTR_INFO ==
	    pstd_vmx_intr_info(PSTD_VMX_TYPE_NMI, PSTD_VMX_NMI_VECTOR))
		v->masked = false;
	judge_entry(p, v);
	if (entry_fails(p, v))
		return false;
	if (!pstd_cpu_vm_entry(&p->cpu, v->hyp.launched))
		explore_fail("refused: a VM entry of vCPU %u", v->hyp.apic_id);
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	explore_note("vCPU %u is in guest mode", v->hyp.apic_id);
	return true;
}

static void handle_exit(struct world_vcpu *v)
{
	world_read_lock();
	pstd_vcpu_exit(&v->hyp);
	world_read_unlock();
	world_end_read(v);
}

/* False: it is halted. */
static bool enter(struct world_pcpu *p, struct world_vcpu *v)
{
	while (ready(v)) {
		if (gives_up(v))
			continue;
		if (try_enter(p, v))
			return true;
		handle_exit(v);
	}
	return false;
}

/* Where the local APIC is emulated it exits, and the handler goes on afterwards. */
static void end_interrupt(struct world_pcpu *p, struct world_vcpu *v)
{
	struct pstd_apic_msg none;

	if (world_write_register(p, v, PSTD_APIC_EOI, 0, &none) != PSTD_CPU_EXITED)
		return;
	handle_exit(v);
	if (!enter(p, v))
		explore_fail("halted: vCPU %u, by an access to its local APIC", v->hyp.apic_id);
}

static void handle(struct world_pcpu *p, struct world_vcpu *v, uint8_t vector)
{
	unsigned n = world_number(vector);

	explore_note("the guest's handler of %#x runs", vector);
	v->awake = false;
	if (n >= WORLD_VECTORS ||
	    (world.home[n] != v->hyp.apic_id && world.home[n] != WORLD_ANYBODY))
		explore_fail("misdirected: vector %#x to vCPU %u", vector, v->hyp.apic_id);
	else
		world.handled[n]++;
	v->took++;
	if (vector >> 4 <= v->priority)
		explore_fail("early: vector %#x is handled, but the task priority is %u", vector,
		             v->priority);
	end_interrupt(p, v);
	pstd_cpu_iret(&p->cpu);
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
	pstd_cpu_iret_to(&p->cpu, v->back);
	v->back = 0;
}

/* Of the caller's event, or the guest's own #GP: IRET ends it, nobody waits for an EOI. */
static void handle_event(struct world_pcpu *p, struct world_vcpu *v)
{
	uint32_t info = p->cpu.delivery.info;

	explore_note("the guest's handler of %#x runs", (uint8_t)info);
	v->awake = false;
	v->caught++;
	if ((info & PSTD_VMX_INTR_ERROR_CODE) && (uint8_t)info == WORLD_EXCEPTION &&
	    p->cpu.delivery.error_code != WORLD_ERROR_CODE)
		explore_fail("changed: an exception's error code is %#x",
		             p->cpu.delivery.error_code);
	pstd_cpu_iret_to(&p->cpu, p->cpu.delivery.rflags);
}

/*
 * The delivery meets an exit on its way, as at a page of the guest's stack that is not
 * there. The event might have been the guest's own: of the entry's fields nothing is left.
 */
static bool cut_short(struct world_pcpu *p, struct world_vcpu *v)
{
	if (!v->cuts || !explore_choose(2))
		return false;
	v->cuts--;
	explore_note("exits in the delivery of %#x", (uint8_t)p->cpu.delivery.info);
	pstd_cpu_delivery_exit(&p->cpu, 0);
	p->cpu.vmcs->VM_ENTRY_EXCEPTION_ERROR_CODE = 0;
	p->cpu.vmcs->VM_ENTRY_INSTRUCTION_LEN = 0;
	return true;
}

/* True: its handler ran, or began; false: an exit cut it short. */
static bool deliver(struct world_pcpu *p, struct world_vcpu *v, enum pstd_cpu_event event,
                    uint8_t vector)
{
	if (cut_short(p, v))
		return false;
	if (event == PSTD_CPU_NMI)
		begin_nmi(p, v);
	else if (event == PSTD_CPU_EXCEPTION || vector == WORLD_EXTINT)
		handle_event(p, v);
	else
		handle(p, v, vector);
	return true;
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
	enum pstd_cpu_event event;
	uint8_t vector;

	for (;;)
		switch (event = pstd_cpu_boundary(&p->cpu, &vector)) {
		case PSTD_CPU_DELIVER:
		case PSTD_CPU_NMI:
		case PSTD_CPU_EXCEPTION:
			if (!deliver(p, v, event, vector))
				return true;
			break;
		case PSTD_CPU_EXIT:
			vector = (uint8_t)p->cpu.vmcs->VM_EXIT_INTR_INFO;
			explore_note("exits for %#x", vector);
			world_violated(check_notification_exit(&v->hyp, p->cpu.vmcs), "vCPU %u",
			               v->hyp.apic_id);
			return true;
		case PSTD_CPU_NONE:
			judge_halt(v);
			if (v->back) {
				end_nmi(p, v);
			} else if (*v->program && !p->cpu.activity) {
				if (world_step(p, v))
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
	pstd_vcpu_preempt(&v->hyp);
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
	pstd_vcpu_load(&v->hyp, &p->hyp);
	host_apic_arm(&p->cpu.lapic, p->now + 1);
}

static bool sleeps(struct world_vcpu *v)
{
	if (!pstd_vcpu_block(&v->hyp)) {
		v->awake = !v->hyp.halted;
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
		while (!enter(p, v))
			if (sleeps(v))
				return true;
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
