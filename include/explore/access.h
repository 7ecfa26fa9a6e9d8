/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses to memory that agents share: each is a scheduling point, as x86 makes it.
 * Outside an exploration, and in a scenario's setup and finish, they are plain ones.
 */
#ifndef EXPLORE_ACCESS_H
#define EXPLORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pointer to a word of another size shall not compile, whatever the flags are. */
#pragma GCC diagnostic error "-Wincompatible-pointer-types"

enum explore_rmw {
	EXPLORE_EXCHANGE,
	EXPLORE_OR,
	EXPLORE_AND,
	EXPLORE_ADD,
	EXPLORE_SUB,
	EXPLORE_XOR,
};

/* Of so many bytes. */
uint8_t explore_load1(const uint8_t *p);
uint16_t explore_load2(const uint16_t *p);
uint32_t explore_load4(const uint32_t *p);
uint64_t explore_load8(const uint64_t *p);
void explore_store1(uint8_t *p, uint8_t value);
void explore_store2(uint16_t *p, uint16_t value);
void explore_store4(uint32_t *p, uint32_t value);
void explore_store8(uint64_t *p, uint64_t value);
uint8_t explore_rmw1(enum explore_rmw op, uint8_t *p, uint8_t operand);
uint16_t explore_rmw2(enum explore_rmw op, uint16_t *p, uint16_t operand);
uint32_t explore_rmw4(enum explore_rmw op, uint32_t *p, uint32_t operand);
uint64_t explore_rmw8(enum explore_rmw op, uint64_t *p, uint64_t operand);
/* False: *expected is what was there. */
bool explore_cmpxchg1(uint8_t *p, uint8_t *expected, uint8_t value);
bool explore_cmpxchg2(uint16_t *p, uint16_t *expected, uint16_t value);
bool explore_cmpxchg4(uint32_t *p, uint32_t *expected, uint32_t value);
bool explore_cmpxchg8(uint64_t *p, uint64_t *expected, uint64_t value);

struct explore_pair {
	uint64_t lo, hi;
};

struct explore_pair explore_load16(const struct explore_pair *p);
bool explore_cmpxchg16(struct explore_pair *p, struct explore_pair old, struct explore_pair value);

/* Waits, not runnable, until the word is 0, and makes it 1. */
void explore_lock(uint64_t *held);
void explore_unlock(uint64_t *held);

/* What code compiled with the thread sanitizer's calls copies and fills with: word by word. */
void *explore_memcpy(void *to, const void *from, size_t size);
void *explore_memmove(void *to, const void *from, size_t size);
void *explore_memset(void *to, int byte, size_t size);

#endif
