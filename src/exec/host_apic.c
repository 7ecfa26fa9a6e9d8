/* SPDX-License-Identifier: BSD-2-Clause */
/* SDM, "Extended XAPIC (x2APIC)" and "Local APIC Software Enable/Disable". */
#include "exec/host_apic.h"

enum { ADDRESS_WIDTH = 46, SPURIOUS = 0xff };

/* The host's timer is the executor's: no time passes for the registers. */
static struct lapic_out put(struct lapic *l, unsigned offset, uint64_t value)
{
	struct lapic_out out = { 0 };

	if (lapic_mode(l) == APIC_X2APIC)
		lapic_wrmsr(l, APIC_X2APIC_MSR(offset), value, 0, &out);
	else
		out = lapic_mmio_write(l, offset, 4, (uint32_t)value, 0);
	return out;
}

void host_apic_start(struct lapic *l, uint32_t id, bool x2apic)
{
	const struct lapic_config c = { .id = id, .features = LAPIC_ALL,
		                        .address_width = ADDRESS_WIDTH, .bsp = !id };
	struct lapic_out out;

	lapic_reset(l, &c);
	if (x2apic)
		lapic_wrmsr(l, APIC_MSR_BASE, l->base | APIC_BASE_EXTD, 0, &out);
	put(l, APIC_SVR, APIC_SVR_ENABLE | SPURIOUS);
}

bool host_apic_write(struct lapic *l, unsigned offset, uint64_t value, struct apic_msg *ipi)
{
	struct lapic_out out;

	if (offset == APIC_ICR && lapic_mode(l) == APIC_XAPIC)
		put(l, APIC_ICR_HI, value >> 32);
	out = put(l, offset, value);
	*ipi = out.ipi;
	return out.send;
}
