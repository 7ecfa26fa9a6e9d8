/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario of the way of a device's interrupt is, what its agents do, and its judge. */
#ifndef ADAPT_IRQ_SCENES_H
#define ADAPT_IRQ_SCENES_H

#include "irq_kvm.h"
#include "iommu.h"

enum irq_target { IRQ_NOWHERE, IRQ_VCPU, IRQ_PIN, IRQ_PINS, IRQ_BROADCAST };

struct irq_route {
	enum irq_target to;
	unsigned vcpu, vector;
};

struct irq_scene {
	struct irq_route first, then; /* the route at the beginning, and what user space makes it */
	bool assigned, producer;      /* at the beginning there is an irqfd, a producer */
	bool cached;                  /* the device has raised its interrupt before */
	bool signalled;               /* its eventfd has been: a work is queued */
	bool closed;                  /* its eventfd is: a work is queued that shuts it down */
	bool resamples;               /* it is one of a line, and tells of what is acknowledged */
	bool pair;                    /* another one of that line does, too */
	bool refuses;                 /* the host's interrupt cannot be posted */
	bool posts_host;              /* the host's own interrupts are posted */
	bool interrupts;              /* the agents are CPUs; VMM is a task of CPU 0, interrupted */
	unsigned raises;              /* how often it does, or its eventfd is signalled */
	enum iommu_kind ends;         /* the entry in the end; IOMMU_BLOCKED: any */
	bool comes_back;              /* the first route does, in the end */
	bool silent;                  /* when that is done, the guest gets nothing any more */
	bool may_drop;                /* the route goes away: so may interrupts */
	bool may_repeat;              /* an interrupt too many does no harm */
};

void irq_begin(const struct irq_scene *scene);
void irq_judge(void);

/* Runs of agents. User space: */
void irq_assigns(void *unused);
void irq_tries_to_assign(void *unused);
void irq_assigns_second(void *unused);
void irq_deassigns(void *unused);
void irq_reroutes(void *unused);
void irq_reroutes_and_back(void *unused);
void irq_reroutes_and_goes(void *unused);
void irq_goes(void *unused);
void irq_closes(void *unused);
void irq_releases(void *unused);
/* the guest */
void irq_acknowledges(void *unused);
/* the driver of the device: */
void irq_registers(void *unused);
void irq_unregisters(void *unused);
void irq_is_refused(void *unused);
void irq_signals(void *unused);
/* the host: its CPU, and who moves the interrupt to another one */
void irq_host(void *unused);
void irq_moves(void *unused);
/* the device */
void irq_device(void *unused);

#endif
