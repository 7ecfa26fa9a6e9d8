/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_EXPLORE_ROWS_CODE_H
#define TESTS_EXPLORE_ROWS_CODE_H

#include <stdint.h>

extern struct box {
	struct pi {
		uint64_t pir, on;
	} pi[2];
	struct pi *last;
	unsigned count;
} box;

/* Agents. */
void rows_post(void *unused);
void rows_take(void *unused);
void rows_count(void *unused);

#endif
