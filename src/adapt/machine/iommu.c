/* SPDX-License-Identifier: BSD-2-Clause */
#include "iommu.h"
#include <explore/scenario.h>
#include <explore/step.h>
#include <stddef.h>

enum { PRESENT = 1 << 0, POSTED = 1 << 15 };

struct iommu_result iommu_decode(struct iommu_entry e)
{
	struct iommu_result r = { .vector = (uint8_t)(e.low >> 16) };

	if (!(e.low & PRESENT))
		return r;
	if (!(e.low & POSTED)) {
		r.kind = IOMMU_REMAPPED;
		r.destination = (uint32_t)(e.low >> 32);
		return r;
	}
	/* Bits 31:6 of the address are bits 63:38 of the entry, 63:32 are 127:96. */
	r.kind = IOMMU_POSTED;
	r.descriptor = e.low >> 38 << 6 | e.high >> 32 << 32;
	return r;
}

struct iommu_result iommu_request(struct iommu *unit, unsigned index)
{
	struct iommu_entry e;

	explore_step_begin();
	unit->requests++;
	e = unit->cache[index];
	if (!(e.low & PRESENT)) {
		e = unit->table[index];
		/* Caching mode is off: what faults is not cached. */
		if (e.low & PRESENT)
			unit->cache[index] = e;
	}
	explore_step_end();
	return iommu_decode(e);
}

void iommu_ended(struct iommu *unit)
{
	__atomic_fetch_add(&unit->requests, 1, __ATOMIC_SEQ_CST);
}

/* A request that had begun when an invalidation was made. */
struct begun {
	const struct iommu *unit;
	uint64_t requests;
};

static bool has_ended(const void *begun)
{
	const struct begun *b = begun;

	return !(b->requests % 2) || b->unit->requests != b->requests;
}

void iommu_invalidate(struct iommu *unit, unsigned index, unsigned mask)
{
	struct begun b = { .unit = unit };

	explore_step_begin();
	for (unsigned i = 0; i < IOMMU_ENTRIES; i++)
		if (!((i ^ index) >> mask))
			unit->cache[i].low = 0;
	b.requests = unit->requests;
	explore_step_end();
	if (b.requests % 2)
		explore_rest(has_ended, &b);
}
