/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What runs on a vCPU: a small C program behind three functions.
 *
 * The executor calls run again and again while the vCPU is in guest mode; each
 * call is one "instruction": short (a few microseconds at most), and interrupts
 * are taken between calls, never inside one; but without APIC virtualization also
 * before the second IPI that a call sends, and those after it. interrupt is the
 * guest's handler, entered with interrupts disabled; it ends with guest_eoi. All
 * functions of a vCPU run on one thread at a time, not always the same one.
 */
#ifndef EXEC_GUEST_H
#define EXEC_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest; /* one vCPU, as its program sees it */

enum guest_next {
	GUEST_RUN,  /* call run again */
	GUEST_HALT, /* STI; HLT: call run again after the next interrupt */
	GUEST_DONE, /* as GUEST_HALT, and nothing more is to be waited for */
};

struct guest_ops {
	const char *name;
	const char *summary;  /* one line for the help */
	bool finishes;        /* the run waits until every vCPU has said GUEST_DONE */
	size_t vcpu_size;     /* bytes of state for each vCPU, zeroed */
	size_t vm_size;       /* bytes of state for all vCPUs of a VM, zeroed */
	/*
	 * Before the machine starts, vCPU by vCPU. False: it does not suit the machine;
	 * say why, and keep nothing. May be null.
	 */
	bool (*init)(struct guest *g, char *why, size_t size);
	enum guest_next (*run)(struct guest *g);
	void (*interrupt)(struct guest *g, uint8_t vector);
	/* When the machine is destroyed, vCPU by vCPU: frees what init took. May be null. */
	void (*fini)(struct guest *g);
};

/* Its own state, and that shared by its VM (any vCPU may be using it: atomics). */
void *guest_state(struct guest *g);
void *guest_vm_state(struct guest *g);

/* This vCPU's number (its APIC id) and how many its VM has. */
unsigned guest_id(const struct guest *g);
unsigned guest_count(const struct guest *g);

/* The registers of the VM's n-th passed-through device of a kind, null if there is none. */
void *guest_device(struct guest *g, const char *kind, unsigned n);

/* The run's time is up: start nothing new. */
bool guest_stopping(const struct guest *g);

/* Writes EOI to the local APIC. In a handler, once. */
void guest_eoi(struct guest *g);

/* Writes the ICR: a fixed IPI to one vCPU of the same VM. */
void guest_ipi(struct guest *g, unsigned apic_id, uint8_t vector);

/* Nanoseconds of a clock that all vCPUs share. */
uint64_t guest_clock(void);

#endif
