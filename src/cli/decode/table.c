/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux shows of its remapping tables in ir_translation_struct. Each line's
 * columns are held against its 128 bits, and posted entries that go to one
 * descriptor, so to one vCPU, are brought together.
 */
#include "cli/decode/table.h"
#include "cli/decode/say.h"
#include "cli/decode/table_say.h"
#include "cli/decode/words.h"
#include <stdlib.h>
#include <string.h>

#define REMAPPED "Remapped Interrupt supported on IOMMU: "
#define POSTED "Posted Interrupt supported on IOMMU: "
#define DISABLED "Interrupt Remapping is not enabled"
#define TABLE "IR table address:"

enum { COLUMNS = 7, COLUMN_TEXT = 24 };

static struct table_entry *more(struct table *t)
{
	if (t->count == DECODE_MAX_THINGS) {
		sink_refuse(t->s, "line %u: more than %d entries", t->line, DECODE_MAX_THINGS);
		return NULL;
	}
	if (t->count == t->room) {
		unsigned room = t->room ? 2 * t->room : 64;
		struct table_entry *entry = realloc(t->entry, room * sizeof(*entry));

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
static void check_columns(struct table *t, const struct table_entry *n, uint16_t sid,
                          const uint64_t c[COLUMNS])
{
	struct pstd_irte_fields f = pstd_irte_decode(n->e);

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
	struct table_entry *n;

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
	size_t size = words_size(name) < TABLE_UNIT ? words_size(name) : TABLE_UNIT - 1;

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
		table_say(&t);
	sink_close(s);
	free(t.entry);
	return good;
}
