/* SPDX-License-Identifier: BSD-2-Clause */
/* A device's MSI on its way: VT-d unit, then the bus or a descriptor and its notification. */
#include "exec/threads/internal.h"

/* True if it merged with one that still waits. */
static bool post(struct machine *m, const struct vtd_request_result *r)
{
	struct vtd_post_result p = vtd_post(r->pid, r->vector, r->urgent, m->vtd.x2apic);

	if (p.fault)
		atomic_fetch_add_explicit(&m->faults, 1, memory_order_relaxed);
	if (p.notify)
		bus_notify(m, &p.notification);
	return p.merged;
}

void machine_raise(struct machine_vector *v)
{
	struct machine *m = v->machine;
	struct vtd_request_result r;
	bool merged = false;

	if (!pi_load_relaxed(&v->stamp))
		pi_store_relaxed(&v->stamp, now_ns());
	pi_tally(&v->sent, 1);
	read_lock();
	r = vtd_request(&m->vtd, v->msi, v->sid);
	if (r.kind == VTD_POST)
		merged = post(m, &r);
	else if (r.kind == VTD_REMAPPED)
		merged = bus_accept(m, &r.msg);
	else
		atomic_fetch_add_explicit(&m->faults, 1, memory_order_relaxed);
	read_unlock();
	if (merged)
		pi_tally(&v->merged, 1);
}
