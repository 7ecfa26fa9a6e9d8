/* SPDX-License-Identifier: BSD-2-Clause */
/* VT-d, "Interrupt Remapping", "Queued Invalidation Interface", "Fault Logging". */
#include "exec/iommu.h"
#include <posted/vtd.h>

enum { QUEUE = 256 }; /* descriptors of 128 bits in a page, IQA's QS = 0 */

static uint64_t get(struct iommu *i, unsigned offset, unsigned size)
{
	return pstd_vtd_read(i->config.unit, offset, size);
}

static void send(struct iommu *i, const struct pstd_vtd_event *e)
{
	if (e->send)
		i->config.send(i->config.ctx, e->msg);
}

/* Writes a register. */
static void put(struct iommu *i, unsigned offset, unsigned size, uint64_t value)
{
	struct pstd_vtd_event e = pstd_vtd_write(i->config.unit, offset, size, value);

	send(i, &e);
}

/* The unit takes from its queue what is there. */
static void work(struct iommu *i)
{
	struct pstd_vtd_event e = { 0 };

	while (pstd_vtd_work(i->config.unit, &e)) {
		send(i, &e);
		e.send = false;
	}
	send(i, &e);
}

/* One change to the global command register; true when the status shows that it is made. */
static bool command(struct iommu *i, uint64_t bit)
{
	put(i, PSTD_VTD_GCMD, 4, (get(i, PSTD_VTD_GSTS, 4) & PSTD_VTD_GSTS_KEEP) | bit);
	return get(i, PSTD_VTD_GSTS, 4) & bit;
}

static void enqueue(struct iommu *i, struct pstd_vtd_descriptor d)
{
	pstd_store_relaxed(&i->queue[i->tail].lo, d.lo);
	pstd_store_relaxed(&i->queue[i->tail].hi, d.hi);
	i->tail = (i->tail + 1) % QUEUE;
}

/* Gives the unit a descriptor and a wait behind it; true when the wait has completed. */
static bool submit(struct iommu *i, struct pstd_vtd_descriptor d)
{
	uint64_t status = pstd_memory_phys(i->config.memory, i->status);

	enqueue(i, d);
	enqueue(i, pstd_vtd_wait_status(status, ++i->token));
	put(i, PSTD_VTD_IQT, 8, pstd_field(PSTD_VTD_IQ_OFFSET, i->tail));
	work(i);
	return (uint32_t)pstd_load_acquire(i->status) == i->token;
}

static void unmask_faults(struct iommu *i)
{
	put(i, PSTD_VTD_FEDATA, 4, i->config.fault_event.data);
	put(i, PSTD_VTD_FEADDR, 4, i->config.fault_event.addr_lo);
	put(i, PSTD_VTD_FEUADDR, 4, i->config.fault_event.addr_hi);
	put(i, PSTD_VTD_FECTL, 4, 0);
}

static bool start_queue(struct iommu *i)
{
	put(i, PSTD_VTD_IQT, 8, 0);
	put(i, PSTD_VTD_IQA, 8, pstd_memory_phys(i->config.memory, i->queue));
	return command(i, PSTD_VTD_GCMD_QIE);
}

/* Tells the unit its table, and makes it forget what it may have cached of another. */
static bool set_table(struct iommu *i)
{
	put(i, PSTD_VTD_IRTA, 8, i->config.table | (i->config.x2apic ? PSTD_VTD_IRTA_EIME : 0) |
	                            i->config.table_size);
	return command(i, PSTD_VTD_GCMD_SIRTP) &&
	       ((get(i, PSTD_VTD_CAP, 8) & PSTD_VTD_CAP_ESIRTPS) ||
	        submit(i, pstd_vtd_iec_global()));
}

const char *iommu_start(struct iommu *i, const struct iommu_config *c)
{
	*i = (struct iommu){ .config = *c };
	i->queue = pstd_memory_take(c->memory, QUEUE * sizeof(*i->queue), 4096);
	i->status = pstd_memory_take(c->memory, sizeof(*i->status), sizeof(*i->status));
	if (!i->queue || !i->status)
		return "no memory for the invalidation queue";
	unmask_faults(i);
	if (!start_queue(i))
		return "the invalidation queue does not start";
	if (!set_table(i))
		return "it does not take the remapping table";
	return command(i, PSTD_VTD_GCMD_IRE) ? NULL : "interrupt remapping does not start";
}

bool iommu_invalidate(struct iommu *i, uint16_t index)
{
	return submit(i, pstd_vtd_iec_index(index, 0));
}

bool iommu_invalidate_all(struct iommu *i)
{
	return submit(i, pstd_vtd_iec_global());
}

/* Takes record n if it is valid; its uppermost word tells, so that is read first. */
static bool take_fault(struct iommu *i, unsigned n, struct iommu_fault *f)
{
	unsigned at =
		(unsigned)pstd_field_get(PSTD_VTD_CAP_FRO, get(i, PSTD_VTD_CAP, 8)) * 16 + n * 16;
	uint64_t hi = get(i, at + 12, 4) << 32;

	if (!(hi & PSTD_VTD_FRCD_F))
		return false;
	hi |= get(i, at + 8, 4);
	f->sid = (uint16_t)pstd_field_get(PSTD_VTD_FRCD_SID, hi);
	f->reason = (enum pstd_vtd_fault)pstd_field_get(PSTD_VTD_FRCD_REASON, hi);
	f->index = (uint16_t)pstd_field_get(PSTD_VTD_FRCD_INDEX, get(i, at, 8));
	put(i, at + 12, 4, PSTD_VTD_FRCD_F >> 32);
	return true;
}

/* Takes all that are valid, from the one that FSTS names on; true if any was. */
static bool take_faults(struct iommu *i, unsigned first,
                        void (*each)(void *arg, const struct iommu_fault *f), void *arg)
{
	unsigned records = (unsigned)pstd_field_get(PSTD_VTD_CAP_NFR, get(i, PSTD_VTD_CAP, 8)) + 1;
	struct iommu_fault f;
	bool any = false;

	/* Free ones may be between them: where the next goes begins anew while the unit is off. */
	for (unsigned n = 0; n < records; n++) {
		if (!take_fault(i, (first + n) % records, &f))
			continue;
		each(arg, &f);
		any = true;
	}
	return any;
}

void iommu_faults(struct iommu *i, void (*each)(void *arg, const struct iommu_fault *f), void *arg)
{
	uint64_t status;
	bool any;

	do {
		status = get(i, PSTD_VTD_FSTS, 4);
		any = take_faults(i, (unsigned)pstd_field_get(PSTD_VTD_FSTS_FRI, status), each,
		                  arg);
		/* Nothing is recorded between an overflow and this. */
		put(i, PSTD_VTD_FSTS, 4, status & PSTD_VTD_FSTS_PFO);
	} while (any);
}
