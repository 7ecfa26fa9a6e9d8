/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux shows of its remapping tables in ir_translation_struct. Each line's
 * columns are held against its 128 bits, and posted entries that go to one
 * descriptor, so to one vCPU, are brought together.
 */
#include "cli/decode/table.h"
#include "cli/decode/irte.h"
#include "cli/decode/say.h"
#include "cli/decode/words.h"
#include <stdlib.h>
#include <string.h>

#define REMAPPED "Remapped Interrupt supported on IOMMU: "
#define POSTED "Posted Interrupt supported on IOMMU: "
#define DISABLED "Interrupt Remapping is not enabled"
#define TABLE "IR table address:"

enum { COLUMNS = 7, UNIT = 32, COLUMN_TEXT = 24 };

struct entry {
	struct irte e;
	unsigned index;
	char unit[UNIT];
};

struct table {
	struct sink *s;
	struct entry *entry;
	unsigned count, room;
	unsigned line;
	unsigned differ; /* lines whose columns are not what their bits say */
	bool posted;     /* the part that we are in */
	bool off;        /* Linux says that remapping is not enabled */
	char unit[UNIT];
};

static struct entry *more(struct table *t)
{
	if (t->count == DECODE_MAX_THINGS) {
		sink_refuse(t->s, "line %u: more than %d entries", t->line, DECODE_MAX_THINGS);
		return NULL;
	}
	if (t->count == t->room) {
		unsigned room = t->room ? 2 * t->room : 64;
		struct entry *entry = realloc(t->entry, room * sizeof(*entry));

		if (!entry) {
			sink_refuse(t->s, "out of memory");
			return NULL;
		}
		t->entry = entry;
		t->room = room;
	}
	return &t->entry[t->count++];
}

static void complain(struct table *t, unsigned index, const char *column, const char *shown,
                     const char *bits)
{
	t->differ++;
	sink_note(t->s, "line %u: entry %u: the column %s has %s, the 128 bits say %s", t->line,
	          index, column, shown, bits);
}

static void check_number(struct table *t, unsigned index, const char *column, uint64_t shown,
                         uint64_t bits)
{
	char a[COLUMN_TEXT], b[COLUMN_TEXT];

	if (shown == bits)
		return;
	snprintf(a, sizeof(a), "0x%llx", (unsigned long long)shown);
	snprintf(b, sizeof(b), "0x%llx", (unsigned long long)bits);
	complain(t, index, column, a, b);
}

static void check_source(struct table *t, unsigned index, uint16_t shown, uint16_t bits)
{
	char a[SAY_SOURCE], b[SAY_SOURCE];

	if (shown != bits)
		complain(t, index, "SrcID", say_source(shown, a), say_source(bits, b));
}

/* The columns before the bits, as the bits give them. */
static void check_columns(struct table *t, const struct entry *n, uint16_t sid,
                          const uint64_t c[COLUMNS])
{
	struct irte_fields f = irte_decode(n->e);

	if (f.posted != t->posted)
		complain(t, n->index, "IM", t->posted ? "1 (among the posted)"
		                                      : "0 (among the remapped)",
		         f.posted ? "1" : "0");
	else if (t->posted)
		check_number(t, n->index, "PDA", c[2] << 32 | c[3], f.pda);
	else
		check_number(t, n->index, "DstID", c[2], f.dst);
	check_source(t, n->index, sid, f.sid);
	check_number(t, n->index, "Vct", t->posted ? c[4] : c[3], f.vector);
}

/* index, source, destination (one column or two), vector, high, low. */
static bool take_entry(struct table *t, struct words line)
{
	unsigned columns = t->posted ? COLUMNS : COLUMNS - 1;
	uint64_t c[COLUMNS] = { 0 };
	uint16_t sid = 0;
	struct words word;
	struct entry *n;

	for (unsigned i = 0; i < columns; i++) {
		bool good = words_next(&line, &word);

		good = good && (i == 0   ? words_decimal(word, &c[i]) && c[i] <= 0xffff
		                : i == 1 ? words_source(word, &sid)
		                         : words_hex(word, &c[i]));
		if (!good)
			return sink_refuse(t->s, "line %u: column %u of %u is not what %s has "
			                   "there", t->line, i + 1, columns,
			                   t->posted ? "a posted entry" : "a remapped entry");
	}
	if (words_next(&line, &word))
		return sink_refuse(t->s, "line %u: more columns than %s has", t->line,
		                   t->posted ? "a posted entry" : "a remapped entry");
	n = more(t);
	if (!n)
		return false;
	memset(n, 0, sizeof(*n));
	n->index = (unsigned)c[0];
	n->e.raw.hi = c[columns - 2];
	n->e.raw.lo = c[columns - 1];
	memcpy(n->unit, t->unit, sizeof(n->unit));
	check_columns(t, n, sid, c);
	return true;
}

static void set_unit(struct table *t, struct words name)
{
	size_t size = words_size(name) < UNIT ? words_size(name) : UNIT - 1;

	memcpy(t->unit, name.at, size);
	t->unit[size] = '\0';
}

static bool take_line(struct table *t, struct words line)
{
	struct words rest, word;
	struct words probe = line;

	if (words_after(line, REMAPPED, &rest) || words_after(line, POSTED, &rest)) {
		t->posted = words_find(line, POSTED) != NULL;
		words_next(&rest, &word);
		set_unit(t, word);
		return true;
	}
	if (words_find(line, DISABLED)) {
		t->off = true;
		return true;
	}
	if (words_find(line, "Entry SrcID")) {
		t->posted = words_find(line, "PDA_high") != NULL;
		return true;
	}
	if (!words_next(&probe, &word) || words_find(line, TABLE) || words_equal(word, "****"))
		return true;
	return take_entry(t, line);
}

/* Remapped ones first; the posted by descriptor, then vector. */
static int by_descriptor(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;
	struct irte_fields fa = irte_decode(a->e), fb = irte_decode(b->e);

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
static void say_posted_line(struct sink *s, const struct entry *n, const struct irte_fields *f)
{
	char who[IRTE_TEXT], blocked[IRTE_TEXT];
	const char *but = irte_is_blocked(n->e, blocked) ? blocked : irte_caveat(f);

	sink_line(s, "%-8s entry %-5u vector 0x%02x%s  %s%s%s", n->unit, n->index, f->vector,
	          f->urg ? " urgent" : "", irte_who(f, who), *but ? "; " : "", but);
}

static void say_entry(struct sink *s, const struct entry *n)
{
	struct irte_fields f = irte_decode(n->e);
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
	uint64_t pda = irte_decode(t->entry[i].e).pda;
	unsigned end = i;

	while (end < t->count && irte_decode(t->entry[end].e).pda == pda)
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

static void say_table(struct table *t)
{
	unsigned first = 0;

	if (t->count)
		qsort(t->entry, t->count, sizeof(*t->entry), by_descriptor);
	while (first < t->count && !(t->entry[first].e.raw.lo & IRTE_IM))
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

bool decode_table_recognize(const struct decode_input *in)
{
	struct words text = words_of(in->text, in->size);

	return words_find(text, REMAPPED) || words_find(text, POSTED) ||
	       words_find(text, DISABLED) || words_find(text, "IRTE_high");
}

bool decode_table(const struct decode_input *in, struct sink *s)
{
	struct words text = words_of(in->text, in->size), line;
	struct table t = { .s = s, .unit = "unknown" };
	bool good = true;

	sink_thing(s, "remapping_tables");
	sink_line(s, "Linux's remapping tables (ir_translation_struct)");
	while (good && words_line(&text, &line)) {
		t.line++;
		good = take_line(&t, line);
	}
	if (good)
		say_table(&t);
	sink_close(s);
	free(t.entry);
	return good;
}
