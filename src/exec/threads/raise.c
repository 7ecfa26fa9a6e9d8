/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's MSI, or the message of its pin, on its way: VT-d unit, then the bus or a
 * descriptor and its notification.
 */
#include "exec/threads/internal.h"

/* True if it merged with one that still waits. */
static bool post(struct machine *m, struct vtd_request_result *r)
{
	struct vtd_post_result p = vtd_post(r->pid, r->vector, r->urgent, r->x2apic);

	r->fault = p.fault;
	if (p.notify)
		bus_notify(m, &p.notification);
	return p.merged;
}

static bool request(struct machine_vector *v, struct msi_msg msi, struct vtd_request_result *r)
{
	*r = vtd_request(&v->unit->vtd, msi, v->sid);
	if (r->kind == VTD_POST)
		return post(v->machine, r);
	return r->kind != VTD_BLOCKED && bus_accept(v->machine, &r->msg);
}

/* After the read-side section, which invalidations wait for. */
static void blocked(struct machine_vector *v, const struct vtd_request_result *r)
{
	struct vtd_event e;

	atomic_fetch_add_explicit(&v->machine->faults, 1, memory_order_relaxed);
	e = vtd_fault(&v->unit->vtd, r->fault, r->qualified, r->index, v->sid);
	if (e.send)
		bus_event(v->machine, e.msg);
}

void machine_raise(struct machine_vector *v)
{
	struct vtd_request_result r;
	struct msi_msg msi;
	bool merged;

	if (!pi_load_relaxed(&v->stamp))
		pi_store_relaxed(&v->stamp, now_ns());
	pi_tally(&v->sent, 1);
	msi = v->pin ? pins_pulse(v) : v->msi;
	read_lock();
	merged = request(v, msi, &r);
	read_unlock();
	if (r.fault)
		blocked(v, &r);
	if (merged)
		pi_tally(&v->merged, 1);
	if (r.missed)
		pi_tally(&v->missed, 1);
}
