/* SPDX-License-Identifier: BSD-2-Clause */
/* Pebble's atomics: inline assembler, which the explorer does not see. */
#ifndef PEBBLE_ATOMIC_H
#define PEBBLE_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

static inline bool atomic_test_and_set(unsigned bit, uint64_t *word)
{
	bool was;

	__asm__ volatile("lock btsq %2, %0" : "+m"(*word), "=@ccc"(was) : "r"((uint64_t)bit));
	return was;
}

static inline bool atomic_test_and_clear(unsigned bit, uint64_t *word)
{
	bool was;

	__asm__ volatile("lock btrq %2, %0" : "+m"(*word), "=@ccc"(was) : "r"((uint64_t)bit));
	return was;
}

static inline uint64_t atomic_exchange(uint64_t *word, uint64_t value)
{
	__asm__ volatile("xchgq %0, %1" : "+m"(*word), "+r"(value) : : "memory");
	return value;
}

#endif
