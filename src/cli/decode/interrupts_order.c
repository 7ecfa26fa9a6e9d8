/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A CPU's own counts (LOC, RES, PIN and the others) never fall while the host
 * is up: where one did, the second copy is the older one, or another boot's. A
 * device's count begins anew when its interrupt is requested again, and tells
 * the order only where there is nothing better.
 */
#include "cli/decode/interrupts_order.h"
#include <string.h>

/* Counts of one kind of rows that changed, and the first that fell. */
struct changes {
	unsigned grew, fell;
	struct words name;
	unsigned cpu;
	uint64_t from, to;
};

static bool same(struct words a, struct words b)
{
	return words_size(a) == words_size(b) && !memcmp(a.at, b.at, words_size(a));
}

/* Header lines, but for how they are spaced. */
static bool same_words(struct words a, struct words b)
{
	struct words wa, wb;
	bool more;

	do {
		more = words_next(&a, &wa);
		if (more != words_next(&b, &wb) || (more && !same(wa, wb)))
			return false;
	} while (more);
	return true;
}

const struct irq_row *irq_older(const struct irq_copy *older, const struct irq_row *r)
{
	const struct irq_row *old = irq_find(older, r->name);

	return old && same(old->text, r->text) && old->cpus == r->cpus ? old : NULL;
}

static bool same_cpus(const struct irq_text *t)
{
	const struct irq_copy *a = &t->copy[0], *b = &t->copy[1];

	if (a->header.at && b->header.at && !same_words(a->header, b->header))
		return false;
	return !a->cpus || !b->cpus || a->cpus == b->cpus;
}

static void take_fall(struct changes *c, const struct irq_row *r, const struct irq_counts *k)
{
	if (c->fell++)
		return;
	c->name = r->name;
	c->cpu = k->cpu;
	c->from = k->old;
	c->to = k->now;
}

/* A count that would have gone past its end if time ran backwards tells nothing. */
static void take_changes(struct changes *c, const struct irq_copy *copy, const struct irq_row *r,
                         const struct irq_row *old)
{
	struct irq_counts k = irq_counts_of(copy, r, old);

	while (irq_next(&k))
		if (k.now < k.old && !irq_wrapped(k.old, k.now))
			take_fall(c, r, &k);
		else if (k.now != k.old && !irq_wrapped(k.now, k.old))
			c->grew++;
}

static bool refuse(struct sink *s, const struct changes *c, const char *what)
{
	return sink_refuse(s, "%s: %.*s of CPU %u fell from %llu to %llu", what,
	                   (int)words_size(c->name), c->name.at, c->cpu,
	                   (unsigned long long)c->from, (unsigned long long)c->to);
}

static bool judge(struct sink *s, const struct changes *own, const struct changes *devices)
{
	if (own->fell && own->grew)
		return refuse(s, own, "the host was booted between the two, or they are of two "
		              "hosts, so there is no difference");
	if (own->fell)
		return refuse(s, own, "the second is older, so give them the other way round (or "
		              "the host was booted between them)");
	if (devices->fell && !devices->grew && !own->grew)
		return refuse(s, devices, "the second is older, so give them the other way round "
		              "(or its interrupts were requested anew, and there is no "
		              "difference)");
	return true;
}

bool irq_order_check(const struct irq_text *t, struct sink *s, bool *time_passed)
{
	struct changes own = { 0 }, devices = { 0 };
	const struct irq_copy *last = &t->copy[1];

	if (!same_cpus(t))
		return sink_refuse(s, "the two have not the same CPUs: their columns cannot be "
		                      "compared");
	for (unsigned i = 0; i < last->rows; i++) {
		const struct irq_row *r = &last->row[i], *old = irq_older(&t->copy[0], r);

		if (old)
			take_changes(irq_class_is_device(r->class) ? &devices : &own, last, r, old);
	}
	*time_passed = own.grew || devices.grew;
	return judge(s, &own, &devices);
}
