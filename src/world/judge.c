/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold when no agent has a step left. */
#include "check/check.h"
#include "world/world.h"
#include <stdarg.h>

void world_violated(const char *found, const char *format, ...)
{
	char in[64];
	va_list args;

	if (!found)
		return;
	va_start(args, format);
	vsnprintf(in, sizeof(in), format, args);
	va_end(args);
	explore_fail("violated: %s (%s)", found, in);
}

static unsigned waits(const struct world_vcpu *v, unsigned vector)
{
	return (v->hyp.pid->pir[vector / 64] >> vector % 64 & 1) +
	       pstd_apic_test(v->hyp.apic, PSTD_APIC_IRR, (uint8_t)vector);
}

/* It need not take what waits: it is on nobody's queue in this scenario, or masks it. */
static bool may_keep(const struct world_vcpu *v, unsigned vector)
{
	return world.unscheduled || v->masked || vector >> 4 <= v->priority;
}

static void judge_waiting(const struct world_vcpu *v, unsigned vector)
{
	if (!may_keep(v, vector))
		world_violated(check_taken(&v->hyp, (uint8_t)vector), "vector %#x, vCPU %u",
		               vector, v->hyp.apic_id);
}

static void judge_sleep(const struct world_vcpu *v)
{
	unsigned id = v->hyp.apic_id;
	int vector;
	const char *found = check_asleep(&v->hyp, &world.physical.vmcs[id], &vector);

	world_violated(found, "vector %#x, vCPU %u", (unsigned)vector, id);
	world_violated(check_asleep_on(&v->hyp), "vCPU %u", id);
}

/* Interrupts of device n on the way to p, merged there, or too late. */
static unsigned at_host(const struct world_pcpu *p, unsigned n)
{
	const struct world_device *d = &world.device[n];
	unsigned sum = (unsigned)p->cpu.lapic.merged[d->irq.vector];

	for (unsigned i = 0; i < p->messages; i++)
		sum += p->message[i].device == (int)n;
	sum += p->hyp.msi->pir[d->irq.vector / 64] >> d->irq.vector % 64 & 1;
	return sum + (d->ends ? (unsigned)p->hyp.spurious : 0);
}

/* How many interrupts n are accounted for. */
static unsigned found(unsigned n)
{
	unsigned vector = world_vector(n);
	unsigned sum = world.handled[n] + world.merged[n] + world.dropped[n];

	for (unsigned i = 0; i < WORLD_VCPUS; i++)
		sum += waits(&world.vcpu[i], vector) +
		       (unsigned)world.vcpu[i].hyp.coalesced[vector];
	if (n >= WORLD_DEVICES)
		return sum;
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		sum += at_host(&world.pcpu[i], n);
	return sum + (unsigned)world.device[n].unread;
}

static void judge_sum(unsigned vector, unsigned requested, unsigned accounted)
{
	world_violated(check_account(requested, accounted), "vector %#x: %u sent, %u accounted for",
	               vector, requested, accounted);
}

static void judge_interrupts(void)
{
	unsigned requested = 0, accounted = 0;

	for (unsigned n = 0; n < WORLD_VECTORS; n++) {
		requested += world.requested[n];
		accounted += found(n);
		if (!world.rerouted)
			judge_sum(world_vector(n), world.requested[n], found(n));
		for (unsigned i = 0; i < WORLD_VCPUS; i++)
			judge_waiting(&world.vcpu[i], world_vector(n));
	}
	if (world.rerouted)
		judge_sum(WORLD_VECTOR, requested, accounted);
}

/* None may wait: whatever blocks it, a guest goes on until it can be injected. */
static void judge_nmis(const struct world_vcpu *v)
{
	unsigned merged = (unsigned)v->hyp.coalesced[PSTD_VMX_NMI_VECTOR];

	if (v->hyp.nmi)
		explore_fail("lost: an NMI waits, and vCPU %u does not take it", v->hyp.apic_id);
	world_violated(check_account(v->nmis, v->nmis_handled + merged),
	               "NMI: %u sent, %u taken, %u merged", v->nmis, v->nmis_handled, merged);
}

static void judge_kicks(const struct world_vcpu *v)
{
	for (unsigned i = 0; i < 2; i++)
		if (v->seen[i] != v->asked[i])
			explore_fail("lost: vCPU %u was kicked, and its owner did not look",
			             v->hyp.apic_id);
}

static void judge_vcpu(const struct world_vcpu *v)
{
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		world_violated(check_wakeup_list(&world.pcpu[i].hyp, &v->hyp), "vCPU %u, pCPU %u",
		               v->hyp.apic_id, i);
	judge_sleep(v);
	judge_nmis(v);
	judge_kicks(v);
	world_violated(check_account(v->raised, v->caught), "vCPU %u: %u events, %u taken",
	               v->hyp.apic_id, v->raised, v->caught);
	if (v->freed)
		world_violated(check_dead(v->hyp.pid), "vCPU %u", v->hyp.apic_id);
}

static void judge_entry(unsigned n)
{
	if (world.device[n].irq.pcpu)
		world_violated(check_final_entry(&world.device[n].irq), "device %u", n);
}

static void judge_list(const struct world_pcpu *p)
{
	const struct pstd_list *l = p->hyp.wakeup.next;

	/* No further than all vCPUs: what comes of a broken list is judged when it comes. */
	for (unsigned n = 0; n < WORLD_VCPUS && l != &p->hyp.wakeup; n++, l = l->next)
		for (unsigned i = 0; i < WORLD_VCPUS; i++)
			if (l == &world.vcpu[i].hyp.wakeup)
				world_violated(check_listed(&p->hyp, &world.vcpu[i].hyp),
				               "vCPU %u, pCPU %u", i, p->hyp.index);
}

void world_judge_step(void)
{
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		judge_list(&world.pcpu[i]);
}

void world_judge(void)
{
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		world_violated(check_host_eoi(&world.pcpu[i].cpu.lapic), "pCPU %u", i);
	for (unsigned i = 0; i < WORLD_VCPUS; i++)
		judge_vcpu(&world.vcpu[i]);
	for (unsigned n = 0; n < WORLD_DEVICES; n++)
		judge_entry(n);
	if (check_dead(&world.grave.pid))
		explore_fail("used after it was freed: an irqfd");
	if (world.busy)
		explore_fail("stuck: a control operation waits for ever");
	judge_interrupts();
}

void world_judge_once(void)
{
	unsigned sent = world.pcpu[0].messages;

	world_judge();
	world_violated(check_notified_once(&world.physical.pid[0], sent), "vCPU 0, %u sent", sent);
}
