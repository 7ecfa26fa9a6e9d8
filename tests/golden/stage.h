/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stage for golden traces: two pCPUs, one vCPU, one device, one thread. Each
 * action runs the real code and prints what it was and, behind the arrow, what
 * changed and why, read off the state before and after.
 */
#ifndef GOLDEN_STAGE_H
#define GOLDEN_STAGE_H

#include <stdint.h>

void stage_open(void);

/* A device's MSI through the VT-d unit, posted. */
void stage_device_posts(uint8_t vector);
/* The same with URG set in the remapping entry. */
void stage_device_posts_urgent(uint8_t vector);
/* Software posts: an irqfd, another vCPU. */
void stage_software_posts(uint8_t vector);

void stage_load(unsigned pcpu);
void stage_preempt(void);
/* HLT in the guest: the exit, and the attempt to sleep. */
void stage_halt(void);
void stage_enter(void);
/* The guest runs to the next instruction boundary where nothing happens. */
void stage_guest_runs(void);
/* An exit for a reason of its own (the host's tick), to leave guest mode. */
void stage_tick(void);
/* A pCPU in host mode takes what its local APIC holds. */
void stage_host_interrupts(unsigned pcpu);

#endif
