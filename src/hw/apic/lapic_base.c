/* SPDX-License-Identifier: BSD-2-Clause */
/* IA32_APIC_BASE: modes and how they change; the state after reset and INIT. */
#include "hw/apic/lapic_parts.h"

enum pstd_apic_mode pstd_lapic_mode(const struct pstd_lapic *l)
{
	return pstd_apic_base_mode(l->base);
}

struct pstd_apic_identity pstd_lapic_identity(const struct pstd_lapic *l)
{
	return pstd_apic_identity(&l->regs, pstd_lapic_mode(l));
}

bool pstd_lapic_claims(const struct pstd_lapic *l, uint64_t address)
{
	return pstd_lapic_mode(l) == PSTD_APIC_XAPIC &&
	       (address & ~(uint64_t)0xfff) == (l->base & PSTD_APIC_BASE_ADDRESS);
}

void pstd_lapic_set_deaf(struct pstd_lapic *l)
{
	if (pstd_lapic_mode(l) == PSTD_APIC_DISABLED)
		l->deaf = PSTD_LAPIC_DEAF;
	else
		l->deaf = pstd_lapic_software_enabled(l) ? PSTD_LAPIC_HEARS
		                                         : PSTD_LAPIC_DEAF_TO_FIXED;
}

/* ID and LDR as the mode has them. */
static void set_ids(struct pstd_lapic *l)
{
	bool x2apic = pstd_lapic_mode(l) == PSTD_APIC_X2APIC;

	pstd_apic_write(&l->regs, PSTD_APIC_ID, x2apic ? l->id : l->id << 24);
	pstd_apic_write(&l->regs, PSTD_APIC_LDR, x2apic ? pstd_apic_x2apic_ldr(l->id) : 0);
}

/* The highest LVT entry is number 6 with CMCI, 5 without. */
static uint32_t version(const struct pstd_lapic *l)
{
	unsigned last = l->features & PSTD_LAPIC_CMCI ? 6 : 5;

	return (uint32_t)(pstd_field(PSTD_APIC_VERSION_VERSION, 0x14) |
	                  pstd_field(PSTD_APIC_VERSION_MAX_LVT, last) |
	                  (l->features & PSTD_LAPIC_EOI_SUPPRESSION
	                           ? PSTD_APIC_VERSION_NO_EOI_BROADCAST
	                           : 0));
}

static void reset_registers(struct pstd_lapic *l)
{
	for (unsigned i = 0; i < PSTD_LAPIC_ROWS; i++)
		pstd_apic_write(&l->regs, i * 16, pstd_lapic_rows[i].reset);
	pstd_apic_write(&l->regs, PSTD_APIC_VERSION, version(l));
	set_ids(l);
	l->errors = 0;
	l->timer = 0;
	pstd_lapic_set_deaf(l);
	pstd_lapic_settle_extint(l);
}

void pstd_lapic_init(struct pstd_lapic *l)
{
	reset_registers(l);
}

void pstd_lapic_reset(struct pstd_lapic *l, const struct pstd_lapic_config *c)
{
	*l = (struct pstd_lapic){ .id = c->id, .features = c->features };
	l->cycle = c->cycle ? c->cycle : 1;
	l->base = PSTD_APIC_BASE_DEFAULT | PSTD_APIC_BASE_EN | (c->bsp ? PSTD_APIC_BASE_BSP : 0);
	l->base_rsvd = ~(PSTD_APIC_BASE_BSP | PSTD_APIC_BASE_EN | PSTD_APIC_BASE_ADDRESS) |
	               ~(uint64_t)0 << c->address_width;
	if (c->features & PSTD_LAPIC_X2APIC)
		l->base_rsvd &= ~PSTD_APIC_BASE_EXTD;
	reset_registers(l);
}

/* "x2APIC State Transitions": out of x2APIC mode only to disabled, into it only from xAPIC. */
static bool may_change(enum pstd_apic_mode from, enum pstd_apic_mode to)
{
	return from == to ||
	       (from == PSTD_APIC_X2APIC ? to == PSTD_APIC_DISABLED
	                                 : from == PSTD_APIC_XAPIC || to == PSTD_APIC_XAPIC);
}

bool pstd_lapic_write_base(struct pstd_lapic *l, uint64_t value, struct pstd_lapic_out *out)
{
	enum pstd_apic_mode from = pstd_lapic_mode(l), to = pstd_apic_base_mode(value);

	if ((value & l->base_rsvd) ||
	    (value & (PSTD_APIC_BASE_EN | PSTD_APIC_BASE_EXTD)) == PSTD_APIC_BASE_EXTD)
		return false;
	if (!may_change(from, to))
		return false;
	l->base = value;
	if (from == to)
		return true;
	if (to == PSTD_APIC_X2APIC) {
		set_ids(l);
		pstd_apic_write(&l->regs, PSTD_APIC_ICR_HI, 0);
	} else {
		reset_registers(l);
	}
	out->identity = true;
	return true;
}
