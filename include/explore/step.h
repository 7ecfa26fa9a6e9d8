/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several accesses as one step: what silicon, or a bus that is locked, does while
 * nobody else comes between.
 */
#ifndef EXPLORE_STEP_H
#define EXPLORE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * For agents: all accesses between the two are one step, as of one locked operation: it
 * waits until the store buffer is empty, and its stores are visible at once. At most
 * 12 words; the two nest. What waits in between (a lock that is held, explore_rest)
 * makes the schedule unfit. No interrupt or preemption comes in between.
 */
void explore_step_begin(void);
void explore_step_end(void);

/* Calls fn(arg) as one step. */
void explore_one_step(void (*fn)(void *arg), void *arg);

/* A posted-interrupt descriptor: PIR in the first 32 bytes, then the control word. */
struct explore_descriptor {
	uint64_t pir[4];
	/* ON is bit 0, SN bit 1, NV bits 23:16, NDST bits 63:32 */
	uint64_t control;
	uint64_t reserved[3];
} __attribute__((aligned(64)));

struct explore_posted {
	bool merged;          /* PIR[vector] was set already */
	bool notify;          /* ON was set by this post: a notification is due, */
	uint8_t notification; /* with this vector (NV), */
	uint32_t destination; /* to there (NDST, as it is) */
};

/*
 * "Interrupt Posting Hardware Operation", as VT-d's silicon does it: one atomic
 * read-modify-write of the descriptor's line. For agents without a store buffer; the
 * caller sends the notification, as a step of its own. IPI virtualization posts in two
 * steps (PIR, then ON), as posted/hw/vtd/post.h does: this is not for it. Reserved fields
 * are not looked at.
 */
struct explore_posted explore_post(struct explore_descriptor *d, uint8_t vector, bool urgent);

#ifdef __cplusplus
}
#endif

#endif
