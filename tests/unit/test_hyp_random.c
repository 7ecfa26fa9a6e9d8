/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hyp/ on hw/: one vCPU, any switches, and anything that a guest, its hypervisor
 * and others may do, in any order. Each interrupt and each NMI is handled once or
 * merged; none while it is masked, and none waits where it could be taken. Every VM
 * entry is accepted. POSTED_SOAK=1 takes about half a minute.
 */
#include <posted/hw/vtd/post.h>
#include "one_vcpu.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 1500 }; /* each takes up to twenty times as long */
#else
enum { ROUNDS = 12000 };
#endif

enum {
	SOAK_ROUNDS = 400000,
	DEEP = 40, DEPTH = 64,  /* nested handlers */
	FIRST = 32, COUNT = 200, /* of the vectors that are requested */
	OWN = 250,               /* an interrupt that the caller injects */
	BLOCKING = PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS,
};

#define NMI 0x80000202u
#define GP 0x80000b0du

/* What must be, by what was asked for so far. */
static struct reference {
	uint64_t sent[256], taken[256];
	bool fresh[256];      /* requested since it was last taken */
	bool in_service[256];
	int accepted;         /* in service, and its handler has not begun; -1: none */
	uint64_t field;       /* in the VM entry, by caller or exit, and not delivered */
	uint32_t error_code;  /* of that */
	bool own_cut;         /* it was the caller's interrupt, and an exit cut it short */
	unsigned nmis;        /* sent, neither merged nor delivered */
	bool nmi_after_sti;   /* the last VM entry found STI's blocking, and no other */
	unsigned tpr, ldr;
	bool enabled;         /* by SVR */
	/* the guest's stack */
	struct handler {
		uint64_t rflags;
		bool eoi; /* to be written yet */
	} stack[DEPTH];
	unsigned depth;
} ref;

static uint64_t seed, round_number;
static unsigned step_number;

#define HOLDS(condition)                                                                    \
	do {                                                                                \
		if (!(condition))                                                           \
			fail_msg("round %lu, step %u: must hold: %s",                       \
			         (unsigned long)round_number, step_number, #condition);     \
	} while (0)

static uint32_t any(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 32) % below);
}

/* The host. */

static void host_interrupts(void)
{
	while (pstd_lapic_pending(&c.lapic) >= 0)
		pstd_host_vector(&p, pstd_cpu_acknowledge(&c));
}

/* Judgements. */

/* Requests of this vector that neither merged nor were taken. */
static uint64_t waits(unsigned vector)
{
	return ref.sent[vector] - v.coalesced[vector] - ref.taken[vector];
}

static unsigned in_service(void)
{
	for (unsigned vector = 255; vector; vector--)
		if (ref.in_service[vector])
			return vector;
	return 0;
}

/* The class that an interrupt must be above: the task's, and that of what is in service. */
static unsigned priority_class(void)
{
	unsigned served = in_service() >> 4, task = ref.tpr >> 4;

	return served > task ? served : task;
}

static bool any_let_through(void)
{
	unsigned lowest = (priority_class() + 1) << 4;

	for (unsigned vector = 255; vector >= lowest; vector--)
		if (waits(vector))
			return true;
	return false;
}

static bool interrupt_deliverable(uint64_t rflags, uint64_t blocking)
{
	return (rflags & PSTD_VMX_RFLAGS_IF) && !(blocking & BLOCKING) &&
	       (ref.accepted >= 0 || any_let_through());
}

static bool nmi_deliverable(uint64_t blocking)
{
	return ref.nmis && !(blocking & (BLOCKING | PSTD_VMX_BLOCKING_NMI));
}

/* The acknowledge cycle: from here on it is in service. */
static void accept_interrupt(unsigned vector)
{
	HOLDS(waits(vector) && vector >> 4 > priority_class() && ref.accepted < 0);
	ref.taken[vector]++;
	ref.fresh[vector] = false;
	ref.in_service[vector] = true;
	ref.accepted = (int)vector;
}

static void judge_page(void)
{
	for (unsigned first = 0; first < 256; first += 32) {
		uint32_t word = 0;

		for (unsigned bit = 0; bit < 32; bit++)
			word |= (uint32_t)ref.in_service[first + bit] << bit;
		HOLDS(word == pstd_apic_read(&ram.apic, PSTD_APIC_ISR + first / 2));
	}
	HOLDS(pstd_apic_read(&ram.apic, PSTD_APIC_TPR) == ref.tpr);
	if (hyp.software_apic)
		return;
	HOLDS(pstd_field_get(PSTD_VMX_RVI, ram.vmcs.GUEST_INTR_STATUS) ==
	      pstd_apic_highest_or_0(&ram.apic, PSTD_APIC_IRR));
	HOLDS(pstd_field_get(PSTD_VMX_SVI, ram.vmcs.GUEST_INTR_STATUS) == in_service());
}

/* Before a VM entry: what it injects, and that no window is open for nothing. */
static void judge_entry(void)
{
	uint64_t info = ram.vmcs.VM_ENTRY_INTR_INFO, cpu = ram.vmcs.CPU_BASED_VM_EXEC_CONTROL;
	bool valid = info & PSTD_VMX_INTR_VALID;
	uint64_t blocking = ram.vmcs.GUEST_INTERRUPTIBILITY_INFO;
	bool open = (ram.vmcs.GUEST_RFLAGS & PSTD_VMX_RFLAGS_IF) && !(blocking & BLOCKING);

	ref.nmi_after_sti = blocking == PSTD_VMX_BLOCKING_STI;
	if (ref.field)
		HOLDS(info == ref.field);
	else if (ref.accepted >= 0 && open)
		HOLDS(info == pstd_vmx_intr_info(PSTD_VMX_TYPE_EXTERNAL, (uint8_t)ref.accepted));
	else if (valid && info != NMI)
		accept_interrupt((uint8_t)info);
	judge_page();
	if (cpu & PSTD_VMX_CPU_INTR_WINDOW)
		HOLDS(ref.accepted >= 0 || ref.nmis || (hyp.software_apic && any_let_through()));
	if (cpu & PSTD_VMX_CPU_NMI_WINDOW)
		HOLDS(ref.nmis);
}

/* Requests. */

static void expect(unsigned vector)
{
	ref.sent[vector]++;
	ref.fresh[vector] = true;
}

/* By software, or by a device through VT-d. */
static void post(void)
{
	uint8_t vector = (uint8_t)(FIRST + any(COUNT));
	struct pstd_vtd_post_result r;

	if (hyp.software_apic && !ref.enabled)
		return; /* it would not be accepted */
	expect(vector);
	if (hyp.software_apic || any(2)) {
		pstd_vcpu_deliver(&v, vector);
		return;
	}
	r = pstd_vtd_post(&ram.pid, vector, any(2), hyp.x2apic);
	HOLDS(!r.fault);
	v.coalesced[vector] += r.merged;
	if (r.notify)
		pstd_lapic_receive(&c.lapic, &r.notification);
}

static void send_nmi(void)
{
	if (ref.depth < DEEP)
		ref.nmis += pstd_vcpu_nmi(&v);
}

/* The caller, between exit and entry. */

static void be_kicked(void)
{
	pstd_vcpu_kick(&v);
	HOLDS(pstd_vcpu_enter(&v) == PSTD_KICKED);
}

/* What was to be injected is to be injected the next time. */
static void give_up(void)
{
	/* One that is given back merges with another that waits. */
	if (ram.vmcs.VM_ENTRY_INTR_INFO == NMI && v.nmi)
		ref.nmis--;
	pstd_vcpu_cancel(&v);
	if (ref.field && !(ram.vmcs.VM_ENTRY_INTR_INFO & PSTD_VMX_INTR_VALID)) {
		HOLDS(ref.field == (PSTD_VMX_INTR_VALID | OWN) && ref.accepted < 0);
		ref.accepted = OWN;
		ref.field = 0;
	}
}

static void enter(void)
{
	if (!any(10))
		be_kicked();
	for (bool again = true; again; ) {
		HOLDS(pstd_vcpu_enter(&v) == PSTD_ENTER);
		judge_entry();
		again = !any(10);
		if (again)
			give_up();
		if (again && any(2))
			send_nmi();
	}
	if (!pstd_cpu_vm_entry(&c, v.launched))
		fail_msg("round %lu, step %u: VM entry refused: %s", (unsigned long)round_number,
		         step_number,
		         pstd_vmcs_rule_demand((enum pstd_vmcs_rule)__builtin_ctzll(c.broken)));
	c.vapic.coalesced = v.coalesced;
}

/* An event of its own into the next VM entry. */
static void inject(void)
{
	static const uint32_t events[] = {
		0x80000306, 0x80000b0e, 0x80000480, 0x80000603, /* #UD, #PF, INT 80H, INT3 */
		PSTD_VMX_INTR_VALID | OWN,
	};
	uint64_t info = events[any(sizeof(events) / sizeof(events[0]))];
	bool open = (ram.vmcs.GUEST_RFLAGS & PSTD_VMX_RFLAGS_IF) &&
	            !(ram.vmcs.GUEST_INTERRUPTIBILITY_INFO & BLOCKING);

	if (ref.field || ram.vmcs.GUEST_ACTIVITY_STATE || ref.depth >= DEEP ||
	    ((uint8_t)info == OWN && !open))
		return;
	ram.vmcs.VM_ENTRY_INTR_INFO = ref.field = info;
	ram.vmcs.VM_ENTRY_EXCEPTION_ERROR_CODE = ref.error_code = 6;
	ram.vmcs.VM_ENTRY_INSTRUCTION_LEN = 2;
}

/* Until the guest's HLT ends, by itself or because we have enough of it. */
static void sleep_in_hlt(void)
{
	for (unsigned patience = 4 + any(4); v.halted; patience--) {
		one_cpu_woke = false;
		if (!pstd_vcpu_block(&v)) {
			HOLDS(ref.field || interrupt_deliverable(ram.vmcs.GUEST_RFLAGS, 0) ||
			      nmi_deliverable(ram.vmcs.GUEST_INTERRUPTIBILITY_INFO));
			HOLDS(!v.halted);
			break;
		}
		HOLDS(!ref.field);
		host_interrupts();
		if (!any(8))
			pstd_vcpu_kick(&v);
		else if (!one_cpu_woke && any(2))
			post();
		else if (!one_cpu_woke)
			send_nmi();
		host_interrupts();
		if (!one_cpu_woke)
			HOLDS(!interrupt_deliverable(ram.vmcs.GUEST_RFLAGS, 0) &&
			      !nmi_deliverable(ram.vmcs.GUEST_INTERRUPTIBILITY_INFO));
		if (!patience)
			v.halted = false;
		pstd_vcpu_load(&v, &p);
		if (v.kick) {
			HOLDS(!pstd_vcpu_block(&v));
			HOLDS(pstd_vcpu_enter(&v) == PSTD_KICKED);
		}
	}
}

static void preempt(void)
{
	pstd_vcpu_preempt(&v);
	if (any(2))
		post();
	if (!any(4))
		send_nmi();
	pstd_vcpu_load(&v, &p);
}

/* What the exit left for the next VM entry: #GP(0), or what it cut short. */
static void judge_exit(uint64_t cut_short)
{
	uint64_t info = ram.vmcs.VM_ENTRY_INTR_INFO, reason = ram.vmcs.VM_EXIT_REASON;
	enum pstd_vmx_intr_type type =
		(enum pstd_vmx_intr_type)pstd_field_get(PSTD_VMX_INTR_TYPE, cut_short);
	int vector = (int)(uint8_t)cut_short;

	ref.field = info & PSTD_VMX_INTR_VALID ? info : 0;
	if (!cut_short) {
		bool msr = reason == PSTD_VMX_EXIT_MSR_READ || reason == PSTD_VMX_EXIT_MSR_WRITE;

		ref.error_code = 0;
		HOLDS(ref.field == (msr && !v.carried_out ? GP : 0));
	} else if (type == PSTD_VMX_TYPE_EXTERNAL) {
		/* The caller's own goes first again if another waits already. */
		HOLDS(ref.field == (ref.own_cut && ref.accepted >= 0 ? cut_short : 0));
		if (!ref.field)
			ref.accepted = vector;
		ref.own_cut = false;
	} else {
		HOLDS(ref.field == (type == PSTD_VMX_TYPE_NMI ? 0 : cut_short));
	}
}

/* After an exit, until the guest is entered again. */
static void outside(void)
{
	uint64_t cut_short = ram.vmcs.IDT_VECTORING_INFO;

	/* One that its delivery gives back merges with another that waits. */
	if (cut_short == NMI && v.nmi)
		ref.nmis--;
	pstd_vcpu_exit(&v);
	judge_exit(cut_short);
	if (v.carried_out)
		HOLDS(!(ram.vmcs.GUEST_INTERRUPTIBILITY_INFO & BLOCKING));
	host_interrupts();
	if (!any(6))
		preempt();
	if (!any(10))
		inject();
	if (v.halted)
		sleep_in_hlt();
	if (!any(10))
		inject();
	enter();
}

/* The guest. */

static void judge_delivery(enum pstd_cpu_event event, unsigned vector, uint64_t blocking)
{
	if (ref.field) {
		HOLDS(c.delivery.info == ref.field);
		if (ref.field & PSTD_VMX_INTR_ERROR_CODE)
			HOLDS(c.delivery.error_code == ref.error_code);
		return;
	}
	HOLDS(event != PSTD_CPU_EXCEPTION);
	if (event == PSTD_CPU_NMI) {
		HOLDS(nmi_deliverable(blocking));
		return;
	}
	HOLDS((c.delivery.rflags & PSTD_VMX_RFLAGS_IF) && !(blocking & BLOCKING));
	if ((int)vector != ref.accepted)
		accept_interrupt(vector);
}

static void begin_handler(enum pstd_cpu_event event, unsigned vector)
{
	HOLDS(ref.depth < DEPTH);
	ref.stack[ref.depth++] = (struct handler){
		.rflags = c.delivery.rflags,
		.eoi = event == PSTD_CPU_DELIVER && vector != OWN,
	};
	if (ref.field)
		ref.field = 0;
	else if (event == PSTD_CPU_NMI)
		ref.nmis--;
	else
		ref.accepted = -1;
}

/* True: the guest was entered anew, and there is another before its next instruction. */
static bool boundary(bool obstacles)
{
	uint64_t rflags = c.rflags, blocking = c.interruptibility;
	uint8_t vector = 0;
	enum pstd_cpu_event event = pstd_cpu_boundary(&c, &vector);

	if (event == PSTD_CPU_NONE) {
		HOLDS(!ref.field && !interrupt_deliverable(rflags, blocking));
		/* Under STI it waits for the interrupt window, as with Linux: CLI shuts that. */
		HOLDS(!nmi_deliverable(blocking) ||
		      (ref.nmi_after_sti && !(rflags & PSTD_VMX_RFLAGS_IF)));
		return false;
	}
	if (event != PSTD_CPU_EXIT) {
		judge_delivery(event, vector, blocking);
		if (!obstacles || any(4)) {
			begin_handler(event, vector);
			return false;
		}
		ref.own_cut = ref.field == (PSTD_VMX_INTR_VALID | OWN);
		pstd_cpu_delivery_exit(&c, any(0x1000));
	}
	outside();
	return true;
}

static void boundaries(bool obstacles)
{
	for (unsigned n = 0; boundary(obstacles); n++)
		HOLDS(n < 1000);
}

static void outcome(enum pstd_cpu_outcome o, const struct pstd_apic_msg *notification)
{
	HOLDS(o != PSTD_CPU_THROUGH);
	if (o == PSTD_CPU_SEND)
		pstd_lapic_receive(&c.lapic, notification);
	if (o == PSTD_CPU_EXITED)
		outside();
}

static void write_register(unsigned offset, uint64_t value)
{
	uint32_t msr = PSTD_APIC_X2APIC_MSR(offset);
	struct pstd_apic_msg m;

	v.rax = (uint32_t)value;
	v.rcx = msr;
	v.rdx = value >> 32;
	outcome(vm.x2apic ? pstd_cpu_wrmsr(&c, msr, value, &m) :
	                    pstd_cpu_mmio_write(&c, offset, 4, value, &m), &m);
}

static void read_register(void)
{
	unsigned offset = any(0x50) << 4;
	uint64_t value;

	v.rcx = PSTD_APIC_X2APIC_MSR(offset);
	if (ref.depth >= DEEP)
		return; /* it may raise #GP */
	if (vm.x2apic || !any(8))
		outcome(pstd_cpu_rdmsr(&c, (uint32_t)v.rcx, &value), NULL);
	else
		outcome(pstd_cpu_mmio_read(&c, offset, 1 + any(4), &value), NULL);
}

/* Registers that lead to no interrupt, whatever is written. */
static void write_another(void)
{
	static const unsigned offsets[] = {
		0, PSTD_APIC_ID, PSTD_APIC_VERSION, PSTD_APIC_PPR, PSTD_APIC_LDR, PSTD_APIC_ISR,
		PSTD_APIC_IRR, PSTD_APIC_ESR,
		PSTD_APIC_LVT_TIMER, PSTD_APIC_LVT_PERF, PSTD_APIC_LVT_LINT0,
		PSTD_APIC_INITIAL_COUNT, PSTD_APIC_DIVIDE,
	};
	unsigned offset = offsets[any(sizeof(offsets) / sizeof(offsets[0]))];
	uint32_t value = any(2) ? 0 : any(~0u);

	if (ref.depth >= DEEP)
		return;
	if (offset == PSTD_APIC_LDR)
		ref.ldr = value >> 24;
	write_register(offset, value);
}

static void write_tpr(void)
{
	struct pstd_apic_msg none;

	ref.tpr = any(2) ? any(256) : any(16) << 4;
	if (ref.tpr & 0xf)
		write_register(PSTD_APIC_TPR, ref.tpr);
	else
		outcome(pstd_cpu_mov_to_cr8(&c, ref.tpr >> 4), &none);
}

/* Disabled by software it goes on with what it has, and accepts no more. */
static void write_svr(void)
{
	ref.enabled = any(3);
	write_register(PSTD_APIC_SVR, 0xff | (ref.enabled ? PSTD_APIC_SVR_ENABLE : 0));
}

static void write_icr(uint32_t dest, uint32_t low)
{
	write_register(PSTD_APIC_ICR, vm.x2apic ? (uint64_t)dest << 32 | low : low);
}

/* The destination first, if that is a register of its own. */
static void write_dest(uint32_t dest)
{
	if (vm.x2apic)
		return;
	write_register(PSTD_APIC_ICR_HI, dest << 24);
	boundaries(true);
}

static void send_nmi_ipi(void)
{
	uint32_t dest = any(2);

	write_dest(dest);
	if (ref.depth >= DEEP)
		return;
	if (!dest && !v.nmi)
		ref.nmis++;
	write_icr(dest,
	          PSTD_APIC_ICR_ASSERT | (uint32_t)pstd_field(PSTD_APIC_ICR_DLM, PSTD_APIC_DM_NMI));
}

/* The logical id of the one vCPU is LDR in xAPIC mode, bit 0 of cluster 0 in x2APIC mode. */
static bool logically_meant(uint32_t dest)
{
	return vm.x2apic ? dest >> 16 == 0 && dest & 1 : dest & ref.ldr;
}

static void send_ipi(void)
{
	unsigned shorthand = any(4);
	bool logical = any(2),
	     mine = shorthand == PSTD_APIC_TO_SELF || shorthand == PSTD_APIC_TO_ALL;
	uint32_t dest = !logical ? any(2) : vm.x2apic ? any(2) << 16 | any(16) : any(255);
	uint32_t vector = FIRST + any(COUNT), low = vector | (any(2) ? PSTD_APIC_ICR_ASSERT : 0);

	if (!ref.enabled)
		return;
	write_dest(dest);
	if (shorthand == PSTD_APIC_TO_DEST) {
		mine = logical ? logically_meant(dest) : !dest;
		low |= any(2) ? (uint32_t)pstd_field(PSTD_APIC_ICR_DLM, PSTD_APIC_DM_LOWEST) : 0;
	}
	if (mine)
		expect(vector);
	write_icr(dest, low | (logical ? (uint32_t)PSTD_APIC_ICR_LOGICAL : 0) |
	                (uint32_t)pstd_field(PSTD_APIC_ICR_SHORTHAND, shorthand));
}

static void send_self_ipi(void)
{
	uint32_t vector = FIRST + any(COUNT);

	if (!vm.x2apic || !ref.enabled)
		return;
	expect(vector);
	write_register(PSTD_APIC_SELF_IPI, vector);
}

static void end_handler(void)
{
	struct handler *h;

	if (!ref.depth)
		return;
	h = &ref.stack[ref.depth - 1];
	if (h->eoi) {
		h->eoi = false;
		ref.in_service[in_service()] = false;
		write_register(PSTD_APIC_EOI, 0);
	} else {
		ref.depth--;
		pstd_cpu_iret_to(&c, h->rflags);
	}
}

static void halt(void)
{
	if (pstd_cpu_hlt(&c))
		outside();
}

static void sti(void)
{
	pstd_cpu_sti(&c);
}

static void cli(void)
{
	pstd_cpu_cli(&c);
}

static void mov_ss(void)
{
	pstd_cpu_mov_ss(&c);
}

static void nop(void)
{
	pstd_cpu_retire(&c);
}

/* Something from outside, an instruction, and the boundary after it. */
static void step(void)
{
	static void (*const instructions[])(void) = {
		sti, sti, cli, mov_ss, halt, nop, nop, end_handler, end_handler, end_handler,
		write_tpr, write_svr, write_another, read_register, send_ipi, send_ipi,
		send_self_ipi, send_nmi_ipi,
	};

	if (!any(4))
		post();
	if (!any(12))
		send_nmi();
	if (c.activity == PSTD_VMX_ACTIVE)
		instructions[any(sizeof(instructions) / sizeof(instructions[0]))]();
	else if (!any(8))
		c.activity = PSTD_VMX_ACTIVE; /* an SMI can do that */
	boundaries(true);
}

/* All that waits is taken, and then there is quiet. */
static void come_to_rest(void)
{
	for (unsigned n = 0, quiet = 0; quiet < 4; n++) {
		HOLDS(n < 5000);
		c.activity = PSTD_VMX_ACTIVE;
		if (ref.depth) {
			end_handler();
		} else if (ref.tpr) {
			ref.tpr = 0;
			write_register(PSTD_APIC_TPR, 0);
		} else if (!(c.rflags & PSTD_VMX_RFLAGS_IF)) {
			sti();
		} else {
			quiet++;
			nop();
		}
		boundaries(false);
		if (ref.depth)
			quiet = 0;
	}
	for (unsigned vector = 16; vector < 256; vector++)
		HOLDS(!waits(vector) && !ref.fresh[vector] && !ref.in_service[vector]);
	HOLDS(!ref.nmis && ref.accepted < 0 && !c.interruptibility);
	HOLDS(!(ram.vmcs.CPU_BASED_VM_EXEC_CONTROL &
	        (PSTD_VMX_CPU_INTR_WINDOW | PSTD_VMX_CPU_NMI_WINDOW)));
}

static void start(void)
{
	struct pstd_hyp host = { .x2apic = any(2), .hlt_exiting = any(2),
		                 .software_apic = any(2) };
	bool x2apic = any(2), ipiv = any(2);

	one_vcpu_reset(host, x2apic, ipiv);
	ref = (struct reference){ .accepted = -1, .enabled = true };
	ram.vmcs.CPU_BASED_VM_EXEC_CONTROL = any(4) ? PSTD_VMX_CPU_MSR_BITMAPS : 0;
	pstd_msr_bitmap(&vm, ram.bitmap);
	pstd_pcpu_init(&p);
	pstd_vcpu_init(&v, &p);
	pstd_vcpu_load(&v, &p);
	enter();
}

static void every_interrupt_is_handled_once_or_merged(void **state)
{
	unsigned long rounds = getenv("POSTED_SOAK") ? SOAK_ROUNDS : ROUNDS;

	for (round_number = 1; round_number <= rounds; round_number++) {
		unsigned steps;

		seed = round_number * 0x9e3779b97f4a7c15ull;
		step_number = 0;
		start();
		boundaries(true);
		for (steps = 50 + any(300); step_number < steps; step_number++)
			step();
		come_to_rest();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_interrupt_is_handled_once_or_merged),
	};

	return cmocka_run_group_tests_name("hyp random", tests, NULL, NULL);
}
