/* SPDX-License-Identifier: BSD-2-Clause */
/* assert(3) and abort(3) of code whose calls were renamed: properties that do not hold. */
#include "explore/schedule/run.h"

void explore_assert_fail(const char *what, const char *file, unsigned line, const char *function)
	__attribute__((noreturn));
void explore_abort(void) __attribute__((noreturn));

void explore_assert_fail(const char *what, const char *file, unsigned line, const char *function)
{
	explore_fail("assertion failed: %s (%s:%u, %s)", what, file, line, function);
	if (!run_may_quit())
		fprintf(stderr, "assertion failed before any schedule: %s (%s:%u, %s)\n", what,
		        file, line, function);
	run_quit();
}

void explore_abort(void)
{
	explore_fail("abort is called");
	if (!run_may_quit())
		fputs("abort is called before any schedule\n", stderr);
	run_quit();
}
