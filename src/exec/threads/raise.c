/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's MSI, or the message of its pin, on its way: VT-d unit, then the bus or a
 * descriptor and its notification.
 */
#include "exec/threads/internal.h"

/* True if it merged with one that still waits. */
static bool post(struct machine *m, struct pstd_vtd_request_result *r)
{
	struct pstd_vtd_post_result p = pstd_vtd_post(r->pid, r->vector, r->urgent, r->x2apic);

	r->fault = p.fault;
	if (p.notify)
		bus_notify(m, &p.notification);
	return p.merged;
}

static bool request(struct machine_vector *v, struct pstd_msi_msg msi,
                    struct pstd_vtd_request_result *r)
{
	*r = pstd_vtd_request(&v->unit->vtd, msi, v->sid);
	if (r->kind == PSTD_VTD_POST)
		return post(v->machine, r);
	return r->kind != PSTD_VTD_BLOCKED && bus_accept(v->machine, &r->msg);
}

/* After the read-side section, which invalidations wait for. */
static void blocked(struct machine_vector *v, const struct pstd_vtd_request_result *r)
{
	struct pstd_vtd_event e;

	atomic_fetch_add_explicit(&v->machine->faults, 1, memory_order_relaxed);
	e = pstd_vtd_fault(&v->unit->vtd, r->fault, r->qualified, r->index, v->sid);
	if (e.send)
		bus_event(v->machine, e.msg);
}

void machine_raise(struct machine_vector *v)
{
	struct pstd_vtd_request_result r;
	struct pstd_msi_msg msi;
	bool merged;

	if (!pstd_load_relaxed(&v->stamp))
		pstd_store_relaxed(&v->stamp, now_ns());
	pstd_tally(&v->sent, 1);
	msi = v->pin ? pins_pulse(v) : v->msi;
	read_lock();
	merged = request(v, msi, &r);
	read_unlock();
	if (r.fault)
		blocked(v, &r);
	if (merged)
		pstd_tally(&v->merged, 1);
	if (r.missed)
		pstd_tally(&v->missed, 1);
}
