/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/table_say.h"
#include <stdlib.h>
#include <string.h>

/* Remapped ones first; the posted by descriptor, then vector. */
static int by_descriptor(const void *va, const void *vb)
{
	const struct table_entry *a = va, *b = vb;
	struct pstd_irte_fields fa = pstd_irte_decode(a->e), fb = pstd_irte_decode(b->e);

	if (fa.posted != fb.posted)
		return fa.posted ? 1 : -1;
	if (fa.pda != fb.pda)
		return fa.pda < fb.pda ? -1 : 1;
	if (fa.posted && fa.vector != fb.vector)
		return fa.vector - fb.vector;
	if (strcmp(a->unit, b->unit))
		return strcmp(a->unit, b->unit);
	return a->index < b->index ? -1 : a->index > b->index;
}

/* A posted one's descriptor stands above it. */
static void say_posted_line(struct sink *s, const struct table_entry *n,
                            const struct pstd_irte_fields *f)
{
	char who[IRTE_TEXT], blocked[IRTE_TEXT];
	const char *but = irte_is_blocked(n->e, blocked) ? blocked : irte_caveat(f);

	sink_line(s, "%-8s entry %-5u vector 0x%02x%s  %s%s%s", n->unit, n->index, f->vector,
	          f->urg ? " urgent" : "", irte_who(f, who), *but ? "; " : "", but);
}

static void say_entry(struct sink *s, const struct table_entry *n)
{
	struct pstd_irte_fields f = pstd_irte_decode(n->e);
	char text[IRTE_TEXT], who[IRTE_TEXT];

	sink_open(s, NULL);
	sink_string(s, "unit", "%s", n->unit);
	sink_value(s, "index", json_integer(n->index));
	if (sink_is_json(s))
		irte_fields_say(s, n->e);
	else if (f.posted)
		say_posted_line(s, n, &f);
	else
		sink_line(s, "%-8s entry %-5u %s; %s", n->unit, n->index, irte_who(&f, who),
		          irte_does(n->e, text));
	sink_close(s);
}

static void say_remapped(struct table *t, unsigned count)
{
	sink_line(t->s, "%u remapped entr%s", count, count == 1 ? "y" : "ies");
	sink_list(t->s, "remapped");
	for (unsigned i = 0; i < count; i++)
		say_entry(t->s, &t->entry[i]);
	sink_close(t->s);
}

/* The entries from i on that go to one descriptor; the first that goes to another. */
static unsigned say_descriptor(struct table *t, unsigned i)
{
	uint64_t pda = pstd_irte_decode(t->entry[i].e).pda;
	unsigned end = i;

	while (end < t->count && pstd_irte_decode(t->entry[end].e).pda == pda)
		end++;
	sink_open(t->s, NULL);
	sink_line(t->s, "descriptor 0x%016llx: %u entr%s", (unsigned long long)pda, end - i,
	          end - i == 1 ? "y" : "ies");
	if (sink_is_json(t->s))
		sink_field(t->s, "pda", "", SINK_HEX64, pda, "%s", "");
	sink_list(t->s, "entries");
	for (; i < end; i++)
		say_entry(t->s, &t->entry[i]);
	sink_close(t->s);
	sink_close(t->s);
	return end;
}

static void say_posted(struct table *t, unsigned first)
{
	sink_line(t->s, "%u posted entr%s, by descriptor (each is one vCPU's, or with "
	          "intremap=posted_msi one host CPU's)", t->count - first,
	          t->count - first == 1 ? "y" : "ies");
	sink_list(t->s, "descriptors");
	for (unsigned i = first; i < t->count;)
		i = say_descriptor(t, i);
	sink_close(t->s);
}

static unsigned blocked_count(const struct table *t)
{
	unsigned count = 0;
	char text[IRTE_TEXT];

	for (unsigned i = 0; i < t->count; i++)
		count += irte_is_blocked(t->entry[i].e, text);
	return count;
}

void table_say(struct table *t)
{
	unsigned first = 0;

	if (t->count)
		qsort(t->entry, t->count, sizeof(*t->entry), by_descriptor);
	while (first < t->count && !(t->entry[first].e.raw.lo & PSTD_IRTE_IM))
		first++;
	sink_value(t->s, "enabled", json_boolean(!t->off));
	if (t->off)
		sink_note(t->s, "interrupt remapping is not enabled on a unit");
	say_remapped(t, first);
	say_posted(t, first);
	sink_field(t->s, "blocked", "blocked", SINK_NUMBER, blocked_count(t),
	           "entries that let no interrupt pass");
	sink_field(t->s, "differ", "differ", SINK_NUMBER, t->differ,
	           "columns that are not what their 128 bits say");
	if (t->differ)
		sink_note(t->s, "Linux prints a row's columns from its 128 bits, so where they "
		                "differ the text was changed; what is said here is by the bits");
}
