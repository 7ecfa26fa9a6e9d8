/* SPDX-License-Identifier: BSD-2-Clause */
/* 128 bits: a remapping entry or a fault record, its high or its low word first. */
#include "cli/decode/pair.h"
#include "cli/decode/fault.h"
#include "cli/decode/irte.h"

struct reading {
	bool fault, low_first;
	struct pstd_pair raw;
	unsigned rank;
};

/* What wins among equals comes first. */
enum { READINGS = 4 };

/* From this rank on no reserved bits are set. */
enum { GOOD_RANK = 2 };

static uint64_t halves_swapped(uint64_t word)
{
	return word << 32 | word >> 32;
}

/* The same as it was given, read from its other end: words, or groups of 32 bits. */
static struct pstd_pair reversed(struct pstd_pair raw, bool groups)
{
	return (struct pstd_pair){ .lo = groups ? halves_swapped(raw.hi) : raw.hi,
		                   .hi = groups ? halves_swapped(raw.lo) : raw.lo };
}

static bool same(struct pstd_pair a, struct pstd_pair b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static unsigned make_readings(struct pstd_pair raw, struct pair_hint hint,
                              struct reading r[READINGS])
{
	struct pstd_pair other = reversed(raw, hint.groups);
	unsigned count = 0;

	for (unsigned i = 0; i < READINGS; i++) {
		bool fault = i / 2, low_first = i % 2;

		if (fault ? hint.irte : hint.fault)
			continue;
		if (low_first && (hint.order || hint.memory || same(raw, other)))
			continue;
		r[count] = (struct reading){ fault, low_first, low_first ? other : raw, 0 };
		r[count].rank = fault ? fault_rank(r[count].raw)
		                      : irte_rank((struct pstd_irte){ r[count].raw });
		count++;
	}
	return count;
}

static struct reading *best_of(struct reading r[READINGS], unsigned count)
{
	struct reading *best = r;

	for (unsigned i = 1; i < count; i++)
		if (r[i].rank > best->rank)
			best = &r[i];
	return best;
}

bool pair_is_good(struct pstd_pair raw, struct pair_hint hint)
{
	struct reading r[READINGS];
	unsigned count = make_readings(raw, hint, r);

	return best_of(r, count)->rank >= GOOD_RANK;
}

static const char *kind_name(const struct reading *r)
{
	return r->fault ? "fault record" : "remapping entry";
}

static const char *order_name(const struct reading *r, struct pair_hint hint)
{
	if (hint.memory)
		return "as memory has it";
	if (hint.groups)
		return r->low_first ? "four groups, the lowest first as in memory"
		                    : "four groups, the highest first";
	return r->low_first ? "low word first" : "high word first";
}

/* Says how the bits were read, and how else they could be. */
static void say_order(struct sink *s, const struct reading *best, const struct reading *r,
                      unsigned count, struct pair_hint hint)
{
	bool doubtful = best->rank < GOOD_RANK && !hint.irte && !hint.fault, sure = true;

	sink_value(s, "order", json_string(best->low_first ? "low-high" : "high-low"));
	for (unsigned i = 0; i < count; i++) {
		if (&r[i] == best || r[i].rank != best->rank)
			continue;
		sure = false;
		sink_note(s, "as likely: a %s given %s; \"hi=... lo=...\" and \"irte\" or "
		             "\"fault\" before it choose", kind_name(&r[i]),
		          order_name(&r[i], hint));
	}
	sink_value(s, "sure", json_boolean(sure));
	sink_value(s, "doubtful", json_boolean(doubtful));
	if (doubtful)
		sink_note(s, "doubtful: with bits that have to be 0 it may be no %s at all; \"%s\" "
		             "before it says that it is", kind_name(best),
		          best->fault ? "fault" : "irte");
}

void pair_say(struct sink *s, struct pstd_pair raw, struct pair_hint hint)
{
	struct reading r[READINGS];
	unsigned count = make_readings(raw, hint, r);
	const struct reading *best = best_of(r, count);

	sink_thing(s, best->fault ? "fault" : "irte");
	sink_line(s, "%s%s, %s", kind_name(best), best->fault ? ""
	          : best->raw.lo & PSTD_IRTE_IM ? ", posted format" : ", remapped format",
	          order_name(best, hint));
	if (best->fault)
		fault_say(s, best->raw);
	else
		irte_fields_say(s, (struct pstd_irte){ best->raw });
	say_order(s, best, r, count, hint);
	sink_close(s);
}
