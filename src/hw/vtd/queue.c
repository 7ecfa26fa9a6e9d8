/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invalidation queue. VT-d, "Queued Invalidation Interface". Descriptors are
 * carried out one after the other, each whole, so that a fence has nothing to do.
 */
#include "hw/vtd/event.h"
#include "hw/vtd/regs.h"

/* Bits that must be zero; DMA remapping's descriptors are accepted as they are. */
#define IEC_RSVD (PSTD_BITS(8, 5) | PSTD_BITS(26, 12) | PSTD_BITS(63, 48))
#define WAIT_RSVD (PSTD_BIT(8) | PSTD_BITS(31, 12))
#define WAIT_RSVD_HI PSTD_BITS(1, 0)

/* The queue as it was when its next descriptor was looked for. */
struct queue {
	uint64_t base;
	uint32_t head, tail, bytes, step; /* bytes in all, and of one descriptor */
	bool wide;                        /* 256-bit descriptors */
};

/* False if nothing is to be fetched. With the register lock held. */
static bool next(struct pstd_vtd *u, struct queue *q)
{
	uint64_t iqa = *pstd_vtd_reg(u, PSTD_VTD_IQA);

	q->wide = iqa & PSTD_VTD_IQA_DW;
	q->base = iqa & PSTD_VTD_IQA_BASE;
	q->bytes = 4096u << (iqa & PSTD_VTD_IQA_QS);
	q->step = q->wide ? 32 : 16;
	q->head = (uint32_t)*pstd_vtd_reg(u, PSTD_VTD_IQH);
	q->tail = (uint32_t)*pstd_vtd_reg(u, PSTD_VTD_IQT);
	return (*pstd_vtd_reg(u, PSTD_VTD_GSTS) & PSTD_VTD_GSTS_QIES) && q->head != q->tail &&
	       !(*pstd_vtd_reg(u, PSTD_VTD_FSTS) & (PSTD_VTD_FSTS_IQE | PSTD_VTD_FSTS_ITE));
}

/* Reads the descriptor at the head; its upper half is zero if it has none. */
static enum pstd_vtd_iqei fetch(struct pstd_vtd *u, const struct queue *q, uint64_t d[4])
{
	const uint64_t *p = pstd_memory_at(u->config.memory, q->base + q->head, q->step);

	if (q->wide && !(u->config.ecap & PSTD_VTD_ECAP_SMTS))
		return PSTD_VTD_IQEI_WIDTH;
	if (q->tail % q->step)
		return PSTD_VTD_IQEI_ALIGNMENT;
	if (q->tail >= q->bytes)
		return PSTD_VTD_IQEI_TAIL;
	/* A head that is no place of this queue: IQA was changed under it. */
	if (q->head >= q->bytes || q->head % q->step || !p)
		return PSTD_VTD_IQEI_FETCH;
	for (unsigned i = 0; i < 4; i++)
		d[i] = i < q->step / 8 ? pstd_load_relaxed(&p[i]) : 0;
	return PSTD_VTD_IQEI_NONE;
}

/* Types of the legacy mode, the only one; each may come in either width. */
static enum pstd_vtd_iqei check(const struct pstd_vtd *u, const uint64_t d[4])
{
	bool rsvd = d[2] | d[3];

	if (d[0] & PSTD_VTD_DESC_TYPE_HI)
		return PSTD_VTD_IQEI_TYPE;
	switch (d[0] & PSTD_VTD_DESC_TYPE) {
	case PSTD_VTD_DESC_CONTEXT:
	case PSTD_VTD_DESC_IOTLB:
	case PSTD_VTD_DESC_DEVICE_TLB:
		return PSTD_VTD_IQEI_NONE;
	case PSTD_VTD_DESC_IEC:
		/* A mask above MHMV: what then is not said; here it is a reserved value. */
		rsvd |= (d[0] & IEC_RSVD) || d[1] ||
		        ((d[0] & PSTD_VTD_IEC_INDEXED) &&
		         pstd_field_get(PSTD_VTD_IEC_IM, d[0]) >
		                 pstd_field_get(PSTD_VTD_ECAP_MHMV, u->config.ecap));
		break;
	case PSTD_VTD_DESC_WAIT:
		rsvd |= (d[0] & WAIT_RSVD) || (d[1] & WAIT_RSVD_HI) ||
		        ((d[0] & PSTD_VTD_WAIT_PD) && !(u->config.ecap & PSTD_VTD_ECAP_PDS));
		break;
	default:
		return PSTD_VTD_IQEI_TYPE;
	}
	return rsvd ? PSTD_VTD_IQEI_RSVD : PSTD_VTD_IQEI_NONE;
}

static void invalidate(struct pstd_vtd *u, uint64_t lo)
{
	if (!(lo & PSTD_VTD_IEC_INDEXED))
		pstd_vtd_cache_forget_all(&u->cache);
	else
		pstd_vtd_cache_forget(&u->cache, (uint32_t)pstd_field_get(PSTD_VTD_IEC_IIDX, lo),
		                      (unsigned)pstd_field_get(PSTD_VTD_IEC_IM, lo));
	pstd_tally(&u->invalidations, 1);
	u->undrained = true;
}

/* Four bytes, in a word of which software may use the other four; lost outside memory. */
static void write_status(struct pstd_vtd *u, uint64_t address, uint64_t data)
{
	unsigned width = u->config.address_width;
	uint64_t mask = address & 4 ? PSTD_BITS(63, 32) : PSTD_BITS(31, 0), old;
	uint64_t *word;

	if (width < 64)
		address &= PSTD_BITS(width - 1, 0);
	word = pstd_memory_at(u->config.memory, address & ~(uint64_t)7, sizeof(*word));
	if (!word)
		return;
	old = pstd_load_relaxed(word);
	while (!pstd_cmpxchg_seq(word, &old, (old & ~mask) | pstd_field(mask, data)))
		;
}

/*
 * Complete is what was queued before and every request that may have used an
 * old entry: hence the drain. Then the status, and last the event.
 */
static void wait(struct pstd_vtd *u, uint64_t lo, uint64_t hi, struct pstd_vtd_event *event)
{
	if (u->undrained)
		u->config.drain(u->config.ctx);
	u->undrained = false;
	if (lo & PSTD_VTD_WAIT_SW)
		write_status(u, hi & PSTD_VTD_WAIT_ADDRESS, pstd_field_get(PSTD_VTD_WAIT_DATA, lo));
	if (!(lo & PSTD_VTD_WAIT_IF))
		return;
	pstd_spin_lock(&u->registers);
	*event = pstd_vtd_event_complete(u);
	pstd_spin_unlock(&u->registers);
}

/* The head moves on when a descriptor was found valid, and stays at one that was not. */
static void conclude(struct pstd_vtd *u, const struct queue *q, enum pstd_vtd_iqei error,
                     struct pstd_vtd_event *event)
{
	pstd_spin_lock(&u->registers);
	if (error) {
		*pstd_vtd_reg(u, PSTD_VTD_IQER) = pstd_field(PSTD_VTD_IQER_IQEI, error);
		*event = pstd_vtd_event_fault(u, PSTD_VTD_FSTS_IQE);
	} else {
		*pstd_vtd_reg(u, PSTD_VTD_IQH) = (q->head + q->step) % q->bytes;
	}
	pstd_spin_unlock(&u->registers);
}

static bool work(struct pstd_vtd *u, struct pstd_vtd_event *event)
{
	enum pstd_vtd_iqei error;
	uint64_t d[4];
	struct queue q;
	bool any;

	pstd_spin_lock(&u->registers);
	any = next(u, &q);
	pstd_spin_unlock(&u->registers);
	if (!any)
		return false;
	error = fetch(u, &q, d);
	if (!error)
		error = check(u, d);
	conclude(u, &q, error, event);
	if (!error && (d[0] & PSTD_VTD_DESC_TYPE) == PSTD_VTD_DESC_IEC)
		invalidate(u, d[0]);
	if (!error && (d[0] & PSTD_VTD_DESC_TYPE) == PSTD_VTD_DESC_WAIT)
		wait(u, d[0], d[1], event);
	return true;
}

bool pstd_vtd_work(struct pstd_vtd *u, struct pstd_vtd_event *event)
{
	bool any;

	*event = (struct pstd_vtd_event){ 0 };
	pstd_spin_lock(&u->work);
	any = work(u, event);
	pstd_spin_unlock(&u->work);
	return any;
}
