/* SPDX-License-Identifier: BSD-2-Clause */
/* The world's state: how it begins, and what of it nobody changes. */
#include "world/world.h"
#include "exec/host_apic.h"
#include <stdlib.h>

enum { SID = 0x0100 };

struct world world;

const struct pstd_memory world_memory = {
	.base = (uint8_t *)&world.physical,
	.size = sizeof(world.physical),
};

struct pstd_vtd world_vtd;

/* Bytes from to below to of both inboxes. */
#define INBOXES(from, to)                                                 \
	{ &world.pcpu[0].cpu.lapic.inbox.byte[from], (to) - (from) },     \
	{ &world.pcpu[1].cpu.lapic.inbox.byte[from], (to) - (from) }

/* All vectors lie in one word of PIR. */
#define DESCRIPTOR(i)                                                            \
	{ world.physical.pid[i].rsvd, sizeof(world.physical.pid[i].rsvd) },      \
	{ world.physical.pid[i].pir, WORLD_VECTOR / 64 * 8 },                    \
	{ &world.physical.pid[i].pir[WORLD_VECTOR / 64 + 1],                     \
	  (3 - WORLD_VECTOR / 64) * 8 }

/* Its configuration, which each request reads. */
#define UNIT { &world_vtd.active, sizeof(world_vtd.active) }

/* No NMIs are sent, and nobody is kicked. */
#define NO_NMIS                                                             \
	{ &world.vcpu[0].hyp.nmi, sizeof(uint64_t) },                       \
	{ &world.vcpu[1].hyp.nmi, sizeof(uint64_t) }
#define NO_KICKS                                                            \
	{ &world.vcpu[0].hyp.kick, sizeof(uint64_t) },                      \
	{ &world.vcpu[1].hyp.kick, sizeof(uint64_t) },                      \
	{ world.vcpu[0].asked, sizeof(world.vcpu[0].asked) },               \
	{ world.vcpu[1].asked, sizeof(world.vcpu[1].asked) }

/* Which vCPUs there are, and how IPIs find them. */
#define VCPUS                                                               \
	{ world.vcpus, sizeof(world.vcpus) },                               \
	{ world.grave.vcpus, sizeof(world.grave.vcpus) },                   \
	{ &world.vcpu[0].hyp.identity, sizeof(uint64_t) },                  \
	{ &world.vcpu[1].hyp.identity, sizeof(uint64_t) }

const struct explore_constant world_posted[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS, NO_NMIS, NO_KICKS,
	INBOXES(0, PSTD_LINUX_WAKEUP), INBOXES(PSTD_LINUX_NOTIFICATION + 1, 256),
	{ world.physical.irte, sizeof(world.physical.irte) },
	{ NULL, 0 },
};

const struct explore_constant world_remapped[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS, NO_NMIS, NO_KICKS,
	INBOXES(0, PSTD_LINUX_FIRST_DEVICE),
	INBOXES(PSTD_LINUX_FIRST_DEVICE + WORLD_DEVICES, PSTD_LINUX_WAKEUP),
	INBOXES(PSTD_LINUX_NOTIFICATION + 1, 256),
	{ NULL, 0 },
};

const struct explore_constant world_injected[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS, NO_NMIS, NO_KICKS,
	INBOXES(0, PSTD_LINUX_WAKEUP),
	INBOXES(PSTD_LINUX_WAKEUP + 1, PSTD_LINUX_KICK),
	INBOXES(PSTD_LINUX_KICK + 1, 256),
	{ world.physical.irte, sizeof(world.physical.irte) },
	{ NULL, 0 },
};

const struct explore_constant world_emulated[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, NO_NMIS, NO_KICKS,
	INBOXES(0, PSTD_LINUX_WAKEUP),
	INBOXES(PSTD_LINUX_WAKEUP + 1, PSTD_LINUX_KICK),
	INBOXES(PSTD_LINUX_KICK + 1, 256),
	{ world.vcpus, sizeof(world.vcpus) },
	{ world.physical.irte, sizeof(world.physical.irte) },
	{ NULL, 0 },
};

/* All of their agents' interrupts: notifications, and the kick's. */
#define KICKED                                                              \
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS,                          \
	INBOXES(0, PSTD_LINUX_WAKEUP),                              \
	INBOXES(PSTD_LINUX_NOTIFICATION + 1, PSTD_LINUX_KICK),                   \
	INBOXES(PSTD_LINUX_KICK + 1, 256),                                  \
	{ world.physical.irte, sizeof(world.physical.irte) }

const struct explore_constant world_nmis[] = { KICKED, NO_KICKS, { NULL, 0 } };
const struct explore_constant world_kicks[] = { KICKED, NO_NMIS, { NULL, 0 } };

const struct explore_constant world_vcpus_change[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, NO_NMIS, NO_KICKS,
	INBOXES(0, PSTD_LINUX_WAKEUP), INBOXES(PSTD_LINUX_NOTIFICATION + 1, 256),
	{ NULL, 0 },
};

/* The host's vectors lie in the first word. */
#define MSI_DESCRIPTOR { &world.physical.msi[0].pir[1], 3 * 8 }

const struct explore_constant world_msi_posted[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS, NO_NMIS, NO_KICKS, MSI_DESCRIPTOR,
	INBOXES(0, PSTD_LINUX_MSI_NOTIFICATION),
	INBOXES(PSTD_LINUX_MSI_NOTIFICATION + 1, 256),
	{ world.physical.irte, sizeof(world.physical.irte) },
	{ NULL, 0 },
};

const struct explore_constant world_remapped_msi[] = {
	DESCRIPTOR(0), DESCRIPTOR(1), UNIT, VCPUS, NO_NMIS, NO_KICKS, MSI_DESCRIPTOR,
	INBOXES(0, PSTD_LINUX_MSI_NOTIFICATION),
	INBOXES(PSTD_LINUX_MSI_NOTIFICATION + 1, PSTD_LINUX_WAKEUP),
	INBOXES(PSTD_LINUX_NOTIFICATION + 1, 256),
	{ NULL, 0 },
};

/* Without a cache; its table has as many entries as there are devices. */
static void setup_unit(void)
{
	static uint64_t frcd[2];
	const struct pstd_vtd_config c = {
		.memory = &world_memory,
		.address_width = 46,
		.cap = PSTD_VTD_CAP_PI | pstd_field(PSTD_VTD_CAP_FRO, 0x20),
		.ecap = PSTD_VTD_ECAP_QI | PSTD_VTD_ECAP_IR | PSTD_VTD_ECAP_EIM,
		.frcd = frcd,
		.drain = world_drain,
	};
	uint64_t table = pstd_memory_phys(&world_memory, world.physical.irte);

	if (pstd_vtd_init(&world_vtd, &c))
		abort(); /* an impossible configuration */
	pstd_vtd_write(&world_vtd, PSTD_VTD_IRTA, 8,
	               table | PSTD_VTD_IRTA_EIME | (WORLD_DEVICES / 2 - 1));
	pstd_vtd_write(&world_vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_SIRTP);
	pstd_vtd_write(&world_vtd, PSTD_VTD_GCMD, 4, PSTD_VTD_GCMD_IRE);
}

static void setup_pcpu(struct world *w, unsigned i)
{
	struct world_pcpu *p = &w->pcpu[i];

	p->cpu.memory = &world_memory;
	host_apic_start(&p->cpu.lapic, i, true, &w->hyp.vectors);
	p->hyp.hyp = &w->hyp;
	p->hyp.index = p->hyp.apic_id = i;
	p->hyp.msi = &w->physical.msi[i];
	if (pstd_pcpu_init(&p->hyp))
		abort(); /* an impossible configuration */
}

/* The part of a VMCS that is not the library's. */
static void setup_vmcs(struct world *w, struct pstd_vmcs *s)
{
	s->GUEST_RFLAGS = PSTD_VMX_RFLAGS_IF | PSTD_VMX_RFLAGS_FIXED;
	s->CPU_BASED_VM_EXEC_CONTROL = PSTD_VMX_CPU_MSR_BITMAPS;
	s->MSR_BITMAP = pstd_memory_phys(&world_memory, w->physical.msr_bitmap);
}

static void setup_vcpu(struct world *w, unsigned i)
{
	struct world_vcpu *v = &w->vcpu[i];

	v->program = "";
	v->hyp.vm = &w->vm;
	v->hyp.apic_id = i;
	v->hyp.pid = &w->physical.pid[i];
	v->hyp.apic = &w->physical.apic[i];
	setup_vmcs(w, &w->physical.vmcs[i]);
	v->hyp.vmcs = pstd_memory_phys(&world_memory, &w->physical.vmcs[i]);
	if (pstd_vcpu_init(&v->hyp, &w->pcpu[0].hyp))
		abort(); /* an impossible configuration */
}

void world_post_to(unsigned n, unsigned v)
{
	world.physical.irte[n] = pstd_irte_posted(
		pstd_memory_phys(&world_memory, &world.physical.pid[v]), world_vector(n), SID);
	world.home[n] = v;
}

static void setup_device(struct world *w, unsigned n)
{
	struct world_device *d = &w->device[n];

	d->irq = (struct pstd_irq){ .irte = &w->physical.irte[n],
		                    .index = (uint16_t)n,
		                    .sid = SID,
		                    .trigger = &d->eventfd,
		                    .counts = d->counts };
	d->irqfd = (struct pstd_irqfd){ .vm = &w->vm, .gsi = n, .eventfd = &d->eventfd };
	world_post_to(n, 0);
}

static void setup_grave(struct world *w)
{
	w->grave.vm = w->vm;
	w->grave.vm.vcpus = w->grave.vcpus;
	w->grave.vcpus[0] = w->grave.vcpus[1] = &w->grave.vcpu;
	w->grave.vcpu.vm = &w->grave.vm;
	w->grave.vcpu.pid = &w->grave.pid;
}

void world_setup(void)
{
	struct world *w = &world;

	w->hyp = (struct pstd_hyp){ .ops = &world_ops, .vectors = PSTD_LINUX_VECTORS,
		                    .x2apic = true, .hlt_exiting = true };
	w->apart = 1;
	setup_unit();
	w->vm = (struct pstd_vm){ .hyp = &w->hyp, .x2apic = true, .vcpus = w->vcpus,
		                  .vcpu_count = WORLD_VCPUS, .routes = w->routes,
		                  .route_count = WORLD_DEVICES };
	pstd_msr_bitmap(&w->vm, w->physical.msr_bitmap);
	setup_grave(w);
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		setup_pcpu(w, i);
	for (unsigned i = 0; i < WORLD_VCPUS; i++)
		setup_vcpu(w, i);
	for (unsigned n = 0; n < WORLD_DEVICES; n++)
		setup_device(w, n);
}

void world_classes(void)
{
	world.apart = 16;
	for (unsigned n = 0; n < WORLD_DEVICES; n++)
		world_post_to(n, world.home[n]);
}

void world_queue(unsigned v, unsigned p, const char *program)
{
	struct world_pcpu *on = &world.pcpu[p];

	world.vcpu[v].program = program;
	world.vcpu[v].hyp.pcpu = &on->hyp;
	on->queue[on->queued++] = &world.vcpu[v];
}

void world_sleep(unsigned v)
{
	pstd_vcpu_load(&world.vcpu[v].hyp, &world.pcpu[0].hyp);
	world.vcpu[v].hyp.halted = true;
	if (!pstd_vcpu_block(&world.vcpu[v].hyp))
		abort();
}

struct pstd_msi_msg world_msi(unsigned v, unsigned n)
{
	return pstd_msi_compat(v, world_vector(n));
}

void world_device(unsigned n, unsigned v)
{
	struct pstd_msi_msg msi = world_msi(v, n);

	pstd_irq_request(&world.device[n].irq, &world.pcpu[0].hyp);
	pstd_route_set(&world.vm, n, &msi);
	world.home[n] = v;
}

void world_setup_host(void)
{
	world_setup();
	world.unscheduled = true;
	world_device(0, 0);
	world.busy = 1;
}

void world_setup_irqfd(void)
{
	world_setup_host();
	pstd_irqfd_assign(&world.device[0].irqfd);
}

void world_setup_rerouted(void)
{
	world_setup_irqfd();
	world.home[1] = 1;
	world.rerouted = true;
}

void world_msi_device(unsigned n, unsigned v)
{
	world.device[n].irq.posted_msi = true;
	world_device(n, v);
}

/* As the VM is now. */
static void init_vcpus(void)
{
	pstd_msr_bitmap(&world.vm, world.physical.msr_bitmap);
	for (unsigned i = 0; i < WORLD_VCPUS; i++) {
		world.physical.apic[i] = (struct pstd_apic_page){ { 0 } };
		if (pstd_vcpu_init(&world.vcpu[i].hyp, &world.pcpu[0].hyp))
			abort(); /* an impossible configuration */
	}
}

void world_xapic(void)
{
	world.vm.x2apic = false;
	init_vcpus();
}

void world_virtualize_ipis(bool x2apic)
{
	world.vm.x2apic = x2apic;
	world.vm.pid_pointers = world.physical.pid_pointers;
	init_vcpus();
}

void world_emulate_apics(void)
{
	world.hyp.software_apic = true;
	pstd_msr_bitmap(&world.vm, world.physical.msr_bitmap);
}
