/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vtd/cache.h>

void pstd_vtd_cache_init(struct pstd_vtd_cache *c, struct pstd_vtd_cache_slot *slots,
                         unsigned entries, unsigned ways, enum pstd_vtd_replace replace)
{
	*c = (struct pstd_vtd_cache){ .replace = replace, .random = 1 };
	if (!entries)
		return;
	c->slots = slots;
	c->ways = ways;
	c->shift = (unsigned)__builtin_ctz(ways);
	c->mask = entries - ways;
}

/*
 * The way that was filled least often, the first of them: that is in turn, as
 * a fill adds 2 to its slot's number and an invalidation 2 to those of the set.
 */
static struct pstd_vtd_cache_slot *oldest(struct pstd_vtd_cache_slot *set, unsigned ways)
{
	struct pstd_vtd_cache_slot *oldest = set;

	for (unsigned way = 1; way < ways; way++)
		if (pstd_load_relaxed(&set[way].seq) < pstd_load_relaxed(&oldest->seq))
			oldest = &set[way];
	return oldest;
}

/* Marsaglia's xorshift. Two requests at once may draw the same number: no harm. */
static uint32_t draw(struct pstd_vtd_cache *c)
{
	uint64_t x = pstd_load_relaxed(&c->random);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	pstd_store_relaxed(&c->random, x);
	return (uint32_t)(x >> 32);
}

struct pstd_vtd_cache_fill pstd_vtd_cache_begin(struct pstd_vtd_cache *c, uint32_t index)
{
	struct pstd_vtd_cache_slot *set = pstd_vtd_cache_set(c, index);
	struct pstd_vtd_cache_fill f;

	if (c->replace == PSTD_VTD_REPLACE_FIFO)
		f.slot = oldest(set, c->ways);
	else
		f.slot = &set[draw(c) & (c->ways - 1)];
	/* Both acquire: the entry is read after them. */
	f.tag = pstd_vtd_cache_tag(c, index);
	f.seq = pstd_load_acquire(&f.slot->seq);
	return f;
}

void pstd_vtd_cache_end(const struct pstd_vtd_cache_fill *f, struct pstd_irte e)
{
	struct pstd_vtd_cache_slot *s = f->slot;
	uint64_t seq = f->seq;

	/* First: the slot is ours while its number is odd. Another has it, or had: give up. */
	if (seq % 2 || !pstd_cmpxchg_seq(&s->seq, &seq, seq + 1))
		return;
	pstd_store_release(&s->tag, f->tag);
	pstd_store_release(&s->lo, e.raw.lo);
	pstd_store_release(&s->hi, e.raw.hi);
	/* Finally: it stands, unless an invalidation came meanwhile. */
	seq = f->seq + 1;
	if (pstd_cmpxchg_seq(&s->seq, &seq, seq + 1))
		return;
	pstd_store_release(&s->tag, 0);
	/* More invalidations may come, each adding 2; the last addition is ours. */
	while (!pstd_cmpxchg_seq(&s->seq, &seq, seq + 1))
		;
}

void pstd_vtd_cache_forget_all(struct pstd_vtd_cache *c)
{
	uint64_t next =
		pstd_load_relaxed(&c->generation) + pstd_field(PSTD_VTD_CACHE_GENERATION, 1);

	/* One caller at a time: the exchange is for its being a locked operation. */
	pstd_exchange_seq(&c->generation, next);
}

/* The slot's number first: what is filled after it, was read after it. */
static void forget_slot(struct pstd_vtd_cache_slot *s, uint32_t index, uint32_t ignored)
{
	uint64_t seq = pstd_load_relaxed(&s->seq), tag;

	while (!pstd_cmpxchg_seq(&s->seq, &seq, seq + 2))
		;
	tag = pstd_load_acquire(&s->tag);
	/* If a fill of after puts its tag here meanwhile, that one stays. */
	if ((tag & PSTD_VTD_CACHE_VALID) &&
	    !((tag ^ index) & PSTD_VTD_CACHE_INDEX & ~(uint64_t)ignored))
		pstd_cmpxchg_seq(&s->tag, &tag, 0);
}

void pstd_vtd_cache_forget(struct pstd_vtd_cache *c, uint32_t index, unsigned mask)
{
	uint32_t block = 1u << mask, sets = (c->mask >> c->shift) + 1;

	for (uint32_t i = 0; c->slots && i < block && i < sets; i++) {
		struct pstd_vtd_cache_slot *set = pstd_vtd_cache_set(c, (index & ~(block - 1)) + i);

		for (unsigned way = 0; way < c->ways; way++)
			forget_slot(&set[way], index, block - 1);
	}
}
