/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plain accesses. Word by word: what lies within eight aligned bytes is accessed at once on
 * every x86, what crosses their border may be torn there. Each word is a step if the access
 * is volatile, if it races (points.h), if the agent's own store to it is buffered still, for
 * memory does not have that yet, or if an interrupt or a preemption may come anywhere. Else
 * it is only recorded, and happens in the step under way.
 */
#include "explore/schedule/lent.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/points.h"
#include "explore/schedule/stacks.h"
#include "explore/schedule/tell.h"
#include "explore/seam/seam.h"
#include <explore/access.h>
#include <string.h>

/* The last store that the compiler told of. */
static struct {
	size_t size;
	const void *site;
} last;

/* How much of it lies in the first word. */
static unsigned in_word(const void *p, size_t size)
{
	unsigned room = 8 - (uintptr_t)p % 8;

	return size < room ? (unsigned)size : room;
}

static const struct buffer *own_buffer(void)
{
	return &(run_asks ? run_asks : explore_running)->buffer;
}

static bool buffered(const void *p, size_t size)
{
	return buffer_holds(own_buffer(), p, size);
}

/*
 * On its own stack an agent does as it likes, but for words that others access, too, and for
 * what it stored there through a seam.
 */
static bool shared_stack(const void *p, size_t size)
{
	lent_plainly = true;
	switch (stacks_whose(explore_running, p)) {
	case STACKS_OWN:
		return lent_has(p, size) || buffered(p, size);
	case STACKS_OTHERS:
		return true;
	default:
		return false;
	}
}

/* True for an access by an agent to what is part of the state. */
static bool shared(const void *p, size_t size)
{
	uintptr_t at = (uintptr_t)p - (uintptr_t)explore_scenario->state;

	run_heard(p, size);
	if (!run_walking())
		return false;
	if (at + size <= explore_scenario->state_size && at + size >= size)
		return true;
	return shared_stack(p, size);
}

/* A handler, or another task, that comes before any access comes before this one, too. */
static bool opens(void)
{
	return run_between && run_between->opens();
}

static bool is_point(const void *p, unsigned size, bool is_volatile)
{
	return (is_volatile || points_at(p, size) || buffered(p, size) || opens()) &&
	       !run_constant(p, size);
}

/* Room for as many pieces as it can have: after a step others may be in the buffer, of a CPU. */
static unsigned room(const void *p, size_t size)
{
	size_t words = ((uintptr_t)p % 8 + size + 7) / 8;

	return words < PATCH_PIECES ? (unsigned)words : PATCH_PIECES;
}

static unsigned count_points(const char *p, size_t size, bool is_volatile)
{
	unsigned points = 0;

	for (size_t at = 0, n; at < size; at += n) {
		n = in_word(p + at, size - at);
		points += is_point(p + at, (unsigned)n, is_volatile);
	}
	return points;
}

/* The access is in no step of its own; before an agent's first step there is none to be in. */
static void record(const void *p, size_t size, bool write)
{
	run_trait(TRAIT_PLAIN);
	explore_running->chosen = false; /* what comes next orders nothing that came before it */
	if (run_starting())
		explore_point(STORES, NULL, NULL);
	run_watch->plain(p, size, write);
}

/* Of an access, the words that are no pieces of it. */
static void record_rest(const char *p, size_t size, bool write, const struct patch_piece *piece,
                        unsigned count)
{
	for (size_t at = 0, n; at < size; at += n) {
		n = in_word(p + at, size - at);
		if (count && piece->at == p + at) {
			piece++;
			count--;
		} else {
			record(p + at, n, write);
		}
	}
}

/* Where races fail, such an access is a plain one still, though it is a step. */
static void record_point(const void *p, size_t size, bool write, bool is_volatile)
{
	if (!is_volatile && explore_scenario->races == EXPLORE_RACES_FAIL)
		record(p, size, write);
}

static struct patch_piece piece_of(const void *p, unsigned size)
{
	return (struct patch_piece){
		.at = (void *)(uintptr_t)p,
		.size = size,
		.value = (uint64_t)buffer_view(own_buffer(), p, size),
	};
}

/* A step: the word as the agent sees it then. */
static struct patch_piece load_word(const void *p, unsigned size)
{
	struct patch_piece piece;

	run_at.p = p;
	explore_point(STORES, NULL, NULL);
	run_watch->access(p, size, false);
	piece = piece_of(p, size);
	tell_value(explore_running, "load", p, size, piece.value);
	return piece;
}

/* At most so many pieces; how many. */
static unsigned load_words(const char *p, size_t size, bool is_volatile,
                           struct patch_piece *piece, unsigned most)
{
	unsigned count = 0;

	for (size_t at = 0, n; at < size && count < most; at += n) {
		n = in_word(p + at, size - at);
		if (is_point(p + at, (unsigned)n, is_volatile))
			piece[count++] = load_word(p + at, (unsigned)n);
	}
	return count;
}

static bool too_many(unsigned points)
{
	if (points > PATCH_PIECES)
		run_unfit("a plain access of more than %d words that race, which the explorer "
		          "cannot hold",
		          PATCH_PIECES);
	return points > PATCH_PIECES;
}

static void set(struct patch *patch, const struct patch_piece *piece, unsigned count)
{
	patch->count = count;
	for (unsigned i = 0; i < count; i++)
		patch->piece[i] = piece[i];
}

static void load(const void *p, size_t size, bool is_volatile)
{
	unsigned points = count_points(p, size, is_volatile), most = room(p, size), count;
	struct patch_piece *piece;

	if (!points || too_many(points)) {
		record(p, size, false);
		return;
	}
	piece = PATCH_ROOM(most);
	count = load_words(p, size, is_volatile, piece, most);
	record_point(p, size, false, is_volatile);
	record_rest(p, size, false, piece, count);
	set(&patch_load, piece, count);
	patch_lay();
}

/*
 * gcc tells of a copy's store, then of its load, and then copies: the store is still to
 * come, after the steps of the load.
 */
static void load_amid_copy(const void *p, size_t size, bool is_volatile)
{
	unsigned points = count_points(p, size, is_volatile), most = room(p, size), count;
	unsigned stores = patch_store.count;
	const struct run_at from = patch_store.from;
	struct patch_piece *piece, *store;

	if (!points || too_many(points)) {
		record(p, size, false);
		return;
	}
	patch_lift();
	piece = PATCH_ROOM(most);
	store = PATCH_ROOM(stores);
	for (unsigned i = 0; i < stores; i++)
		store[i] = patch_store.piece[i];
	patch_store.count = 0;
	count = load_words(p, size, is_volatile, piece, most);
	for (unsigned i = 0; i < stores; i++)
		store[i] = piece_of(store[i].at, store[i].size);
	record_rest(p, size, false, piece, count);
	record_point(p, size, false, is_volatile);
	set(&patch_load, piece, count);
	set(&patch_store, store, stores);
	patch_store.from = from;
	patch_store.late = !explore_running->buffered;
	patch_lay();
}

/*
 * Between explore_look_begin and explore_look_end, or in a condition: as the agent sees it,
 * without a step.
 */
static void look(const char *p, size_t size)
{
	patch_settle();
	for (size_t at = 0, n; at < size; at += n) {
		n = in_word(p + at, size - at);
		if (buffered(p + at, n) && patch_load.count < PATCH_PIECES)
			patch_load.piece[patch_load.count++] = piece_of(p + at, (unsigned)n);
	}
	patch_lay();
}

void plain_load(const void *p, size_t size, bool is_volatile)
{
	const struct run_at here = run_at;

	if (!shared(p, size)) {
		if (run_asks)
			look(p, size);
		return;
	}
	if (run_looking) {
		look(p, size);
	} else if (last.size == size && copies_between(last.site, here.site)) {
		load_amid_copy(p, size, is_volatile);
	} else {
		bool copies = patch_store.count && last.size == size;
		const void *to = copies ? patch_store.piece[0].at : NULL;

		patch_settle();
		load(p, size, is_volatile);
		if (copies) /* or maybe does, in code that copies.c cannot read */
			patch_watch(to, in_word(to, size));
	}
	last.size = 0;
	run_wipe();
}

/*
 * What is stored is not known yet, nor whether it depends on what was there: gcc does not
 * tell of the load that a store to a bit-field begins with, nor does clang of one that a
 * store to the same place follows. So up to eight bytes, but for what is volatile and seen to
 * be a store alone, are taken for both: they are read in one step and, where no store
 * buffer parts the two, stored in another.
 */
static void store(const char *p, size_t size, bool is_volatile)
{
	unsigned most = count_points(p, size, is_volatile), count = 0;
	bool reads = size <= 8 && !(is_volatile && stores_only(run_at.site));

	if (!most || too_many(most)) {
		record(p, size, true);
		return;
	}
	explore_point(STORES - 1, NULL, NULL);
	for (size_t at = 0, n; at < size; at += n) {
		n = in_word(p + at, size - at);
		if (count == PATCH_PIECES || !is_point(p + at, (unsigned)n, is_volatile))
			continue;
		if (reads)
			run_watch->access(p + at, (unsigned)n, false);
		patch_store.piece[count++] = piece_of(p + at, (unsigned)n);
	}
	record_point(p, size, true, is_volatile);
	record_rest(p, size, true, patch_store.piece, count);
	patch_store.count = count;
	patch_store.from = run_at;
	patch_store.late = reads && !explore_running->buffered;
	patch_lay();
}

void plain_store(const void *p, size_t size, bool is_volatile)
{
	const struct run_at here = run_at;

	if (!shared(p, size) || run_looking)
		return;
	patch_settle();
	store(p, size, is_volatile);
	last.size = size;
	last.site = here.site;
	run_wipe();
}

bool plain_turn(const void *word)
{
	if (!is_point(word, 8, false)) {
		record(word, 8, true);
		return false;
	}
	explore_point(STORES, NULL, NULL);
	run_watch->access(word, 8, true);
	record_point(word, 8, true, false);
	return true;
}

/* What the compiler calls in place of these functions of C's library: it copies by itself. */

static uint64_t chunk_load(const void *p, unsigned size)
{
	if (!shared(p, size))
		return run_asks ? piece_of(p, size).value : (uint64_t)memory_get(p, size);
	if (run_looking)
		return piece_of(p, size).value;
	if (is_point(p, size, false)) {
		record_point(p, size, false, false);
		return load_word(p, size).value;
	}
	record(p, size, false);
	return (uint64_t)memory_get(p, size);
}

static void chunk_store(void *p, unsigned size, uint64_t value)
{
	bool part = shared(p, size) && !run_looking;

	if (!part || !is_point(p, size, false)) {
		if (part)
			record(p, size, true);
		memory_put(p, size, value);
		return;
	}
	run_at.p = p;
	explore_point(STORES - 1, NULL, NULL);
	patch_store_now(p, size, value);
	record_point(p, size, true, false);
}

/* Both in one word each. */
static unsigned chunk(const void *to, const void *from, size_t size)
{
	unsigned n = in_word(to, size), other = in_word(from, size);

	return n < other ? n : other;
}

/* The same, of what ends there. */
static unsigned chunk_before(const char *to, const char *from, size_t size)
{
	unsigned a = (unsigned)((uintptr_t)to - 1) % 8 + 1;
	unsigned b = (unsigned)((uintptr_t)from - 1) % 8 + 1;
	unsigned n = a < b ? a : b;

	return size < n ? (unsigned)size : n;
}

static void copy(char *to, const char *from, size_t size)
{
	if ((uintptr_t)to - (uintptr_t)from >= size)
		for (size_t at = 0, n; at < size; at += n) {
			n = chunk(to + at, from + at, size - at);
			chunk_store(to + at, (unsigned)n, chunk_load(from + at, (unsigned)n));
		}
	else
		for (size_t end = size, n; end; end -= n) {
			n = chunk_before(to + end, from + end, end);
			chunk_store(to + end - n, (unsigned)n,
			            chunk_load(from + end - n, (unsigned)n));
		}
}

static bool needs_steps(const void *p, size_t size)
{
	return run_asks || (shared(p, size) && (run_looking || count_points(p, size, false)));
}

static void *move(void *to, const void *from, size_t size)
{
	patch_settle();
	if (needs_steps(from, size) || needs_steps(to, size)) {
		copy(to, from, size);
		return to;
	}
	if (size && shared(from, size))
		record(from, size, false);
	if (size && shared(to, size))
		record(to, size, true);
	return memmove(to, from, size);
}

void *explore_memcpy(void *to, const void *from, size_t size)
{
	RUN_AT(to);
	return move(to, from, size);
}

void *explore_memmove(void *to, const void *from, size_t size)
{
	RUN_AT(to);
	return move(to, from, size);
}

void *explore_memset(void *to, int byte, size_t size)
{
	uint64_t value = (uint8_t)byte * 0x0101010101010101u;

	RUN_AT(to);
	patch_settle();
	if (!needs_steps(to, size)) {
		if (size && shared(to, size))
			record(to, size, true);
		return memset(to, byte, size);
	}
	for (size_t at = 0, n; at < size; at += n) {
		n = in_word((char *)to + at, size - at);
		chunk_store((char *)to + at, (unsigned)n,
		            (uint64_t)wide_cut(value, (unsigned)n));
	}
	return to;
}
