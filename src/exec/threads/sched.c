/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's scheduler at its smallest: a queue for each pCPU, a time slice,
 * and an idle pCPU helps itself to what waits elsewhere.
 */
#include "exec/threads/internal.h"

/* It runs no vCPU and none is waiting for it. */
static bool is_free(const struct pcpu *p)
{
	return atomic_load_explicit(&p->idle, memory_order_relaxed) &&
	       !atomic_load_explicit(&p->queued, memory_order_relaxed);
}

static struct pcpu *choose(struct vcpu *v)
{
	struct machine *m = v->vm->machine;
	int prefer = atomic_exchange(&v->prefer, -1);
	struct pcpu *last = &m->pcpus[v->hyp.pcpu->index];

	if (v->pin >= 0)
		return &m->pcpus[v->pin];
	if (prefer >= 0)
		return &m->pcpus[prefer];
	if (is_free(last))
		return last;
	for (unsigned i = 0; i < m->config.pcpus; i++)
		if (is_free(&m->pcpus[i]))
			return &m->pcpus[i];
	return last;
}

void sched_place(struct vcpu *v)
{
	struct pcpu *p = choose(v);

	pthread_mutex_lock(&p->lock);
	v->next = NULL;
	*p->tail = v;
	p->tail = &v->next;
	atomic_fetch_add_explicit(&p->queued, 1, memory_order_relaxed);
	pthread_mutex_unlock(&p->lock);
	sleep_end(p);
}

/* The first on p's queue that may run on pCPU index. */
static struct vcpu *take(struct pcpu *p, unsigned index)
{
	struct vcpu **link, *v = NULL;

	if (!atomic_load_explicit(&p->queued, memory_order_relaxed))
		return NULL;
	pthread_mutex_lock(&p->lock);
	for (link = &p->head; *link; link = &(*link)->next) {
		if (p->hyp.index != index && (*link)->pin >= 0)
			continue;
		v = *link;
		*link = v->next;
		if (!*link)
			p->tail = link;
		atomic_fetch_sub_explicit(&p->queued, 1, memory_order_relaxed);
		break;
	}
	pthread_mutex_unlock(&p->lock);
	return v;
}

struct vcpu *sched_pick(struct pcpu *p)
{
	struct machine *m = p->machine;
	struct vcpu *v = take(p, p->hyp.index);

	for (unsigned i = 0; !v && i < m->config.pcpus; i++)
		if (&m->pcpus[i] != p)
			v = take(&m->pcpus[i], p->hyp.index);
	return v;
}
