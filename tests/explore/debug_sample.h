/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef TESTS_EXPLORE_DEBUG_SAMPLE_H
#define TESTS_EXPLORE_DEBUG_SAMPLE_H

#include <stdint.h>

enum { SAMPLE_PLACES = 22 };

struct sample {
	void (*note)(unsigned line, const char *function); /* is called from there */
	const void *at[SAMPLE_PLACES];
};

void sample_run(struct sample *s);

#endif
