/* SPDX-License-Identifier: BSD-2-Clause */
/* An embedder's types, of which none is the C library's: as a kernel has them. */
#ifndef PSTD_TYPES_H
#define PSTD_TYPES_H

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef unsigned long uintptr_t;
typedef unsigned long size_t;

#ifndef __cplusplus
typedef _Bool bool;
enum { false, true };
#endif

#define NULL 0
#define offsetof(type, member) __builtin_offsetof(type, member)

#endif
