/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands. VT-d, "Global Command Register" and "Global Status Register".
 *
 * A write makes every change that it asks for. Software is told to change one bit a
 * write, but nothing keeps a driver from leaving the one-shot bits of GSTS in what it
 * writes, or from setting a table and enabling what rests on it at once.
 *
 * A status bit changes when the command is done: for what requests depend on, when
 * each request that began before has ended.
 */
#include "hw/vtd/command.h"
#include "hw/vtd/regs.h"

/* Bits that stay as written, bits that act once, and those that do no more than show in GSTS. */
#define LEVEL (PSTD_VTD_GCMD_TE | PSTD_VTD_GCMD_QIE | PSTD_VTD_GCMD_IRE | PSTD_VTD_GCMD_CFI)
#define ONE_SHOT (PSTD_VTD_GCMD_SRTP | PSTD_VTD_GCMD_SIRTP)
#define SHOWN (PSTD_VTD_GCMD_TE | PSTD_VTD_GCMD_SRTP | PSTD_VTD_GCMD_QIE)

#define TRANSLATION (PSTD_VTD_GSTS_TES | PSTD_VTD_GSTS_IRES)

static uint64_t status(struct pstd_vtd *u)
{
	uint64_t gsts;

	pstd_spin_lock(&u->registers);
	gsts = *pstd_vtd_reg(u, PSTD_VTD_GSTS);
	pstd_spin_unlock(&u->registers);
	return gsts;
}

/* Makes bit of GSTS as told, with what else changes at that moment. */
static void set_status(struct pstd_vtd *u, uint64_t bit, bool on)
{
	uint64_t *gsts = pstd_vtd_reg(u, PSTD_VTD_GSTS);

	pstd_spin_lock(&u->registers);
	*gsts = (*gsts & ~bit) | (on ? bit : 0);
	if (bit == PSTD_VTD_GSTS_QIES && !on)
		*pstd_vtd_reg(u, PSTD_VTD_IQH) = 0;
	/* Faults are recorded from the first record on again when both have become 0. */
	if ((bit & TRANSLATION) && !on && !(*gsts & TRANSLATION))
		u->next_record = 0;
	pstd_spin_unlock(&u->registers);
}

/*
 * Requests that begin from now on see the new configuration; returns when no
 * other is left. With ESIRTPS the entries of the old table are forgotten too:
 * after the change, or a request could cache another.
 */
static void put_in_force(struct pstd_vtd *u, uint64_t active, bool forget)
{
	pstd_exchange_seq(&u->active, active);
	if (forget && (u->config.cap & PSTD_VTD_CAP_ESIRTPS)) {
		pstd_vtd_cache_forget_all(&u->cache);
		pstd_tally(&u->invalidations, 1);
	}
	u->config.drain(u->config.ctx);
}

static void set_table(struct pstd_vtd *u)
{
	uint64_t irta, kept = pstd_load_relaxed(&u->active) &
	                      (PSTD_VTD_ACTIVE_IRES | PSTD_VTD_ACTIVE_CFIS);

	set_status(u, PSTD_VTD_GSTS_IRTPS, false);
	pstd_spin_lock(&u->registers);
	irta = *pstd_vtd_reg(u, PSTD_VTD_IRTA);
	pstd_spin_unlock(&u->registers);
	put_in_force(u, irta | kept, true);
	set_status(u, PSTD_VTD_GSTS_IRTPS, true);
}

/* IRE or CFI. Remapping stays off while no table was ever set. */
static void toggle(struct pstd_vtd *u, uint64_t status_bit, uint64_t active_bit, bool on)
{
	uint64_t active = pstd_load_relaxed(&u->active);

	if (status_bit == PSTD_VTD_GSTS_IRES && on && !(status(u) & PSTD_VTD_GSTS_IRTPS))
		return;
	put_in_force(u, on ? active | active_bit : active & ~active_bit,
	             status_bit == PSTD_VTD_GSTS_IRES && !on);
	set_status(u, status_bit, on);
}

/* Carries out the commands in bits; none of them rests on another. */
static void obey(struct pstd_vtd *u, uint64_t bits, bool on)
{
	if (bits & PSTD_VTD_GCMD_SIRTP)
		set_table(u);
	if (bits & PSTD_VTD_GCMD_IRE)
		toggle(u, PSTD_VTD_GSTS_IRES, PSTD_VTD_ACTIVE_IRES, on);
	if (bits & PSTD_VTD_GCMD_CFI)
		toggle(u, PSTD_VTD_GSTS_CFIS, PSTD_VTD_ACTIVE_CFIS, on);
	for (uint64_t left = bits & SHOWN; left; left &= left - 1)
		set_status(u, left & -left, on);
}

/*
 * What is switched off rests on no table any more when that changes; what is switched
 * on rests on the new one. A one-shot bit is a command whenever it is written as 1,
 * done before or not.
 */
void pstd_vtd_command(struct pstd_vtd *u, uint64_t value)
{
	uint64_t changed;

	pstd_spin_lock(&u->work);
	changed = (value ^ status(u)) & LEVEL;
	obey(u, changed & ~value, false);
	obey(u, value & ONE_SHOT, true);
	obey(u, changed & value, true);
	pstd_spin_unlock(&u->work);
}
