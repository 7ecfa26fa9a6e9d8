/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/vtd/event.h"
#include "hw/vtd/regs.h"

/* Both events have four registers in a row: control, data, address, upper address. */
enum { DATA = 4, ADDR = 8, UADDR = 12 };

/* Sends the event if it is pending and not masked. */
static struct pstd_vtd_event flush(struct pstd_vtd *u, unsigned control)
{
	struct pstd_vtd_event event = { 0 };
	uint64_t *c = pstd_vtd_reg(u, control);

	if ((*c & PSTD_VTD_ECTL_IM) || !(*c & PSTD_VTD_ECTL_IP))
		return event;
	*c &= ~PSTD_VTD_ECTL_IP;
	event.send = true;
	event.msg.data = (uint32_t)*pstd_vtd_reg(u, control + DATA);
	event.msg.addr_lo = (uint32_t)*pstd_vtd_reg(u, control + ADDR);
	event.msg.addr_hi = (uint32_t)*pstd_vtd_reg(u, control + UADDR);
	return event;
}

static struct pstd_vtd_event raise(struct pstd_vtd *u, unsigned control)
{
	*pstd_vtd_reg(u, control) |= PSTD_VTD_ECTL_IP;
	return flush(u, control);
}

/* All that the event told of has been serviced: if it was held, it is not sent any more. */
static void serviced(struct pstd_vtd *u, unsigned control)
{
	*pstd_vtd_reg(u, control) &= ~PSTD_VTD_ECTL_IP;
}

struct pstd_vtd_event pstd_vtd_event_fault(struct pstd_vtd *u, uint64_t bits)
{
	uint64_t *fsts = pstd_vtd_reg(u, PSTD_VTD_FSTS), before = *fsts;
	struct pstd_vtd_event none = { 0 };

	*fsts |= bits;
	/* So an overflow raises none: the records that are in its way are pending. */
	if (before & PSTD_VTD_FSTS_PENDING)
		return none;
	return raise(u, PSTD_VTD_FECTL);
}

struct pstd_vtd_event pstd_vtd_event_complete(struct pstd_vtd *u)
{
	uint64_t *ics = pstd_vtd_reg(u, PSTD_VTD_ICS);
	struct pstd_vtd_event none = { 0 };

	if (*ics & PSTD_VTD_ICS_IWC)
		return none;
	*ics |= PSTD_VTD_ICS_IWC;
	return raise(u, PSTD_VTD_IECTL);
}

struct pstd_vtd_event pstd_vtd_event_fsts(struct pstd_vtd *u)
{
	uint64_t fsts = *pstd_vtd_reg(u, PSTD_VTD_FSTS);
	struct pstd_vtd_event none = { 0 };

	/* The reason of an error that is cleared says nothing any more. */
	if (!(fsts & PSTD_VTD_FSTS_IQE))
		*pstd_vtd_reg(u, PSTD_VTD_IQER) = 0;
	if (!(fsts & PSTD_VTD_FSTS_PENDING))
		serviced(u, PSTD_VTD_FECTL);
	return none;
}

struct pstd_vtd_event pstd_vtd_event_fectl(struct pstd_vtd *u)
{
	return flush(u, PSTD_VTD_FECTL);
}

struct pstd_vtd_event pstd_vtd_event_ics(struct pstd_vtd *u)
{
	struct pstd_vtd_event none = { 0 };

	if (!(*pstd_vtd_reg(u, PSTD_VTD_ICS) & PSTD_VTD_ICS_IWC))
		serviced(u, PSTD_VTD_IECTL);
	return none;
}

struct pstd_vtd_event pstd_vtd_event_iectl(struct pstd_vtd *u)
{
	return flush(u, PSTD_VTD_IECTL);
}

/* PPF is the OR of all F. */
struct pstd_vtd_event pstd_vtd_event_frcd(struct pstd_vtd *u)
{
	uint64_t *fsts = pstd_vtd_reg(u, PSTD_VTD_FSTS), any = 0;

	for (unsigned i = 0; i < pstd_vtd_record_count(u); i++)
		any |= u->config.frcd[2 * i + 1] & PSTD_VTD_FRCD_F;
	if (!any)
		*fsts &= ~PSTD_VTD_FSTS_PPF;
	return pstd_vtd_event_fsts(u);
}
