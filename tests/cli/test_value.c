/* SPDX-License-Identifier: BSD-2-Clause */
/* What is a number after a flag, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/value.h"

static void digits_alone_are_a_whole_number(void **state)
{
	static const char *const none[] = {
		"", " ", "+5", "-5", " 5", "5 ", "0x5", "5k", "5.", "5,", "1e1", "five",
		"18446744073709551616", "99999999999999999999999",
	};
	uint64_t n = 77;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(value_whole(none[i], 0, UINT64_MAX, &n));
	assert_false(value_whole("4", 5, 9, &n));
	assert_false(value_whole("10", 5, 9, &n));
	assert_int_equal(n, 77);
	assert_true(value_whole("5", 5, 9, &n));
	assert_int_equal(n, 5);
	assert_true(value_whole("009", 5, 9, &n));
	assert_int_equal(n, 9);
	assert_true(value_whole("18446744073709551615", 0, UINT64_MAX, &n));
	assert_true(n == UINT64_MAX);
}

static void fraction_is_above_zero_and_finite(void **state)
{
	static const char *const none[] = {
		"", " ", ".", "e5", "-", "-1", "+1", " 1", "1 ", "0", "0.0", "1e", "1s", "0x1",
		"inf", "nan", "1e999", "1.5.2", "9.01",
	};
	double x = 77;

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(value_fraction(none[i], 9, &x));
	assert_true(x == 77);
	assert_true(value_fraction("9", 9, &x) && x == 9);
	assert_true(value_fraction(".5", 9, &x) && x == 0.5);
	assert_true(value_fraction("25e-1", 9, &x) && x == 2.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits_alone_are_a_whole_number),
		cmocka_unit_test(fraction_is_above_zero_and_finite),
	};

	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
