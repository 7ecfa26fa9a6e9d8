/* SPDX-License-Identifier: BSD-2-Clause */
/* The guests: what they run, and what they count. */
#ifndef METAL_GUEST_H
#define METAL_GUEST_H

#include "metal.h"

/* One for each vCPU; the guest finds it at GS:0. Each word has one writer. */
struct guest {
	struct guest *self;
	unsigned index;
	/* the host's */
	uint64_t goal; /* so many events are the end of a program */
	uint64_t habits; /* enum habit: what guest_works does */
	bool x2apic;
	bool wide_eoi; /* EOIs are 8 bytes wide, and so exit */
	/* the guest's */
	uint64_t handled[256]; /* interrupts by vector */
	uint64_t nmis;
	uint64_t events; /* both, but strays (bochs.c) */
	uint64_t masked; /* interrupts that came with IF = 0 */
	uint64_t announced; /* HLT or a hypercall is next */
	uint64_t spurious, count; /* of its local APIC: what it read */
	uint64_t kept; /* its registers were after an exit what they were before */
	uint64_t ipis; /* sent to the next vCPU, of vector IPI_VECTOR + index */
	uint64_t seed;
};

enum habit {
	HABIT_HALT = 1,
	HABIT_HALT_MASKED = 2, /* with IF = 0: only an NMI ends it */
	HABIT_MASK = 4, /* CLI for a while */
	HABIT_PRIORITY = 8, /* TPR raised for a while */
	HABIT_IPI = 16,
};

enum { IPI_VECTOR = 0x38, STRAY_VECTOR = 0xff };

/* Hypercalls, in RAX. */
enum {
	CALL_DONE,
	CALL_YIELD, /* an exit, and nothing else */
	CALL_TRAP, /* an exception that should not be; RCX: its vector, RDX: RIP */
};

extern struct guest guests[VCPUS];
extern uint64_t guest_idt[512];

/* Programs: each ends at its goal. */
void guest_spins(void);
void guest_halts(void);
void guest_halts_masked(void);
void guest_yields(void);
void guest_reads(void);
void guest_keeps(void);
void guest_works(void); /* goes by its habits, for ever */

#endif
