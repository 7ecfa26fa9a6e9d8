/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/interrupts_sum.h"

static void take_count(struct irq_sum *sum, unsigned cpu, uint64_t count)
{
	struct on_cpu on = { cpu, count };

	sum->cpus++;
	sum->total += count;
	if (!count)
		return;
	if (sum->counting < IRQ_SHOWN_CPUS)
		sum->first[sum->counting] = on;
	sum->counting++;
	if (count > sum->most.count)
		sum->most = on;
}

/* What is new of a count; a device's may have begun anew. */
static uint64_t added(const struct irq_counts *k, bool *restarted)
{
	if (k->now >= k->old)
		return k->now - k->old;
	if (irq_wrapped(k->old, k->now))
		return k->now + ((uint64_t)1 << 32) - k->old;
	*restarted = true;
	return k->now;
}

struct irq_sum irq_sum_of(const struct irq_copy *c, const struct irq_row *r,
                          const struct irq_row *old, json_t *list)
{
	struct irq_counts k = irq_counts_of(c, r, old);
	struct irq_sum sum = { 0 };

	while (irq_next(&k)) {
		uint64_t count = added(&k, &sum.restarted);

		take_count(&sum, k.cpu, count);
		if (list)
			json_array_append_new(list, json_integer((json_int_t)count));
	}
	return sum;
}

const char *irq_where(const struct irq_sum *sum, char text[IRQ_WHERE])
{
	int size = 0;

	text[0] = '\0';
	if (sum->counting == 1)
		snprintf(text, IRQ_WHERE, "all on CPU %u", sum->most.cpu);
	else if (sum->counting > IRQ_SHOWN_CPUS)
		snprintf(text, IRQ_WHERE, "on %u of %u CPUs, most on CPU %u: %llu", sum->counting,
		         sum->cpus, sum->most.cpu, (unsigned long long)sum->most.count);
	else
		for (unsigned i = 0; i < sum->counting; i++)
			size += snprintf(text + size, (size_t)(IRQ_WHERE - size), "%sCPU %u: %llu",
			                 i ? ", " : "", sum->first[i].cpu,
			                 (unsigned long long)sum->first[i].count);
	return text;
}
