/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invalidation queue. VT-d, "Queued Invalidation Interface". Descriptors are
 * carried out one after the other, each whole, so that a fence has nothing to do.
 */
#include "hw/vtd_event.h"
#include "hw/vtd_regs.h"

/* Bits that must be zero; DMA remapping's descriptors are accepted as they are. */
#define IEC_RSVD (PI_BITS(8, 5) | PI_BITS(26, 12) | PI_BITS(63, 48))
#define WAIT_RSVD (PI_BIT(8) | PI_BITS(31, 12))
#define WAIT_RSVD_HI PI_BITS(1, 0)

/* The queue as it was when its next descriptor was looked for. */
struct queue {
	uint64_t base;
	uint32_t head, tail, bytes, step; /* bytes in all, and of one descriptor */
	bool wide;                        /* 256-bit descriptors */
};

/* False if nothing is to be fetched. With the register lock held. */
static bool next(struct vtd *u, struct queue *q)
{
	uint64_t iqa = *vtd_reg(u, VTD_IQA);

	q->wide = iqa & VTD_IQA_DW;
	q->base = iqa & VTD_IQA_BASE;
	q->bytes = 4096u << (iqa & VTD_IQA_QS);
	q->step = q->wide ? 32 : 16;
	q->head = (uint32_t)*vtd_reg(u, VTD_IQH);
	q->tail = (uint32_t)*vtd_reg(u, VTD_IQT);
	return (*vtd_reg(u, VTD_GSTS) & VTD_GSTS_QIES) && q->head != q->tail &&
	       !(*vtd_reg(u, VTD_FSTS) & (VTD_FSTS_IQE | VTD_FSTS_ITE));
}

/* Reads the descriptor at the head; its upper half is zero if it has none. */
static enum vtd_iqei fetch(struct vtd *u, const struct queue *q, uint64_t d[4])
{
	const uint64_t *p = memory_at(u->config.memory, q->base + q->head, q->step);

	if (q->wide && !(u->config.ecap & VTD_ECAP_SMTS))
		return VTD_IQEI_WIDTH;
	if (q->tail % q->step)
		return VTD_IQEI_ALIGNMENT;
	if (q->tail >= q->bytes)
		return VTD_IQEI_TAIL;
	/* A head that is no place of this queue: IQA was changed under it. */
	if (q->head >= q->bytes || q->head % q->step || !p)
		return VTD_IQEI_FETCH;
	for (unsigned i = 0; i < 4; i++)
		d[i] = i < q->step / 8 ? pi_load_relaxed(&p[i]) : 0;
	return VTD_IQEI_NONE;
}

/* Types of the legacy mode, the only one; each may come in either width. */
static enum vtd_iqei check(const struct vtd *u, const uint64_t d[4])
{
	bool rsvd = d[2] | d[3];

	if (d[0] & VTD_DESC_TYPE_HI)
		return VTD_IQEI_TYPE;
	switch (d[0] & VTD_DESC_TYPE) {
	case VTD_DESC_CONTEXT:
	case VTD_DESC_IOTLB:
	case VTD_DESC_DEVICE_TLB:
		return VTD_IQEI_NONE;
	case VTD_DESC_IEC:
		/* A mask above MHMV: what then is not said; here it is a reserved value. */
		rsvd |= (d[0] & IEC_RSVD) || d[1] ||
		        ((d[0] & VTD_IEC_INDEXED) && pi_field_get(VTD_IEC_IM, d[0]) >
		                                     pi_field_get(VTD_ECAP_MHMV, u->config.ecap));
		break;
	case VTD_DESC_WAIT:
		rsvd |= (d[0] & WAIT_RSVD) || (d[1] & WAIT_RSVD_HI) ||
		        ((d[0] & VTD_WAIT_PD) && !(u->config.ecap & VTD_ECAP_PDS));
		break;
	default:
		return VTD_IQEI_TYPE;
	}
	return rsvd ? VTD_IQEI_RSVD : VTD_IQEI_NONE;
}

static void invalidate(struct vtd *u, uint64_t lo)
{
	if (!(lo & VTD_IEC_INDEXED))
		vtd_cache_forget_all(&u->cache);
	else
		vtd_cache_forget(&u->cache, (uint32_t)pi_field_get(VTD_IEC_IIDX, lo),
		                 (unsigned)pi_field_get(VTD_IEC_IM, lo));
	pi_tally(&u->invalidations, 1);
	u->undrained = true;
}

/* Four bytes, in a word of which software may use the other four; lost outside memory. */
static void write_status(struct vtd *u, uint64_t address, uint64_t data)
{
	unsigned width = u->config.address_width;
	uint64_t mask = address & 4 ? PI_BITS(63, 32) : PI_BITS(31, 0), old;
	uint64_t *word;

	if (width < 64)
		address &= PI_BITS(width - 1, 0);
	word = memory_at(u->config.memory, address & ~(uint64_t)7, sizeof(*word));
	if (!word)
		return;
	old = pi_load_relaxed(word);
	while (!pi_cmpxchg_seq(word, &old, (old & ~mask) | pi_field(mask, data)))
		;
}

/*
 * Complete is what was queued before and every request that may have used an
 * old entry: hence the drain. Then the status, and last the event.
 */
static void wait(struct vtd *u, uint64_t lo, uint64_t hi, struct vtd_event *event)
{
	if (u->undrained)
		u->config.drain(u->config.ctx);
	u->undrained = false;
	if (lo & VTD_WAIT_SW)
		write_status(u, hi & VTD_WAIT_ADDRESS, pi_field_get(VTD_WAIT_DATA, lo));
	if (!(lo & VTD_WAIT_IF))
		return;
	pi_spin_lock(&u->registers);
	*event = vtd_event_complete(u);
	pi_spin_unlock(&u->registers);
}

/* The head moves on when a descriptor was found valid, and stays at one that was not. */
static void conclude(struct vtd *u, const struct queue *q, enum vtd_iqei error,
                     struct vtd_event *event)
{
	pi_spin_lock(&u->registers);
	if (error) {
		*vtd_reg(u, VTD_IQER) = pi_field(VTD_IQER_IQEI, error);
		*event = vtd_event_fault(u, VTD_FSTS_IQE);
	} else {
		*vtd_reg(u, VTD_IQH) = (q->head + q->step) % q->bytes;
	}
	pi_spin_unlock(&u->registers);
}

static bool work(struct vtd *u, struct vtd_event *event)
{
	enum vtd_iqei error;
	uint64_t d[4];
	struct queue q;
	bool any;

	pi_spin_lock(&u->registers);
	any = next(u, &q);
	pi_spin_unlock(&u->registers);
	if (!any)
		return false;
	error = fetch(u, &q, d);
	if (!error)
		error = check(u, d);
	conclude(u, &q, error, event);
	if (!error && (d[0] & VTD_DESC_TYPE) == VTD_DESC_IEC)
		invalidate(u, d[0]);
	if (!error && (d[0] & VTD_DESC_TYPE) == VTD_DESC_WAIT)
		wait(u, d[0], d[1], event);
	return true;
}

bool vtd_work(struct vtd *u, struct vtd_event *event)
{
	bool any;

	*event = (struct vtd_event){ 0 };
	pi_spin_lock(&u->work);
	any = work(u, event);
	pi_spin_unlock(&u->work);
	return any;
}
