/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt-remapping table entry, in both formats.
 *
 * VT-d, "Interrupt Remapping Table Entry (IRTE) for Remapped Interrupts" and
 * "... for Posted Interrupts". Hardware reads an entry in one 128-bit access
 * and software replaces it in one: use irte_load and irte_replace for entries
 * in a table, and the rest, which is pure, on copies.
 */
#ifndef POSTED_IRTE_H
#define POSTED_IRTE_H

#include <posted/atomic.h>
#include <posted/field.h>

struct irte {
	struct pi_pair raw;
};

/* Low quadword, both formats. */
#define IRTE_P PI_BIT(0)            /* present */
#define IRTE_FPD PI_BIT(1)          /* fault processing disable */
#define IRTE_AVAIL PI_BITS(11, 8)   /* software's */
#define IRTE_IM PI_BIT(15)          /* 1: posted */
#define IRTE_V PI_BITS(23, 16)      /* vector; virtual if posted */
/* Low quadword, remapped. */
#define IRTE_DM PI_BIT(2)           /* 1: logical destination */
#define IRTE_RH PI_BIT(3)           /* redirection hint */
#define IRTE_TM PI_BIT(4)           /* 1: level */
#define IRTE_DLM PI_BITS(7, 5)      /* delivery mode */
#define IRTE_DST PI_BITS(63, 32)    /* destination */
#define IRTE_DST_XAPIC PI_BITS(47, 40)
#define IRTE_REMAPPED_RSVD (PI_BITS(14, 12) | PI_BITS(31, 24))
/* Low quadword, posted. */
#define IRTE_URG PI_BIT(14)         /* urgent: notify although SN is set */
#define IRTE_PDAL PI_BITS(63, 38)   /* descriptor address 31:6 */
#define IRTE_POSTED_RSVD (PI_BITS(7, 2) | PI_BITS(13, 12) | PI_BITS(37, 24))
/* High quadword; the manual counts its bits from 64. */
#define IRTE_SID PI_BITS(15, 0)     /* source id, bits 79:64 */
#define IRTE_SQ PI_BITS(17, 16)     /* source id qualifier, bits 81:80 */
#define IRTE_SVT PI_BITS(19, 18)    /* source validation type, bits 83:82 */
#define IRTE_PDAH PI_BITS(63, 32)   /* posted: descriptor address 63:32, bits 127:96 */
#define IRTE_REMAPPED_RSVD_HI PI_BITS(63, 20)
#define IRTE_POSTED_RSVD_HI PI_BITS(31, 20)

POSTED_ASSERT(sizeof(struct irte) == 16, "an entry is 128 bits");
POSTED_ASSERT(IRTE_P == 0x1, "P is bit 0");
POSTED_ASSERT(IRTE_FPD == 0x2, "FPD is bit 1");
POSTED_ASSERT(IRTE_DM == 0x4, "DM is bit 2");
POSTED_ASSERT(IRTE_RH == 0x8, "RH is bit 3");
POSTED_ASSERT(IRTE_TM == 0x10, "TM is bit 4");
POSTED_ASSERT(IRTE_DLM == 0xe0, "DLM is bits 7:5");
POSTED_ASSERT(IRTE_AVAIL == 0xf00, "AVAIL is bits 11:8");
POSTED_ASSERT(IRTE_URG == 0x4000, "URG is bit 14");
POSTED_ASSERT(IRTE_IM == 0x8000, "IM is bit 15");
POSTED_ASSERT(IRTE_V == 0xff0000, "the vector is bits 23:16");
POSTED_ASSERT(IRTE_DST == 0xffffffff00000000, "DST is bits 63:32");
POSTED_ASSERT(IRTE_DST_XAPIC == 0xff0000000000, "xAPIC's DST is bits 47:40");
POSTED_ASSERT(IRTE_PDAL == 0xffffffc000000000, "PDAL is bits 63:38");
POSTED_ASSERT(IRTE_SID == 0xffff, "SID is bits 79:64");
POSTED_ASSERT(IRTE_SQ == 0x30000, "SQ is bits 81:80");
POSTED_ASSERT(IRTE_SVT == 0xc0000, "SVT is bits 83:82");
POSTED_ASSERT(IRTE_PDAH == 0xffffffff00000000, "PDAH is bits 127:96");

enum irte_svt {
	IRTE_SVT_NONE = 0, /* no check */
	IRTE_SVT_SID = 1,  /* the source id, as SQ says */
	IRTE_SVT_BUS = 2,  /* bus within SID 15:8 to SID 7:0 */
};

/* Which bits of a source id SQ leaves out of the comparison: some of the function's three. */
static inline uint16_t irte_sq_ignored(unsigned sq)
{
	return (uint16_t)(7u & ~(7u >> (sq & 3)));
}

/* Every field of an entry; those of the other format are zero. */
struct irte_fields {
	bool p, fpd, posted;
	uint8_t avail, vector;
	uint16_t sid;
	uint8_t sq, svt;
	/* remapped */
	bool dm, rh, tm;
	uint8_t dlm;
	uint32_t dst;
	/* posted */
	bool urg;
	uint64_t pda; /* physical address of the descriptor, 64-byte aligned */
};

/* DST for a local APIC: its id in x2APIC mode (EIME), else its 8-bit id in bits 15:8. */
static inline uint32_t irte_dst(uint32_t apic_id, bool x2apic)
{
	return x2apic ? apic_id : (apic_id & 0xff) << 8;
}

static inline struct irte irte_encode(const struct irte_fields *f)
{
	struct irte e;

	e.raw.lo = pi_field(IRTE_P, f->p) | pi_field(IRTE_FPD, f->fpd) |
	           pi_field(IRTE_AVAIL, f->avail) | pi_field(IRTE_IM, f->posted) |
	           pi_field(IRTE_V, f->vector);
	e.raw.hi = pi_field(IRTE_SID, f->sid) | pi_field(IRTE_SQ, f->sq) |
	           pi_field(IRTE_SVT, f->svt);
	if (f->posted) {
		e.raw.lo |= pi_field(IRTE_URG, f->urg) | pi_field(IRTE_PDAL, f->pda >> 6);
		e.raw.hi |= pi_field(IRTE_PDAH, f->pda >> 32);
	} else {
		e.raw.lo |= pi_field(IRTE_DM, f->dm) | pi_field(IRTE_RH, f->rh) |
		            pi_field(IRTE_TM, f->tm) | pi_field(IRTE_DLM, f->dlm) |
		            pi_field(IRTE_DST, f->dst);
	}
	return e;
}

static inline struct irte_fields irte_decode(struct irte e)
{
	/* The words as each format sees them; nothing in the format that it is not. */
	bool is_posted = e.raw.lo & IRTE_IM;
	uint64_t remapped = is_posted ? 0 : e.raw.lo;
	uint64_t posted = is_posted ? e.raw.lo : 0, posted_hi = is_posted ? e.raw.hi : 0;
	struct irte_fields f;

	f.p = (e.raw.lo & IRTE_P) != 0;
	f.fpd = (e.raw.lo & IRTE_FPD) != 0;
	f.posted = is_posted;
	f.avail = (uint8_t)pi_field_get(IRTE_AVAIL, e.raw.lo);
	f.vector = (uint8_t)pi_field_get(IRTE_V, e.raw.lo);
	f.sid = (uint16_t)pi_field_get(IRTE_SID, e.raw.hi);
	f.sq = (uint8_t)pi_field_get(IRTE_SQ, e.raw.hi);
	f.svt = (uint8_t)pi_field_get(IRTE_SVT, e.raw.hi);
	f.dm = (remapped & IRTE_DM) != 0;
	f.rh = (remapped & IRTE_RH) != 0;
	f.tm = (remapped & IRTE_TM) != 0;
	f.dlm = (uint8_t)pi_field_get(IRTE_DLM, remapped);
	f.dst = (uint32_t)pi_field_get(IRTE_DST, remapped);
	f.urg = (posted & IRTE_URG) != 0;
	f.pda = pi_field_get(IRTE_PDAL, posted) << 6 |
	        pi_field_get(IRTE_PDAH, posted_hi) << 32;
	return f;
}

/* A present entry: vector, fixed and edge, to one local APIC; dst as irte_dst gives it. */
static inline struct irte irte_remapped(uint32_t dst, uint8_t vector, uint16_t sid)
{
	struct irte e;

	e.raw.lo = IRTE_P | pi_field(IRTE_V, vector) | pi_field(IRTE_DST, dst);
	e.raw.hi = pi_field(IRTE_SID, sid) | pi_field(IRTE_SVT, IRTE_SVT_SID);
	return e;
}

/* A present entry that posts vector to the descriptor at physical address pda. */
static inline struct irte irte_posted(uint64_t pda, uint8_t vector, uint16_t sid)
{
	struct irte e;

	e.raw.lo = IRTE_P | IRTE_IM | pi_field(IRTE_V, vector) | pi_field(IRTE_PDAL, pda >> 6);
	e.raw.hi = pi_field(IRTE_SID, sid) | pi_field(IRTE_SVT, IRTE_SVT_SID) |
	           pi_field(IRTE_PDAH, pda >> 32);
	return e;
}

/* An entry of a live table, old or new, never torn. Any number of callers. */
static inline struct irte irte_load(const struct irte *slot)
{
	struct irte e = { pi_load16_acquire(&slot->raw) };

	return e;
}

/*
 * Replaces a live entry in one cmpxchg16b. Writers may race: the last one
 * wins. Hardware may go on using the old entry until it was invalidated. False:
 * the slot has this entry already, and nothing was written.
 */
static inline bool irte_replace(struct irte *slot, struct irte value)
{
	struct pi_pair old;

	do {
		old = pi_load16_acquire(&slot->raw);
		if (old.lo == value.raw.lo && old.hi == value.raw.hi)
			return false;
	} while (!pi_cmpxchg16_seq(&slot->raw, old, value.raw));
	return true;
}

#endif
