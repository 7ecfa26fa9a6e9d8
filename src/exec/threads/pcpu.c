/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's thread: pick a vCPU, load it, enter, let the guest run to the next
 * exit, handle it, and idle when there is none. In host mode interrupts are
 * taken in host_interrupts only: everywhere else they are "off" and wait in the
 * local APIC.
 */
#include "exec/threads/internal.h"
#include <stdlib.h>
#include <time.h>

_Thread_local struct pcpu *this_pcpu;

static void host_interrupts(struct pcpu *p)
{
	while (pstd_lapic_pending(&p->cpu.lapic) >= 0) {
		uint8_t vector = pstd_lapic_acknowledge(&p->cpu.lapic);

		read_lock();
		pstd_host_vector(&p->hyp, vector);
		read_unlock();
	}
}

static void check_entry(struct pcpu *p, struct vcpu *v)
{
	struct machine *m = p->machine;
	const char *found = m->on_entry ? m->on_entry(&v->hyp, &p->cpu) : NULL;

	if (found)
		machine_violated(m, found);
}

/*
 * The last step before VM entry; false: it is halted. Who kicks asks for one entry to be
 * given up.
 */
static bool ready(struct vcpu *v)
{
	bool gives_up = false;

	for (;;) {
		enum pstd_next next = pstd_vcpu_enter(&v->hyp);

		if (next == PSTD_KICKED) {
			v->seen = pstd_load_relaxed(&v->asked);
			gives_up = true;
		} else if (next == PSTD_ENTER && gives_up) {
			pstd_vcpu_cancel(&v->hyp);
			gives_up = false;
		} else {
			return next == PSTD_ENTER;
		}
	}
}

/* False: it is halted. */
static bool enter(struct pcpu *p, struct vcpu *v)
{
	if (!ready(v))
		return false;
	check_entry(p, v);
	/* If hyp would take the wrong instruction, the check has said so. */
	if (!pstd_cpu_vm_entry(&p->cpu, p->cpu.vmcs->launched))
		abort(); /* the hypervisor's own controls are against the manual's rules */
	p->cpu.vapic.coalesced = v->hyp.coalesced;
	return true;
}

static void handle_exit(struct vcpu *v)
{
	read_lock();
	pstd_vcpu_exit(&v->hyp);
	read_unlock();
}

void pcpu_trap(struct pcpu *p, struct vcpu *v)
{
	handle_exit(v);
	if (!enter(p, v))
		abort(); /* none of these halts it */
}

static void measure(struct vcpu *v, uint8_t vector)
{
	struct machine_vector *source = v->by_vector[vector];
	uint64_t raised = source ? pstd_load_relaxed(&source->stamp) : 0;

	if (!raised)
		return;
	pstd_store_relaxed(&source->stamp, 0);
	histogram_record(&v->latency, now_ns() - raised);
}

static void handler(struct pcpu *p, struct vcpu *v, uint8_t vector)
{
	measure(v, vector);
	pstd_tally(&v->handled[vector], 1);
	v->guest.ops->interrupt(&v->guest, vector);
	pstd_cpu_iret(&p->cpu);
}

/* Guests have no handler for it. */
static void nmi(struct pcpu *p, struct vcpu *v)
{
	pstd_tally(&v->handled[PSTD_VMX_NMI_VECTOR], 1);
	pstd_cpu_iret_to(&p->cpu, p->cpu.delivery.rflags);
}

void pcpu_injected(struct pcpu *p, struct vcpu *v)
{
	do {
		uint8_t vector;
		enum pstd_cpu_event event = pstd_cpu_boundary(&p->cpu, &vector);

		if (event == PSTD_CPU_DELIVER)
			handler(p, v, vector);
		else if (event == PSTD_CPU_NMI)
			nmi(p, v);
		/* A handler's EOI may exit, and come back with one more. */
	} while (p->cpu.pending & PSTD_CPU_PENDING_INJECTION);
}

/* Time passes for the local APIC's timer: only while somebody waits for this pCPU. */
static void tick(struct pcpu *p)
{
	if (atomic_load_explicit(&p->queued, memory_order_relaxed))
		pstd_lapic_timer(&p->cpu.lapic, now_ns());
}

static bool hlt_ends(struct pcpu *p)
{
	return pstd_lapic_knocked(&p->cpu.lapic) ||
	       atomic_load_explicit(&p->queued, memory_order_relaxed);
}

/*
 * A guest in HLT that does not exit keeps its pCPU: for its time slice if others
 * wait. Not by sched_yield: who yields often is put off for seconds.
 */
static void wait_in_hlt(struct pcpu *p)
{
	const struct timespec moment = { .tv_nsec = 50000 };

	if (atomic_load_explicit(&p->queued, memory_order_relaxed))
		nanosleep(&moment, NULL);
	else
		sleep_wait(p, hlt_ends);
}

/* One instruction of the guest. True: it exited. */
static bool step(struct pcpu *p, struct vcpu *v)
{
	enum guest_next next;

	pstd_tally(&p->steps, 1);
	/* Only the compiler is held back; machine_finish's fence holds back the CPU. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	next = v->guest.ops->run(&v->guest);
	pstd_store_release(&p->steps, p->steps + 1);
	if (next == GUEST_RUN)
		return false;
	if (next == GUEST_DONE)
		atomic_store_explicit(&v->done, true, memory_order_release);
	/* It exited on the way, and came back with an interrupt: this is what it halts for. */
	if (p->cpu.pending & PSTD_CPU_PENDING_INJECTION)
		return false;
	return pstd_cpu_hlt(&p->cpu);
}

/* Guest mode, from VM entry to VM exit. */
static void run_guest(struct pcpu *p, struct vcpu *v)
{
	for (;;) {
		uint8_t vector;

		switch (pstd_cpu_boundary(&p->cpu, &vector)) {
		case PSTD_CPU_EXIT:
			return;
		case PSTD_CPU_DELIVER:
			handler(p, v, vector);
			break;
		case PSTD_CPU_NMI:
			nmi(p, v);
			break;
		case PSTD_CPU_EXCEPTION:
			break; /* nobody raises them */
		case PSTD_CPU_NONE:
			if (p->cpu.activity)
				wait_in_hlt(p);
			else if (step(p, v))
				return;
		}
		tick(p);
	}
}

static void load(struct pcpu *p, struct vcpu *v)
{
	if (v->hyp.pcpu != &p->hyp)
		pstd_tally(&p->moves, 1);
	pstd_vcpu_load(&v->hyp, &p->hyp);
	atomic_store_explicit(&v->runs_on, (int)p->hyp.index, memory_order_relaxed);
	host_apic_arm(&p->cpu.lapic, now_ns() + p->machine->config.slice_us * 1000ull);
}

static void preempt(struct pcpu *p, struct vcpu *v)
{
	pstd_tally(&p->preemptions, 1);
	atomic_store_explicit(&v->runs_on, -1, memory_order_relaxed);
	pstd_vcpu_preempt(&v->hyp);
	sched_place(v);
}

/* True: it is not ours any more. */
static bool block(struct pcpu *p, struct vcpu *v)
{
	/* Once it sleeps it is not ours to say where it runs. */
	atomic_store_explicit(&v->runs_on, -1, memory_order_relaxed);
	if (pstd_vcpu_block(&v->hyp))
		return true;
	atomic_store_explicit(&v->runs_on, (int)p->hyp.index, memory_order_relaxed);
	return false;
}

/* From load until another takes the pCPU or the vCPU sleeps; v is not ours any more then. */
static void run_vcpu(struct pcpu *p, struct vcpu *v)
{
	p->hyp.resched = false;
	load(p, v);
	for (;;) {
		host_interrupts(p);
		if (p->hyp.resched) {
			preempt(p, v);
			return;
		}
		while (!enter(p, v))
			if (block(p, v))
				return;
		run_guest(p, v);
		handle_exit(v);
	}
}

static bool idle_ends(struct pcpu *p)
{
	return pstd_lapic_knocked(&p->cpu.lapic) ||
	       atomic_load_explicit(&p->queued, memory_order_relaxed) ||
	       atomic_load_explicit(&p->machine->stopping, memory_order_acquire);
}

static void idle(struct pcpu *p)
{
	sleep_wait(p, idle_ends);
	host_interrupts(p);
}

void *pcpu_main(void *pcpu)
{
	struct pcpu *p = pcpu;

	this_pcpu = p;
	read_register();
	while (!atomic_load_explicit(&p->machine->stopping, memory_order_acquire)) {
		struct vcpu *v = sched_pick(p);

		atomic_store_explicit(&p->idle, !v, memory_order_relaxed);
		if (v)
			run_vcpu(p, v);
		else
			idle(p);
	}
	read_unregister();
	return NULL;
}
