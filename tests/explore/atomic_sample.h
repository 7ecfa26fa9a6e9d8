/* SPDX-License-Identifier: BSD-2-Clause */
/* A header by whose name readers know that it is not where accesses are made. */
#ifndef TESTS_EXPLORE_ATOMIC_SAMPLE_H
#define TESTS_EXPLORE_ATOMIC_SAMPLE_H

#include "debug_sample.h"

static inline __attribute__((always_inline)) void atomic_note(struct sample *s, unsigned line,
                                                              const char *function)
{
	s->note(line, function);
}

#endif
