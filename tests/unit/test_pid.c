/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/pid.h against "Posted Interrupt Descriptor (PID)"; bits are the manual's, 0 to 511. */
#include <posted/pid.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

/* A descriptor in which exactly one bit is set. */
static struct pstd_desc only(unsigned bit)
{
	struct pstd_desc d = { 0 };

	((uint8_t *)&d)[bit / 8] = (uint8_t)(1u << bit % 8);
	return d;
}

static void assert_only(const struct pstd_desc *d, unsigned bit)
{
	struct pstd_desc expected = only(bit);

	assert_memory_equal(d, &expected, sizeof(*d));
}

static void pir_of_a_vector_is_the_bit_of_that_number(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		struct pstd_desc d = { 0 };

		assert_false(pstd_test_and_set_pir(&d, (uint8_t)vector));
		assert_only(&d, vector);
	}
}

static void on_is_bit_256(void **state)
{
	struct pstd_desc d = { 0 };

	assert_false(pstd_on(&d));
	assert_false(pstd_test_and_set_on(&d));
	assert_only(&d, 256);
	assert_true(pstd_on(&d));
}

static void sn_is_bit_257(void **state)
{
	struct pstd_desc d = { 0 };

	pstd_set_sn(&d);
	assert_only(&d, 257);
	assert_false(pstd_on(&d));
}

static void nv_is_bits_279_to_272(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		struct pstd_desc d = { .control = pstd_control((uint8_t)(1u << i), 0) };

		assert_only(&d, 272 + i);
	}
}

static void ndst_in_x2apic_mode_is_bits_319_to_288(void **state)
{
	for (unsigned i = 0; i < 32; i++) {
		struct pstd_desc d = { .control = pstd_control(0, pstd_ndst(1u << i, true)) };

		assert_only(&d, 288 + i);
		assert_int_equal(pstd_destination(d.control, true), 1u << i);
	}
}

static void ndst_in_xapic_mode_is_bits_303_to_296(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		struct pstd_desc d = { .control = pstd_control(0, pstd_ndst(1u << i, false)) };

		assert_only(&d, 296 + i);
		assert_int_equal(pstd_destination(d.control, false), 1u << i);
	}
	assert_int_equal(pstd_ndst(0x1234, false), 0x3400);
	assert_int_equal(pstd_destination(only(288).control, false), 0);
}

static void every_other_bit_of_control_is_reserved(void **state)
{
	const uint64_t fields = PSTD_ON | PSTD_SN | PSTD_NV | PSTD_NDST;

	assert_int_equal(fields ^ PSTD_CONTROL_RSVD, ~0ull);
	assert_int_equal(fields & PSTD_CONTROL_RSVD, 0);
	assert_int_equal(PSTD_CONTROL_RSVD_XAPIC, ~(PSTD_ON | PSTD_SN | PSTD_NV | PSTD_NDST_XAPIC));
}

static void second_post_of_a_vector_merges_with_the_first(void **state)
{
	struct pstd_desc d = { 0 };

	assert_false(pstd_test_and_set_pir(&d, 0x41));
	assert_true(pstd_test_and_set_pir(&d, 0x41));
	assert_false(pstd_test_and_set_pir(&d, 0x42));
}

static void second_setting_of_on_finds_it_set(void **state)
{
	struct pstd_desc d = only(257);

	assert_false(pstd_test_and_set_on(&d));
	assert_true(pstd_test_and_set_on(&d));
	pstd_clear_on(&d);
	assert_false(pstd_test_and_set_on(&d));
}

static void clearing_on_changes_nothing_else(void **state)
{
	struct pstd_desc d, expected;

	memset(&d, 0xff, sizeof(d));
	expected = d;
	expected.control &= ~1ull;
	pstd_clear_on(&d);
	assert_memory_equal(&d, &expected, sizeof(d));
	pstd_clear_on(&d);
	assert_memory_equal(&d, &expected, sizeof(d));
}

static void setting_sn_changes_nothing_else(void **state)
{
	struct pstd_desc d = { { 1, 2, 3, 4 }, pstd_control(0xf2, 0x12345678), { 0 } };
	struct pstd_desc expected = d;

	expected.control |= 2;
	pstd_set_sn(&d);
	assert_memory_equal(&d, &expected, sizeof(d));
}

static void taking_pir_moves_all_of_it_and_touches_no_control(void **state)
{
	struct pstd_desc d = { { 1, 0, 1ull << 63, 5 }, PSTD_ON | pstd_control(0xf2, 7), { 0 } };
	uint64_t out[4] = { 9, 9, 9, 9 };

	assert_true(pstd_take_pir(&d, out));
	assert_int_equal(out[0], 1);
	assert_int_equal(out[1], 0);
	assert_int_equal(out[2], 1ull << 63);
	assert_int_equal(out[3], 5);
	assert_true(pstd_pir_empty(&d));
	assert_int_equal(d.control, PSTD_ON | pstd_control(0xf2, 7));
}

static void taking_an_empty_pir_yields_zeros(void **state)
{
	struct pstd_desc d = only(256);
	uint64_t out[4] = { 9, 9, 9, 9 };

	assert_false(pstd_take_pir(&d, out));
	assert_int_equal(out[0] | out[1] | out[2] | out[3], 0);
}

static void pir_is_not_empty_whichever_vector_is_in_it(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		struct pstd_desc d = only(vector);

		assert_false(pstd_pir_empty(&d));
	}
}

static void on_is_pending_with_and_without_sn(void **state)
{
	struct pstd_desc d = only(256);

	assert_true(pstd_pending(&d));
	pstd_set_sn(&d);
	assert_true(pstd_pending(&d));
}

static void sn_makes_pir_pending_whichever_vector_is_in_it(void **state)
{
	for (unsigned vector = 0; vector < 256; vector++) {
		struct pstd_desc d = only(vector);

		/* Without SN its ON is still to come, and a notification with it. */
		assert_false(pstd_pending(&d));
		pstd_set_sn(&d);
		assert_true(pstd_pending(&d));
	}
}

static void sn_alone_is_not_pending(void **state)
{
	struct pstd_desc d = { .control = PSTD_SN | pstd_control(0xff, ~0u) };

	assert_false(pstd_pending(&d));
}

/* Races. */

#define POSTS 400000

static struct race {
	struct pstd_desc d;
	uint64_t fresh; /* posts that found PIR clear */
	uint64_t done;
	uint64_t winners; /* plain: only the one who set ON touches it */
} race;

static void *sender(void *arg)
{
	uint64_t fresh = 0;

	for (unsigned i = 0; i < POSTS; i++)
		fresh += !pstd_test_and_set_pir(&race.d, (uint8_t)(i * 7));
	pstd_count(&race.fresh, fresh);
	pstd_count(&race.done, 1);
	return NULL;
}

static uint64_t take_and_count(void)
{
	uint64_t out[4], taken = 0;

	pstd_take_pir(&race.d, out);
	for (int i = 0; i < 4; i++)
		taken += (uint64_t)__builtin_popcountll(out[i]);
	return taken;
}

static void racing_posts_are_taken_once_each(void **state)
{
	pthread_t thread[2];
	uint64_t taken = 0;

	memset(&race, 0, sizeof(race));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, sender, NULL), 0);
	while (pstd_load_acquire(&race.done) < 2)
		taken += take_and_count();
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	taken += take_and_count();
	assert_int_equal(taken, race.fresh);
}

static void *notifier(void *arg)
{
	uint64_t *won = arg;

	for (unsigned i = 0; i < POSTS; i++) {
		if (pstd_test_and_set_on(&race.d))
			continue;
		race.winners++;
		++*won;
		pstd_clear_on(&race.d);
	}
	return NULL;
}

static void only_one_of_racing_senders_finds_on_clear(void **state)
{
	uint64_t won[2] = { 0, 0 };
	pthread_t thread[2];

	memset(&race, 0, sizeof(race));
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, notifier, &won[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(race.winners, won[0] + won[1]);
}

/* Does to ON what a sender and the CPU do, until the race is done. */
static void *toggler(void *arg)
{
	while (!pstd_load_acquire(&race.done)) {
		pstd_test_and_set_on(&race.d);
		pstd_clear_on(&race.d);
	}
	return NULL;
}

static uint64_t milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void sn_survives_on_being_set_and_cleared_meanwhile(void **state)
{
	uint64_t end = milliseconds() + 200;
	unsigned lost = 0;
	pthread_t thread;

	memset(&race, 0, sizeof(race));
	assert_int_equal(pthread_create(&thread, NULL, toggler, NULL), 0);
	for (unsigned i = 0; milliseconds() < end; i++) {
		pstd_set_sn(&race.d);
		for (unsigned look = 0; look < i % 16; look++)
			lost += !(pstd_load_acquire(&race.d.control) & PSTD_SN);
		pstd_fetch_and_seq(&race.d.control, ~PSTD_SN);
	}
	pstd_store_release(&race.done, 1);
	pthread_join(thread, NULL);
	assert_int_equal(lost, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pir_of_a_vector_is_the_bit_of_that_number),
		cmocka_unit_test(on_is_bit_256),
		cmocka_unit_test(sn_is_bit_257),
		cmocka_unit_test(nv_is_bits_279_to_272),
		cmocka_unit_test(ndst_in_x2apic_mode_is_bits_319_to_288),
		cmocka_unit_test(ndst_in_xapic_mode_is_bits_303_to_296),
		cmocka_unit_test(every_other_bit_of_control_is_reserved),
		cmocka_unit_test(second_post_of_a_vector_merges_with_the_first),
		cmocka_unit_test(second_setting_of_on_finds_it_set),
		cmocka_unit_test(clearing_on_changes_nothing_else),
		cmocka_unit_test(setting_sn_changes_nothing_else),
		cmocka_unit_test(taking_pir_moves_all_of_it_and_touches_no_control),
		cmocka_unit_test(taking_an_empty_pir_yields_zeros),
		cmocka_unit_test(pir_is_not_empty_whichever_vector_is_in_it),
		cmocka_unit_test(on_is_pending_with_and_without_sn),
		cmocka_unit_test(sn_makes_pir_pending_whichever_vector_is_in_it),
		cmocka_unit_test(sn_alone_is_not_pending),
		cmocka_unit_test(racing_posts_are_taken_once_each),
		cmocka_unit_test(only_one_of_racing_senders_finds_on_clear),
		cmocka_unit_test(sn_survives_on_being_set_and_cleared_meanwhile),
	};

	return cmocka_run_group_tests_name("pid", tests, NULL, NULL);
}
