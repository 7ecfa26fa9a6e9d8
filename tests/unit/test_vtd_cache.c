/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/vtd/cache.h: what is found, what is forgotten, and which fills come too late. */
#include <posted/hw/vtd/cache.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

enum { ENTRIES = 16, WAYS = 4, SETS = ENTRIES / WAYS };

static struct pstd_vtd_cache_slot slots[ENTRIES];
static struct pstd_vtd_cache cache;

static void init(enum pstd_vtd_replace replace)
{
	memset(slots, 0, sizeof(slots));
	pstd_vtd_cache_init(&cache, slots, ENTRIES, WAYS, replace);
}

static int reset(void **state)
{
	init(PSTD_VTD_REPLACE_FIFO);
	return 0;
}

static struct pstd_irte entry(uint64_t value)
{
	struct pstd_irte e = { { value, ~value } };

	return e;
}

static void fill(uint32_t index)
{
	struct pstd_vtd_cache_fill f = pstd_vtd_cache_begin(&cache, index);

	pstd_vtd_cache_end(&f, entry(index));
}

static bool has(uint32_t index)
{
	struct pstd_irte e;

	if (!pstd_vtd_cache_lookup(&cache, index, &e))
		return false;
	assert_int_equal(e.raw.lo, index);
	assert_int_equal(e.raw.hi, ~(uint64_t)index);
	return true;
}

static void only_what_was_filled_is_found(void **state)
{
	for (uint32_t index = 0; index < ENTRIES; index++)
		assert_false(has(index));
	fill(5);
	for (uint32_t index = 0; index < 65536; index++)
		assert_int_equal(has(index), index == 5);
}

static void entries_of_one_set_are_replaced_in_turn(void **state)
{
	for (uint32_t i = 0; i < 3 * WAYS; i++) {
		fill(i * SETS);
		for (uint32_t j = 0; j <= i; j++)
			assert_int_equal(has(j * SETS), j + WAYS > i);
	}
	/* And after an invalidation still so. */
	pstd_vtd_cache_forget(&cache, 3 * WAYS * SETS, 0);
	fill(3 * WAYS * SETS);
	assert_false(has(2 * WAYS * SETS));
	assert_true(has((2 * WAYS + 1) * SETS));
}

static void random_replacement_uses_every_way_and_repeats_itself(void **state)
{
	struct pstd_vtd_cache_slot first[ENTRIES];

	for (int again = 0; again < 2; again++) {
		init(PSTD_VTD_REPLACE_RANDOM);
		for (uint32_t i = 0; i < 64; i++) {
			fill(i * SETS);
			assert_true(has(i * SETS));
		}
		for (unsigned way = 0; way < WAYS; way++)
			assert_true(slots[way].tag);
		if (again)
			assert_memory_equal(first, slots, sizeof(slots));
		memcpy(first, slots, sizeof(slots));
	}
}

static void a_block_is_aligned_and_no_longer_found(void **state)
{
	for (unsigned mask = 0; mask < 16; mask++) {
		for (uint32_t index = 13; index < 65536; index += 9973) {
			reset(state);
			for (uint32_t i = 0; i < ENTRIES; i++)
				fill(index ^ i);
			pstd_vtd_cache_forget(&cache, index, mask);
			for (uint32_t i = 0; i < ENTRIES; i++)
				assert_int_equal(has(index ^ i), i >> mask != 0);
		}
	}
}

static void all_is_forgotten_at_once(void **state)
{
	for (uint32_t i = 0; i < ENTRIES; i++)
		fill(i);
	pstd_vtd_cache_forget_all(&cache);
	for (uint32_t i = 0; i < ENTRIES; i++)
		assert_false(has(i));
	fill(3);
	assert_true(has(3));
}

/* Whose entry was read before the invalidation. */
static void fill_that_began_before_an_invalidation_is_dropped(void **state)
{
	for (unsigned mask = 0; mask <= 16; mask++) {
		struct pstd_vtd_cache_fill f;

		reset(state);
		fill(6);
		f = pstd_vtd_cache_begin(&cache, 6 + SETS);
		if (mask == 16)
			pstd_vtd_cache_forget_all(&cache);
		else
			pstd_vtd_cache_forget(&cache, 6 + SETS, mask);
		pstd_vtd_cache_end(&f, entry(6 + SETS));
		assert_false(has(6 + SETS));
		fill(6 + SETS);
		assert_true(has(6 + SETS));
	}
}

static void fill_of_another_set_is_not_dropped(void **state)
{
	struct pstd_vtd_cache_fill f = pstd_vtd_cache_begin(&cache, 6);

	pstd_vtd_cache_forget(&cache, 5, 0);
	pstd_vtd_cache_end(&f, entry(6));
	assert_true(has(6));
}

static void slot_that_is_being_filled_is_neither_read_nor_filled(void **state)
{
	struct pstd_vtd_cache_slot *s = pstd_vtd_cache_set(&cache, 6);

	fill(6);
	s->seq++;
	assert_false(has(6));
	for (unsigned way = 1; way < WAYS; way++)
		s[way].seq = 100;
	fill(6);
	assert_int_equal(s->seq, 3);
	s->seq++;
	assert_true(has(6));
}

static void two_fills_of_one_slot_leave_the_first(void **state)
{
	struct pstd_vtd_cache_fill a = pstd_vtd_cache_begin(&cache, 6),
				   b = pstd_vtd_cache_begin(&cache, 6 + SETS);

	assert_ptr_equal(a.slot, b.slot);
	pstd_vtd_cache_end(&a, entry(6));
	pstd_vtd_cache_end(&b, entry(6 + SETS));
	assert_true(has(6));
	assert_false(has(6 + SETS));
}

static void one_slot_is_a_cache(void **state)
{
	pstd_vtd_cache_init(&cache, slots, 1, 1, PSTD_VTD_REPLACE_RANDOM);
	fill(65535);
	assert_true(has(65535));
	fill(0);
	assert_true(has(0));
	assert_false(has(65535));
	pstd_vtd_cache_forget(&cache, 77, 15);
	assert_false(has(0));
}

/*
 * Races: memory holds a version. Fillers cache what they read there; the one who
 * changes it invalidates, then says which version is the least that may be found.
 */
#define CHANGES 100000

static uint64_t version, least, done, torn, stale, found;

static void *filler(void *arg)
{
	uint32_t other = 0;

	while (!pstd_load_acquire(&done)) {
		struct pstd_vtd_cache_fill f = pstd_vtd_cache_begin(&cache, 0);

		pstd_vtd_cache_end(&f, entry(pstd_load_acquire(&version)));
		/* Others of the set come between. */
		fill((other++ % WAYS + 1) * SETS);
	}
	return NULL;
}

static void *reader(void *arg)
{
	while (!pstd_load_acquire(&done)) {
		uint64_t from = pstd_load_acquire(&least);
		struct pstd_irte e;

		if (!pstd_vtd_cache_lookup(&cache, 0, &e))
			continue;
		pstd_count(&found, 1);
		if (e.raw.lo != ~e.raw.hi)
			pstd_count(&torn, 1);
		else if (e.raw.lo < from)
			pstd_count(&stale, 1);
	}
	return NULL;
}

static void race(enum pstd_vtd_replace replace)
{
	void *(*const run[])(void *) = { filler, filler, reader, reader };
	pthread_t thread[4];

	init(replace);
	version = least = done = torn = stale = found = 0;
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, run[i], NULL), 0);
	for (uint64_t v = 1; v <= CHANGES || !pstd_load_relaxed(&found); v++) {
		pstd_exchange_seq(&version, v);
		if (v % 16)
			pstd_vtd_cache_forget(&cache, 0, v % 2 ? 0 : 15);
		else
			pstd_vtd_cache_forget_all(&cache);
		pstd_store_release(&least, v);
	}
	pstd_store_release(&done, 1);
	for (unsigned i = 0; i < 4; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(torn, 0);
	assert_int_equal(stale, 0);
}

static void racing_lookups_find_whole_entries_and_none_that_was_forgotten(void **state)
{
	race(PSTD_VTD_REPLACE_FIFO);
	race(PSTD_VTD_REPLACE_RANDOM);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_what_was_filled_is_found),
		TEST(entries_of_one_set_are_replaced_in_turn),
		TEST(random_replacement_uses_every_way_and_repeats_itself),
		TEST(a_block_is_aligned_and_no_longer_found),
		TEST(all_is_forgotten_at_once),
		TEST(fill_that_began_before_an_invalidation_is_dropped),
		TEST(fill_of_another_set_is_not_dropped),
		TEST(slot_that_is_being_filled_is_neither_read_nor_filled),
		TEST(two_fills_of_one_slot_leave_the_first),
		TEST(one_slot_is_a_cache),
		TEST(racing_lookups_find_whole_entries_and_none_that_was_forgotten),
	};

	return cmocka_run_group_tests_name("vtd_cache", tests, NULL, NULL);
}
