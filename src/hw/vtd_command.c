/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands. VT-d, "Global Command Register" and "Global Status Register".
 *
 * Software changes one bit a write. What silicon does with more is not said; here
 * the highest changed bit is obeyed and the others are not, so that a driver that
 * changes two waits in vain for the second in GSTS, and is found out.
 *
 * A status bit changes when the command is done: for what requests depend on, when
 * each request that began before has ended.
 */
#include "hw/vtd_command.h"
#include "hw/vtd_regs.h"

/* Bits that stay as written, bits that act once. TE and SRTP only show in GSTS. */
#define LEVEL (VTD_GCMD_TE | VTD_GCMD_QIE | VTD_GCMD_IRE | VTD_GCMD_CFI)
#define ONE_SHOT (VTD_GCMD_SRTP | VTD_GCMD_SIRTP)

#define TRANSLATION (VTD_GSTS_TES | VTD_GSTS_IRES)

static uint64_t status(struct vtd *u)
{
	uint64_t gsts;

	pi_spin_lock(&u->registers);
	gsts = *vtd_reg(u, VTD_GSTS);
	pi_spin_unlock(&u->registers);
	return gsts;
}

/* Makes bit of GSTS as told, with what else changes at that moment. */
static void set_status(struct vtd *u, uint64_t bit, bool on)
{
	uint64_t *gsts = vtd_reg(u, VTD_GSTS);

	pi_spin_lock(&u->registers);
	*gsts = (*gsts & ~bit) | (on ? bit : 0);
	if (bit == VTD_GSTS_QIES && !on)
		*vtd_reg(u, VTD_IQH) = 0;
	/* Faults are recorded from the first record on again when both have become 0. */
	if ((bit & TRANSLATION) && !on && !(*gsts & TRANSLATION))
		u->next_record = 0;
	pi_spin_unlock(&u->registers);
}

/*
 * Requests that begin from now on see the new configuration; returns when no
 * other is left. With ESIRTPS the entries of the old table are forgotten too:
 * after the change, or a request could cache another.
 */
static void put_in_force(struct vtd *u, uint64_t active, bool forget)
{
	pi_exchange_seq(&u->active, active);
	if (forget && (u->config.cap & VTD_CAP_ESIRTPS)) {
		vtd_cache_forget_all(&u->cache);
		pi_tally(&u->invalidations, 1);
	}
	u->config.drain(u->config.ctx);
}

static void set_table(struct vtd *u)
{
	uint64_t irta, kept = pi_load_relaxed(&u->active) & (VTD_ACTIVE_IRES | VTD_ACTIVE_CFIS);

	set_status(u, VTD_GSTS_IRTPS, false);
	pi_spin_lock(&u->registers);
	irta = *vtd_reg(u, VTD_IRTA);
	pi_spin_unlock(&u->registers);
	put_in_force(u, irta | kept, true);
	set_status(u, VTD_GSTS_IRTPS, true);
}

/* IRE or CFI. Remapping stays off while no table was ever set. */
static void toggle(struct vtd *u, uint64_t status_bit, uint64_t active_bit, bool on)
{
	uint64_t active = pi_load_relaxed(&u->active);

	if (status_bit == VTD_GSTS_IRES && on && !(status(u) & VTD_GSTS_IRTPS))
		return;
	put_in_force(u, on ? active | active_bit : active & ~active_bit,
	             status_bit == VTD_GSTS_IRES && !on);
	set_status(u, status_bit, on);
}

static void obey(struct vtd *u, uint64_t bit, bool on)
{
	switch (bit) {
	case VTD_GCMD_SIRTP:
		set_table(u);
		break;
	case VTD_GCMD_IRE:
		toggle(u, VTD_GSTS_IRES, VTD_ACTIVE_IRES, on);
		break;
	case VTD_GCMD_CFI:
		toggle(u, VTD_GSTS_CFIS, VTD_ACTIVE_CFIS, on);
		break;
	default: /* TE, SRTP, QIE */
		set_status(u, bit, on);
		break;
	}
}

void vtd_command(struct vtd *u, uint64_t value)
{
	uint64_t changed;

	pi_spin_lock(&u->work);
	changed = ((value ^ status(u)) & LEVEL) | (value & ONE_SHOT);
	if (changed) {
		uint64_t bit = PI_BIT(63 - __builtin_clzll(changed));

		obey(u, bit, value & bit);
	}
	pi_spin_unlock(&u->work);
}
