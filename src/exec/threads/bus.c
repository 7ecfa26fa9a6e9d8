/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages between agents and local APICs: fixed, physical, to one pCPU (its id is its number). */
#include "exec/threads/internal.h"

void bus_notify(struct machine *m, const struct pstd_apic_msg *msg)
{
	struct pcpu *p;

	if (msg->dest >= m->config.pcpus)
		return; /* nobody there: the message is dropped, as on the real bus */
	p = &m->pcpus[msg->dest];
	pstd_lapic_notify(&p->cpu.lapic, msg->vector);
	sleep_end(p);
}

void bus_event(struct machine *m, struct pstd_msi_msg msg)
{
	bus_notify(m, &(struct pstd_apic_msg){ .dest = pstd_msi_dest(msg),
	                                       .vector = pstd_msi_vector(msg) });
}

bool bus_accept(struct machine *m, const struct pstd_apic_msg *msg)
{
	struct pcpu *p;
	bool merged;

	if (msg->dest >= m->config.pcpus)
		return false;
	p = &m->pcpus[msg->dest];
	merged = pstd_lapic_accept(&p->cpu.lapic, msg->vector);
	sleep_end(p);
	return merged;
}
