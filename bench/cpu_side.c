/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an interrupt costs the CPU side alone, on one core: a post, the notification's
 * processing, delivery, EOI. No thread, no device, no VT-d unit. Each sample is
 * some hundred interrupts to one vCPU in guest mode, with all it has in the L1 cache.
 */
#include "exec/host_apic.h"
#include "harness.h"
#include <posted/hw/cpu.h>
#include <posted/hw/vtd.h>
#include <string.h>

enum { TIMES = 256, FIRST = 0x40, BURST = 16 };

static const struct pstd_vectors host_vectors = PSTD_LINUX_VECTORS;

static struct {
	uint8_t ram[4 * 4096] __attribute__((aligned(4096)));
	struct pstd_memory memory;
	struct pstd_cpu cpu;
	struct pstd_vmcs *vmcs;
	struct pstd_apic_page *page;
	struct pstd_desc *pid;
	uint8_t *msr_bitmap; /* none exits */
	uint64_t word;
} host;

/* A VMCS with virtual-interrupt delivery and posting, in x2APIC mode. */
static void fill_vmcs(struct pstd_vmcs *s)
{
	s->PIN_BASED_VM_EXEC_CONTROL = PSTD_VMX_PIN_EXT_INTR | PSTD_VMX_PIN_POSTED_INTR;
	s->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_TPR_SHADOW | PSTD_VMX_CPU_SECONDARY |
	                               PSTD_VMX_CPU_MSR_BITMAPS;
	s->SECONDARY_VM_EXEC_CONTROL = PSTD_VMX_SEC_X2APIC | PSTD_VMX_SEC_APIC_REGISTER |
	                               PSTD_VMX_SEC_VIRTUAL_INTR;
	s->VM_EXIT_CONTROLS = PSTD_VMX_EXIT_ACK_INTR;
	s->VIRTUAL_APIC_PAGE_ADDR = pstd_memory_phys(&host.memory, host.page);
	s->POSTED_INTR_DESC_ADDR = pstd_memory_phys(&host.memory, host.pid);
	s->MSR_BITMAP = pstd_memory_phys(&host.memory, host.msr_bitmap);
	s->POSTED_INTR_NV = PSTD_LINUX_NOTIFICATION;
	s->GUEST_RFLAGS = PSTD_VMX_RFLAGS_FIXED | PSTD_VMX_RFLAGS_IF;
}

static void setup(const struct bench *b)
{
	memset(&host, 0, sizeof(host));
	host.memory = (struct pstd_memory){ .base = host.ram, .size = sizeof(host.ram) };
	host.page = pstd_memory_take(&host.memory, sizeof(*host.page), 4096);
	host.vmcs = pstd_memory_take(&host.memory, sizeof(*host.vmcs), 4096);
	host.pid = pstd_memory_take(&host.memory, sizeof(*host.pid), 64);
	host.msr_bitmap = pstd_memory_take(&host.memory, PSTD_VMX_MSR_BITMAP_SIZE, 4096);
	if (!host.page || !host.vmcs || !host.pid || !host.msr_bitmap)
		bench_fail("the vCPU's memory is too small");
	host.pid->control = pstd_control(PSTD_LINUX_NOTIFICATION, 0);
	host.cpu.memory = &host.memory;
	host_apic_start(&host.cpu.lapic, 0, true, &host_vectors);
	fill_vmcs(host.vmcs);
	if (!pstd_cpu_vmptrld(&host.cpu, pstd_memory_phys(&host.memory, host.vmcs)) ||
	    !pstd_cpu_vm_entry(&host.cpu, false))
		bench_fail("the vCPU cannot be entered");
}

static inline void post(uint8_t vector)
{
	struct pstd_vtd_post_result r = pstd_vtd_post(host.pid, vector, false, true);

	if (r.notify)
		pstd_lapic_notify(&host.cpu.lapic, r.notification.vector);
}

/* Processes the notification if there is one, and delivers. */
static inline void take(void)
{
	uint8_t vector;

	if (pstd_cpu_boundary(&host.cpu, &vector) != PSTD_CPU_DELIVER)
		bench_fail("an interrupt was not delivered");
}

/* What the handler does. */
static inline void end(void)
{
	struct pstd_apic_msg none;

	if (pstd_cpu_wrmsr(&host.cpu, PSTD_APIC_X2APIC_MSR(PSTD_APIC_EOI), 0, &none) !=
	    PSTD_CPU_DONE)
		bench_fail("an EOI was not virtualized");
	pstd_cpu_iret(&host.cpu);
}

static double one_or(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES; i++)
		pstd_fetch_or_seq(&host.word, PSTD_BIT(i % 64));
	return (double)(bench_now() - begin) / TIMES;
}

/* One after the other: each has a notification of its own. */
static double single(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES; i++) {
		post((uint8_t)(FIRST + i % 128));
		take();
		end();
	}
	return (double)(bench_now() - begin) / TIMES;
}

/* Together: one notification brings them all, the highest first. */
static double burst(const struct bench *b)
{
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES / BURST; i++) {
		for (unsigned n = 0; n < BURST; n++)
			post((uint8_t)(FIRST + n * 8));
		for (unsigned n = 0; n < BURST; n++) {
			take();
			end();
		}
	}
	return (double)(bench_now() - begin) / TIMES;
}

/* Nested: each handler is interrupted by the next, of a higher class. */
static double nested(const struct bench *b)
{
	enum { DEPTH = 11 };
	uint64_t begin = bench_now();

	for (unsigned i = 0; i < TIMES / DEPTH; i++) {
		for (unsigned n = 0; n < DEPTH; n++) {
			post((uint8_t)(FIRST + n * 16));
			take();
			pstd_cpu_iret(&host.cpu); /* for STI: the handler lets others in */
		}
		for (unsigned n = 0; n < DEPTH; n++)
			end();
	}
	return (double)(bench_now() - begin) / (TIMES / DEPTH * DEPTH);
}

/* The boundary of an instruction at which nothing happens. */
static double boundary(const struct bench *b)
{
	uint64_t begin = bench_now();
	uint8_t vector;

	for (unsigned i = 0; i < TIMES; i++)
		if (pstd_cpu_boundary(&host.cpu, &vector) != PSTD_CPU_NONE)
			bench_fail("an interrupt came that nobody sent");
	return (double)(bench_now() - begin) / TIMES;
}

static const struct bench benches[] = {
	{ .name = "one locked OR", .setup = setup, .sample = one_or, .baseline = true },
	{ .name = "a boundary, nothing pending", .setup = setup, .sample = boundary },
	{ .name = "post, process, deliver, EOI", .setup = setup, .sample = single },
	{ .name = "the same, 16 with one notification", .setup = setup, .sample = burst },
	{ .name = "the same, each within the last", .setup = setup, .sample = nested },
	{ .name = NULL },
};

const struct bench_group bench_cpu_side = {
	.name = "cpu",
	.benches = benches,
	.rates = true,
	.note = "Of locked operations a post has two, the local APIC two, the processing two.\n",
};
