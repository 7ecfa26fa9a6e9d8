/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A virtual processor below any hypervisor: VM entry and exit, posted-interrupt processing,
 * virtual-interrupt delivery, and a guest that does what a string says. It knows a
 * descriptor, an APIC page and its own fields; whose they are it does not.
 *
 * In guest mode, a letter each:
 *
 *	w   waits for an interrupt, and takes all that there are
 *	c,s disables, enables interrupts
 *	h   halts: it exits
 *	any other: it exits, and the hypervisor knows why
 *
 * Where the string ends the guest waits for ever, and takes what comes: a hypervisor that
 * looked at the descriptor once more would hide what was lost.
 */
#ifndef MACHINE_PROCESSOR_H
#define MACHINE_PROCESSOR_H

#include <explore/sched.h>
#include <explore/step.h>
#include <stdbool.h>
#include <stdint.h>

enum { PROCESSOR_VECTORS = 256, PROCESSOR_HELD = 4 };

struct processor {
	struct explore_descriptor *descriptor;
	uint8_t *page;       /* virtual-APIC page: 1024 bytes of it */
	uint8_t vector;      /* posted-interrupt notification vector */
	unsigned number;     /* for notes and judges */
	const char *program; /* what the guest does next */
	bool masked;         /* RFLAGS.IF is 0 */
	bool halted;         /* it left by HLT, and has not been entered since */
	bool inside;         /* the guest runs */
	bool window;         /* "Interrupt-window exiting": it exits, '!', once it is not masked */
	uint16_t status;     /* guest interrupt status: RVI, and SVI above it */
	/* Of each vector: how often the guest took it, and how often PIR found it in the IRR. */
	uint8_t taken[PROCESSOR_VECTORS], merged[PROCESSOR_VECTORS];
	/* External interrupts that it exited for, or that came since, for the host to handle. */
	uint8_t held[PROCESSOR_HELD], held_count;
};

/* The adapter's, with the CPUs that guests run on. */
extern struct explore_machine machine;

/*
 * From VM entry to VM exit, on the calling task's CPU, with interrupts off before and behind.
 * The letter that it exited for, which is behind it then; '!': for an interrupt; '\0':
 * it waits, and nothing will come, so the vCPU's thread is to end.
 */
char processor_run(struct processor *p);

/*
 * For the machine's handler, first of all: an interrupt comes to this CPU. True: to a guest,
 * which is notified, or exits, and the vector is held for the host.
 */
bool processor_takes(uint8_t vector);

/* What the host is to handle when it turns interrupts on; 0: no more. */
uint8_t processor_acknowledge(struct processor *p);

/*
 * Software is about to take a word of PIR, bits, into the IRR, from vector first on (a
 * multiple of 32): what is there already merges.
 */
void processor_merge(struct processor *p, unsigned first, uint32_t bits);

/* The bits of its IRR from vector first on. */
uint32_t processor_irr(const struct processor *p, unsigned first);

#endif
