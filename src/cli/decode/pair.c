/* SPDX-License-Identifier: BSD-2-Clause */
/* 128 bits: a remapping entry or a fault record, its high or its low word first. */
#include "cli/decode/pair.h"
#include "cli/decode/fault.h"
#include "cli/decode/irte.h"

struct reading {
	bool fault, low_first;
	struct pi_pair raw;
	unsigned rank;
};

/* What wins among equals comes first. */
enum { READINGS = 4 };

static void make_readings(struct pi_pair raw, struct pair_hint hint,
                          struct reading r[READINGS], unsigned *count)
{
	struct pi_pair swapped = { .lo = raw.hi, .hi = raw.lo };

	*count = 0;
	for (unsigned i = 0; i < READINGS; i++) {
		bool fault = i / 2, low_first = i % 2;

		if (fault ? hint.irte : hint.fault)
			continue;
		if (low_first && (hint.order || raw.lo == raw.hi))
			continue;
		r[*count] = (struct reading){ fault, low_first, low_first ? swapped : raw, 0 };
		r[*count].rank = fault ? fault_rank(r[*count].raw)
		                       : irte_rank((struct irte){ r[*count].raw });
		(*count)++;
	}
}

static const char *kind_name(const struct reading *r)
{
	return r->fault ? "fault record" : "remapping entry";
}

static const char *order_name(const struct reading *r)
{
	return r->low_first ? "low" : "high";
}

/* Says how the bits were read, and how else they could be. */
static void say_order(struct sink *s, const struct reading *best, const struct reading *r,
                      unsigned count)
{
	bool sure = true;

	sink_value(s, "order", json_string(best->low_first ? "low-high" : "high-low"));
	for (unsigned i = 0; i < count; i++) {
		if (&r[i] == best || r[i].rank != best->rank)
			continue;
		sure = false;
		sink_note(s, "as likely: a %s given %s word first; \"hi=... lo=...\" and \"irte\" "
		             "or \"fault\" before it choose", kind_name(&r[i]), order_name(&r[i]));
	}
	sink_value(s, "sure", json_boolean(sure));
}

void pair_say(struct sink *s, struct pi_pair raw, struct pair_hint hint)
{
	struct reading r[READINGS], *best = r;
	unsigned count;

	make_readings(raw, hint, r, &count);
	for (unsigned i = 1; i < count; i++)
		if (r[i].rank > best->rank)
			best = &r[i];
	sink_thing(s, best->fault ? "fault" : "irte");
	sink_line(s, "%s%s, %s word first", kind_name(best), best->fault ? ""
	          : best->raw.lo & IRTE_IM ? ", posted format" : ", remapped format",
	          order_name(best));
	if (best->fault)
		fault_say(s, best->raw);
	else
		irte_fields_say(s, (struct irte){ best->raw });
	say_order(s, best, r, count);
	sink_close(s);
}
