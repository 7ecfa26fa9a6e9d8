/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the library's calls cost: instructions, counted one by one by RFLAGS.TF, of the library
 * and of the operations in glue.c; VMREADs and VMWRITEs.
 */
#include "guest.h"

enum { VECTOR = 0x61 };

static const struct setting hardware = { .hlt_exiting = true };
static const struct setting software = { .hlt_exiting = true, .software_apic = true };

/* How it comes to be in the state in which a call is priced. */

static void load(void)
{
	pstd_vcpu_load(&vcpus[0].h, &cpus[0].p);
}

static void preempt(void)
{
	pstd_vcpu_preempt(&vcpus[0].h);
}

static void enter(void)
{
	if (pstd_vcpu_enter(&vcpus[0].h) != PSTD_ENTER)
		give_up("it may be entered");
}

static void deliver(void)
{
	pstd_vcpu_deliver(&vcpus[0].h, VECTOR);
}

static void exit(void)
{
	pstd_vcpu_exit(&vcpus[0].h);
}

/* From the exit for HLT to sleep. */
static void halt(void)
{
	exit();
	if (pstd_vcpu_enter(&vcpus[0].h) != PSTD_BLOCK || !pstd_vcpu_block(&vcpus[0].h))
		give_up("it goes to sleep");
}

static void nothing(void)
{
}

/* The VMCS is set up at the first load. */
static void be_preempted(void)
{
	load();
	preempt();
}

static void be_posted_to(void)
{
	be_preempted();
	deliver();
	load();
}

static void be_loaded(void)
{
	be_preempted();
	load();
}

static void be_entered(void)
{
	be_loaded();
	enter();
}

static void be_posted_twice(void)
{
	be_preempted();
	deliver();
}

/* After an exit of this kind; interrupts are off. */
static void after_slice(void)
{
	cpus[0].p.resched = false;
	run_slice(&cpus[0], &vcpus[0]);
	load();
}

static void after_interrupt(void)
{
	send_ipi(0, hyp.vectors.reschedule);
	after_slice();
}

static void after_halt(void)
{
	guests[0].goal = 1;
	after_slice();
}

static void be_asleep(void)
{
	after_halt();
	halt();
}

static const struct price {
	const char *name;
	const struct setting *setting;
	void (*program)(void);
	void (*prepare)(void), (*call)(void);
} prices[] = {
	{ "load", &hardware, guest_spins, be_preempted, load },
	{ "preempt", &hardware, guest_spins, be_loaded, preempt },
	{ "enter", &hardware, guest_spins, be_loaded, enter },
	{ "enter-posted", &hardware, guest_spins, be_posted_to, enter },
	{ "enter-software", &software, guest_spins, be_loaded, enter },
	{ "enter-posted-software", &software, guest_spins, be_posted_to, enter },
	{ "exit", &hardware, guest_spins, after_slice, exit },
	{ "exit-interrupt", &hardware, guest_spins, after_interrupt, exit },
	{ "halt", &hardware, guest_halts, after_halt, halt },
	{ "deliver-running", &hardware, guest_spins, be_entered, deliver },
	{ "deliver-preempted", &hardware, guest_spins, be_preempted, deliver },
	{ "deliver-merged", &hardware, guest_spins, be_posted_twice, deliver },
	{ "deliver-asleep", &hardware, guest_halts, be_asleep, deliver },
};

/* The trap comes after the instruction behind the one that sets TF. */
static uint64_t count_instructions(void (*call)(void))
{
	stepped = 0;
	__asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
	call();
	__asm__ volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
	return stepped;
}

static void prepare(const struct price *p)
{
	vm_start(p->setting, 1, p->program);
	cli();
	p->prepare();
}

static void clean_up(void)
{
	vmclear(vcpus[0].h.vmcs);
	sti();
	vm_end(1);
}

static void print_price(const struct price *p)
{
	struct counts before, *now = &cpus[0].counts;
	uint64_t instructions;

	hyp.ops = &metal_ops;
	prepare(p);
	instructions = count_instructions(p->call) - count_instructions(nothing);
	clean_up();
	start_judging();
	prepare(p);
	before = *now;
	p->call();
	print("price %s instructions=%u vmread=%u vmwrite=%u\n", p->name, instructions,
	      now->vmreads - before.vmreads, now->vmwrites - before.vmwrites);
	clean_up();
}

void print_prices(void)
{
	for (unsigned i = 0; i < sizeof(prices) / sizeof(prices[0]); i++)
		print_price(&prices[i]);
}
