/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/vtd_cache.h>

void vtd_cache_init(struct vtd_cache *c, struct vtd_cache_slot *slots, unsigned entries,
                    unsigned ways, enum vtd_replace replace)
{
	*c = (struct vtd_cache){ .replace = replace, .random = 1 };
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
static struct vtd_cache_slot *oldest(struct vtd_cache_slot *set, unsigned ways)
{
	struct vtd_cache_slot *oldest = set;

	for (unsigned way = 1; way < ways; way++)
		if (pi_load_relaxed(&set[way].seq) < pi_load_relaxed(&oldest->seq))
			oldest = &set[way];
	return oldest;
}

/* Marsaglia's xorshift. Two requests at once may draw the same number: no harm. */
static uint32_t draw(struct vtd_cache *c)
{
	uint64_t x = pi_load_relaxed(&c->random);

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	pi_store_relaxed(&c->random, x);
	return (uint32_t)(x >> 32);
}

struct vtd_cache_fill vtd_cache_begin(struct vtd_cache *c, uint32_t index)
{
	struct vtd_cache_slot *set = vtd_cache_set(c, index);
	struct vtd_cache_fill f;

	if (c->replace == VTD_REPLACE_FIFO)
		f.slot = oldest(set, c->ways);
	else
		f.slot = &set[draw(c) & (c->ways - 1)];
	/* Both acquire: the entry is read after them. */
	f.tag = vtd_cache_tag(c, index);
	f.seq = pi_load_acquire(&f.slot->seq);
	return f;
}

void vtd_cache_end(const struct vtd_cache_fill *f, struct irte e)
{
	struct vtd_cache_slot *s = f->slot;
	uint64_t seq = f->seq;

	/* First: the slot is ours while its number is odd. Another has it, or had: give up. */
	if (seq % 2 || !pi_cmpxchg_seq(&s->seq, &seq, seq + 1))
		return;
	pi_store_release(&s->tag, f->tag);
	pi_store_release(&s->lo, e.raw.lo);
	pi_store_release(&s->hi, e.raw.hi);
	/* Finally: it stands, unless an invalidation came meanwhile. */
	seq = f->seq + 1;
	if (pi_cmpxchg_seq(&s->seq, &seq, seq + 1))
		return;
	pi_store_release(&s->tag, 0);
	/* More invalidations may come, each adding 2; the last addition is ours. */
	while (!pi_cmpxchg_seq(&s->seq, &seq, seq + 1))
		;
}

void vtd_cache_forget_all(struct vtd_cache *c)
{
	uint64_t next = pi_load_relaxed(&c->generation) + pi_field(VTD_CACHE_GENERATION, 1);

	/* One caller at a time: the exchange is for its being a locked operation. */
	pi_exchange_seq(&c->generation, next);
}

/* The slot's number first: what is filled after it, was read after it. */
static void forget_slot(struct vtd_cache_slot *s, uint32_t index, uint32_t ignored)
{
	uint64_t seq = pi_load_relaxed(&s->seq), tag;

	while (!pi_cmpxchg_seq(&s->seq, &seq, seq + 2))
		;
	tag = pi_load_acquire(&s->tag);
	/* If a fill of after puts its tag here meanwhile, that one stays. */
	if ((tag & VTD_CACHE_VALID) && !((tag ^ index) & VTD_CACHE_INDEX & ~(uint64_t)ignored))
		pi_cmpxchg_seq(&s->tag, &tag, 0);
}

void vtd_cache_forget(struct vtd_cache *c, uint32_t index, unsigned mask)
{
	uint32_t block = 1u << mask, sets = (c->mask >> c->shift) + 1;

	for (uint32_t i = 0; c->slots && i < block && i < sets; i++) {
		struct vtd_cache_slot *set = vtd_cache_set(c, (index & ~(block - 1)) + i);

		for (unsigned way = 0; way < c->ways; way++)
			forget_slot(&set[way], index, block - 1);
	}
}
