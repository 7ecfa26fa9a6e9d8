/* SPDX-License-Identifier: BSD-2-Clause */
/* posted/hw/lapic.h: accepting, priorities, acknowledging, EOI; and senders that race. */
#include <posted/hw/lapic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <string.h>

static struct pstd_lapic l;

static int reset(void **state)
{
	memset(&l, 0, sizeof(l));
	return 0;
}

static void every_vector_above_15_is_offered_and_taken(void **state)
{
	for (unsigned vector = 16; vector < 256; vector++) {
		assert_false(pstd_lapic_accept(&l, (uint8_t)vector));
		assert_int_equal(pstd_lapic_pending(&l), (int)vector);
		assert_int_equal(pstd_lapic_acknowledge(&l), vector);
		assert_int_equal(pstd_lapic_pending(&l), -1);
		assert_true(pstd_apic_test(&l.regs, PSTD_APIC_ISR, (uint8_t)vector));
		pstd_lapic_eoi(&l);
		assert_int_equal(pstd_apic_highest(&l.regs, PSTD_APIC_ISR), -1);
	}
	assert_int_equal(l.accepted, 240);
	assert_int_equal(l.eois, 240);
}

static void vectors_below_16_are_never_offered(void **state)
{
	for (unsigned vector = 0; vector < 16; vector++)
		pstd_lapic_accept(&l, (uint8_t)vector);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void highest_comes_first(void **state)
{
	pstd_lapic_accept(&l, 0x31);
	pstd_lapic_accept(&l, 0xf2);
	pstd_lapic_accept(&l, 0x41);
	assert_int_equal(pstd_lapic_pending(&l), 0xf2);
}

static void class_in_service_holds_its_own_and_lower_ones_until_eoi(void **state)
{
	pstd_lapic_accept(&l, 0x41);
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_accept(&l, 0x4f);
	pstd_lapic_accept(&l, 0x31);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	pstd_lapic_accept(&l, 0x50);
	assert_int_equal(pstd_lapic_pending(&l), 0x50);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), 0x4f);
}

static void eoi_with_nothing_in_service_is_harmless(void **state)
{
	pstd_lapic_eoi(&l);
	pstd_lapic_accept(&l, 0x41);
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
}

static void second_message_merges_in_the_inbox(void **state)
{
	assert_false(pstd_lapic_accept(&l, 0x41));
	assert_true(pstd_lapic_accept(&l, 0x41));
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
	assert_int_equal(l.merged[0x41], 0);
}

static void message_for_a_requested_vector_merges_there_and_is_counted(void **state)
{
	pstd_lapic_accept(&l, 0x41);
	pstd_lapic_pending(&l);
	assert_false(pstd_lapic_accept(&l, 0x41));
	pstd_lapic_pending(&l);
	assert_int_equal(l.merged[0x41], 1);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void message_for_a_vector_in_service_is_offered_after_eoi(void **state)
{
	pstd_lapic_accept(&l, 0x41);
	pstd_lapic_pending(&l);
	pstd_lapic_acknowledge(&l);
	pstd_lapic_accept(&l, 0x41);
	assert_int_equal(pstd_lapic_pending(&l), -1);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), 0x41);
	assert_int_equal(l.merged[0x41], 0);
}

static void notification_is_accepted_like_a_message(void **state)
{
	pstd_lapic_notify(&l, 0xf2);
	pstd_lapic_notify(&l, 0xf2);
	assert_int_equal(pstd_lapic_pending(&l), 0xf2);
	assert_int_equal(pstd_lapic_acknowledge(&l), 0xf2);
	pstd_lapic_eoi(&l);
	assert_int_equal(pstd_lapic_pending(&l), -1);
}

static void arrival_knocks_until_it_is_looked_at(void **state)
{
	assert_false(pstd_lapic_knocked(&l));
	pstd_lapic_accept(&l, 0x41);
	assert_true(pstd_lapic_knocked(&l));
	pstd_lapic_pending(&l);
	assert_false(pstd_lapic_knocked(&l));
	pstd_lapic_notify(&l, 0xf2);
	assert_true(pstd_lapic_knocked(&l));
}

/* Races. */

#define MESSAGES 200000

static unsigned fresh[2][256];
static uint64_t done;

static void *sender(void *arg)
{
	unsigned *mine = arg;

	for (unsigned i = 0; i < MESSAGES; i++) {
		uint8_t vector = (uint8_t)(16 + i * 7 % 240);

		mine[vector] += !pstd_lapic_accept(&l, vector);
	}
	pstd_count(&done, 1);
	return NULL;
}

static void take_and_count(unsigned taken[256])
{
	while (pstd_lapic_pending(&l) >= 0) {
		taken[pstd_lapic_acknowledge(&l)]++;
		pstd_lapic_eoi(&l);
	}
}

static void racing_messages_are_taken_or_merged_once_each(void **state)
{
	unsigned taken[256] = { 0 };
	pthread_t thread[2];

	memset(fresh, 0, sizeof(fresh));
	pstd_store_release(&done, 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, sender, fresh[i]), 0);
	while (pstd_load_acquire(&done) < 2)
		take_and_count(taken);
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	take_and_count(taken);
	for (unsigned vector = 0; vector < 256; vector++)
		assert_int_equal(taken[vector] + l.merged[vector],
		                 fresh[0][vector] + fresh[1][vector]);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_vector_above_15_is_offered_and_taken),
		TEST(vectors_below_16_are_never_offered),
		TEST(highest_comes_first),
		TEST(class_in_service_holds_its_own_and_lower_ones_until_eoi),
		TEST(eoi_with_nothing_in_service_is_harmless),
		TEST(second_message_merges_in_the_inbox),
		TEST(message_for_a_requested_vector_merges_there_and_is_counted),
		TEST(message_for_a_vector_in_service_is_offered_after_eoi),
		TEST(notification_is_accepted_like_a_message),
		TEST(arrival_knocks_until_it_is_looked_at),
		TEST(racing_messages_are_taken_or_merged_once_each),
	};

	return cmocka_run_group_tests_name("lapic", tests, NULL, NULL);
}
