/* SPDX-License-Identifier: BSD-2-Clause */
#include "spin.h"
#include "harness.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#ifndef SPIN_CHECKER
#define SPIN_CHECKER "spin" /* no row asks for it */
#endif

struct spin spin_run(void)
{
	uint64_t begin = bench_now();
	FILE *pan = popen(SPIN_CHECKER " -E -w20", "r");
	struct spin s = { 0 };
	char line[256];

	while (pan && fgets(line, sizeof(line), pan))
		if (strstr(line, " states, stored"))
			s.states = strtod(line, NULL);
	if (!pan || pclose(pan) || s.states < 1)
		bench_fail("%s cannot be run", SPIN_CHECKER);
	s.seconds = (double)(bench_now() - begin) / 1e9;
	return s;
}
