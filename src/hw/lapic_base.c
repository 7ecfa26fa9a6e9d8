/* SPDX-License-Identifier: BSD-2-Clause */
/* IA32_APIC_BASE: modes and how they change; the state after reset and INIT. */
#include "hw/lapic_parts.h"

enum apic_mode lapic_mode(const struct lapic *l)
{
	return apic_base_mode(l->base);
}

struct apic_identity lapic_identity(const struct lapic *l)
{
	return apic_identity(&l->regs, lapic_mode(l));
}

bool lapic_claims(const struct lapic *l, uint64_t address)
{
	return lapic_mode(l) == APIC_XAPIC &&
	       (address & ~(uint64_t)0xfff) == (l->base & APIC_BASE_ADDRESS);
}

void lapic_set_deaf(struct lapic *l)
{
	if (lapic_mode(l) == APIC_DISABLED)
		l->deaf = LAPIC_DEAF;
	else
		l->deaf = lapic_software_enabled(l) ? LAPIC_HEARS : LAPIC_DEAF_TO_FIXED;
}

/* ID and LDR as the mode has them. */
static void set_ids(struct lapic *l)
{
	bool x2apic = lapic_mode(l) == APIC_X2APIC;

	apic_write(&l->regs, APIC_ID, x2apic ? l->id : l->id << 24);
	apic_write(&l->regs, APIC_LDR, x2apic ? apic_x2apic_ldr(l->id) : 0);
}

/* The highest LVT entry is number 6 with CMCI, 5 without. */
static uint32_t version(const struct lapic *l)
{
	unsigned last = l->features & LAPIC_CMCI ? 6 : 5;

	return (uint32_t)(pi_field(APIC_VERSION_VERSION, 0x14) |
	                  pi_field(APIC_VERSION_MAX_LVT, last) |
	                  (l->features & LAPIC_EOI_SUPPRESSION ? APIC_VERSION_NO_EOI_BROADCAST
	                                                       : 0));
}

static void reset_registers(struct lapic *l)
{
	for (unsigned i = 0; i < LAPIC_ROWS; i++)
		apic_write(&l->regs, i * 16, lapic_rows[i].reset);
	apic_write(&l->regs, APIC_VERSION, version(l));
	set_ids(l);
	l->errors = 0;
	l->timer = 0;
	lapic_set_deaf(l);
	lapic_settle_extint(l);
}

void lapic_init(struct lapic *l)
{
	reset_registers(l);
}

void lapic_reset(struct lapic *l, const struct lapic_config *c)
{
	*l = (struct lapic){ .id = c->id, .features = c->features };
	l->cycle = c->cycle ? c->cycle : 1;
	l->base = APIC_BASE_DEFAULT | APIC_BASE_EN | (c->bsp ? APIC_BASE_BSP : 0);
	l->base_rsvd = ~(APIC_BASE_BSP | APIC_BASE_EN | APIC_BASE_ADDRESS) |
	               ~(uint64_t)0 << c->address_width;
	if (c->features & LAPIC_X2APIC)
		l->base_rsvd &= ~APIC_BASE_EXTD;
	reset_registers(l);
}

/* "x2APIC State Transitions": out of x2APIC mode only to disabled, into it only from xAPIC. */
static bool may_change(enum apic_mode from, enum apic_mode to)
{
	return from == to || (from == APIC_X2APIC ? to == APIC_DISABLED
	                                          : from == APIC_XAPIC || to == APIC_XAPIC);
}

bool lapic_write_base(struct lapic *l, uint64_t value, struct lapic_out *out)
{
	enum apic_mode from = lapic_mode(l), to = apic_base_mode(value);

	if ((value & l->base_rsvd) || (value & (APIC_BASE_EN | APIC_BASE_EXTD)) == APIC_BASE_EXTD)
		return false;
	if (!may_change(from, to))
		return false;
	l->base = value;
	if (from == to)
		return true;
	if (to == APIC_X2APIC) {
		set_ids(l);
		apic_write(&l->regs, APIC_ICR_HI, 0);
	} else {
		reset_registers(l);
	}
	out->identity = true;
	return true;
}
