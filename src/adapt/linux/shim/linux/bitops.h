/* SPDX-License-Identifier: BSD-2-Clause */
/* Bitmaps of words; what is no __ variant is one locked operation. */
#ifndef SHIM_LINUX_BITOPS_H
#define SHIM_LINUX_BITOPS_H

#include <linux/compiler.h>
#include <linux/types.h>

#define BITS_PER_LONG 64
#define BIT(n) (1ul << (n))

static inline bool test_and_set_bit(long nr, volatile unsigned long *map)
{
	unsigned long bit = BIT(nr % 64);

	return __atomic_fetch_or(map + nr / 64, bit, __ATOMIC_SEQ_CST) & bit;
}

static inline bool test_and_clear_bit(long nr, volatile unsigned long *map)
{
	unsigned long bit = BIT(nr % 64);

	return __atomic_fetch_and(map + nr / 64, ~bit, __ATOMIC_SEQ_CST) & bit;
}

static inline void set_bit(long nr, volatile unsigned long *map)
{
	test_and_set_bit(nr, map);
}

static inline void clear_bit(long nr, volatile unsigned long *map)
{
	test_and_clear_bit(nr, map);
}

static inline void __set_bit(long nr, unsigned long *map)
{
	map[nr / 64] |= BIT(nr % 64);
}

static inline bool test_bit(long nr, const volatile unsigned long *map)
{
	return map[nr / 64] >> nr % 64 & 1;
}

static inline int __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}

#define hweight32 __builtin_popcount

#endif
