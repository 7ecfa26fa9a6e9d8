/* SPDX-License-Identifier: BSD-2-Clause */
/* The poll time follows KVM's halt polling: when it grows and shrinks, its bounds. */
#include "exec/threads/poll.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

enum { MAX = 200000 };

static uint64_t after(uint64_t now, uint64_t waited)
{
	struct poll p = { .now = now, .max = MAX };

	poll_adapt(&p, waited);
	return p.now;
}

static void a_short_wait_that_polling_caught_keeps_it(void **state)
{
	assert_int_equal(after(40000, 30000), 40000);
	assert_int_equal(after(40000, 40000), 40000);
}

static void a_wait_a_little_too_long_grows_it(void **state)
{
	assert_int_equal(after(0, 50000), POLL_GROW_START);
	assert_int_equal(after(1000, 50000), POLL_GROW_START);
	assert_int_equal(after(40000, 50000), 80000);
}

static void it_never_exceeds_the_maximum(void **state)
{
	assert_int_equal(after(150000, 180000), MAX);
	assert_int_equal(after(MAX, 180000), MAX);
}

static void a_long_wait_shrinks_it_and_in_the_end_to_nothing(void **state)
{
	assert_int_equal(after(40000, MAX + 1), 20000);
	assert_int_equal(after(20000, MAX + 1), POLL_GROW_START);
	assert_int_equal(after(POLL_GROW_START, MAX + 1), 0);
	assert_int_equal(after(0, MAX + 1), 0);
}

static void a_wait_of_just_the_maximum_changes_nothing(void **state)
{
	assert_int_equal(after(40000, MAX), 40000);
}

static void a_maximum_of_zero_never_polls(void **state)
{
	struct poll p = { .now = 0, .max = 0 };

	poll_adapt(&p, 5);
	assert_int_equal(p.now, 0);
	poll_adapt(&p, 5000000);
	assert_int_equal(p.now, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_wait_that_polling_caught_keeps_it),
		cmocka_unit_test(a_wait_a_little_too_long_grows_it),
		cmocka_unit_test(it_never_exceeds_the_maximum),
		cmocka_unit_test(a_long_wait_shrinks_it_and_in_the_end_to_nothing),
		cmocka_unit_test(a_wait_of_just_the_maximum_changes_nothing),
		cmocka_unit_test(a_maximum_of_zero_never_polls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
