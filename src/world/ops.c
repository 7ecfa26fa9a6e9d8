/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine as hyp/ asks for it, and what carries things from one agent to
 * another: messages, run queues, read-side sections, eventfds.
 */
#include "exec/demand.h"
#include "world/world.h"
#include "exec/host_apic.h"

/* The pCPU whose agent runs. */
static struct world_pcpu *this_pcpu(void)
{
	return explore_self() ? explore_self()->arg : &world.pcpu[0];
}

/* Other agents run on CPUs too, of which no more is modelled. */
static bool on_pcpu(void)
{
	return !explore_self() || explore_self()->run == world_pcpu;
}

static uint64_t *this_section(void)
{
	return &world.section[explore_self() - explore_scenario->agents];
}

/* Read-side sections. */

void world_read_lock(void)
{
	explore_rest(NULL, NULL);
	explore_touch(this_section(), true);
	++*this_section();
}

void world_read_unlock(void)
{
	explore_touch(this_section(), true);
	++*this_section();
}

/* Devices' are requests under way, which an invalidation waits for; software's are another's. */
static bool is_device(unsigned agent)
{
	return explore_scenario->agents[agent].unbuffered;
}

/* Those that were inside have left since. */
static bool all_left(const void *seen_)
{
	const uint64_t *seen = seen_;

	for (unsigned i = 0; i < EXPLORE_AGENTS; i++)
		if (seen[i] % 2 && world.section[i] == seen[i])
			return false;
	return true;
}

static void touch_sections(bool devices)
{
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		if (is_device(i) == devices)
			explore_touch(&world.section[i], false);
}

static void wait_for(bool devices, const char *why)
{
	uint64_t seen[EXPLORE_AGENTS] = { 0 };

	if (!explore_self())
		return;
	explore_fence();
	touch_sections(devices);
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		if (is_device(i) == devices)
			seen[i] = world.section[i];
	explore_note("waits until %s", why);
	explore_rest(all_left, seen);
	touch_sections(devices);
}

void world_drain(void *unused)
{
	wait_for(true, "no request uses the old entry");
}

/* Control operations come one at a time: the lock's steps are taken where somebody may wait. */

void world_control_begin(void)
{
	if (world.contended)
		pstd_spin_lock(&world.control);
	world.controls = explore_self();
}

void world_control_end(void)
{
	world.controls = NULL;
	if (world.contended)
		pstd_spin_unlock(&world.control);
}

/* Messages. */

void world_send(uint32_t dest, uint8_t vector, int device)
{
	struct world_pcpu *p = &world.pcpu[dest];

	if (dest >= WORLD_PCPUS) {
		explore_fail("misdirected: %#x to local APIC %u", vector, dest);
		return;
	}
	explore_touch(&p->messages, true);
	if (p->messages == WORLD_MESSAGES)
		explore_fail("storm: %#x is one message too many for pCPU %u", vector, dest);
	else
		p->message[p->messages++] = (struct world_message){ vector, device };
}

static bool on_their_way(const void *p)
{
	return ((const struct world_pcpu *)p)->messages;
}

void world_bus(void *pcpu)
{
	struct world_pcpu *p = pcpu;

	while (explore_rest(on_their_way, p)) {
		unsigned chosen = explore_choose(p->messages);
		struct world_message m = p->message[chosen];

		explore_touch(&p->messages, true);
		p->message[chosen] = p->message[--p->messages];
		explore_note("%#x arrives", m.vector);
		if (m.device < 0)
			pstd_lapic_notify(&p->cpu.lapic, m.vector);
		else
			world.merged[m.device] += pstd_lapic_accept(&p->cpu.lapic, m.vector);
	}
}

/* Run queues. */

static bool is_queued(const struct world_pcpu *p, const struct world_vcpu *v)
{
	for (unsigned i = 0; i < p->queued; i++)
		if (p->queue[i] == v)
			return true;
	return false;
}

void world_place(struct world_pcpu *p, struct world_vcpu *v)
{
	explore_fence(); /* the queue's lock */
	explore_touch(&p->queued, true);
	if (v->freed) {
		explore_fail("used after it was freed: vCPU %u is to run", v->hyp.apic_id);
		return;
	}
	if (v->ends)
		return;
	explore_note("vCPU %u waits for pCPU %u", v->hyp.apic_id, p->hyp.index);
	if (is_queued(p, v))
		explore_fail("doubled: vCPU %u is queued twice", v->hyp.apic_id);
	else
		p->queue[p->queued++] = v;
}

struct world_vcpu *world_pick(struct world_pcpu *p)
{
	struct world_vcpu *v = p->queue[0];

	explore_touch(&p->queued, p->queued);
	if (!p->queued)
		return NULL;
	p->queue[0] = p->queue[1];
	p->queued--;
	return v;
}

/* pstd_ops: each demands what posted/hyp.h asks of hyp/'s callers, once agents run. */

static bool demand(bool holds, const char *operation, enum demand demand)
{
	char text[DEMAND_TEXT];

	if (holds || !explore_self())
		return true;
	demand_text(text, explore_self()->name, operation, demand);
	explore_fail("violated: %s", text);
	return false;
}

static bool is_loaded(const struct pstd_vcpu *v)
{
	return on_pcpu() && this_pcpu()->cpu.vmcs == pstd_memory_at(&world_memory, v->vmcs,
	                                                            sizeof(struct pstd_vmcs));
}

static bool in_section(void)
{
	return on_pcpu() || *this_section() % 2;
}

static bool controls(void)
{
	return world.controls == explore_self();
}

static uint64_t op_vmread(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field)
{
	if (!demand(is_loaded(v), "VMREAD", DEMAND_LOADED))
		return 0;
	return pstd_vmcs_read(this_pcpu()->cpu.vmcs, field);
}

static void op_vmwrite(void *ctx, const struct pstd_vcpu *v, enum pstd_vmx_field field,
                       uint64_t value)
{
	if (demand(is_loaded(v), "VMWRITE", DEMAND_LOADED))
		pstd_vmcs_write(this_pcpu()->cpu.vmcs, field, value);
}

static void op_vmptrld(void *ctx, uint64_t vmcs)
{
	struct pstd_cpu *c = &this_pcpu()->cpu;

	if (demand(!pstd_cpu_active_elsewhere(c, vmcs), "VMPTRLD", DEMAND_ALONE))
		pstd_cpu_vmptrld(c, vmcs);
}

static void op_vmclear(void *ctx, uint64_t vmcs)
{
	struct pstd_cpu *c = &this_pcpu()->cpu;

	if (demand(!pstd_cpu_active_elsewhere(c, vmcs), "VMCLEAR", DEMAND_ALONE))
		pstd_cpu_vmclear(c, vmcs);
}

static void op_apic_write(void *ctx, unsigned offset, uint64_t value)
{
	struct pstd_apic_msg ipi = pstd_apic_icr_message(value, world.hyp.x2apic);

	demand(in_section(), "an IPI", DEMAND_SECTION);
	if (!on_pcpu() || host_apic_write(&this_pcpu()->cpu.lapic, offset, value, &ipi))
		world_send(ipi.dest, ipi.vector, -1);
}

static uint64_t op_phys(void *ctx, const void *p)
{
	return pstd_memory_phys(&world_memory, p);
}

static void op_runnable(void *ctx, struct pstd_vcpu *v)
{
	struct world_pcpu *p = world.wake_to ? world.wake_to : &world.pcpu[v->pcpu->index];

	demand(in_section(), "a wake-up", DEMAND_SECTION);
	explore_note("vCPU %u is woken", v->apic_id);
	world_place(p, world_vcpu_of(v));
}

static void op_invalidate(void *ctx, uint16_t index)
{
	demand(controls(), "an invalidation", DEMAND_CONTROL);
	world_drain(NULL);
}

static void op_synchronize(void *ctx)
{
	demand(controls(), "a wait for readers", DEMAND_CONTROL);
	wait_for(false, "nobody is inside a read-side section that had begun");
}

static void op_eventfd_write(void *ctx, struct pstd_eventfd *e)
{
	struct world_device *d =
		(struct world_device *)((char *)e - offsetof(struct world_device, eventfd));

	if (e == &world.grave.eventfd) {
		explore_fail("used after it was freed: a device's host interrupt");
		return;
	}
	explore_note("user space is told");
	explore_touch(&d->unread, true);
	d->unread++;
}

static void op_host_vector(void *ctx, struct pstd_pcpu *p, uint8_t vector)
{
	struct world_pcpu *on = &world.pcpu[p->index];

	explore_note("the caller is handed %#x", vector);
	if (vector != WORLD_CALLERS)
		explore_fail("misdirected: the caller is handed %#x", vector);
	if (pstd_apic_highest(&on->cpu.lapic.regs, PSTD_APIC_ISR) >= 0)
		explore_fail("early: the caller is handed %#x before its EOI", vector);
	on->callers++;
}

const struct pstd_ops world_ops = {
	.vmread = op_vmread,
	.vmwrite = op_vmwrite,
	.vmptrld = op_vmptrld,
	.vmclear = op_vmclear,
	.apic_write = op_apic_write,
	.phys = op_phys,
	.runnable = op_runnable,
	.invalidate = op_invalidate,
	.synchronize = op_synchronize,
	.eventfd_write = op_eventfd_write,
	.host_vector = op_host_vector,
};
