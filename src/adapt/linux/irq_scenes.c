/* SPDX-License-Identifier: BSD-2-Clause */
/* Who meets whom on the way of a device's interrupt. */
#include "irq_scenes.h"
#include <explore/module.h>

#define MSI(v, n) { IRQ_VCPU, (v), (n) }
#define OLD MSI(0, 0x41)
#define NEW MSI(1, 0x62)
#define PIN { IRQ_PIN, 0, 0 }
#define PINS { IRQ_PINS, 0, 0 }
#define ALL { IRQ_BROADCAST, 0, 0x41 }
#define NONE { IRQ_NOWHERE, 0, 0 }

#define DEVICE { "device", irq_device, NULL, true }
#define HOST { "host CPU", irq_host, NULL, false }
#define CPU0 { "CPU 0", explore_cpu, (void *)0, false }
#define VMM(run) { "VMM", run, NULL, false }
#define THREAD(run) { "thread", run, NULL, false }
#define DRIVER(run) { "driver", run, NULL, false }
#define GUEST { "vCPU", irq_acknowledges, NULL, false }
#define WORKER { "worker", irq_worker, &irq_system_wq, false }
#define CLEANUP { "cleanup", irq_cleanup, NULL, false }

static void irq_cleanup(void *unused)
{
	irq_worker(irq_cleanup_wq);
}

#define AGENTS(...) __VA_ARGS__
#define SCENE(id, what, who, ...)                                                       \
	static const struct irq_scene id##_scene = { __VA_ARGS__ };                     \
	static const struct explore_agent id##_agents[] = { who };                      \
	static void id##_begin(void)                                                    \
	{                                                                               \
		irq_begin(&id##_scene);                                                 \
	}                                                                               \
	EXPLORE_SCENARIO(id, what, EXPLORE_AGENTS_OF(id##_agents), .setup = id##_begin, \
	                 .finish = irq_judge)

SCENE(irqfd_assign, "an irqfd is assigned while its device interrupts: from then on it is posted",
      AGENTS(VMM(irq_assigns), DEVICE, HOST),
      .first = OLD, .then = OLD, .producer = true, .raises = 1, .ends = IOMMU_POSTED,
      .may_repeat = true);

SCENE(irqfd_deassign, "an irqfd is deassigned while its device posts: what comes is user space's",
      AGENTS(VMM(irq_deassigns), DEVICE, HOST),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .cached = true, .raises = 2,
      .ends = IOMMU_REMAPPED, .silent = true);

SCENE(bypass_added, "a producer is registered while the route changes: the new one is posted",
      AGENTS(DRIVER(irq_registers), VMM(irq_reroutes)),
      .first = OLD, .then = NEW, .assigned = true, .ends = IOMMU_POSTED);

SCENE(bypass_removed, "a producer is unregistered while the route changes: nothing is posted",
      AGENTS(DRIVER(irq_unregisters), VMM(irq_reroutes)),
      .first = OLD, .then = NEW, .assigned = true, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(bypass_meets, "a producer is registered while the irqfd is assigned: it is posted",
      AGENTS(DRIVER(irq_registers), VMM(irq_assigns)),
      .first = OLD, .then = OLD, .ends = IOMMU_POSTED);

SCENE(bypass_parts, "a producer is unregistered while the irqfd is deassigned: nothing is posted",
      AGENTS(DRIVER(irq_unregisters), VMM(irq_deassigns)),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(bypass_refused, "a producer that is refused goes away while the route changes",
      AGENTS(DRIVER(irq_is_refused), VMM(irq_reroutes)),
      .first = OLD, .then = NEW, .assigned = true, .refuses = true);

SCENE(route_vcpu, "a route leads to another vCPU and vector while its device posts",
      AGENTS(VMM(irq_reroutes), DEVICE),
      .first = OLD, .then = NEW, .assigned = true, .producer = true, .cached = true, .raises = 2,
      .ends = IOMMU_POSTED);

SCENE(route_twice, "two threads change the route at once: one of them is the last",
      AGENTS(VMM(irq_reroutes), THREAD(irq_reroutes)),
      .first = OLD, .then = NEW, .assigned = true, .producer = true, .ends = IOMMU_POSTED);

SCENE(route_pin, "a route leads to the interrupt controller while its device posts",
      AGENTS(VMM(irq_reroutes), DEVICE, HOST, WORKER),
      .first = OLD, .then = PIN, .assigned = true, .producer = true, .cached = true, .raises = 1,
      .ends = IOMMU_REMAPPED);

SCENE(route_all, "a route leads to all vCPUs while its device posts",
      AGENTS(VMM(irq_reroutes), DEVICE, HOST),
      .first = OLD, .then = ALL, .assigned = true, .producer = true, .cached = true, .raises = 1,
      .ends = IOMMU_REMAPPED);

SCENE(route_back, "a route leads to two controllers, and back: it is posted again",
      AGENTS(VMM(irq_reroutes_and_back), DEVICE),
      .first = OLD, .then = PINS, .assigned = true, .producer = true, .raises = 1,
      .ends = IOMMU_POSTED, .comes_back = true);

SCENE(route_pin_gone, "a route changes its type while posted, and the VM goes away",
      AGENTS(VMM(irq_reroutes_and_goes), DEVICE, HOST),
      .first = OLD, .then = PIN, .assigned = true, .producer = true, .cached = true, .raises = 1,
      .ends = IOMMU_REMAPPED);

SCENE(unroute_gone, "a route is removed while posted, and the VM goes away",
      AGENTS(VMM(irq_reroutes_and_goes), DEVICE, HOST),
      .first = OLD, .then = NONE, .assigned = true, .producer = true, .cached = true, .raises = 1,
      .ends = IOMMU_REMAPPED, .may_drop = true);

SCENE(vm_gone, "a VM goes away while its device posts",
      AGENTS(VMM(irq_goes), DEVICE, HOST),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .cached = true, .raises = 2,
      .ends = IOMMU_REMAPPED);

SCENE(hup_gone, "an eventfd is closed while the VM goes away",
      AGENTS(VMM(irq_goes), THREAD(irq_closes), CLEANUP),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(hup_deassign, "an eventfd is closed while its irqfd is deassigned",
      AGENTS(VMM(irq_deassigns), THREAD(irq_closes), CLEANUP),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(hup_assign, "an eventfd is closed while its irqfd is assigned",
      AGENTS(VMM(irq_tries_to_assign), THREAD(irq_closes), CLEANUP),
      .first = OLD, .then = OLD, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(hup_route, "an eventfd is closed while the route changes",
      AGENTS(VMM(irq_reroutes), THREAD(irq_closes), CLEANUP),
      .first = OLD, .then = NEW, .assigned = true, .producer = true, .ends = IOMMU_REMAPPED);

SCENE(assign_deassign, "an irqfd is assigned in one thread and deassigned in another",
      AGENTS(VMM(irq_assigns), THREAD(irq_deassigns)),
      .first = OLD, .then = OLD, .producer = true);

SCENE(assign_route, "an irqfd is assigned while the route changes: the new one is posted",
      AGENTS(VMM(irq_assigns), THREAD(irq_reroutes)),
      .first = OLD, .then = NEW, .producer = true, .ends = IOMMU_POSTED);

SCENE(wakeup_route, "an eventfd is signalled while the route changes: one route or the other",
      AGENTS(DRIVER(irq_signals), VMM(irq_reroutes)),
      .first = OLD, .then = NEW, .assigned = true, .raises = 1);

SCENE(route_interrupted, "a device interrupts the CPU that changes the route",
      AGENTS(CPU0, DEVICE),
      .first = OLD, .then = NEW, .assigned = true, .raises = 1, .interrupts = true);

SCENE(inject_route, "what an eventfd asked for is injected while the routes are replaced",
      AGENTS(VMM(irq_reroutes), WORKER),
      .first = PIN, .then = PIN, .assigned = true, .signalled = true);

SCENE(wakeup_deassign, "an eventfd is signalled while its irqfd is deassigned",
      AGENTS(DRIVER(irq_signals), VMM(irq_deassigns), WORKER),
      .first = OLD, .then = OLD, .assigned = true, .raises = 1, .silent = true);

SCENE(hup_signal, "an eventfd is closed while it is signalled",
      AGENTS(DRIVER(irq_signals), THREAD(irq_closes), CLEANUP),
      .first = OLD, .then = OLD, .assigned = true, .raises = 2);

SCENE(hup_stale, "an eventfd that was closed is signalled while the route changes",
      AGENTS(DRIVER(irq_signals), VMM(irq_reroutes), CLEANUP),
      .first = OLD, .then = NEW, .assigned = true, .closed = true, .raises = 1);

SCENE(resample, "a guest acknowledges a line's interrupt while its resampling irqfd goes",
      AGENTS(GUEST, VMM(irq_deassigns)),
      .first = PIN, .then = PIN, .assigned = true, .resamples = true);

SCENE(resample_pair, "one resampling irqfd of a line goes, another one comes",
      AGENTS(THREAD(irq_assigns_second), VMM(irq_deassigns)),
      .first = PIN, .then = PIN, .assigned = true, .resamples = true);

SCENE(resample_one, "a guest acknowledges a line's interrupt while one of two irqfds goes",
      AGENTS(GUEST, VMM(irq_deassigns)),
      .first = PIN, .then = PIN, .assigned = true, .resamples = true, .pair = true);

SCENE(resample_gone, "a guest acknowledges a line's interrupt while the VM goes away",
      AGENTS(GUEST, VMM(irq_releases)),
      .first = PIN, .then = PIN, .assigned = true, .resamples = true);

SCENE(affinity, "the host moves an interrupt while it becomes posted: it stays posted",
      AGENTS(DRIVER(irq_registers), THREAD(irq_moves), DEVICE, HOST),
      .first = OLD, .then = OLD, .assigned = true, .raises = 1, .ends = IOMMU_POSTED);

#if ADAPT_VERSION >= 6011
SCENE(host_posted, "an irqfd is deassigned: the host's interrupt is posted to the host again",
      AGENTS(VMM(irq_deassigns), DEVICE, HOST),
      .first = OLD, .then = OLD, .assigned = true, .producer = true, .cached = true, .raises = 1,
      .ends = IOMMU_REMAPPED, .posts_host = true);
#endif
