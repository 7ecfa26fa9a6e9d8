/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the world's words are called: those that agents access through
 * posted/atomic.h, and how these are shown; all others by what they lie in.
 */
#include "world/world.h"

static void show_word(FILE *out, uint64_t pir, unsigned first)
{
	const char *between = "";

	fputc('{', out);
	for (unsigned bit = 0; bit < 64; bit++)
		if (pir & PSTD_BIT(bit)) {
			fprintf(out, "%s%#x", between, first + bit);
			between = " ";
		}
	fputc('}', out);
}

static void show_pir(FILE *out, uint64_t pir)
{
	show_word(out, pir, 64);
}

/* The host's vectors. */
static void show_low_pir(FILE *out, uint64_t pir)
{
	show_word(out, pir, 0);
}

static void show_control(FILE *out, uint64_t control)
{
	fprintf(out, "%s%sNV=%#x NDST=%u", control & PSTD_ON ? "ON " : "",
	        control & PSTD_SN ? "SN " : "", (unsigned)pstd_field_get(PSTD_NV, control),
	        (unsigned)pstd_field_get(PSTD_NDST, control));
}

static void show_mode(FILE *out, uint64_t mode)
{
	fputs(mode == PSTD_IN_GUEST_MODE ? "in guest" : "outside", out);
}

static void show_task(FILE *out, uint64_t task)
{
	static const char *const names[] = { "runnable", "running", "blocking", "sleeping" };

	fputs(task < 4 ? names[task] : "?", out);
}

static void show_lock(FILE *out, uint64_t held)
{
	fputs(held ? "held" : "free", out);
}

static void show_entry(FILE *out, uint64_t lo)
{
	fprintf(out, "%s V=%#x",
	        !(lo & PSTD_IRTE_P)   ? "none"
	        : lo & PSTD_IRTE_IM ? "posted"
	                            : "remapped",
	        (unsigned)pstd_field_get(PSTD_IRTE_V, lo));
}

static void show_pointer(FILE *out, uint64_t p)
{
	fputs(p ? "set" : "none", out);
}

#define VCPU_WORDS(i, suffix)                                                           \
	{ &world.physical.pid[i].pir[WORLD_VECTOR / 64], "pir" suffix, show_pir },      \
	{ &world.physical.pid[i].control, "control" suffix, show_control },             \
	{ &world.physical.pid_pointers[i], "pid_pointer" suffix, show_pointer },        \
	{ &world.vcpus[i], "vcpus" suffix, show_pointer },                              \
	{ &world.vcpu[i].hyp.mode, "mode" suffix, show_mode },                          \
	{ &world.vcpu[i].hyp.task, "task" suffix, show_task },                          \
	{ &world.vcpu[i].hyp.nmi, "nmi" suffix, NULL },                                 \
	{ &world.vcpu[i].hyp.kick, "kick" suffix, NULL },                               \
	{ &world.vcpu[i].asked[0], "asked[0]" suffix, NULL },                           \
	{ &world.vcpu[i].asked[1], "asked[1]" suffix, NULL }

#define PCPU_WORDS(i, suffix)                                                           \
	{ &world.pcpu[i].cpu.lapic.doorbell, "doorbell" suffix, NULL },                 \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0x20], "inbox[0x20]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0x21], "inbox[0x21]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0xeb], "inbox[0xeb]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0xf1], "inbox[0xf1]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0xf2], "inbox[0xf2]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.byte[0xfc], "inbox[0xfc]" suffix, NULL },      \
	{ &world.pcpu[i].cpu.lapic.inbox.word[0xf0 / 8], "inbox" suffix, NULL },        \
	{ &world.physical.msi[i].pir[0], "msi.pir" suffix, show_low_pir },              \
	{ &world.physical.msi[i].control, "msi.control" suffix, show_control },         \
	{ &world.pcpu[i].hyp.wakeup_lock.held, "wakeup_lock" suffix, show_lock },       \
	{ &world.pcpu[i].hyp.irq[0x20], "irq[0x20]" suffix, show_pointer },             \
	{ &world.pcpu[i].hyp.irq[0x21], "irq[0x21]" suffix, show_pointer }

#define DEVICE_WORDS(i, suffix)                                                         \
	{ &world.physical.irte[i], "irte" suffix, show_entry },                         \
	{ &world.device[i].irqfd.target, "target" suffix, NULL },                       \
	{ &world.device[i].eventfd.irqfd, "irqfd" suffix, show_pointer }

const struct explore_word world_words[] = {
	VCPU_WORDS(0, ""), VCPU_WORDS(1, "'"),
	PCPU_WORDS(0, ""), PCPU_WORDS(1, "'"),
	DEVICE_WORDS(0, ""), DEVICE_WORDS(1, "'"),
	{ &world.control.held, "control_lock", show_lock },
	{ NULL, NULL, NULL },
};

#define REGION(at, name) { &(at), sizeof(at), name }

#define VCPU_FIELD(i, field) REGION(world.vcpu[i].hyp.field, "vCPU " #i "'s " #field)
#define VCPU_REGIONS(i)                                                                  \
	VCPU_FIELD(i, wakeup.next), VCPU_FIELD(i, wakeup.prev), VCPU_FIELD(i, mode),     \
	VCPU_FIELD(i, task), VCPU_FIELD(i, nmi), VCPU_FIELD(i, kick),                    \
	VCPU_FIELD(i, identity),                                                         \
	VCPU_FIELD(i, rax), VCPU_FIELD(i, rcx), VCPU_FIELD(i, rdx), VCPU_FIELD(i, pcpu), \
	VCPU_FIELD(i, vmcs_ready), VCPU_FIELD(i, launched), VCPU_FIELD(i, windows),      \
	VCPU_FIELD(i, interrupted), VCPU_FIELD(i, errors), VCPU_FIELD(i, exits),         \
	VCPU_FIELD(i, coalesced),                                                        \
	REGION(world.vcpu[i], "vCPU " #i),                                               \
	REGION(world.physical.vmcs[i].active, "the pCPU of vCPU " #i "'s VMCS"),         \
	REGION(world.physical.vmcs[i], "vCPU " #i "'s VMCS"),                            \
	REGION(world.physical.apic[i], "vCPU " #i "'s APIC page"),                       \
	REGION(world.physical.pid[i], "vCPU " #i "'s descriptor"),                       \
	REGION(world.physical.pid_pointers[i], "vCPU " #i "'s PID pointer"),             \
	REGION(world.vcpus[i], "pointer to vCPU " #i)

#define PCPU_FIELD(i, field) REGION(world.pcpu[i].hyp.field, "pCPU " #i "'s " #field)
#define PCPU_REGIONS(i)                                                                  \
	PCPU_FIELD(i, wakeup.next), PCPU_FIELD(i, wakeup.prev),                          \
	PCPU_FIELD(i, wakeup_lock), PCPU_FIELD(i, irq), PCPU_FIELD(i, resched),          \
	PCPU_FIELD(i, pin), PCPU_FIELD(i, npi), PCPU_FIELD(i, piw), PCPU_FIELD(i, pmn),  \
	PCPU_FIELD(i, interrupts), PCPU_FIELD(i, spurious),                              \
	REGION(world.pcpu[i].cpu.lapic, "pCPU " #i "'s local APIC"),                     \
	REGION(world.pcpu[i].cpu, "pCPU " #i "'s CPU"),                                  \
	REGION(world.pcpu[i], "pCPU " #i),                                               \
	REGION(world.physical.msi[i], "pCPU " #i "'s descriptor")

#define DEVICE_FIELD(i, field) REGION(world.device[i].field, "device " #i "'s " #field)
#define DEVICE_REGIONS(i)                                                                \
	DEVICE_FIELD(i, irq.pcpu), DEVICE_FIELD(i, irq.vector),                          \
	DEVICE_FIELD(i, irq.trigger), DEVICE_FIELD(i, irq), DEVICE_FIELD(i, irqfd.vm),   \
	DEVICE_FIELD(i, irqfd.gsi), DEVICE_FIELD(i, irqfd.eventfd),                      \
	DEVICE_FIELD(i, irqfd.target), DEVICE_FIELD(i, irqfd.next),                      \
	DEVICE_FIELD(i, eventfd.irqfd), DEVICE_FIELD(i, eventfd.producer),               \
	DEVICE_FIELD(i, counts), REGION(world.device[i], "device " #i),                  \
	REGION(world.physical.irte[i], "device " #i "'s entry"),                         \
	REGION(world.routes[i], "route " #i)

/* The narrow ones first. */
const struct explore_region world_regions[] = {
	VCPU_REGIONS(0), VCPU_REGIONS(1), PCPU_REGIONS(0), PCPU_REGIONS(1),
	DEVICE_REGIONS(0), DEVICE_REGIONS(1),
	REGION(world.physical, "physical memory"),
	REGION(world.hyp, "hyp"),
	REGION(world.vm.irqfds, "the VM's irqfds"),
	REGION(world.vm, "the VM"),
	REGION(world.grave, "grave"),
	REGION(world, "world"),
	{ NULL, 0, NULL },
};
