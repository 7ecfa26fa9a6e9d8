/* SPDX-License-Identifier: BSD-2-Clause */
/* What posting costs, beside what one would use instead. */
#include "harness.h"
#include <stddef.h>

int main(int argc, char **argv)
{
	static const struct bench_group *const groups[] = {
		&bench_post, &bench_vtd, &bench_cpu_side, &bench_lookup,
		&bench_one_way, &bench_wake, &bench_explore, &bench_searches, NULL,
	};

	return bench_main(argc, argv, groups);
}
