/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's driver of a VT-d unit: it knows the unit by its registers and by
 * what both keep in memory, and nothing else.
 *
 * Where silicon works by itself, here whoever writes a register lets the unit
 * work (pstd_vtd_work). So start and invalidate sleep as the unit's drain does: not
 * inside a read-side section, and one caller at a time (the mutex that
 * serializes control operations of hyp/). iommu_faults is the fault event's
 * handler: one at a time as well, beside the others.
 */
#ifndef EXEC_IOMMU_H
#define EXEC_IOMMU_H

#include <posted/hw/memory.h>
#include <posted/hw/vtd.h>

struct iommu_config {
	struct pstd_vtd *unit;           /* in its reset state */
	struct pstd_memory *memory;
	uint64_t table;                  /* of remapping entries, by physical address */
	unsigned table_size;             /* IRTA's S: it has 2^(S+1) entries */
	bool x2apic;
	struct pstd_msi_msg fault_event; /* what the unit sends when it has faults */
	/* Brings an event of the unit to a local APIC. */
	void (*send)(void *ctx, struct pstd_msi_msg event);
	void *ctx;
};

struct iommu {
	struct iommu_config config;
	struct pstd_vtd_descriptor *queue;
	uint64_t *status; /* where a wait descriptor writes its token */
	unsigned tail;
	uint32_t token;
};

/* What a unit and its driver take of the memory, beside table and alignment. */
enum { IOMMU_MEMORY = 2 * 4096 };

/*
 * Brings the unit up: queue, table, fault event, then remapping. Null, or what
 * went wrong.
 */
const char *iommu_start(struct iommu *i, const struct iommu_config *c);

/*
 * Invalidates an entry and waits: afterwards nothing is done by its old content.
 * False: the unit did not say that it is done.
 */
bool iommu_invalidate(struct iommu *i, uint16_t index);

/* The same for all entries. */
bool iommu_invalidate_all(struct iommu *i);

/* A fault record. */
struct iommu_fault {
	uint16_t sid, index;
	enum pstd_vtd_fault reason;
};

/* Takes all fault records, oldest first, and lets the unit record again after an overflow. */
void iommu_faults(struct iommu *i, void (*each)(void *arg, const struct iommu_fault *f), void *arg);

#endif
