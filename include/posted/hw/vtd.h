/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VT-d unit's interrupt side, whole: an interrupt request becomes a
 * remapped interrupt, a post to a descriptor, or a fault; software programs it
 * through its registers and its invalidation queue.
 *
 * Three kinds of caller, any number of each at once:
 *
 *   requester  pstd_vtd_request, pstd_vtd_dma and pstd_vtd_post, inside a read-side
 *              section: one that pstd_vtd_config.drain waits for. No lock, no
 *              allocation.
 *   software   pstd_vtd_read, pstd_vtd_write. A write to GCMD drains, so not inside a
 *              read-side section; all others anywhere.
 *   the unit   pstd_vtd_work, which drains too, and pstd_vtd_fault, which takes a
 *              lock briefly and may be called anywhere
 *
 * Each returns what it emits: the executor carries messages.
 */
#ifndef PSTD_HW_VTD_H
#define PSTD_HW_VTD_H

#include <posted/apic.h>
#include <posted/hw/memory.h>
#include <posted/hw/vtd/cache.h>
#include <posted/irte.h>
#include <posted/msi.h>
#include <posted/pid.h>
#include <posted/vtd.h>

#pragma GCC visibility push(default)

struct pstd_vtd_config {
	const struct pstd_memory *memory;
	unsigned address_width;  /* host address width, bits; 32 to 64 */
	uint64_t cap, ecap;      /* CAP and ECAP as software reads them */
	/* the interrupt-entry cache; entries 0: none */
	unsigned cache_entries;  /* a power of two, at most 65,536 */
	unsigned cache_ways;     /* a power of two, at most 8 and at most cache_entries */
	enum pstd_vtd_replace cache_replace;
	struct pstd_vtd_cache_slot *cache; /* cache_entries of them, zeroed, the caller's */
	uint64_t *frcd;          /* the fault records, 2 words each, NFR + 1 of them, zeroed */
	/* Returns when each request that had begun has ended. */
	void (*drain)(void *ctx);
	void *ctx;
};

/* Private to hw/vtd/, but for invalidations, which anyone may read. */
struct pstd_vtd {
	struct pstd_vtd_config config;
	/*
	 * What is in force, in one word, so that a request sees all of it as of one
	 * moment: IRTA as SIRTP latched it, and two bits that are zero there.
	 */
	uint64_t active;
#define PSTD_VTD_ACTIVE_IRES PSTD_BIT(4)
#define PSTD_VTD_ACTIVE_CFIS PSTD_BIT(5)
	struct pstd_vtd_cache cache;
	/* By offset / 4, each whole. Between what requests read and what changes often. */
	uint64_t reg[PSTD_VTD_REGISTERS_END / 4];
	/* Where the next fault is recorded. */
	unsigned next_record;
	/* Protects both and the fault records; held briefly, never while draining. */
	struct pstd_spinlock registers;
	/*
	 * Held while a descriptor of the queue or a command of GCMD is carried out; taken
	 * before the other lock. Under it: something was invalidated since the last drain.
	 */
	struct pstd_spinlock work;
	bool undrained;
	/* How often software had the cache forget something; tallied under that lock. */
	uint64_t invalidations;
};

/* Puts a unit in its reset state. Null, or what in the configuration is impossible. */
const char *pstd_vtd_init(struct pstd_vtd *u, const struct pstd_vtd_config *c);

/* A message that the unit itself sends: a fault or invalidation event. Never remapped. */
struct pstd_vtd_event {
	bool send;
	struct pstd_msi_msg msg;
};

/*
 * Registers: 4 or 8 bytes at an aligned offset. 8 bytes that are no 64-bit register are
 * two accesses of 4, the lower first; where there is no register, zero is read and nothing
 * written. So it is with any other size or place, of which the manual says that software
 * does not do it ("Register Location"). Software.
 */
uint64_t pstd_vtd_read(struct pstd_vtd *u, unsigned offset, unsigned size);
struct pstd_vtd_event pstd_vtd_write(struct pstd_vtd *u, unsigned offset, unsigned size,
                                     uint64_t value);

/*
 * Executes one descriptor of the invalidation queue. False if there was none, or
 * the queue is off or stopped by an error. After a register write the executor
 * calls it until it says so. The unit.
 */
bool pstd_vtd_work(struct pstd_vtd *u, struct pstd_vtd_event *event);

enum pstd_vtd_kind {
	PSTD_VTD_BLOCKED,  /* a fault */
	PSTD_VTD_PASS,     /* not remapped: compatibility format */
	PSTD_VTD_REMAPPED,
	PSTD_VTD_POST,
};

struct pstd_vtd_request_result {
	enum pstd_vtd_kind kind;
	enum pstd_vtd_fault fault;
	uint32_t index;      /* of the entry, in a remappable request */
	bool qualified;      /* the entry's FPD bit keeps a fault from being recorded, 28h too */
	bool missed;         /* the cache did not have the entry; false without a cache */
	bool urgent;         /* PSTD_VTD_POST */
	bool x2apic;         /* PSTD_VTD_POST: the form of NDST, for pstd_vtd_post */
	union {
		struct { /* PSTD_VTD_POST */
			struct pstd_desc *pid;
			uint8_t vector; /* the virtual one */
		};
		struct pstd_apic_msg msg; /* PSTD_VTD_PASS, PSTD_VTD_REMAPPED */
	};
};

/*
 * pstd_vtd_request(u, msg, sid) decodes a request from a source id and looks its
 * entry up: see vtd/request.h. The message is one to FEEx_xxxxH, below 4 GiB:
 * whoever brings it has looked, or calls pstd_vtd_dma, which does. Requester.
 */

/*
 * An untranslated request to FEEx_xxxxH as the bus has it: what is no aligned
 * 4-byte write is fault 29h, all else is pstd_vtd_request's. Requester.
 */
struct pstd_vtd_request_result pstd_vtd_dma(struct pstd_vtd *u, uint64_t address, uint32_t data,
                                            unsigned size, bool write, uint16_t sid);

struct pstd_vtd_post_result {
	/* PSTD_VTD_FAULT_PID_RSVD: reserved bits are set, nothing changed */
	enum pstd_vtd_fault fault;
	bool merged; /* the vector was posted already */
	bool notify;
	struct pstd_apic_msg notification;
};

/* pstd_vtd_post(d, vector, urgent, x2apic) posts to a descriptor: see vtd/post.h. Requester. */

/*
 * Records the fault of a request that was blocked, by pstd_vtd_request or by
 * pstd_vtd_post. The unit.
 */
struct pstd_vtd_event pstd_vtd_fault(struct pstd_vtd *u, enum pstd_vtd_fault reason, bool qualified,
                                     uint32_t index, uint16_t sid);

/* What a fault's reason says, in a few words; null if it is none of an interrupt's. */
const char *pstd_vtd_fault_words(unsigned reason);

#pragma GCC visibility pop

#include <posted/hw/vtd/post.h>
#include <posted/hw/vtd/request.h>

#endif
