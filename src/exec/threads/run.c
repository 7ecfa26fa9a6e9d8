/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine's run: started, waited for, drained, stopped. */
#include "exec/doze.h"
#include "exec/threads/internal.h"
#include <sched.h>
#include <unistd.h>

static bool init_guests(struct machine *m, char error[MACHINE_ERROR])
{
	for (unsigned i = 0; i < m->vcpu_count; i++) {
		struct guest *g = &m->by_pid[i]->guest;

		g->ready = !g->ops->init || g->ops->init(g, error, MACHINE_ERROR);
		if (!g->ready)
			return false;
	}
	return true;
}

/*
 * Each pCPU gets a CPU of its own if there are enough: the host's scheduler
 * would put those that wake each other on one. Failing is no error.
 */
static void bind_pcpus(struct machine *m)
{
	cpu_set_t allowed, one;
	int cpu = -1;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) ||
	    (unsigned)CPU_COUNT(&allowed) < m->config.pcpus)
		return;
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		do
			cpu++;
		while (!CPU_ISSET(cpu, &allowed));
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		pthread_setaffinity_np(m->pcpus[i].thread, sizeof(one), &one);
	}
}

/* Waits for an instruction that is under way. */
static void wait_for_step(const struct pcpu *p)
{
	uint64_t steps = pstd_load_acquire(&p->steps);

	while (steps % 2 && pstd_load_acquire(&p->steps) == steps)
		usleep(100);
}

/*
 * Then no guest is in an instruction that began before: it might have seen that time is
 * not up, and be about to send. The fence stands in for one between a pCPU's count of its
 * step and the guest's look, so that we see the first or the guest sees that time is up.
 */
void machine_finish(struct machine *m)
{
	atomic_store(&m->finishing, true);
	doze_fence_others();
	for (unsigned i = 0; i < m->config.pcpus; i++)
		wait_for_step(&m->pcpus[i]);
}

static bool wait_until(const struct machine *m, bool (*good)(const struct machine *),
                       unsigned milliseconds)
{
	for (unsigned i = 0; !good(m); i++) {
		if (i >= milliseconds)
			return false;
		usleep(1000);
	}
	return true;
}

static bool all_done(const struct machine *m)
{
	for (unsigned i = 0; i < m->vcpu_count; i++) {
		const struct vcpu *v = m->by_pid[i];

		if (v->guest.ops->finishes && !atomic_load_explicit(&v->done, memory_order_acquire))
			return false;
	}
	return true;
}

bool machine_wait(struct machine *m, unsigned milliseconds)
{
	return wait_until(m, all_done, milliseconds);
}

bool machine_drain(struct machine *m, unsigned milliseconds)
{
	return wait_until(m, stats_all_handled, milliseconds);
}

void machine_stop(struct machine *m)
{
	/* User space first: what it still injects is then taken in by pCPUs that run. */
	for (unsigned i = 0; i < m->config.vm_count; i++)
		userspace_stop(&m->vms[i]);
	atomic_store(&m->stopping, true);
	for (unsigned i = 0; i < m->config.pcpus; i++)
		bus_notify(m, &(struct pstd_apic_msg){ .dest = i,
		                                       .vector = m->hyp.vectors.reschedule });
	for (unsigned i = 0; i < m->config.pcpus; i++)
		if (m->pcpus[i].started)
			pthread_join(m->pcpus[i].thread, NULL);
	for (unsigned i = 0; i < m->config.pcpus; i++)
		m->pcpus[i].started = false;
	for (unsigned i = 0; i < m->vector_count; i++)
		userspace_collect(m->vectors[i]);
	units_take_faults(m);
}

static bool start_threads(struct machine *m, char error[MACHINE_ERROR])
{
	for (unsigned i = 0; i < m->config.vm_count; i++)
		if (!userspace_start(&m->vms[i]))
			return machine_fail(error, "no thread for user space");
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		struct pcpu *p = &m->pcpus[i];

		p->started = !pthread_create(&p->thread, NULL, pcpu_main, p);
		if (!p->started)
			return machine_fail(error, "no thread for a pCPU");
	}
	return true;
}

bool machine_start(struct machine *m, char error[MACHINE_ERROR])
{
	if (!init_guests(m, error))
		return false;
	for (unsigned i = 0; i < m->vcpu_count; i++)
		sched_place(m->by_pid[i]);
	if (!start_threads(m, error)) {
		machine_stop(m);
		return false;
	}
	bind_pcpus(m);
	return true;
}
