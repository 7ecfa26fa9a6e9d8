/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as users write them, after a flag or in a machine file. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* A whole decimal number, all of the text: digits and nothing else. False leaves n as it is. */
bool value_whole(const char *text, uint64_t least, uint64_t most, uint64_t *n);

/* The same, of a number above 0 that may have a fraction and an exponent: 2.5, 1e-3. */
bool value_fraction(const char *text, double most, double *x);

#endif
