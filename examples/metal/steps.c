/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Single steps: CPU 0 runs one vCPU, and the sender does one thing to it, a while after it was
 * asked to. So it is known in which state the vCPU was.
 */
#include "guest.h"

enum { VECTOR = 0x61, LOWER_VECTOR = 0x51, A_WHILE = 2000 };

/* What the sender is to do, and what it took. */
static struct {
	void (*deed)(void);
	uint64_t done, over; /* the deed; the step */
	uint64_t ran; /* CPU 1 has run the vCPU */
	bool to_its_end; /* of the program, there */
	uint64_t icrs; /* ICR writes of the deed */
} order;

/* Deeds. */

static void nothing(void)
{
}

static void post(void)
{
	pstd_vcpu_deliver(&vcpus[0].h, VECTOR);
}

static void post_lower(void)
{
	pstd_vcpu_deliver(&vcpus[0].h, LOWER_VECTOR);
}

static void post_two(void)
{
	post();
	post_lower();
}

static void send_nmi(void)
{
	pstd_vcpu_nmi(&vcpus[0].h);
}

static void post_and_nmi(void)
{
	post();
	send_nmi();
}

static void raise_device(void)
{
	device_raise(0);
}

static void reschedule(void)
{
	send_ipi(0, hyp.vectors.reschedule);
}

static void ask_to_stop(void)
{
	ask(&vcpus[0], REQUEST_STOP);
}

/* The sender. If the vCPU misses what was sent, it is told to stop. */
static void carry_out(struct cpu *c)
{
	uint64_t flags;

	if (c != &cpus[SENDER])
		return;
	spin(A_WHILE);
	flags = irq_save();
	order.icrs = c->counts.icrs;
	order.deed();
	order.icrs = c->counts.icrs - order.icrs;
	irq_restore(flags);
	pstd_store_release(&order.done, 1);
	if (!comes_to(&order.over, 1))
		ask_to_stop();
	must_come_to(&order.over, 1, "a vCPU can be told to stop");
}

static void start_deed(void (*deed)(void))
{
	order.deed = deed;
	order.done = order.over = 0;
	start_job(carry_out);
}

static void await_deed(void)
{
	while (!pstd_load_acquire(&order.done))
		pause();
}

static void end_deed(void)
{
	pstd_store_release(&order.over, 1);
	join_job();
}

static uint64_t handled(unsigned vector)
{
	return guests[0].handled[vector];
}

static uint64_t exits(unsigned reason)
{
	return vcpus[0].h.exits[reason];
}

static uint64_t all_exits(void)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < PSTD_VMX_EXIT_REASONS; i++)
		n += exits(i);
	return n;
}

/* A VM with one vCPU at the start of a program, which ends with so many events. */
static void begin(const struct setting *s, void (*program)(void), uint64_t goal)
{
	vm_start(s, 1, program);
	guests[0].goal = goal;
	devices_attach(1, 1);
	take_interrupts();
}

static void end(const char *what, bool ok)
{
	devices_detach(1);
	vm_end(1);
	check(what, ok);
}

/* Runs it until it is at its end: true. An IPI that woke it may come when it runs already. */
static bool run_on(struct cpu *c)
{
	enum slice end;

	do {
		c->p.resched = false;
		end = run_slice(c, &vcpus[0]);
		while (end == SLICE_BLOCKED && !take_runnable())
			wait_for_interrupt();
	} while (end == SLICE_PREEMPTED || end == SLICE_BLOCKED);
	return end == SLICE_DONE;
}

static bool run(void)
{
	return run_on(&cpus[0]);
}

static bool run_with(void (*deed)(void))
{
	bool done;

	start_deed(deed);
	done = run();
	end_deed();
	return done;
}

static void run_there(struct cpu *c)
{
	if (c != &cpus[1]) {
		carry_out(c);
		return;
	}
	cli();
	order.to_its_end = run_on(c);
	sti();
	pstd_store_release(&order.ran, 1);
}

/* The same on CPU 1. */
static bool run_there_with(void (*deed)(void))
{
	order.deed = deed;
	order.done = order.over = order.ran = 0;
	start_job(run_there);
	while (!pstd_load_acquire(&order.ran))
		pause();
	end_deed();
	return order.to_its_end;
}

/* Loads it, and unloads it before it ran. */
static bool preempt(void)
{
	cpus[0].p.resched = true;
	return run_slice(&cpus[0], &vcpus[0]) == SLICE_PREEMPTED;
}

/* The same, then something is done to it. */
static bool preempt_with(void (*deed)(void))
{
	bool preempted = preempt();

	start_deed(deed);
	await_deed();
	return preempted;
}

static bool notified_once(const struct setting *s)
{
	return order.icrs == 1 && exits(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT) == s->software_apic;
}

/* A field of the VMCS, which is active nowhere. */
static void set_field(enum pstd_vmx_field field, uint64_t value)
{
	vmptrld(vcpus[0].h.vmcs);
	vmwrite(field, value);
	vmclear(vcpus[0].h.vmcs);
}

/* Running. */

static void running(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 1);
	ok = run_with(post) && handled(VECTOR) == 1 && notified_once(s);
	ok &= all_exits() == (s->software_apic ? 3 : 1) && !pstd_on(vcpus[0].h.pid);
	end(s->software_apic ? "running, posted to: one kick, and an exit for the EOI"
	                     : "running, posted to: one notification, no exit but the last",
	    ok);

	begin(s, guest_spins, 1);
	ok = run_with(send_nmi) && guests[0].nmis == 1 &&
	     exits(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT) == 1;
	end("running, sent an NMI: a kick", ok);

	begin(s, guest_spins, 1);
	ok = run_with(ask_to_stop) && all_exits() == 1 &&
	     exits(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT) == 1;
	end("running, kicked: it exits, and is told why", ok);

	begin(s, guest_spins, 1);
	ok = run_with(raise_device) && handled(DEVICE_VECTOR) == 1 &&
	     exits(PSTD_VMX_EXIT_EXTERNAL_INTERRUPT) == 1;
	end("running, by a device through the host", ok);
	if (s->software_apic)
		return;
	begin(s, guest_spins, 1);
	device_bypass(0, true);
	ok = run_with(raise_device) && handled(DEVICE_VECTOR) == 1 && notified_once(s);
	end("running, by a device that posts: no exit but the last", ok && all_exits() == 1);
}

/* Preempted. */

static void preempted(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 1);
	ok = preempt_with(post) && !order.icrs && !pstd_pir_empty(vcpus[0].h.pid);
	ok &= run() && handled(VECTOR) == 1 && !pstd_on(vcpus[0].h.pid);
	end_deed();
	end("preempted, posted to: silently, and found by the load", ok);
	if (s->software_apic)
		return;
	begin(s, guest_spins, 1);
	device_bypass(0, true);
	ok = preempt_with(raise_device) && !order.icrs && !pstd_on(vcpus[0].h.pid);
	ok &= run() && handled(DEVICE_VECTOR) == 1;
	end_deed();
	end("preempted, by a device that posts: SN, and found by the load", ok);
}

/* Moved: what notifies must go where the vCPU is now. */

static void moved(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 1);
	ok = preempt() && run_there_with(post) && handled(VECTOR) == 1 && notified_once(s);
	end("moved, posted to: one notification, to the CPU where it is", ok);
	if (s->software_apic)
		return;
	begin(s, guest_spins, 1);
	device_bypass(0, true);
	ok = preempt() && run_there_with(raise_device) && handled(DEVICE_VECTOR) == 1 &&
	     notified_once(s);
	end("moved, by a device that posts: one notification, to the CPU where it is", ok);
}

/* Asleep; where HLT does not exit, halted in guest mode. */

static void asleep_masked(const struct setting *s)
{
	bool ok;

	begin(s, guest_halts_masked, 1);
	ok = run_with(send_nmi) && guests[0].nmis == 1 && exits(PSTD_VMX_EXIT_HLT) == 1;
	end("halted with IF = 0, sent an NMI: woken", ok);
}

static void asleep(const struct setting *s)
{
	uint64_t wakeups;
	bool ok;

	begin(s, guest_halts, 1);
	ok = run_with(post) && handled(VECTOR) == 1 && exits(PSTD_VMX_EXIT_HLT) == s->hlt_exiting;
	end("halted, posted to: woken", ok);

	begin(s, guest_halts, 1);
	ok = run_with(ask_to_stop) && !exits(EXIT_VMCALL);
	end("halted, kicked: woken, and told why", ok);

	begin(s, guest_halts, 1);
	ok = run_with(raise_device) && handled(DEVICE_VECTOR) == 1;
	end("halted, by a device through the host: woken", ok);
	if (s->software_apic)
		return;
	begin(s, guest_halts, 1);
	device_bypass(0, true);
	wakeups = cpus[0].p.piw;
	ok = run_with(raise_device) && handled(DEVICE_VECTOR) == 1;
	wakeups = cpus[0].p.piw - wakeups;
	end("halted, by a device that posts: woken by the wake-up vector",
	    ok && wakeups == s->hlt_exiting);
}

/* Exits of the guest's own. */

static void registers(const struct setting *s)
{
	bool ok;

	begin(s, guest_keeps, 0);
	ok = run_with(nothing) && guests[0].kept && exits(EXIT_VMCALL) == 3;
	end("an exit changes no register", ok);
}

static void reads(const struct setting *s)
{
	uint64_t exited;
	bool ok;

	begin(s, guest_reads, 0);
	ok = run_with(nothing);
	exited = exits(PSTD_VMX_EXIT_MSR_READ) + exits(PSTD_VMX_EXIT_APIC_ACCESS);
	ok &= exited == (s->software_apic ? 2 : 1) && !guests[0].count;
	ok &= guests[0].spurious == pstd_apic_read(vcpus[0].h.apic, PSTD_APIC_SVR);
	end("reads of its local APIC: what the page has, by an exit or none", ok);
}

static void eois(const struct setting *s)
{
	bool ok;

	if (s->software_apic)
		return;
	begin(s, guest_spins, 1);
	set_field(PSTD_VMX_EOI_EXIT_BITMAP0 + VECTOR / 64 * 2, PSTD_BIT(VECTOR % 64));
	ok = run_with(post) && handled(VECTOR) == 1 && exits(PSTD_VMX_EXIT_EOI_INDUCED) == 1;
	end("an EOI that exits by the bitmap", ok);

	/* The library carries the EOI out: were SVI left as it was, the lower vector would wait. */
	begin(s, guest_spins, 2);
	guests[0].wide_eoi = true;
	pstd_vmx_msr_exits(msr_bitmap, PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), true, true);
	ok = run_with(post_two) && handled(VECTOR) == 1 && handled(LOWER_VECTOR) == 1 &&
	     exits(PSTD_VMX_EXIT_MSR_WRITE) + exits(PSTD_VMX_EXIT_APIC_ACCESS) ==
	             2 + handled(STRAY_VECTOR);
	end("an EOI whose access exits, and a lower interrupt after it", ok);
}

/* Events whose delivery an exit cuts short; entries that do not take place. */

static void cut_short(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 1);
	ok = preempt_with(post);
	unmap_stack(0);
	ok &= run() && handled(VECTOR) == 1 && vcpus[0].cut_short == 1;
	end_deed();
	end("an interrupt whose delivery meets a page fault: injected again", ok);

	begin(s, guest_spins, 1);
	ok = preempt_with(send_nmi);
	unmap_stack(0);
	ok &= run() && guests[0].nmis == 1 && vcpus[0].cut_short == 1;
	end_deed();
	end("an NMI whose delivery meets a page fault: injected again", ok);
}

/* One more is posted: nobody is notified, for it is in guest mode no more. All come. */
static bool gets_one_more(void)
{
	bool silent, done;

	end_deed();
	start_deed(post_lower);
	await_deed();
	silent = !order.icrs;
	set_field(PSTD_VMX_MSR_BITMAP, (uintptr_t)msr_bitmap);
	done = run() && handled(VECTOR) == 1 && handled(LOWER_VECTOR) == 1 && guests[0].nmis == 1;
	end_deed();
	return silent && done;
}

/* Nothing else exits, and so has what waits looked at. */
static void rewritten(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 2);
	ok = preempt_with(post_and_nmi);
	vcpus[0].rewrite = 1;
	ok &= run() && handled(VECTOR) == 1 && guests[0].nmis == 1;
	end_deed();
	end("controls written whole while a window is open: it stays open", ok);
}

static void cancelled(const struct setting *s)
{
	bool ok;

	begin(s, guest_spins, 3);
	ok = preempt_with(post_and_nmi);
	set_field(PSTD_VMX_MSR_BITMAP, 1);
	cpus[0].p.resched = false;
	ok &= run_slice(&cpus[0], &vcpus[0]) == SLICE_FAILED;
	ok &= vcpus[0].error == PSTD_VMX_ERROR_ENTRY_CONTROLS;
	ok &= gets_one_more();
	end("an entry that fails without an exit: what it was to bring comes later", ok);

	begin(s, guest_spins, 3);
	ok = preempt_with(post_and_nmi);
	end_deed();
	vcpus[0].unready = 1;
	cpus[0].p.resched = false;
	start_deed(reschedule);
	ok &= run_slice(&cpus[0], &vcpus[0]) == SLICE_PREEMPTED;
	vcpus[0].unready = 2;
	ok &= gets_one_more() && vcpus[0].given_up;
	end("entries that are given up: what they were to bring comes later", ok);
}

void run_steps(const struct setting *s)
{
	time_slice = 0;
	running(s);
	preempted(s);
	moved(s);
	asleep(s);
	if (s->hlt_exiting) /* else: bochs.c */
		asleep_masked(s);
	registers(s);
	reads(s);
	eois(s);
	cut_short(s);
	rewritten(s);
	cancelled(s);
	sti();
}
