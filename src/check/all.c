/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks together, by when they may be asked. */
#include "check/check.h"
#include "exec/threads/internal.h"

const char *check_entry(const struct pstd_vcpu *v, const struct pstd_cpu *c)
{
	const char *found = check_running_sn(v);

	if (!found)
		found = check_loaded(v, c);
	if (!found)
		found = check_guest_status(v, c->vmcs);
	if (!found)
		found = check_host_eoi(&c->lapic);
	if (!found)
		found = check_notification_exit(v, c->vmcs);
	return found;
}

/* What came when its pCPU had stopped, nobody has looked at. */
static bool wake_up_under_way(const struct machine *m, const struct vcpu *v)
{
	const struct pstd_lapic *l = &m->pcpus[v->hyp.pcpu->index].cpu.lapic;

	return pstd_load8_relaxed(&l->inbox.byte[m->hyp.vectors.wakeup]) ||
	       pstd_apic_test(&l->regs, PSTD_APIC_IRR, m->hyp.vectors.wakeup);
}

/* Its owner has seen what it was kicked for, or is about to: no sleep lasts longer than a kick. */
static const char *check_kicked(const struct vcpu *v)
{
	bool unseen = pstd_load_relaxed(&v->hyp.kick);
	bool sleeps = pstd_load_relaxed(&v->hyp.task) == PSTD_TASK_SLEEPING;

	if (unseen ? sleeps : v->seen != v->asked)
		return "a vCPU was kicked, and its owner did not look";
	return NULL;
}

static const char *check_vcpu(const struct machine *m, const struct vcpu *v)
{
	const struct pstd_vmcs *s = pstd_memory_at(&m->memory, v->hyp.vmcs, sizeof(*s));
	int vector;
	const char *found = check_asleep(&v->hyp, s, &vector);

	if (!found && !wake_up_under_way(m, v))
		found = check_asleep_on(&v->hyp);
	if (!found)
		found = check_kicked(v);
	for (unsigned i = 0; !found && i < m->config.pcpus; i++)
		found = check_wakeup_list(&m->pcpus[i].hyp, &v->hyp);
	return found;
}

static void check_loss(const struct machine_loss *l, void *found)
{
	*(const char **)found = check_account(l->sent, l->handled + l->coalesced + l->pending);
}

const char *check_stopped(const struct machine *m)
{
	const char *found = machine_violation(m);

	for (unsigned i = 0; !found && i < m->config.pcpus; i++)
		found = check_host_eoi(&m->pcpus[i].cpu.lapic);
	for (unsigned i = 0; !found && i < m->vcpu_count; i++)
		found = check_vcpu(m, m->by_pid[i]);
	for (unsigned i = 0; !found && i < m->vector_count; i++)
		found = check_final_entry(&m->vectors[i]->irq);
	if (!found)
		machine_losses(m, check_loss, &found);
	return found;
}
