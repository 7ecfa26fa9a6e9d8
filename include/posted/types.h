/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where all types come from: the one header here that includes others than ours.
 *
 * Whoever has no such headers (-nostdinc), or types of his own under these names,
 * puts another posted/types.h first on the include path. It has to bring:
 *
 * uint8_t, uint16_t, uint32_t, uint64_t  of exactly so many bits
 * uintptr_t                              an integer that holds a pointer
 * size_t                                 what sizeof gives
 * bool, true, false                      C's _Bool, of one byte
 * NULL, offsetof                         a constant expression, both
 *
 * Which of C's types each of them is does not matter.
 */
#ifndef PSTD_TYPES_H
#define PSTD_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#endif
