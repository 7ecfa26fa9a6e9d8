/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt-entry cache of a VT-d unit: set-associative, tagged by interrupt
 * index only, read and filled by any number of requests without a lock. It may
 * serve an entry that software has replaced, until it is told to forget it.
 *
 * Why a request gets an entry old or new, never a mix, and after a completed
 * wait never the old one:
 *
 * A slot has a sequence number: odd while the slot is filled, changed by every
 * fill and every invalidation.
 *
 *   lookup  reads seq, tag, lo, hi and seq again. The same even number twice: no
 *           fill stored in between, so lo and hi are one entry. Pairs with the
 *           exchange that begins the stores of pstd_vtd_cache_end: who sees one of
 *           those stores sees the odd number too, or a later one.
 *   fill    pstd_vtd_cache_begin reads the generation and the number of the slot it will
 *           take; only then the caller reads the entry from memory; pstd_vtd_cache_end
 *           stores it if it can change the number as first read to an odd one, and
 *           it stands if it can change that to the next even one. If not, the
 *           request still uses what it read, but the cache forgets it.
 *   forget  one index or an aligned block: the numbers of all slots that it could be
 *           filled into are changed, then the tags that match are cleared. All: the
 *           generation, which is part of every tag, is changed.
 *
 * Software replaces the entry, then queues the invalidation: a fill that read the
 * entry before that may hold the old one. If it read the slot's number (the
 * generation) before the change, one of its two exchanges fails (its tag is of a
 * generation that is over), or both came before the change and the clearing of
 * tags finds it. If it read the number after, it read memory after, and has
 * the new entry. So once the invalidation is done, no lookup that begins finds the
 * old one. A request that had begun may still use it: the unit drains
 * (pstd_vtd_config.drain) before the next wait descriptor completes. That is the end
 * of the old entry.
 *
 * Lookups and begins are wait-free. An end repeats a step only if an invalidation
 * made progress, an invalidation only if a fill did; one caller at a time
 * invalidates. tests/explore/entry_cache.c walks every interleaving.
 */
#ifndef PSTD_HW_VTD_CACHE_H
#define PSTD_HW_VTD_CACHE_H

#include <posted/irte.h>
#include <posted/types.h>

#pragma GCC visibility push(default)

enum pstd_vtd_replace {
	PSTD_VTD_REPLACE_FIFO, /* the ways of a set in turn */
	PSTD_VTD_REPLACE_RANDOM,
};

/* Aligned to 32 bytes, if possible: then none lies in two cache lines. */
struct pstd_vtd_cache_slot {
	uint64_t seq, tag, lo, hi;
};

struct pstd_vtd_cache {
	struct pstd_vtd_cache_slot *slots; /* null: no cache */
	unsigned ways, shift;              /* of a set: 2^shift */
	uint32_t mask;                     /* of the first ways of sets: entries - ways */
	enum pstd_vtd_replace replace;
	uint64_t generation;               /* changed by a global invalidation */
	uint64_t random;                   /* state of the random replacement */
};

/* Tags: the generation that it was read in, valid, interrupt index. */
#define PSTD_VTD_CACHE_GENERATION PSTD_BITS(63, 17)
#define PSTD_VTD_CACHE_VALID PSTD_BIT(16)
#define PSTD_VTD_CACHE_INDEX PSTD_BITS(15, 0)

static inline uint64_t pstd_vtd_cache_tag(const struct pstd_vtd_cache *c, uint32_t index)
{
	return pstd_load_acquire(&c->generation) | PSTD_VTD_CACHE_VALID | index;
}

/* The first way of an index's set. */
static inline struct pstd_vtd_cache_slot *pstd_vtd_cache_set(const struct pstd_vtd_cache *c,
                                                             uint32_t index)
{
	return &c->slots[(index << c->shift) & c->mask];
}

/* True if the entry is there. */
static inline bool pstd_vtd_cache_lookup(const struct pstd_vtd_cache *c, uint32_t index,
                                         struct pstd_irte *e)
{
	const struct pstd_vtd_cache_slot *s = pstd_vtd_cache_set(c, index);
	uint64_t tag = pstd_vtd_cache_tag(c, index);

	for (unsigned way = 0; way < c->ways; way++, s++) {
		uint64_t seq = pstd_load_acquire(&s->seq);

		if (pstd_load_acquire(&s->tag) != tag || seq % 2)
			continue;
		e->raw.lo = pstd_load_acquire(&s->lo);
		e->raw.hi = pstd_load_acquire(&s->hi);
		if (pstd_load_relaxed(&s->seq) == seq)
			return true;
	}
	return false;
}

/* A slot chosen for an entry, as it was before the entry is read. */
struct pstd_vtd_cache_fill {
	struct pstd_vtd_cache_slot *slot;
	uint64_t seq, tag;
};

/* Null or zeroed slots: empty. ways divides entries; both are powers of two. */
void pstd_vtd_cache_init(struct pstd_vtd_cache *c, struct pstd_vtd_cache_slot *slots,
                         unsigned entries, unsigned ways, enum pstd_vtd_replace replace);

/* Before an entry is read that was not found, and after; without the end nothing happens. */
struct pstd_vtd_cache_fill pstd_vtd_cache_begin(struct pstd_vtd_cache *c, uint32_t index);
void pstd_vtd_cache_end(const struct pstd_vtd_cache_fill *f, struct pstd_irte e);

/* Forgets all; forgets 2^mask entries from index with its low mask bits cleared. */
void pstd_vtd_cache_forget_all(struct pstd_vtd_cache *c);
void pstd_vtd_cache_forget(struct pstd_vtd_cache *c, uint32_t index, unsigned mask);

#pragma GCC visibility pop

#endif
