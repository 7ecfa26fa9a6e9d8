/* SPDX-License-Identifier: BSD-2-Clause */
/* Who sends interrupts: devices through VT-d, software; and user space, which injects. */
#include "exec/explore/world.h"

static void judge_post(const struct vtd_request_result *r)
{
	const struct world_vcpu *v = &world.vcpu[r->pid - world.physical.pid];
	unsigned n = r->vector - WORLD_VECTOR;

	if (n >= WORLD_VECTORS || world.home[n] != v->hyp.apic_id)
		explore_fail("torn: the entry posts %#x to vCPU %u", r->vector, v->hyp.apic_id);
}

static const char *silent(const struct pi_desc *d)
{
	return d->control & PI_ON ? "silent, ON set" : "silent, SN set";
}

static void post(const struct vtd_request_result *r)
{
	const struct world_vcpu *v = &world.vcpu[r->pid - world.physical.pid];
	struct vtd_post_result p;

	judge_post(r);
	p = vtd_post(r->pid, r->vector, r->urgent, r->x2apic);
	if (v->freed) {
		explore_fail("used after it was freed: the descriptor of vCPU %u", v->hyp.apic_id);
		return;
	}
	if (p.fault)
		explore_fail("fault %#x: vector %#x is lost", p.fault, r->vector);
	if (p.merged && r->vector - WORLD_VECTOR < WORLD_VECTORS)
		world.merged[r->vector - WORLD_VECTOR]++;
	explore_touch(&v->preempted, false);
	if (p.notify && v->preempted)
		explore_fail("disturbed: a notification for a vCPU that is preempted");
	if (p.notify)
		world_send(p.notification.dest, p.notification.vector, -1);
	explore_note("posted %#x -> %s", r->vector,
	             p.notify ? "notification sent" : silent(r->pid));
}

void world_hardware(void *n_)
{
	unsigned n = (unsigned)(uintptr_t)n_;
	struct vtd_request_result r;

	world_read_lock();
	r = vtd_request(&world_vtd, msi_remappable((uint16_t)n, false, 0), world.device[n].irq.sid);
	world.requested[n]++;
	if (r.kind == VTD_POST) {
		post(&r);
	} else if (r.kind == VTD_REMAPPED) {
		explore_note("the device's interrupt goes to the host as %#x", r.msg.vector);
		world_send(r.msg.dest, r.msg.vector, (int)n);
	} else if (world.device[n].ends && r.fault == VTD_FAULT_NOT_PRESENT) {
		explore_note("the device's interrupt is refused");
		world.dropped[n]++;
	} else {
		explore_fail("fault %#x: the interrupt of device %u is lost", r.fault, n);
	}
	world_read_unlock();
}

void world_software(void *n_)
{
	unsigned n = (unsigned)(uintptr_t)n_;
	bool posted;

	world_read_lock();
	world.requested[n]++;
	posted = hyp_vcpu_deliver(world.vcpus[world.home[n]], (uint8_t)(WORLD_VECTOR + n));
	explore_note("software posted %#x%s", WORLD_VECTOR + n, posted ? "" : " -> merged");
	world_read_unlock();
}

void world_sender(void *n)
{
	if (explore_choose(2))
		world_software(n);
	else
		world_hardware(n);
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
		explore_note("user space injects %#x", WORLD_VECTOR + n);
		world.merged[n] += (unsigned)d->unread - 1;
		d->unread = 0;
		world_read_lock();
		hyp_msi_inject(&world.vm, world_msi(world.home[n], n));
		world_read_unlock();
	}
}

void world_free_irq(struct hyp_irq *irq)
{
	explore_note("the device's host interrupt is freed");
	explore_touch(&irq->pcpu->irq[irq->vector], true);
	irq->trigger = &world.grave.eventfd;
}

void world_free_irqfd(struct hyp_irqfd *irqfd)
{
	explore_note("the irqfd is freed");
	explore_touch(&irqfd->target, true);
	irqfd->vm = &world.grave.vm;
}

/* All zero from here on, which every post would change. What waited there goes with it. */
void world_free_vcpu(struct world_vcpu *v)
{
	struct pi_desc *d = v->hyp.pid;

	explore_note("vCPU %u is freed", v->hyp.apic_id);
	for (unsigned n = 0; n < WORLD_VECTORS; n++) {
		unsigned vector = WORLD_VECTOR + n;

		world.dropped[n] += d->pir[vector / 64] >> vector % 64 & 1;
		world.dropped[n] += apic_test(v->hyp.apic, APIC_IRR, (uint8_t)vector);
	}
	explore_touch(&d->pir[WORLD_VECTOR / 64], true);
	explore_touch(&d->control, true);
	*d = (struct pi_desc){ .control = 0 };
	v->freed = true;
}
