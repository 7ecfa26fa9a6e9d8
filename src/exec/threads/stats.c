/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's figures. An interrupt is counted once where it is sent, and
 * once where it ends: in a handler's run, or where it met one that still waited
 * (in the local APIC, an eventfd, the descriptor, or the virtual IRR). NMIs are
 * counted as their vector.
 */
#include "exec/threads/internal.h"

static uint64_t host_merged(const struct machine_vector *v)
{
	const struct pcpu *p = &v->machine->pcpus[v->irq.pcpu->index];

	return pstd_load_relaxed(&p->cpu.lapic.merged[v->irq.vector]);
}

static bool is_posted(const struct pstd_desc *d, unsigned vector)
{
	return pstd_load_relaxed(&d->pir[vector / 64]) >> vector % 64 & 1;
}

/* Still on the host's side: in the eventfd, its descriptor or the local APIC. After stop. */
static uint64_t host_pending(const struct machine_vector *v)
{
	const struct pstd_lapic *l = &v->machine->pcpus[v->irq.pcpu->index].cpu.lapic;
	const struct pstd_desc *msi = v->irq.pcpu->msi;

	return v->unread + (msi && is_posted(msi, v->irq.vector)) +
	       pstd_load8_relaxed(&l->inbox.byte[v->irq.vector]) +
	       pstd_apic_test(&l->regs, PSTD_APIC_IRR, v->irq.vector);
}

static struct machine_loss account(const struct vcpu *v, unsigned vector)
{
	const struct machine_vector *source = v->by_vector[vector];
	struct machine_loss a = {
		.vm = v->vm->name,
		.vcpu = v->hyp.apic_id,
		.vector = (uint8_t)vector,
		.sent = pstd_load_relaxed(&v->ipis[vector]),
		.handled = pstd_load_relaxed(&v->handled[vector]),
		.coalesced = pstd_load_relaxed(&v->hyp.coalesced[vector]),
	};

	if (source) {
		a.coalesced += host_merged(source) + pstd_load_relaxed(&source->merged);
		a.sent += pstd_load_relaxed(&source->sent);
	}
	return a;
}

/* PIR and VIRR may both hold a vector: two requests that have not met yet. */
static uint64_t pending(const struct vcpu *v, unsigned vector)
{
	const struct machine_vector *source = v->by_vector[vector];

	if (vector == PSTD_VMX_NMI_VECTOR)
		return pstd_load_relaxed(&v->hyp.nmi);
	return is_posted(v->hyp.pid, vector) +
	       pstd_apic_test(v->hyp.apic, PSTD_APIC_IRR, (uint8_t)vector) +
	       (source ? host_pending(source) : 0);
}

static void sum_vcpu(struct machine_stats *s, const struct vcpu *v, bool stopped)
{
	for (unsigned vector = PSTD_VMX_NMI_VECTOR; vector < 256; vector++) {
		struct machine_loss a = account(v, vector);

		s->sent += a.sent;
		s->handled += a.handled;
		s->coalesced += a.coalesced;
		if (stopped)
			s->pending += pending(v, vector);
	}
	s->nmis += pstd_load_relaxed(&v->handled[PSTD_VMX_NMI_VECTOR]);
	for (unsigned i = 0; i < PSTD_VMX_EXIT_REASONS; i++) {
		s->exits[i] += pstd_load_relaxed(&v->hyp.exits[i]);
		s->exits_total += pstd_load_relaxed(&v->hyp.exits[i]);
	}
}

void machine_stats(const struct machine *m, struct machine_stats *s)
{
	*s = (struct machine_stats){ .wakeups = atomic_load(&m->wakeups),
		                     .faults = atomic_load(&m->faults) };
	for (unsigned i = 0; i < m->config.pcpus; i++) {
		s->interrupts += pstd_load_relaxed(&m->pcpus[i].hyp.interrupts);
		s->preemptions += pstd_load_relaxed(&m->pcpus[i].preemptions);
		s->moves += pstd_load_relaxed(&m->pcpus[i].moves);
	}
	for (unsigned i = 0; i < m->unit_count; i++)
		s->invalidations += pstd_load_relaxed(&m->units[i].vtd.invalidations);
	for (unsigned i = 0; i < m->vector_count; i++)
		s->misses += pstd_load_relaxed(&m->vectors[i]->missed);
	for (unsigned i = 0; i < m->vcpu_count; i++)
		sum_vcpu(s, m->by_pid[i], atomic_load(&m->stopping));
}

bool stats_all_handled(const struct machine *m)
{
	for (unsigned i = 0; i < m->vcpu_count; i++)
		for (unsigned vector = PSTD_VMX_NMI_VECTOR; vector < 256; vector++) {
			struct machine_loss a = account(m->by_pid[i], vector);

			if (a.handled + a.coalesced < a.sent)
				return false;
		}
	return true;
}

void machine_latency(const struct machine *m, struct histogram *h)
{
	*h = (struct histogram){ 0 };
	for (unsigned i = 0; i < m->vcpu_count; i++)
		histogram_add(h, &m->by_pid[i]->latency);
}

unsigned machine_losses(const struct machine *m, void (*each)(const struct machine_loss *, void *),
                        void *arg)
{
	unsigned losses = 0;

	for (unsigned i = 0; i < m->vcpu_count; i++) {
		for (unsigned vector = PSTD_VMX_NMI_VECTOR; vector < 256; vector++) {
			struct machine_loss a = account(m->by_pid[i], vector);

			a.pending = pending(m->by_pid[i], vector);
			if (a.sent == a.handled + a.coalesced + a.pending)
				continue;
			losses++;
			each(&a, arg);
		}
	}
	return losses;
}

unsigned machine_pcpus(const struct machine *m)
{
	return m->config.pcpus;
}

unsigned machine_vectors(const struct machine *m)
{
	return m->vector_count;
}

const char *machine_vector_name(const struct machine *m, unsigned n)
{
	return m->vectors[n]->name;
}

uint16_t machine_vector_sid(const struct machine *m, unsigned n)
{
	return m->vectors[n]->sid;
}

unsigned machine_vector_entry(const struct machine *m, unsigned n)
{
	return m->vectors[n]->entry;
}

unsigned machine_vector_pin(const struct machine *m, unsigned n)
{
	return m->vectors[n]->pin;
}

uint64_t machine_vector_count(const struct machine *m, unsigned n, unsigned pcpu)
{
	return pstd_load_relaxed(&m->vectors[n]->irq.counts[pcpu]);
}

uint64_t machine_row(const struct machine *m, enum machine_row row, unsigned pcpu)
{
	const struct pstd_pcpu *p = &m->pcpus[pcpu].hyp;
	const uint64_t *const rows[] = { [MACHINE_PIN] = &p->pin, [MACHINE_NPI] = &p->npi,
		                         [MACHINE_PIW] = &p->piw, [MACHINE_PMN] = &p->pmn };

	return pstd_load_relaxed(rows[row]);
}
