/* SPDX-License-Identifier: BSD-2-Clause */
/* SDM, "Extended XAPIC (x2APIC)", "Local APIC Software Enable/Disable", "TSC-Deadline Mode". */
#include "exec/host_apic.h"

enum { ADDRESS_WIDTH = 46 };

/* With an access no time passes: 0 is before any deadline. The executor lets it, by lapic_timer. */
static struct lapic_out put(struct lapic *l, unsigned offset, uint64_t value)
{
	struct lapic_out out = { 0 };

	if (lapic_mode(l) == APIC_X2APIC)
		lapic_wrmsr(l, APIC_X2APIC_MSR(offset), value, 0, &out);
	else
		out = lapic_mmio_write(l, offset, 4, (uint32_t)value, 0);
	return out;
}

void host_apic_start(struct lapic *l, uint32_t id, bool x2apic, const struct hyp_vectors *own)
{
	const struct lapic_config c = { .id = id, .features = LAPIC_ALL,
		                        .address_width = ADDRESS_WIDTH, .bsp = !id };
	struct lapic_out out;

	lapic_reset(l, &c);
	if (x2apic)
		lapic_wrmsr(l, APIC_MSR_BASE, l->base | APIC_BASE_EXTD, 0, &out);
	put(l, APIC_SVR, APIC_SVR_ENABLE | own->spurious);
	put(l, APIC_LVT_TIMER, pi_field(APIC_LVT_TIMER_MODE, APIC_TIMER_TSC_DEADLINE) |
	                       own->timer);
}

void host_apic_arm(struct lapic *l, uint64_t deadline)
{
	struct lapic_out none;

	lapic_wrmsr(l, APIC_MSR_TSC_DEADLINE, deadline, 0, &none);
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
