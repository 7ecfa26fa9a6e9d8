/* SPDX-License-Identifier: BSD-2-Clause */
/* Who sends interrupts: devices through VT-d, software; and user space, which injects. */
#include "check/check.h"
#include "world/world.h"
#include <explore/step.h>

/* A device's request under way, and the entry that it saw. */
struct request {
	struct pstd_vtd_request_result result;
	struct pstd_irte entry;
	unsigned settles; /* control operations that had returned */
};

static struct pstd_irte entry_now(unsigned n)
{
	const struct pstd_irte *slot = &world.physical.irte[n];
	struct pstd_irte e;

	explore_look_begin();
	e.raw.lo = pstd_load_relaxed(&slot->raw.lo);
	e.raw.hi = pstd_load_relaxed(&slot->raw.hi);
	explore_look_end();
	return e;
}

void world_settle(unsigned n)
{
	struct world_device *d = &world.device[n];

	explore_touch(&d->settles, true);
	d->settled = entry_now(n);
	d->settles++;
	explore_look_begin();
	world_violated(check_final_entry(&d->irq), "device %u", n);
	explore_look_end();
}

/* All that anybody may write into the entry of device n: posted, the host's, none. */
static unsigned written(unsigned n, struct pstd_irte entry[WORLD_DEVICES + 3])
{
	const struct pstd_irq *irq = &world.device[n].irq;
	unsigned count = 0;

	for (unsigned i = 0; i < WORLD_DEVICES; i++) {
		uint64_t pid = pstd_memory_phys(&world_memory, &world.physical.pid[world.home[i]]);

		if (i == n || world.rerouted)
			entry[count++] = pstd_irte_posted(pid, world_vector(i), irq->sid);
	}
	if (irq->posted_msi)
		entry[count++] = pstd_irte_posted(pstd_memory_phys(&world_memory, irq->pcpu->msi),
		                                  irq->vector, irq->sid);
	if (irq->pcpu)
		entry[count++] = pstd_irte_remapped(pstd_irte_dst(irq->pcpu->apic_id, true),
		                                    irq->vector, irq->sid);
	if (world.device[n].begins || world.device[n].ends)
		entry[count++] = (struct pstd_irte){ { 0, 0 } };
	return count;
}

static void look_up(unsigned n, struct pstd_vtd *unit, struct request *r)
{
	struct world_device *d = &world.device[n];
	struct pstd_irte entry[WORLD_DEVICES + 3];
	unsigned count = written(n, entry);

	r->result = pstd_vtd_request(unit, pstd_msi_remappable((uint16_t)n, false, 0), d->irq.sid);
	r->entry = entry_now(n);
	explore_touch(&d->settles, false);
	r->settles = d->settles;
	world_violated(check_torn(r->entry, entry, count), "device %u", n);
}

/* Before the request's end: a control operation that returned meanwhile waited for it. */
static void judge_entry(unsigned n, const struct request *r)
{
	const struct world_device *d = &world.device[n];

	explore_touch(&d->settles, false);
	if (d->settles != r->settles)
		world_violated(check_invalidated(r->entry, d->settled), "device %u", n);
}

static const char *silent(const struct pstd_desc *d)
{
	return d->control & PSTD_ON ? "silent, ON set" : "silent, SN set";
}

static bool is_host(const struct pstd_desc *d)
{
	return d >= world.physical.msi && d < world.physical.msi + WORLD_PCPUS;
}

/* In the two steps of hw/, between which others may come, or as silicon does it. */
static struct pstd_vtd_post_result post_steps(const struct pstd_vtd_request_result *r)
{
	struct pstd_vtd_post_result p;

	if (!world.posts_in_one)
		return pstd_vtd_post(r->pid, r->vector, r->urgent, r->x2apic);
	explore_step_begin();
	p = pstd_vtd_post(r->pid, r->vector, r->urgent, r->x2apic);
	explore_step_end();
	return p;
}

/* To the descriptor of a pCPU, for the host itself. */
static void post_to_host(unsigned n, const struct pstd_vtd_request_result *r)
{
	struct pstd_vtd_post_result p = post_steps(r);

	world.merged[n] += p.merged;
	if (p.fault || r->vector != world.device[n].irq.vector)
		explore_fail("fault %#x: the interrupt of device %u is lost", p.fault, n);
	if (p.notify)
		world_send(p.notification.dest, p.notification.vector, -1);
	explore_note("posted %#x for the host -> %s", r->vector,
	             p.notify ? "notification sent" : silent(r->pid));
}

static void post(const struct pstd_vtd_request_result *r)
{
	const struct world_vcpu *v = &world.vcpu[r->pid - world.physical.pid];
	unsigned n = world_number(r->vector);
	struct pstd_vtd_post_result p = post_steps(r);

	if (v->freed) {
		explore_look_begin();
		world_violated(check_dead(r->pid), "vCPU %u", v->hyp.apic_id);
		explore_look_end();
		return;
	}
	if (p.fault)
		explore_fail("fault %#x: vector %#x is lost", p.fault, r->vector);
	if (p.merged && n < WORLD_VECTORS)
		world.merged[n]++;
	explore_touch(&v->preempted, false);
	if (p.notify && v->preempted)
		explore_fail("disturbed: a notification for a vCPU that is preempted");
	if (p.notify)
		world_send(p.notification.dest, p.notification.vector, -1);
	explore_note("posted %#x -> %s", r->vector,
	             p.notify ? "notification sent" : silent(r->pid));
}

static void send_to_host(unsigned n, const struct pstd_apic_msg *m)
{
	const struct pstd_irq *irq = &world.device[n].irq;

	explore_note("the device's interrupt goes to the host as %#x", m->vector);
	if (irq->pcpu && m->vector == irq->vector && m->dest == irq->pcpu->apic_id)
		world_send(m->dest, m->vector, (int)n);
	else
		explore_fail("misdirected: device %u to the host as %#x", n, m->vector);
}

/* What becomes of a request; blocked says how it may be, 0: not at all. */
static void carry_out(unsigned n, const struct pstd_vtd_request_result *r,
                      enum pstd_vtd_fault blocked)
{
	if (r->kind == PSTD_VTD_POST && is_host(r->pid)) {
		post_to_host(n, r);
	} else if (r->kind == PSTD_VTD_POST) {
		post(r);
	} else if (r->kind == PSTD_VTD_REMAPPED) {
		send_to_host(n, &r->msg);
	} else if (blocked && r->fault == blocked) {
		explore_note("the device's request is blocked: fault %#x", r->fault);
	} else {
		explore_fail("fault %#x: the interrupt of device %u is lost", r->fault, n);
	}
}

static void request(unsigned n, struct pstd_vtd *unit, enum pstd_vtd_fault blocked)
{
	struct request r;

	world_read_lock();
	look_up(n, unit, &r);
	world.requested[n] += r.result.kind != PSTD_VTD_BLOCKED;
	carry_out(n, &r.result, blocked);
	judge_entry(n, &r);
	world_read_unlock();
}

void world_hardware(void *n_)
{
	unsigned n = (unsigned)(uintptr_t)n_;
	bool may_be_blocked = world.device[n].begins || world.device[n].ends;

	request(n, &world_vtd, may_be_blocked ? PSTD_VTD_FAULT_NOT_PRESENT : PSTD_VTD_FAULT_NONE);
}

void world_twice(void *n)
{
	world_hardware(n);
	world_hardware(n);
}

void world_faulty(void *n)
{
	static const struct pstd_memory no_descriptors = {
		.base = (uint8_t *)&world.physical,
		.size = offsetof(struct world, physical.pid),
	};
	struct pstd_vtd unit = world_vtd;

	if (explore_choose(2)) {
		unit.active &= ~PSTD_VTD_IRTA_BASE; /* nothing is at 0 */
		request((unsigned)(uintptr_t)n, &unit, PSTD_VTD_FAULT_TABLE);
	} else {
		unit.config.memory = &no_descriptors;
		request((unsigned)(uintptr_t)n, &unit, PSTD_VTD_FAULT_PID);
	}
	world_hardware(n);
}

void world_software(void *n_)
{
	unsigned n = (unsigned)(uintptr_t)n_;
	bool posted;

	world_read_lock();
	world.requested[n]++;
	posted = pstd_vcpu_deliver(world.vcpus[world.home[n]], world_vector(n));
	explore_note("software posted %#x%s", world_vector(n), posted ? "" : " -> merged");
	world_read_unlock();
}

/* The second one before the first is taken, or after: the same, or the other device's. */
void world_software_twice(void *n)
{
	world_software(n);
	world_software((void *)(uintptr_t)explore_choose(2));
}

void world_sender(void *n)
{
	if (explore_choose(2))
		world_software(n);
	else
		world_hardware(n);
}

void world_nmi(void *id)
{
	struct world_vcpu *v = &world.vcpu[(uintptr_t)id];
	bool sent;

	world_read_lock();
	v->nmis++;
	sent = pstd_vcpu_nmi(&v->hyp);
	explore_note("an NMI is sent%s", sent ? "" : " -> merged");
	world_read_unlock();
}

void world_two_nmis(void *v)
{
	world_nmi(v);
	world_nmi(v);
}

void world_kicker(void *n)
{
	struct world_vcpu *v = &world.vcpu[0];

	world_read_lock();
	pstd_store_relaxed(&v->asked[(uintptr_t)n], 1);
	pstd_vcpu_kick(&v->hyp);
	explore_note("vCPU 0 is kicked");
	world_read_unlock();
}

static bool readable(const void *d)
{
	return ((const struct world_device *)d)->unread;
}

void world_reader(void *n_)
{
	unsigned n = (unsigned)(uintptr_t)n_;
	struct world_device *d = &world.device[n];

	while (explore_rest(readable, d)) {
		explore_touch(&d->unread, true);
		explore_note("user space injects %#x", world_vector(n));
		world.merged[n] += (unsigned)d->unread - 1;
		d->unread = 0;
		world_read_lock();
		pstd_msi_inject(&world.vm, world_msi(world.home[n], n));
		world_read_unlock();
	}
}

void world_free_irq(struct pstd_irq *irq)
{
	explore_note("the device's host interrupt is freed");
	explore_touch(&irq->pcpu->irq[irq->vector], true);
	irq->trigger = &world.grave.eventfd;
}

void world_free_irqfd(struct pstd_irqfd *irqfd)
{
	explore_note("the irqfd is freed");
	explore_touch(&irqfd->target, true);
	irqfd->vm = &world.grave.vm;
}

/* All zero from here on, which every post would change. What waited there goes with it. */
void world_free_vcpu(struct world_vcpu *v)
{
	struct pstd_desc *d = v->hyp.pid;

	explore_note("vCPU %u is freed", v->hyp.apic_id);
	for (unsigned n = 0; n < WORLD_VECTORS; n++) {
		unsigned vector = world_vector(n);

		world.dropped[n] += d->pir[vector / 64] >> vector % 64 & 1;
		world.dropped[n] += pstd_apic_test(v->hyp.apic, PSTD_APIC_IRR, (uint8_t)vector);
	}
	explore_touch(&d->pir[WORLD_VECTOR / 64], true);
	explore_touch(&d->control, true);
	*d = (struct pstd_desc){ .control = 0 };
	v->freed = true;
}
