/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest machine to explore: one pCPU, one vCPU, the VT-d unit, and the
 * notifications on their way. hw/ and hyp/ are the real ones; what is here
 * joins them, as exec/threads does on threads.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "exec/explore/explore.h"
#include "hw/cpu.h"
#include "hw/vtd.h"
#include <posted/hyp.h>

/* Guest vectors that devices and software send here; device n sends WORLD_VECTOR + n. */
enum { WORLD_VECTOR = 0x41, WORLD_DEVICES = 2, WORLD_MESSAGES = 8 };

struct world {
	/* what hardware finds by physical address */
	struct {
		struct apic_page apic;
		struct pi_desc pid;
		struct vmcs vmcs;
		struct irte irte[WORLD_DEVICES];
	} physical;
	struct cpu cpu;
	struct hyp hyp;
	struct hyp_pcpu pcpu;
	struct hyp_vm vm;
	struct hyp_vcpu vcpu, *vcpus[1];
	/* notifications sent, the first carried of which have arrived */
	uint8_t message[WORLD_MESSAGES];
	unsigned sent, carried;
	/* by vector: requests, and runs of the guest's handler */
	unsigned requested[256], handled[256];
};

extern struct world world;
extern const struct explore_word world_words[];
extern const struct explore_constant world_constants[];

/* The vCPU is loaded and runs; nothing is posted. For explore_scenario.setup. */
void world_setup(void);

/* Sends device n's interrupt: by VT-d, or (as an irqfd or another vCPU does) by software. */
void world_send_device(unsigned n);
void world_send_software(unsigned n);

/* An agent: carries notifications to the local APIC, each whenever it likes. */
void world_bus(void *unused);

/* The pCPU takes what its local APIC offers: interrupts are on in host mode. */
void world_host_interrupts(void);

/* Enters the guest, judges the state at VM entry, and takes interrupts there until no more come. */
void world_run_guest(void);

/* For explore_scenario.finish: each request was handled exactly once. */
void world_judge(void);

#endif
