/* SPDX-License-Identifier: BSD-2-Clause */
/* Bringing the CPUs up: their tables, their local APICs, their interrupts; and work for them. */
#include "metal.h"

#define MSR_GS_BASE 0xc0000101u
#define ICR_INIT 0x4500u
#define ICR_STARTUP 0x4600u

struct cpu cpus[CPUS];
uint64_t host_idt[512] __attribute__((aligned(16)));
uint64_t stepped;

struct table {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

/* A 64-bit interrupt gate for each vector. */
void fill_idt(uint64_t idt[512], const uint8_t *stubs)
{
	for (unsigned i = 0; i < 256; i++) {
		uint64_t at = (uintptr_t)stubs + 16 * i;

		idt[2 * i] = (at & 0xffff) | (uint64_t)CODE64 << 16 | 0x8eull << 40 |
		             (at >> 16 & 0xffff) << 48;
		idt[2 * i + 1] = at >> 32;
	}
}

static void load_tables(struct cpu *c)
{
	uint64_t task = (uintptr_t)c->task;
	struct table gdt = { sizeof(c->gdt) - 1, (uintptr_t)c->gdt };
	struct table idt = { sizeof(host_idt) - 1, (uintptr_t)host_idt };

	c->gdt[CODE32 / 8] = 0x00cf9b000000ffff;
	c->gdt[DATA / 8] = 0x00cf93000000ffff;
	c->gdt[CODE64 / 8] = 0x00af9b000000ffff;
	c->gdt[TASK / 8] = (sizeof(c->task) - 1) | (task & 0xffffff) << 16 | 0x89ull << 40 |
	                   (task >> 24 & 0xff) << 56;
	c->gdt[TASK / 8 + 1] = task >> 32;
	__asm__ volatile("lgdt %0; lidt %1; ltr %w2" ::"m"(gdt), "m"(idt), "r"(TASK) : "memory");
	wrmsr(MSR_GS_BASE, (uintptr_t)c);
}

static void start_lapic(struct cpu *c)
{
	bool x2apic = hyp.x2apic;

	if (x2apic)
		wrmsr(PSTD_APIC_MSR_BASE,
		      rdmsr(PSTD_APIC_MSR_BASE) | PSTD_APIC_BASE_EN | PSTD_APIC_BASE_EXTD);
	lapic_write(PSTD_APIC_SVR, (uint32_t)PSTD_APIC_SVR_ENABLE | hyp.vectors.spurious, x2apic);
	lapic_write(PSTD_APIC_TPR, 0, x2apic);
	lapic_write(PSTD_APIC_DIVIDE, 0xb, x2apic); /* by 1 */
	lapic_write(PSTD_APIC_LVT_TIMER, hyp.vectors.timer, x2apic);
	c->p.apic_id = lapic_read(PSTD_APIC_ID, x2apic) >> (x2apic ? 0 : 24);
}

void send_to(uint32_t apic_id, uint8_t vector)
{
	hyp.ops->apic_write(0, PSTD_APIC_ICR, pstd_apic_icr(apic_id, vector, hyp.x2apic));
}

void send_ipi(unsigned cpu, uint8_t vector)
{
	send_to(cpus[cpu].p.apic_id, vector);
}

/* Interrupts and exceptions of the host; frame: RIP, with some exceptions an error code before. */
void host_interrupt(uint64_t vector, const uint64_t *frame)
{
	if (vector == 1) {
		stepped++;
		return;
	}
	if (vector < 32) {
		print("exception %u at %x %x\n", vector, frame[0], frame[1]);
		give_up("no exception on the host");
	}
	pstd_host_vector(&this_cpu()->p, (uint8_t)vector);
}

/* CPUs other than the first do one job after the other. */

void start_job(void (*job)(struct cpu *c))
{
	for (unsigned i = 1; i < CPUS; i++) {
		pstd_store_ptr_release(&cpus[i].job, job);
		send_ipi(i, CALL_VECTOR);
	}
}

void join_job(void)
{
	for (unsigned i = 1; i < CPUS; i++)
		while (pstd_load_ptr_acquire(&cpus[i].job))
			pause();
}

bool comes_to(const uint64_t *word, uint64_t value)
{
	uint64_t since = rdtsc();

	while (pstd_load_acquire(word) < value) {
		if (rdtsc() - since > PATIENCE)
			return false;
		pause();
	}
	return true;
}

void must_come_to(const uint64_t *word, uint64_t value, const char *what)
{
	if (!comes_to(word, value))
		give_up(what);
}

static _Noreturn void work(struct cpu *c)
{
	for (;;) {
		cli();
		if (!pstd_load_ptr_acquire(&c->job)) {
			wait_for_interrupt();
			continue;
		}
		sti();
		c->job(c);
		pstd_store_ptr_release(&c->job, (void (*)(struct cpu *))0);
	}
}

/* Nobody goes on before all have come. */
static void meet(void)
{
	static uint64_t come;
	uint64_t all = (__atomic_fetch_add(&come, 1, __ATOMIC_SEQ_CST) / CPUS + 1) * CPUS;

	while (pstd_load_acquire(&come) < all)
		pause();
}

/* With interrupts off: an IPI, and its EOI, are of one mode. */
static void change_mode(struct cpu *c)
{
	uint64_t flags = irq_save();

	meet();
	if (c == &cpus[0])
		hyp.x2apic = true;
	meet();
	start_lapic(c);
	meet();
	irq_restore(flags);
}

void set_host_mode(bool x2apic)
{
	if (x2apic == hyp.x2apic)
		return;
	start_job(change_mode);
	change_mode(&cpus[0]);
	join_job();
}

/* From boot.S, on this CPU's stack. The first clears what the others find. */
_Noreturn void cpu_start(unsigned index)
{
	struct cpu *c = &cpus[index];

	if (!index) {
		for (uint8_t *byte = bss_start; byte < bss_end; byte++)
			*byte = 0;
		fill_idt(host_idt, host_stubs);
		host_setup();
	}
	load_tables(c);
	start_lapic(c);
	c->p.hyp = &hyp;
	c->p.index = index;
	if (pstd_pcpu_init(&c->p))
		give_up("the host's vectors are right");
	if (!vmx_on(c))
		give_up("VMXON");
	pstd_store_ptr_release(&c->self, c);
	if (index)
		work(c);
	main_cpu();
	finish();
}

/* INIT, then the start-up IPI, which names the page of their first instruction. */
void start_cpus(void)
{
	for (unsigned i = 1; i < CPUS; i++) {
		uint64_t to = (uint64_t)i << 56;

		hyp.ops->apic_write(0, PSTD_APIC_ICR, to | ICR_INIT);
		spin(20000);
		hyp.ops->apic_write(0, PSTD_APIC_ICR, to | ICR_STARTUP | START >> 12);
		while (!pstd_load_ptr_acquire(&cpus[i].self))
			pause();
	}
}
