/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/vtd_event.h"
#include "hw/vtd_regs.h"

/* Both events have four registers in a row: control, data, address, upper address. */
enum { DATA = 4, ADDR = 8, UADDR = 12 };

/* Sends the event if it is pending and not masked. */
static struct vtd_event flush(struct vtd *u, unsigned control)
{
	struct vtd_event event = { 0 };
	uint64_t *c = vtd_reg(u, control);

	if ((*c & VTD_ECTL_IM) || !(*c & VTD_ECTL_IP))
		return event;
	*c &= ~VTD_ECTL_IP;
	event.send = true;
	event.msg.data = (uint32_t)*vtd_reg(u, control + DATA);
	event.msg.addr_lo = (uint32_t)*vtd_reg(u, control + ADDR);
	event.msg.addr_hi = (uint32_t)*vtd_reg(u, control + UADDR);
	return event;
}

static struct vtd_event raise(struct vtd *u, unsigned control)
{
	*vtd_reg(u, control) |= VTD_ECTL_IP;
	return flush(u, control);
}

/* All that the event told of has been serviced: if it was held, it is not sent any more. */
static void serviced(struct vtd *u, unsigned control)
{
	*vtd_reg(u, control) &= ~VTD_ECTL_IP;
}

struct vtd_event vtd_event_fault(struct vtd *u, uint64_t bits)
{
	uint64_t *fsts = vtd_reg(u, VTD_FSTS), before = *fsts;
	struct vtd_event none = { 0 };

	*fsts |= bits;
	/* So an overflow raises none: the records that are in its way are pending. */
	if (before & VTD_FSTS_PENDING)
		return none;
	return raise(u, VTD_FECTL);
}

struct vtd_event vtd_event_complete(struct vtd *u)
{
	uint64_t *ics = vtd_reg(u, VTD_ICS);
	struct vtd_event none = { 0 };

	if (*ics & VTD_ICS_IWC)
		return none;
	*ics |= VTD_ICS_IWC;
	return raise(u, VTD_IECTL);
}

struct vtd_event vtd_event_fsts(struct vtd *u)
{
	uint64_t fsts = *vtd_reg(u, VTD_FSTS);
	struct vtd_event none = { 0 };

	/* The reason of an error that is cleared says nothing any more. */
	if (!(fsts & VTD_FSTS_IQE))
		*vtd_reg(u, VTD_IQER) = 0;
	if (!(fsts & VTD_FSTS_PENDING))
		serviced(u, VTD_FECTL);
	return none;
}

struct vtd_event vtd_event_fectl(struct vtd *u)
{
	return flush(u, VTD_FECTL);
}

struct vtd_event vtd_event_ics(struct vtd *u)
{
	struct vtd_event none = { 0 };

	if (!(*vtd_reg(u, VTD_ICS) & VTD_ICS_IWC))
		serviced(u, VTD_IECTL);
	return none;
}

struct vtd_event vtd_event_iectl(struct vtd *u)
{
	return flush(u, VTD_IECTL);
}

/* PPF is the OR of all F. */
struct vtd_event vtd_event_frcd(struct vtd *u)
{
	uint64_t *fsts = vtd_reg(u, VTD_FSTS), any = 0;

	for (unsigned i = 0; i < vtd_record_count(u); i++)
		any |= u->config.frcd[2 * i + 1] & VTD_FRCD_F;
	if (!any)
		*fsts &= ~VTD_FSTS_PPF;
	return vtd_event_fsts(u);
}
