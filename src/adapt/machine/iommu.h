/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt side of a VT-d unit, as its driver and a device see it: a table of entries
 * in memory, a cache of entries, requests that are under way, and what the invalidation queue
 * does. posted/hw/vtd.h has all of a unit; its requests take a dozen steps through a cache without
 * locks, which tests/explore proves. Here a request is three: what it finds, what comes of it,
 * its end.
 */
#ifndef MACHINE_IOMMU_H
#define MACHINE_IOMMU_H

#include <stdbool.h>
#include <stdint.h>

enum { IOMMU_ENTRIES = 2 };

struct iommu {
	/* The table, which software changes: two words an entry, as "IRTE" has them. */
	struct iommu_entry {
		uint64_t low, high;
	} __attribute__((aligned(16))) table[IOMMU_ENTRIES];
	struct iommu_entry cache[IOMMU_ENTRIES]; /* not present: none */
	/* Begun and ended requests of the device: odd while one is under way. */
	uint64_t requests;
};

enum iommu_kind {
	IOMMU_BLOCKED, /* not present */
	IOMMU_REMAPPED,
	IOMMU_POSTED,
};

struct iommu_result {
	enum iommu_kind kind;
	uint8_t vector;
	uint32_t destination; /* remapped */
	uint64_t descriptor;  /* posted: its address */
};

/* What an entry says; pure. */
struct iommu_result iommu_decode(struct iommu_entry e);

/*
 * An interrupt request begins: its entry is in the cache, or is read, in one access of 128
 * bits, and cached. A step. For one agent, the device, which has no store buffer; what
 * comes of the result it does itself, and then says that the request has ended.
 */
struct iommu_result iommu_request(struct iommu *unit, unsigned index);
void iommu_ended(struct iommu *unit);

/*
 * "Interrupt Entry Cache Invalidate Descriptor", and the wait descriptor behind it: the
 * cache forgets 2^mask entries, aligned; comes back when the request that had begun, if
 * one had, has ended. Two steps. For agents with a store buffer: it is empty then.
 */
void iommu_invalidate(struct iommu *unit, unsigned index, unsigned mask);

#endif
