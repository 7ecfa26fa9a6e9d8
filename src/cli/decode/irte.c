/* SPDX-License-Identifier: BSD-2-Clause */
/* An interrupt-remapping table entry, field by field and in words. */
#include "cli/decode/irte.h"
#include "cli/decode/say.h"

/* No machine has physical addresses of more bits; many have fewer, which no entry tells. */
#define PDA_TOO_HIGH PSTD_BITS(63, 52)

struct pstd_pair irte_reserved(struct pstd_irte e)
{
	struct pstd_pair bad;

	if (e.raw.lo & PSTD_IRTE_IM) {
		bad.lo = e.raw.lo & PSTD_IRTE_POSTED_RSVD;
		bad.hi = e.raw.hi & PSTD_IRTE_POSTED_RSVD_HI;
	} else {
		bad.lo = e.raw.lo & PSTD_IRTE_REMAPPED_RSVD;
		bad.hi = e.raw.hi & PSTD_IRTE_REMAPPED_RSVD_HI;
	}
	return bad;
}

static bool has_reserved(struct pstd_irte e)
{
	struct pstd_pair bad = irte_reserved(e);

	return bad.lo || bad.hi;
}

unsigned irte_rank(struct pstd_irte e)
{
	struct pstd_irte_fields f = pstd_irte_decode(e);
	bool good = !has_reserved(e) && !(f.pda & PDA_TOO_HIGH) && f.svt <= PSTD_IRTE_SVT_BUS &&
	            f.dlm != 3 && f.dlm != 6;

	return f.p ? (good ? 3 : 1) : (good ? 2 : 0);
}

/* SVT 1: the source id, but for the function's bits that SQ leaves out. */
static void who_by_id(const struct pstd_irte_fields *f, char text[IRTE_TEXT])
{
	char source[SAY_SOURCE];
	unsigned base = f->sid & 7u & ~(unsigned)pstd_irte_sq_ignored(f->sq);

	say_source(f->sid, source);
	switch (f->sq) {
	case 0:
		snprintf(text, IRTE_TEXT, "only %s", source);
		break;
	case 1:
		snprintf(text, IRTE_TEXT, "functions %u and %u of %.5s", base, base + 4, source);
		break;
	case 2:
		snprintf(text, IRTE_TEXT, "functions %u, %u, %u and %u of %.5s", base, base + 2,
		         base + 4, base + 6, source);
		break;
	default:
		snprintf(text, IRTE_TEXT, "functions 0 to 7 of %.5s", source);
		break;
	}
}

const char *irte_who(const struct pstd_irte_fields *f, char text[IRTE_TEXT])
{
	unsigned first = f->sid >> 8, last = f->sid & 0xff;

	if (f->svt == PSTD_IRTE_SVT_SID)
		who_by_id(f, text);
	else if (f->svt == PSTD_IRTE_SVT_BUS && first > last)
		snprintf(text, IRTE_TEXT,
		         "nobody: the first bus, 0x%02x, is above the last, 0x%02x", first, last);
	else if (f->svt == PSTD_IRTE_SVT_BUS && first == last)
		snprintf(text, IRTE_TEXT, "bus 0x%02x", first);
	else if (f->svt == PSTD_IRTE_SVT_BUS)
		snprintf(text, IRTE_TEXT, "buses 0x%02x to 0x%02x", first, last);
	else if (f->svt == PSTD_IRTE_SVT_NONE)
		snprintf(text, IRTE_TEXT, "anybody: the source is not checked");
	else
		snprintf(text, IRTE_TEXT, "nobody: SVT 3 is reserved");
	return text;
}

const char *irte_caveat(const struct pstd_irte_fields *f)
{
	if (f->pda & PDA_TOO_HIGH)
		return "no machine has so high an address: on a unit whose address width is "
		       "smaller, fault 0x24";
	return f->posted && f->vector < 0x10 ? "no APIC delivers a vector below 0x10" : "";
}

static void does_post(const struct pstd_irte_fields *f, char text[IRTE_TEXT])
{
	snprintf(text, IRTE_TEXT,
	         "posts vector 0x%02x to the descriptor at 0x%016llx, %s; needs CAP.PI%s, else "
	         "fault 0x24", f->vector, (unsigned long long)f->pda,
	         f->urg ? "urgent (notifies also while SN is set)" : "not urgent",
	         f->pda & PDA_TOO_HIGH ? " and a host address width that reaches so far" : "");
}

static void does_send(const struct pstd_irte_fields *f, char text[IRTE_TEXT])
{
	char target[SAY_TARGET];

	snprintf(text, IRTE_TEXT, "sends vector 0x%02x, %s, %s, %s%s, to %s%s", f->vector,
	         say_delivery(f->dlm), f->dm ? "logical" : "physical", f->tm ? "level" : "edge",
	         f->rh ? ", redirection hint" : "", say_target(f->dst, f->dm, target),
	         say_refused(f->vector, f->dlm));
}

bool irte_is_blocked(struct pstd_irte e, char text[IRTE_TEXT])
{
	struct pstd_irte_fields f = pstd_irte_decode(e);
	const char *recorded = f.fpd ? "not recorded (FPD)" : "recorded";

	if (!f.p)
		snprintf(text, IRTE_TEXT, "blocked: not present, fault 0x22, %s", recorded);
	else if (f.svt > PSTD_IRTE_SVT_BUS)
		snprintf(text, IRTE_TEXT, "blocked: SVT 3 is reserved, fault 0x26 or 0x24, %s",
		         recorded);
	else if (has_reserved(e))
		snprintf(text, IRTE_TEXT, "blocked: reserved bits are set, fault 0x24, %s",
		         recorded);
	else
		return false;
	return true;
}

const char *irte_does(struct pstd_irte e, char text[IRTE_TEXT])
{
	struct pstd_irte_fields f = pstd_irte_decode(e);

	if (irte_is_blocked(e, text))
		return text;
	if (f.posted)
		does_post(&f, text);
	else
		does_send(&f, text);
	return text;
}

static void say_remapped(struct sink *s, const struct pstd_irte_fields *f)
{
	char target[SAY_TARGET];

	sink_field(s, "dm", "DM", SINK_FLAG, f->dm, f->dm ? "logical" : "physical");
	sink_field(s, "rh", "RH", SINK_FLAG, f->rh, "%s",
	           f->rh ? "redirection hint" : "");
	sink_field(s, "tm", "TM", SINK_FLAG, f->tm, f->tm ? "level" : "edge");
	sink_field(s, "dlm", "DLM", SINK_NUMBER, f->dlm, "%s", say_delivery(f->dlm));
	sink_field(s, "dst", "DST", SINK_HEX, f->dst, "%s", say_target(f->dst, f->dm, target));
}

static void say_posted(struct sink *s, const struct pstd_irte_fields *f)
{
	sink_field(s, "urg", "URG", SINK_FLAG, f->urg, f->urg ? "urgent" : "not urgent");
	sink_field(s, "pda", "PDA", SINK_HEX64, f->pda, "address of the descriptor");
}

static void say_source_check(struct sink *s, const struct pstd_irte_fields *f)
{
	static const char *const svt[] = { "no check", "the source id", "a range of buses",
		                           "reserved" };
	static const char *const sq[] = { "all bits of SID", "all but bit 2", "all but bits 2:1",
		                          "all but bits 2:0" };
	char source[SAY_SOURCE];

	sink_field(s, "sid", "SID", SINK_HEX, f->sid, "%s", say_source(f->sid, source));
	sink_field(s, "sq", "SQ", SINK_NUMBER, f->sq, "%s",
	           f->svt == PSTD_IRTE_SVT_SID ? sq[f->sq] : "");
	sink_field(s, "svt", "SVT", SINK_NUMBER, f->svt, "%s", svt[f->svt]);
}

static void say_reserved(struct sink *s, struct pstd_irte e)
{
	struct pstd_pair bad = irte_reserved(e);

	if (!sink_is_json(s) && !bad.hi && !bad.lo) {
		sink_line(s, "  %-10s no bits are set", "reserved");
		return;
	}
	sink_field(s, "reserved_hi", "reserved", SINK_HEX64, bad.hi, "bits set in the high word");
	sink_field(s, "reserved_lo", "", SINK_HEX64, bad.lo, "bits set in the low word");
}

void irte_fields_say(struct sink *s, struct pstd_irte e)
{
	struct pstd_irte_fields f = pstd_irte_decode(e);
	const char *name = say_linux_vector(f.vector);
	char text[IRTE_TEXT];

	sink_field(s, "hi", "high", SINK_HEX64, e.raw.hi, "%s", "");
	sink_field(s, "lo", "low", SINK_HEX64, e.raw.lo, "%s", "");
	sink_field(s, "p", "P", SINK_FLAG, f.p, f.p ? "present" : "not present");
	sink_field(s, "fpd", "FPD", SINK_FLAG, f.fpd,
	           f.fpd ? "faults 0x22, 0x24, 0x26 to 0x28 are not recorded"
	                 : "faults are recorded");
	sink_field(s, "avail", "AVAIL", SINK_HEX, f.avail, "software's");
	sink_field(s, "im", "IM", SINK_FLAG, f.posted, f.posted ? "posted" : "remapped");
	sink_field(s, "vector", "V", SINK_HEX8, f.vector, "%s",
	           f.posted ? "the guest's vector" : name);
	if (f.posted)
		say_posted(s, &f);
	else
		say_remapped(s, &f);
	say_source_check(s, &f);
	say_reserved(s, e);
	sink_say(s, "who", "%s", irte_who(&f, text));
	sink_say(s, "does", "%s", irte_does(e, text));
	if (*irte_caveat(&f))
		sink_note(s, "%s", irte_caveat(&f));
}
