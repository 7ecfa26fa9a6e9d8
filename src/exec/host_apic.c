/* SPDX-License-Identifier: BSD-2-Clause */
/* SDM, "Extended XAPIC (x2APIC)", "Local APIC Software Enable/Disable", "TSC-Deadline Mode". */
#include "exec/host_apic.h"

enum { ADDRESS_WIDTH = 46 };

/*
 * With an access no time passes: 0 is before any deadline. The executor lets it, by
 * pstd_lapic_timer.
 */
static struct pstd_lapic_out put(struct pstd_lapic *l, unsigned offset, uint64_t value)
{
	struct pstd_lapic_out out = { 0 };

	if (pstd_lapic_mode(l) == PSTD_APIC_X2APIC)
		pstd_lapic_wrmsr(l, PSTD_APIC_X2APIC_MSR(offset), value, 0, &out);
	else
		out = pstd_lapic_mmio_write(l, offset, 4, (uint32_t)value, 0);
	return out;
}

void host_apic_start(struct pstd_lapic *l, uint32_t id, bool x2apic, const struct pstd_vectors *own)
{
	const struct pstd_lapic_config c = { .id = id, .features = PSTD_LAPIC_ALL,
		                             .address_width = ADDRESS_WIDTH, .bsp = !id };
	struct pstd_lapic_out out;

	pstd_lapic_reset(l, &c);
	if (x2apic)
		pstd_lapic_wrmsr(l, PSTD_APIC_MSR_BASE, l->base | PSTD_APIC_BASE_EXTD, 0, &out);
	put(l, PSTD_APIC_SVR, PSTD_APIC_SVR_ENABLE | own->spurious);
	put(l, PSTD_APIC_LVT_TIMER,
	    pstd_field(PSTD_APIC_LVT_TIMER_MODE, PSTD_APIC_TIMER_TSC_DEADLINE) | own->timer);
}

void host_apic_arm(struct pstd_lapic *l, uint64_t deadline)
{
	struct pstd_lapic_out none;

	pstd_lapic_wrmsr(l, PSTD_APIC_MSR_TSC_DEADLINE, deadline, 0, &none);
}

bool host_apic_write(struct pstd_lapic *l, unsigned offset, uint64_t value,
                     struct pstd_apic_msg *ipi)
{
	struct pstd_lapic_out out;

	if (offset == PSTD_APIC_ICR && pstd_lapic_mode(l) == PSTD_APIC_XAPIC)
		put(l, PSTD_APIC_ICR_HI, value >> 32);
	out = put(l, offset, value);
	*ipi = out.ipi;
	return out.send;
}
