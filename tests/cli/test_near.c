/* SPDX-License-Identifier: BSD-2-Clause */
/* What a mistyped word is taken for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cli/near.h"

static const char *const words[] = {
	"run", "check", "replay", "decode", "dmar", "max-schedules", "max-seconds",
	"max-steps", "two_senders", "two_sleepers",
};

static const struct {
	const char *typed, *meant; /* null: nothing is near */
} rows[] = {
	{ "run", "run" },
	{ "RUN", "run" },
	{ "rnu", "run" },
	{ "un", "run" },
	{ "runs", "run" },
	{ "chekc", "check" },
	{ "cheque", NULL },
	{ "relpay", "replay" },
	{ "decod", "decode" },
	{ "max-schedule", "max-schedules" },
	{ "max_seconds", "max-seconds" },
	{ "max-s", "max-schedules" }, /* the first that it begins */
	{ "two_sender", "two_senders" },
	{ "two_sleeper", "two_sleepers" },
	{ "two_sl", "two_sleepers" },
	{ "ru", "run" },
	{ "r", NULL },
	{ "", NULL },
	{ "walk", NULL },
	{ "rnux", NULL }, /* two letters of four */
	{ "emoced", NULL },
	{ "stop", NULL },
	{ "d", NULL },
	{ "two", "two_senders" },
	{ "xyz", NULL },
	{ "--------------------------------------------------------------------------", NULL },
};

static void each(void **state)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct near near = { .typed = rows[i].typed };

		for (unsigned k = 0; k < sizeof(words) / sizeof(words[0]); k++)
			near_look(&near, words[k]);
		if (rows[i].meant)
			assert_string_equal(near.word ? near.word : "", rows[i].meant);
		else
			assert_null(near.word);
	}
}

/* As edits go: each counts once, wherever it is. */
static void distances(void **state)
{
	static const struct {
		const char *typed, *word;
		unsigned distance;
	} pairs[] = {
		{ "preempt", "preempt", 0 }, { "preemtp", "preempt", 1 },
		{ "preeempt", "preempt", 1 }, { "peempt", "preempt", 1 },
		{ "preempz", "preempt", 1 }, { "rpeemtp", "preempt", 2 },
		{ "wkae_lesewhere", "wake_elsewhere", 2 }, { "hotpulg", "hotplug", 1 },
		{ "xhotplu", "hotplug", 2 },
	};

	for (unsigned i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct near near = { .typed = pairs[i].typed };

		near_look(&near, pairs[i].word);
		assert_non_null(near.word);
		assert_int_equal(near.distance, pairs[i].distance);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
