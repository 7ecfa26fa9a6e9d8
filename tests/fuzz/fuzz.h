/* SPDX-License-Identifier: BSD-2-Clause */
/* What each fuzz_*.c is to libFuzzer: one function, called with any bytes. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What holds for any input; if not, libFuzzer keeps the input. */
#define MUST(condition)                                                                     \
	do {                                                                                \
		if (!(condition)) {                                                         \
			fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__,       \
			        #condition);                                                \
			abort();                                                            \
		}                                                                           \
	} while (0)

#endif
