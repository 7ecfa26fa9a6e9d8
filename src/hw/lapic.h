/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pCPU's local APIC, as far as fixed edge interrupts need it.
 *
 * Messages from other agents land in an inbox, a byte for each vector; the pCPU
 * that owns the APIC takes them into IRR when it looks. So a notification costs
 * its sender two plain stores. SDM, "Interrupt Acceptance for Fixed Interrupts"
 * and "Signaling Interrupt Servicing Completion".
 */
#ifndef HW_LAPIC_H
#define HW_LAPIC_H

#include <posted/apic.h>
#include <posted/atomic.h>

struct lapic {
	/* written by senders, exchanged by the owner */
	union {
		uint8_t byte[256];
		uint64_t word[256 / 8]; /* for the owner's search */
	} inbox __attribute__((aligned(64)));
	uint8_t doorbell __attribute__((aligned(64)));
	/* the owner's */
	uint32_t id __attribute__((aligned(64)));
	struct apic_page regs;
	uint64_t eois;        /* EOIs written */
	uint64_t accepted;    /* vectors acknowledged */
	uint64_t merged[256]; /* messages that found their vector requested already, by vector */
};

/*
 * Accepts a message. True if the vector was already there, so that two became
 * one. Any number of senders.
 */
bool lapic_accept(struct lapic *l, uint8_t vector);

/*
 * Accepts a notification: as lapic_accept, but no locked operation and no word
 * on merging. Correct for any vector; for those whose merging nobody counts.
 */
void lapic_notify(struct lapic *l, uint8_t vector);

/*
 * True if something arrived that lapic_pending has not yet seen. Any caller; a
 * sleeper must have its flag visible first (see exec's sleep).
 */
bool lapic_knocked(const struct lapic *l);

/* The vector the CPU would take now, -1 if none is above the class in service. Owner. */
int lapic_pending(struct lapic *l);

/* Acknowledges it: IRR to ISR. Owner, after lapic_pending said so. */
uint8_t lapic_acknowledge(struct lapic *l);

/* EOI: the highest vector in service is done. Owner. */
void lapic_eoi(struct lapic *l);

#endif
