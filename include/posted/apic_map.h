/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which local APICs a destination names. SDM volume 3, "Determining IPI
 * Destination", "Logical x2APIC ID", "Lowest Priority Delivery Mode".
 *
 * pstd_apic_matches is the rule, for one local APIC. A pstd_apic_map answers it
 * for up to 1,024 at once, at a cost that does not depend on how many there are:
 * by a hash of ids and by sets of xAPIC's logical ids. The answer is a set of
 * indices, the caller's.
 *
 * All memory is the caller's. A map is rebuilt when an id, LDR, DFR, mode or
 * software enable changes; whoever has readers meanwhile builds a second one and
 * publishes it. Functions that take a const map may run at once.
 */
#ifndef PSTD_APIC_MAP_H
#define PSTD_APIC_MAP_H

#include <posted/apic.h>
#include <posted/atomic.h>

#define PSTD_APIC_SET_MAX 1024
#define PSTD_APIC_SET_WORDS (PSTD_APIC_SET_MAX / 64)
#define PSTD_APIC_MAP_SLOTS (2 * PSTD_APIC_SET_MAX)

/* Destinations that are everybody, physical and logical. */
#define PSTD_APIC_XAPIC_BROADCAST 0xffu
#define PSTD_APIC_X2APIC_BROADCAST 0xffffffffu

/* Indices of local APICs. */
struct pstd_apic_set {
	uint64_t word[PSTD_APIC_SET_WORDS];
};

/* A local APIC, as destinations see it. */
struct pstd_apic_identity {
	enum pstd_apic_mode mode;
	bool enabled;  /* by software, SVR bit 8 */
	uint32_t id;   /* 8 bits in xAPIC mode */
	uint32_t ldr, dfr; /* registers; xAPIC mode only */
};

struct pstd_apic_map_slot {
	uint32_t id, taken; /* taken: index + 1, or 0 */
};

struct pstd_apic_map {
	/* by mode; off is neither */
	struct pstd_apic_set xapic, x2apic;
	/* software-enabled ones */
	struct pstd_apic_set enabled;
	/* xAPIC mode, flat model: by bit of the logical id */
	struct pstd_apic_set flat[8];
	/* cluster model: by cluster and bit */
	struct pstd_apic_set cluster[16][4];
	/* open addressing, by bits 19:0 of the id, which are its logical id in x2APIC mode */
	struct pstd_apic_map_slot slot[PSTD_APIC_MAP_SLOTS];
};

/* The identity of the local APIC whose registers are in page. */
static inline struct pstd_apic_identity pstd_apic_identity(const struct pstd_apic_page *page,
                                                           enum pstd_apic_mode mode)
{
	struct pstd_apic_identity a;

	a.mode = mode;
	a.enabled = (pstd_apic_read(page, PSTD_APIC_SVR) & PSTD_APIC_SVR_ENABLE) != 0;
	a.id = pstd_apic_read(page, PSTD_APIC_ID);
	if (mode == PSTD_APIC_XAPIC)
		a.id = (uint32_t)pstd_field_get(PSTD_APIC_XAPIC_ID, a.id);
	a.ldr = pstd_apic_read(page, PSTD_APIC_LDR);
	a.dfr = pstd_apic_read(page, PSTD_APIC_DFR);
	return a;
}

/* Sets. */

static inline void pstd_apic_set_add(struct pstd_apic_set *s, unsigned index)
{
	s->word[index / 64] |= PSTD_BIT(index % 64);
}

static inline bool pstd_apic_set_has(const struct pstd_apic_set *s, unsigned index)
{
	return s->word[index / 64] >> index % 64 & 1;
}

static inline void pstd_apic_set_clear(struct pstd_apic_set *s)
{
	for (unsigned i = 0; i < PSTD_APIC_SET_WORDS; i++)
		s->word[i] = 0;
}

static inline void pstd_apic_set_or(struct pstd_apic_set *s, const struct pstd_apic_set *other)
{
	for (unsigned i = 0; i < PSTD_APIC_SET_WORDS; i++)
		s->word[i] |= other->word[i];
}

static inline void pstd_apic_set_and(struct pstd_apic_set *s, const struct pstd_apic_set *other)
{
	for (unsigned i = 0; i < PSTD_APIC_SET_WORDS; i++)
		s->word[i] &= other->word[i];
}

/* The lowest member that is at least from, -1 if none. */
static inline int pstd_apic_set_next(const struct pstd_apic_set *s, unsigned from)
{
	uint64_t word;

	if (from >= PSTD_APIC_SET_MAX)
		return -1;
	word = s->word[from / 64] & ~(uint64_t)0 << from % 64;
	for (unsigned i = from / 64;;) {
		if (word)
			return (int)(i * 64 + (unsigned)__builtin_ctzll(word));
		if (++i == PSTD_APIC_SET_WORDS)
			return -1;
		word = s->word[i];
	}
}

/* Bits of a word; the builtin would call a library where POPCNT is not taken for granted. */
static inline unsigned pstd_apic_set_bits(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (unsigned)(word * 0x0101010101010101 >> 56);
}

static inline unsigned pstd_apic_set_count(const struct pstd_apic_set *s)
{
	unsigned count = 0;

	for (unsigned i = 0; i < PSTD_APIC_SET_WORDS; i++)
		count += s->word[i] ? pstd_apic_set_bits(s->word[i]) : 0;
	return count;
}

/* The only member, -1 if there is none or more than one. */
static inline int pstd_apic_set_only(const struct pstd_apic_set *s)
{
	int first = pstd_apic_set_next(s, 0);

	if (first < 0 || pstd_apic_set_next(s, (unsigned)first + 1) >= 0)
		return -1;
	return first;
}

/* The rule. */

/* "Logical Destination Mode", of an APIC in xAPIC mode; dest is no broadcast. */
static inline bool pstd_apic_matches_logical_xapic(const struct pstd_apic_identity *a,
                                                   uint32_t dest)
{
	uint32_t id = (uint32_t)pstd_field_get(PSTD_APIC_LOGICAL_ID, a->ldr);

	if (dest > 0xff)
		return false;
	if ((a->dfr & PSTD_APIC_DFR_MODEL) == PSTD_APIC_DFR_MODEL)
		return (id & dest) != 0;
	return id >> 4 == dest >> 4 && (id & dest & 0xf) != 0;
}

static inline bool pstd_apic_matches_logical_x2apic(const struct pstd_apic_identity *a,
                                                    uint32_t dest)
{
	uint32_t ldr = pstd_apic_x2apic_ldr(a->id);

	return ldr >> 16 == dest >> 16 && (ldr & dest & 0xffff) != 0;
}

/* True if the destination names this local APIC. Each judges by its own mode. */
static inline bool pstd_apic_matches(const struct pstd_apic_identity *a, uint32_t dest,
                                     bool logical)
{
	if (a->mode == PSTD_APIC_DISABLED)
		return false;
	if (dest == PSTD_APIC_X2APIC_BROADCAST)
		return true;
	if (a->mode == PSTD_APIC_XAPIC && dest == PSTD_APIC_XAPIC_BROADCAST)
		return true;
	if (!logical)
		return a->id == dest;
	return a->mode == PSTD_APIC_XAPIC ? pstd_apic_matches_logical_xapic(a, dest)
	                                  : pstd_apic_matches_logical_x2apic(a, dest);
}

/* The map. */

/* Empties it. Zeroed memory is empty too. */
static inline void pstd_apic_map_clear(struct pstd_apic_map *map)
{
	void *to = map;
	uint64_t words = sizeof(*map) / 8;

	/* Written as a loop, it would become a call of memset. */
	__asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"((uint64_t)0) : "memory");
}

static inline unsigned pstd_apic_map_hash(uint32_t id)
{
	return ((id & 0xfffff) * 2654435769u) >> 21;
}

PSTD_ASSERT(PSTD_APIC_MAP_SLOTS == 1u << (32 - 21), "a hash is a slot's index");
PSTD_ASSERT(sizeof(struct pstd_apic_map) % 8 == 0, "a map is whole quadwords");

static inline void pstd_apic_map_add_logical(struct pstd_apic_map *map, unsigned index,
                                             const struct pstd_apic_identity *a)
{
	uint32_t id = (uint32_t)pstd_field_get(PSTD_APIC_LOGICAL_ID, a->ldr);

	if ((a->dfr & PSTD_APIC_DFR_MODEL) == PSTD_APIC_DFR_MODEL) {
		for (unsigned bit = 0; bit < 8; bit++)
			if (id >> bit & 1)
				pstd_apic_set_add(&map->flat[bit], index);
		return;
	}
	for (unsigned bit = 0; bit < 4; bit++)
		if (id >> bit & 1)
			pstd_apic_set_add(&map->cluster[id >> 4][bit], index);
}

/* Adds a local APIC; each index below PSTD_APIC_SET_MAX at most once. */
static inline void pstd_apic_map_add(struct pstd_apic_map *map, unsigned index,
                                     const struct pstd_apic_identity *a)
{
	unsigned at = pstd_apic_map_hash(a->id);

	if (a->mode == PSTD_APIC_DISABLED)
		return;
	while (map->slot[at].taken)
		at = (at + 1) % PSTD_APIC_MAP_SLOTS;
	map->slot[at].id = a->id;
	map->slot[at].taken = index + 1;
	pstd_apic_set_add(a->mode == PSTD_APIC_XAPIC ? &map->xapic : &map->x2apic, index);
	if (a->enabled)
		pstd_apic_set_add(&map->enabled, index);
	if (a->mode == PSTD_APIC_XAPIC)
		pstd_apic_map_add_logical(map, index, a);
}

/* Adds to out those whose id is this one. */
static inline void pstd_apic_map_by_id(const struct pstd_apic_map *map, uint32_t id,
                                       struct pstd_apic_set *out)
{
	unsigned at = pstd_apic_map_hash(id);

	for (; map->slot[at].taken; at = (at + 1) % PSTD_APIC_MAP_SLOTS)
		if (map->slot[at].id == id)
			pstd_apic_set_add(out, map->slot[at].taken - 1);
}

/* The same by bits 19:0, in x2APIC mode: one bit of one cluster. */
static inline void pstd_apic_map_by_x2apic(const struct pstd_apic_map *map, uint32_t id,
                                           struct pstd_apic_set *out)
{
	unsigned at = pstd_apic_map_hash(id);

	for (; map->slot[at].taken; at = (at + 1) % PSTD_APIC_MAP_SLOTS)
		if (((map->slot[at].id ^ id) & 0xfffff) == 0 &&
		    pstd_apic_set_has(&map->x2apic, map->slot[at].taken - 1))
			pstd_apic_set_add(out, map->slot[at].taken - 1);
}

static inline void pstd_apic_map_by_logical(const struct pstd_apic_map *map, uint32_t dest,
                                            struct pstd_apic_set *out)
{
	uint32_t base = (dest >> 16) << 4;

	for (uint32_t bits = dest & 0xffff; bits; bits &= bits - 1)
		pstd_apic_map_by_x2apic(map, base | (uint32_t)__builtin_ctz(bits), out);
	if (dest > 0xff)
		return;
	for (uint32_t bits = dest; bits; bits &= bits - 1)
		pstd_apic_set_or(out, &map->flat[__builtin_ctz(bits)]);
	for (uint32_t bits = dest & 0xf; bits; bits &= bits - 1)
		pstd_apic_set_or(out, &map->cluster[dest >> 4][__builtin_ctz(bits)]);
}

/* All that a destination names: those for which pstd_apic_matches is true. */
static inline void pstd_apic_map_find(const struct pstd_apic_map *map, uint32_t dest, bool logical,
                                      struct pstd_apic_set *out)
{
	pstd_apic_set_clear(out);
	if (dest == PSTD_APIC_X2APIC_BROADCAST)
		pstd_apic_set_or(out, &map->x2apic);
	else if (logical)
		pstd_apic_map_by_logical(map, dest, out);
	else
		pstd_apic_map_by_id(map, dest, out);
	if (dest == PSTD_APIC_X2APIC_BROADCAST || dest == PSTD_APIC_XAPIC_BROADCAST)
		pstd_apic_set_or(out, &map->xapic);
}

/*
 * The one software-enabled local APIC that a physical destination names, -1 if
 * none or not one: what most messages are for, without a set.
 */
static inline int pstd_apic_map_find_one(const struct pstd_apic_map *map, uint32_t dest)
{
	unsigned at = pstd_apic_map_hash(dest);
	int found = -1;

	if (dest == PSTD_APIC_X2APIC_BROADCAST || dest == PSTD_APIC_XAPIC_BROADCAST) {
		struct pstd_apic_set all;

		pstd_apic_map_find(map, dest, false, &all);
		pstd_apic_set_and(&all, &map->enabled);
		return pstd_apic_set_only(&all);
	}
	for (; map->slot[at].taken; at = (at + 1) % PSTD_APIC_MAP_SLOTS) {
		unsigned index = map->slot[at].taken - 1;

		if (map->slot[at].id != dest || !pstd_apic_set_has(&map->enabled, index))
			continue;
		if (found >= 0)
			return -1;
		found = (int)index;
	}
	return found;
}

/* True if software must have enabled the local APIC, for it to take this delivery mode. */
static inline bool pstd_apic_needs_enabled(uint8_t dlm)
{
	return dlm == PSTD_APIC_DM_FIXED || dlm == PSTD_APIC_DM_LOWEST ||
	       dlm == PSTD_APIC_DM_EXTINT;
}

/*
 * All that could take a message; sender is the index of who sends it, for
 * shorthands. Of those, a message of lowest priority is for one.
 */
static inline void pstd_apic_map_targets(const struct pstd_apic_map *map,
                                         const struct pstd_apic_msg *m, unsigned sender,
                                         struct pstd_apic_set *out)
{
	bool self = pstd_apic_set_has(&map->xapic, sender) ||
	            pstd_apic_set_has(&map->x2apic, sender);

	switch (m->shorthand) {
	case PSTD_APIC_TO_DEST:
		pstd_apic_map_find(map, m->dest, m->logical, out);
		break;
	case PSTD_APIC_TO_SELF:
		pstd_apic_set_clear(out);
		if (self)
			pstd_apic_set_add(out, sender);
		break;
	default:
		pstd_apic_map_find(map, PSTD_APIC_X2APIC_BROADCAST, false, out);
		if (m->shorthand == PSTD_APIC_TO_OTHERS)
			out->word[sender / 64] &= ~PSTD_BIT(sender % 64);
	}
	if (pstd_apic_needs_enabled(m->dlm))
		pstd_apic_set_and(out, &map->enabled);
}

/* Lowest priority. */

/*
 * Of the candidates those whose task priority is of the lowest class, which is
 * what chipsets are told: any of them is right. tpr is by index, and may be
 * written meanwhile.
 */
static inline void pstd_apic_set_lowest(const struct pstd_apic_set *candidates, const uint8_t *tpr,
                                        struct pstd_apic_set *out)
{
	unsigned best = 16;

	for (int i = pstd_apic_set_next(candidates, 0); i >= 0;
	     i = pstd_apic_set_next(candidates, (unsigned)i + 1)) {
		unsigned class_of = pstd_load8_relaxed(&tpr[i]) >> 4;

		if (class_of > best)
			continue;
		if (class_of < best)
			pstd_apic_set_clear(out);
		best = class_of;
		pstd_apic_set_add(out, (unsigned)i);
	}
	if (best == 16)
		pstd_apic_set_clear(out);
}

/* "Vector hashing", Linux's pick: candidate number vector mod count, -1 if there is none. */
static inline int pstd_apic_set_hashed(const struct pstd_apic_set *candidates, uint8_t vector)
{
	unsigned count = pstd_apic_set_count(candidates), skip, i = 0;
	uint64_t word;

	if (!count)
		return -1;
	skip = vector % count;
	for (; skip >= pstd_apic_set_bits(candidates->word[i]); i++)
		skip -= pstd_apic_set_bits(candidates->word[i]);
	for (word = candidates->word[i]; skip; skip--)
		word &= word - 1;
	return (int)(i * 64 + (unsigned)__builtin_ctzll(word));
}

#endif
