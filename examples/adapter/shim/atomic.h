/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of Pebble's atomic.h: the compiler's atomics, which it tells the explorer of. */
#ifndef SHIM_ATOMIC_H
#define SHIM_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

static inline bool atomic_test_and_set(unsigned bit, uint64_t *word)
{
	return __atomic_fetch_or(word, UINT64_C(1) << bit, __ATOMIC_SEQ_CST) >> bit & 1;
}

static inline bool atomic_test_and_clear(unsigned bit, uint64_t *word)
{
	return __atomic_fetch_and(word, ~(UINT64_C(1) << bit), __ATOMIC_SEQ_CST) >> bit & 1;
}

static inline uint64_t atomic_exchange(uint64_t *word, uint64_t value)
{
	return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

#endif
