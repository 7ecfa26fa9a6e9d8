/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device interrupts: host vectors, eventfds, irqfds, and the bypass of all three. Who may
 * call (owner, data, control): posted/hyp.h.
 */
#ifndef PSTD_IRQ_H
#define PSTD_IRQ_H

#include <posted/host.h>
#include <posted/irte.h>
#include <posted/vm.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/* Where an interrupt's producer and its consumer meet. */
struct pstd_eventfd {
	struct pstd_irqfd *irqfd; /* at most one; published */
	struct pstd_irq *producer; /* control's */
};

/* A device vector on the host. */
struct pstd_irq {
	/* given by the caller */
	struct pstd_irte *irte; /* its slot in the live table */
	uint16_t index;         /* of that slot */
	uint16_t sid;           /* the device's source id */
	bool posted_msi;        /* posted to its pCPU's descriptor while it is the host's own */
	struct pstd_eventfd *trigger;
	uint64_t *counts; /* host interrupts by pCPU, tallied by each */
	/* pstd_irq_request's */
	struct pstd_pcpu *pcpu;
	uint8_t vector;
};

/* A GSI of a VM that an eventfd triggers. */
struct pstd_irqfd {
	/* given by the caller */
	struct pstd_vm *vm;
	uint32_t gsi;
	struct pstd_eventfd *eventfd;
	/* snapshot of the route, one word so that it is never torn */
	uint64_t target;
	struct pstd_irqfd *next;
};

/*
 * Takes a free vector of p and points the entry at it: remapped, or posted to p's
 * descriptor. -PSTD_ENOSPC. -PSTD_EINVAL: it is to be posted, and p has none. Control.
 */
int pstd_irq_request(struct pstd_irq *irq, struct pstd_pcpu *p);

/*
 * Takes it back from bypass, clears the entry and gives the vector back: no more
 * requests get through. One that is already in p's local APIC counts as spurious
 * there, unless the vector was taken again meanwhile. One that is posted to p's
 * descriptor is given up: true. Control.
 */
bool pstd_irq_free(struct pstd_irq *irq);

/* Signals an eventfd: its irqfd posts, or user space is told. Data. */
void pstd_eventfd_signal(struct pstd_hyp *h, struct pstd_eventfd *e);

/* Binds an eventfd to a GSI. -PSTD_EBUSY: it has an irqfd. -PSTD_ENOENT: no such GSI. Control. */
int pstd_irqfd_assign(struct pstd_irqfd *irqfd);

/*
 * Unbinds it; when this returns nobody uses irqfd. A posted entry went back to
 * the host first. Control.
 */
void pstd_irqfd_deassign(struct pstd_irqfd *irqfd);

/*
 * Offers an interrupt for bypass: posted while its eventfd has an irqfd with a
 * route. -PSTD_EBUSY: the eventfd has another. -PSTD_EINVAL: without APIC
 * virtualization nobody would take in what is posted. Control.
 */
int pstd_bypass_register(struct pstd_irq *irq);

/* Takes it back; the entry is the host's when this returns. Control. */
void pstd_bypass_unregister(struct pstd_irq *irq);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
