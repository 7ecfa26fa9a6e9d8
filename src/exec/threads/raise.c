/* SPDX-License-Identifier: BSD-2-Clause */
/* A device's MSI on its way: VT-d unit, then the bus or a descriptor and its notification. */
#include "exec/threads/internal.h"

static void post(struct machine *m, const struct vtd_request_result *r)
{
	struct vtd_post_result p = vtd_post(r->pid, r->vector, r->urgent, m->vtd.x2apic);

	if (p.fault)
		atomic_fetch_add_explicit(&m->faults, 1, memory_order_relaxed);
	if (p.merged)
		pi_count(&m->by_pid[r->pid - m->pids]->hyp.coalesced[r->vector], 1);
	if (p.notify)
		bus_notify(m, &p.notification);
}

static void deliver(struct machine_vector *v, const struct apic_msg *msg)
{
	if (bus_accept(v->machine, msg))
		pi_count(&v->vcpu->hyp.coalesced[v->guest_vector], 1);
}

void machine_raise(struct machine_vector *v)
{
	struct machine *m = v->machine;
	struct vtd_request_result r;

	if (!pi_load_relaxed(&v->stamp))
		pi_store_relaxed(&v->stamp, now_ns());
	pi_tally(&v->sent, 1);
	read_lock();
	r = vtd_request(&m->vtd, v->msi, v->sid);
	if (r.kind == VTD_POST)
		post(m, &r);
	else if (r.kind == VTD_REMAPPED)
		deliver(v, &r.msg);
	else
		atomic_fetch_add_explicit(&m->faults, 1, memory_order_relaxed);
	read_unlock();
}
