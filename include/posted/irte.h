/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt-remapping table entry, in both formats.
 *
 * VT-d, "Interrupt Remapping Table Entry (IRTE) for Remapped Interrupts" and
 * "... for Posted Interrupts". Hardware reads an entry in one 128-bit access
 * and software replaces it in one: use pstd_irte_load and pstd_irte_replace for
 * entries in a table, and the rest, which is pure, on copies.
 */
#ifndef PSTD_IRTE_H
#define PSTD_IRTE_H

#include <posted/atomic.h>
#include <posted/field.h>

struct pstd_irte {
	struct pstd_pair raw;
};

/* Low quadword, both formats. */
#define PSTD_IRTE_P PSTD_BIT(0)            /* present */
#define PSTD_IRTE_FPD PSTD_BIT(1)          /* fault processing disable */
#define PSTD_IRTE_AVAIL PSTD_BITS(11, 8)   /* software's */
#define PSTD_IRTE_IM PSTD_BIT(15)          /* 1: posted */
#define PSTD_IRTE_V PSTD_BITS(23, 16)      /* vector; virtual if posted */
/* Low quadword, remapped. */
#define PSTD_IRTE_DM PSTD_BIT(2)           /* 1: logical destination */
#define PSTD_IRTE_RH PSTD_BIT(3)           /* redirection hint */
#define PSTD_IRTE_TM PSTD_BIT(4)           /* 1: level */
#define PSTD_IRTE_DLM PSTD_BITS(7, 5)      /* delivery mode */
#define PSTD_IRTE_DST PSTD_BITS(63, 32)    /* destination */
#define PSTD_IRTE_DST_XAPIC PSTD_BITS(47, 40)
#define PSTD_IRTE_REMAPPED_RSVD (PSTD_BITS(14, 12) | PSTD_BITS(31, 24))
/* Low quadword, posted. */
#define PSTD_IRTE_URG PSTD_BIT(14)         /* urgent: notify although SN is set */
#define PSTD_IRTE_PDAL PSTD_BITS(63, 38)   /* descriptor address 31:6 */
#define PSTD_IRTE_POSTED_RSVD (PSTD_BITS(7, 2) | PSTD_BITS(13, 12) | PSTD_BITS(37, 24))
/* High quadword; the manual counts its bits from 64. */
#define PSTD_IRTE_SID PSTD_BITS(15, 0)     /* source id, bits 79:64 */
#define PSTD_IRTE_SQ PSTD_BITS(17, 16)     /* source id qualifier, bits 81:80 */
#define PSTD_IRTE_SVT PSTD_BITS(19, 18)    /* source validation type, bits 83:82 */
#define PSTD_IRTE_PDAH PSTD_BITS(63, 32)   /* posted: descriptor address 63:32, bits 127:96 */
#define PSTD_IRTE_REMAPPED_RSVD_HI PSTD_BITS(63, 20)
#define PSTD_IRTE_POSTED_RSVD_HI PSTD_BITS(31, 20)

PSTD_ASSERT(sizeof(struct pstd_irte) == 16, "an entry is 128 bits");
PSTD_ASSERT(PSTD_IRTE_P == 0x1, "P is bit 0");
PSTD_ASSERT(PSTD_IRTE_FPD == 0x2, "FPD is bit 1");
PSTD_ASSERT(PSTD_IRTE_DM == 0x4, "DM is bit 2");
PSTD_ASSERT(PSTD_IRTE_RH == 0x8, "RH is bit 3");
PSTD_ASSERT(PSTD_IRTE_TM == 0x10, "TM is bit 4");
PSTD_ASSERT(PSTD_IRTE_DLM == 0xe0, "DLM is bits 7:5");
PSTD_ASSERT(PSTD_IRTE_AVAIL == 0xf00, "AVAIL is bits 11:8");
PSTD_ASSERT(PSTD_IRTE_URG == 0x4000, "URG is bit 14");
PSTD_ASSERT(PSTD_IRTE_IM == 0x8000, "IM is bit 15");
PSTD_ASSERT(PSTD_IRTE_V == 0xff0000, "the vector is bits 23:16");
PSTD_ASSERT(PSTD_IRTE_DST == 0xffffffff00000000, "DST is bits 63:32");
PSTD_ASSERT(PSTD_IRTE_DST_XAPIC == 0xff0000000000, "xAPIC's DST is bits 47:40");
PSTD_ASSERT(PSTD_IRTE_PDAL == 0xffffffc000000000, "PDAL is bits 63:38");
PSTD_ASSERT(PSTD_IRTE_SID == 0xffff, "SID is bits 79:64");
PSTD_ASSERT(PSTD_IRTE_SQ == 0x30000, "SQ is bits 81:80");
PSTD_ASSERT(PSTD_IRTE_SVT == 0xc0000, "SVT is bits 83:82");
PSTD_ASSERT(PSTD_IRTE_PDAH == 0xffffffff00000000, "PDAH is bits 127:96");

enum pstd_irte_svt {
	PSTD_IRTE_SVT_NONE = 0, /* no check */
	PSTD_IRTE_SVT_SID = 1,  /* the source id, as SQ says */
	PSTD_IRTE_SVT_BUS = 2,  /* bus within SID 15:8 to SID 7:0 */
};

/* Which bits of a source id SQ leaves out of the comparison: some of the function's three. */
static inline uint16_t pstd_irte_sq_ignored(unsigned sq)
{
	return (uint16_t)(7u & ~(7u >> (sq & 3)));
}

/* Every field of an entry; those of the other format are zero. */
struct pstd_irte_fields {
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
static inline uint32_t pstd_irte_dst(uint32_t apic_id, bool x2apic)
{
	return x2apic ? apic_id : (apic_id & 0xff) << 8;
}

static inline struct pstd_irte pstd_irte_encode(const struct pstd_irte_fields *f)
{
	struct pstd_irte e;

	e.raw.lo = pstd_field(PSTD_IRTE_P, f->p) | pstd_field(PSTD_IRTE_FPD, f->fpd) |
	           pstd_field(PSTD_IRTE_AVAIL, f->avail) | pstd_field(PSTD_IRTE_IM, f->posted) |
	           pstd_field(PSTD_IRTE_V, f->vector);
	e.raw.hi = pstd_field(PSTD_IRTE_SID, f->sid) | pstd_field(PSTD_IRTE_SQ, f->sq) |
	           pstd_field(PSTD_IRTE_SVT, f->svt);
	if (f->posted) {
		e.raw.lo |= pstd_field(PSTD_IRTE_URG, f->urg) |
		            pstd_field(PSTD_IRTE_PDAL, f->pda >> 6);
		e.raw.hi |= pstd_field(PSTD_IRTE_PDAH, f->pda >> 32);
	} else {
		e.raw.lo |= pstd_field(PSTD_IRTE_DM, f->dm) | pstd_field(PSTD_IRTE_RH, f->rh) |
		            pstd_field(PSTD_IRTE_TM, f->tm) | pstd_field(PSTD_IRTE_DLM, f->dlm) |
		            pstd_field(PSTD_IRTE_DST, f->dst);
	}
	return e;
}

static inline struct pstd_irte_fields pstd_irte_decode(struct pstd_irte e)
{
	/* The words as each format sees them; nothing in the format that it is not. */
	bool is_posted = e.raw.lo & PSTD_IRTE_IM;
	uint64_t remapped = is_posted ? 0 : e.raw.lo;
	uint64_t posted = is_posted ? e.raw.lo : 0, posted_hi = is_posted ? e.raw.hi : 0;
	struct pstd_irte_fields f;

	f.p = (e.raw.lo & PSTD_IRTE_P) != 0;
	f.fpd = (e.raw.lo & PSTD_IRTE_FPD) != 0;
	f.posted = is_posted;
	f.avail = (uint8_t)pstd_field_get(PSTD_IRTE_AVAIL, e.raw.lo);
	f.vector = (uint8_t)pstd_field_get(PSTD_IRTE_V, e.raw.lo);
	f.sid = (uint16_t)pstd_field_get(PSTD_IRTE_SID, e.raw.hi);
	f.sq = (uint8_t)pstd_field_get(PSTD_IRTE_SQ, e.raw.hi);
	f.svt = (uint8_t)pstd_field_get(PSTD_IRTE_SVT, e.raw.hi);
	f.dm = (remapped & PSTD_IRTE_DM) != 0;
	f.rh = (remapped & PSTD_IRTE_RH) != 0;
	f.tm = (remapped & PSTD_IRTE_TM) != 0;
	f.dlm = (uint8_t)pstd_field_get(PSTD_IRTE_DLM, remapped);
	f.dst = (uint32_t)pstd_field_get(PSTD_IRTE_DST, remapped);
	f.urg = (posted & PSTD_IRTE_URG) != 0;
	f.pda = pstd_field_get(PSTD_IRTE_PDAL, posted) << 6 |
	        pstd_field_get(PSTD_IRTE_PDAH, posted_hi) << 32;
	return f;
}

/* A present entry: vector, fixed and edge, to one local APIC; dst as pstd_irte_dst gives it. */
static inline struct pstd_irte pstd_irte_remapped(uint32_t dst, uint8_t vector, uint16_t sid)
{
	struct pstd_irte e;

	e.raw.lo = PSTD_IRTE_P | pstd_field(PSTD_IRTE_V, vector) | pstd_field(PSTD_IRTE_DST, dst);
	e.raw.hi = pstd_field(PSTD_IRTE_SID, sid) | pstd_field(PSTD_IRTE_SVT, PSTD_IRTE_SVT_SID);
	return e;
}

/* A present entry that posts vector to the descriptor at physical address pda. */
static inline struct pstd_irte pstd_irte_posted(uint64_t pda, uint8_t vector, uint16_t sid)
{
	struct pstd_irte e;

	e.raw.lo = PSTD_IRTE_P | PSTD_IRTE_IM | pstd_field(PSTD_IRTE_V, vector) |
	           pstd_field(PSTD_IRTE_PDAL, pda >> 6);
	e.raw.hi = pstd_field(PSTD_IRTE_SID, sid) | pstd_field(PSTD_IRTE_SVT, PSTD_IRTE_SVT_SID) |
	           pstd_field(PSTD_IRTE_PDAH, pda >> 32);
	return e;
}

/* An entry of a live table, old or new, never torn. Any number of callers. */
static inline struct pstd_irte pstd_irte_load(const struct pstd_irte *slot)
{
	struct pstd_irte e = { pstd_load16_acquire(&slot->raw) };

	return e;
}

/*
 * Replaces a live entry in one cmpxchg16b. Writers may race: the last one
 * wins. Hardware may go on using the old entry until it was invalidated. False:
 * the slot has this entry already, and nothing was written.
 */
static inline bool pstd_irte_replace(struct pstd_irte *slot, struct pstd_irte value)
{
	struct pstd_pair old;

	do {
		old = pstd_load16_acquire(&slot->raw);
		if (old.lo == value.raw.lo && old.hi == value.raw.hi)
			return false;
	} while (!pstd_cmpxchg16_seq(&slot->raw, old, value.raw));
	return true;
}

#endif
