/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests: they count what their handlers see, and spin, halt, mask, raise TPR, send IPIs. */
#include "guest.h"

struct guest guests[VCPUS];
uint64_t guest_idt[512] __attribute__((aligned(16)));

static struct guest *this_guest(void)
{
	struct guest *g;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(g));
	return g;
}

static void hypercall(uint64_t what, uint64_t vector, uint64_t rip)
{
	__asm__ volatile("vmcall" ::"a"(what), "c"(vector), "d"(rip) : "memory");
}

/* The form of MOV that glue.c knows. */
static void apic_store(unsigned offset, uint32_t value)
{
	uint64_t address = PSTD_APIC_BASE_DEFAULT + offset;

	__asm__ volatile("movl %%eax, (%%rdx)" ::"a"(value), "d"(address) : "memory");
}

static uint32_t apic_load(unsigned offset)
{
	uint64_t address = PSTD_APIC_BASE_DEFAULT + offset;
	uint32_t value;

	__asm__ volatile("movl (%%rdx), %%eax" : "=a"(value) : "d"(address) : "memory");
	return value;
}

/* What a read does not write stays. */
static uint64_t read_register(const struct guest *g, unsigned offset)
{
	uint64_t low = ~0ull, high = ~0ull;

	if (!g->x2apic)
		return apic_load(offset);
	__asm__ volatile("rdmsr" : "+a"(low), "+d"(high) : "c"(PSTD_APIC_X2APIC_MSR(offset)));
	return high << 32 | low;
}

static void write_eoi(const struct guest *g)
{
	uint64_t address = PSTD_APIC_BASE_DEFAULT + PSTD_APIC_EOI;

	if (g->x2apic)
		wrmsr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0);
	else if (g->wide_eoi)
		__asm__ volatile("movq %%rax, (%%rdx)" ::"a"(0ull), "d"(address) : "memory");
	else
		apic_store(PSTD_APIC_EOI, 0);
}

static void send_guest_ipi(const struct guest *g, unsigned id, uint8_t vector)
{
	if (g->x2apic) {
		wrmsr(PSTD_APIC_X2APIC_MSR(PSTD_APIC_ICR),
		      (uint64_t)id << 32 | PSTD_APIC_ICR_ASSERT | vector);
		return;
	}
	apic_store(PSTD_APIC_ICR_HI, id << 24);
	apic_store(PSTD_APIC_ICR, (uint32_t)PSTD_APIC_ICR_ASSERT | vector);
}

extern const uint8_t look_and_halt[], halted[];

/* frame: RIP, CS, RFLAGS, RSP, SS. */
void guest_interrupt(uint64_t vector, uint64_t *frame)
{
	struct guest *g = this_guest();

	if (frame[0] > (uintptr_t)look_and_halt && frame[0] < (uintptr_t)halted)
		frame[0] = (uintptr_t)look_and_halt;

	if (vector == PSTD_VMX_NMI_VECTOR) {
		pstd_tally(&g->nmis, 1);
		pstd_tally(&g->events, 1);
		return;
	}
	if (vector < 32)
		hypercall(CALL_TRAP, vector, frame[0]);
	pstd_tally(&g->events, vector != STRAY_VECTOR);
	if (!(frame[2] & PSTD_VMX_RFLAGS_IF))
		pstd_tally(&g->masked, 1);
	pstd_tally(&g->handled[vector], 1);
	write_eoi(g);
}

static bool at_goal(const struct guest *g)
{
	return pstd_load_acquire(&g->events) >= pstd_load_acquire(&g->goal);
}

static _Noreturn void done(void)
{
	for (;;)
		hypercall(CALL_DONE, 0, 0);
}

void guest_spins(void)
{
	const struct guest *g = this_guest();

	while (!at_goal(g))
		pause();
	done();
}

/*
 * HLT, unless there are more events than were seen. One that comes between the look and HLT
 * has it look again: guest_interrupt. (STI before HLT would do, but for Bochs.)
 */
static void halt_unless(const uint64_t *events, uint64_t seen)
{
	__asm__ volatile("look_and_halt:\n\t"
	                 "cmpq %1, %0\n\t"
	                 "jne 1f\n\t"
	                 "hlt\n"
	                 "halted:\n"
	                 "1:" ::"m"(*events),
	                 "r"(seen)
	                 : "cc", "memory");
}

void guest_halts(void)
{
	struct guest *g = this_guest();

	for (;;) {
		uint64_t seen = pstd_load_acquire(&g->events);

		if (seen >= pstd_load_acquire(&g->goal))
			done();
		pstd_tally(&g->announced, 1);
		halt_unless(&g->events, seen);
	}
}

void guest_halts_masked(void)
{
	struct guest *g = this_guest();

	cli();
	while (!at_goal(g)) {
		pstd_tally(&g->announced, 1);
		__asm__ volatile("hlt" ::: "memory");
	}
	done();
}

void guest_yields(void)
{
	struct guest *g = this_guest();
	uint64_t seen = ~0ull;

	while (!at_goal(g)) {
		if (pstd_load_acquire(&g->events) == seen)
			continue;
		seen = pstd_load_acquire(&g->events);
		pstd_tally(&g->announced, 1);
		hypercall(CALL_YIELD, 0, 0);
	}
	done();
}

/* Reads of the one exit in some settings, of the other in all. */
void guest_reads(void)
{
	struct guest *g = this_guest();

	g->spurious = read_register(g, PSTD_APIC_SVR);
	g->count = read_register(g, PSTD_APIC_CURRENT_COUNT);
	done();
}

static bool keeps_rbp(void)
{
	uint64_t value = 7;

	__asm__ volatile("xchgq %%rbp, %0\n\t"
	                 "vmcall\n\t"
	                 "xchgq %%rbp, %0"
	                 : "+b"(value)
	                 : "a"(CALL_YIELD)
	                 : "memory");
	return value == 7;
}

static bool keeps_others(void)
{
	uint64_t rbx = 1, rcx = 2, rdx = 3, rsi = 4, rdi = 5;
	register uint64_t r8 __asm__("r8") = 8, r9 __asm__("r9") = 9, r10 __asm__("r10") = 10,
			  r11 __asm__("r11") = 11, r12 __asm__("r12") = 12,
			  r13 __asm__("r13") = 13, r14 __asm__("r14") = 14,
			  r15 __asm__("r15") = 15;

	__asm__ volatile("vmcall"
	                 : "+b"(rbx), "+c"(rcx), "+d"(rdx), "+S"(rsi), "+D"(rdi), "+r"(r8),
	                   "+r"(r9), "+r"(r10), "+r"(r11), "+r"(r12), "+r"(r13), "+r"(r14),
	                   "+r"(r15)
	                 : "a"(CALL_YIELD)
	                 : "memory");
	return rbx == 1 && rcx == 2 && rdx == 3 && rsi == 4 && rdi == 5 && r8 == 8 && r9 == 9 &&
	       r10 == 10 && r11 == 11 && r12 == 12 && r13 == 13 && r14 == 14 && r15 == 15;
}

void guest_keeps(void)
{
	this_guest()->kept = keeps_rbp() && keeps_others();
	done();
}

static void mask(uint32_t rounds)
{
	cli();
	spin(rounds);
	sti();
}

static void raise_priority(uint64_t class, uint32_t rounds)
{
	__asm__ volatile("movq %0, %%cr8" ::"r"(class) : "memory");
	spin(rounds);
	__asm__ volatile("movq %0, %%cr8" ::"r"(0ull) : "memory");
}

/* One IPI at a time is on its way, so that each is handled by itself. */
static void send_next(struct guest *g)
{
	unsigned next = (g->index + 1) % VCPUS;
	uint8_t vector = (uint8_t)(IPI_VECTOR + g->index);

	if (pstd_load_acquire(&guests[next].handled[vector]) != g->ipis)
		return;
	pstd_tally(&g->ipis, 1);
	send_guest_ipi(g, next, vector);
}

void guest_works(void)
{
	struct guest *g = this_guest();

	for (;;) {
		uint64_t habits = pstd_load_acquire(&g->habits);
		uint32_t chance = draw(&g->seed), rounds = chance >> 8 & 127;

		spin(rounds);
		if ((habits & HABIT_MASK) && (chance & 1))
			mask(rounds);
		if ((habits & HABIT_PRIORITY) && (chance & 2))
			raise_priority(chance >> 16 & 15, rounds);
		if ((habits & HABIT_IPI) && (chance & 4))
			send_next(g);
		if ((habits & HABIT_HALT) && (chance & 8))
			__asm__ volatile("hlt" ::: "memory");
		if ((habits & HABIT_HALT_MASKED) && (chance & 24) == 16)
			__asm__ volatile("cli; hlt; sti" ::: "memory");
	}
}
