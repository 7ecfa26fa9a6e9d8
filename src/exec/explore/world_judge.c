/* SPDX-License-Identifier: BSD-2-Clause */
/* What must hold when no agent has a step left. */
#include "check/check.h"
#include "exec/explore/world.h"

void world_violated(const char *found)
{
	if (found)
		explore_fail("violated: %s", found);
}

static unsigned posted(const struct world_vcpu *v, unsigned vector)
{
	return v->hyp.pid->pir[vector / 64] >> vector % 64 & 1;
}

static unsigned waits(const struct world_vcpu *v, unsigned vector)
{
	return posted(v, vector) + apic_test(v->hyp.apic, APIC_IRR, (uint8_t)vector);
}

/* It need not take what waits: it is on nobody's queue in this scenario, or masks it. */
static bool may_keep(const struct world_vcpu *v)
{
	return world.unscheduled || v->masked;
}

static void judge_waiting(const struct world_vcpu *v, unsigned vector)
{
	const struct pi_desc *d = v->hyp.pid;

	if (!waits(v, vector) || may_keep(v))
		return;
	if (v->hyp.task == HYP_TASK_SLEEPING)
		explore_fail("asleep: vCPU %u sleeps though %#x can be delivered",
		             v->hyp.apic_id, vector);
	else
		explore_fail("lost: vector %#x stays in %s with ON %s, and no notification is "
		             "on its way", vector, posted(v, vector) ? "PIR" : "VIRR",
		             d->control & PI_ON ? "set" : "clear");
}

/* Interrupts of device n on the way to p, merged there, or too late. */
static unsigned at_host(const struct world_pcpu *p, unsigned n)
{
	const struct world_device *d = &world.device[n];
	unsigned sum = (unsigned)p->cpu.lapic.merged[d->irq.vector];

	for (unsigned i = 0; i < p->messages; i++)
		sum += p->message[i].device == (int)n;
	return sum + (d->ends ? (unsigned)p->hyp.spurious : 0);
}

/* How many interrupts n are accounted for. */
static unsigned found(unsigned n)
{
	unsigned vector = WORLD_VECTOR + n;
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
	if (accounted < requested)
		explore_fail("lost: vector %#x was sent %u times, %u are accounted for", vector,
		             requested, accounted);
	if (accounted > requested)
		explore_fail("doubled: vector %#x was sent %u times, %u are accounted for", vector,
		             requested, accounted);
}

static void judge_interrupts(void)
{
	unsigned requested = 0, accounted = 0;

	for (unsigned n = 0; n < WORLD_VECTORS; n++) {
		requested += world.requested[n];
		accounted += found(n);
		if (!world.rerouted)
			judge_sum(WORLD_VECTOR + n, world.requested[n], found(n));
		for (unsigned i = 0; i < WORLD_VCPUS; i++)
			judge_waiting(&world.vcpu[i], WORLD_VECTOR + n);
	}
	if (world.rerouted)
		judge_sum(WORLD_VECTOR, requested, accounted);
}

static void judge_vcpu(const struct world_vcpu *v)
{
	const uint64_t *d = v->hyp.pid->pir;

	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		world_violated(check_wakeup_list(&world.pcpu[i].hyp, &v->hyp));
	for (unsigned i = 0; v->freed && i < 5; i++)
		if (d[i])
			explore_fail("used after it was freed: the descriptor of vCPU %u",
			             v->hyp.apic_id);
}

void world_judge(void)
{
	for (unsigned i = 0; i < WORLD_PCPUS; i++)
		world_violated(check_host_eoi(&world.pcpu[i].cpu.lapic));
	for (unsigned i = 0; i < WORLD_VCPUS; i++)
		judge_vcpu(&world.vcpu[i]);
	if (world.grave.pid.control)
		explore_fail("used after it was freed: an irqfd");
	if (world.busy)
		explore_fail("stuck: a control operation waits for ever");
	judge_interrupts();
}
