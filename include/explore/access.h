/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For seams: accesses to memory that agents share, by functions. Code that posted cc
 * compiles needs none of them, but for locks.
 *
 * Each is a step, as x86 makes it: a load looks into the agent's store buffer first, a store
 * waits there, a locked operation waits until it is empty. All are for agents. Outside an
 * exploration, and in a scenario's setup, finish and each, they are plain ones. An address
 * is a multiple of the access's size; what is accessed lies in the scenario's state, or
 * is one of its constants.
 */
#ifndef EXPLORE_ACCESS_H
#define EXPLORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef __cplusplus
/* A pointer to a word of another size shall not compile, whatever the flags are. */
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
#endif

enum explore_rmw {
	EXPLORE_EXCHANGE,
	EXPLORE_OR,
	EXPLORE_AND,
	EXPLORE_ADD,
	EXPLORE_SUB,
	EXPLORE_XOR,
};

/* Of so many bytes: MOV from memory. */
uint8_t explore_load1(const uint8_t *p);
uint16_t explore_load2(const uint16_t *p);
uint32_t explore_load4(const uint32_t *p);
uint64_t explore_load8(const uint64_t *p);
/* MOV to memory. */
void explore_store1(uint8_t *p, uint8_t value);
void explore_store2(uint16_t *p, uint16_t value);
void explore_store4(uint32_t *p, uint32_t value);
void explore_store8(uint64_t *p, uint64_t value);
/* A locked operation, as is XCHG, and so a fence; what was there. */
uint8_t explore_rmw1(enum explore_rmw op, uint8_t *p, uint8_t operand);
uint16_t explore_rmw2(enum explore_rmw op, uint16_t *p, uint16_t operand);
uint32_t explore_rmw4(enum explore_rmw op, uint32_t *p, uint32_t operand);
uint64_t explore_rmw8(enum explore_rmw op, uint64_t *p, uint64_t operand);
/* LOCK CMPXCHG, a fence either way. False: *expected is what was there. */
bool explore_cmpxchg1(uint8_t *p, uint8_t *expected, uint8_t value);
bool explore_cmpxchg2(uint16_t *p, uint16_t *expected, uint16_t value);
bool explore_cmpxchg4(uint32_t *p, uint32_t *expected, uint32_t value);
bool explore_cmpxchg8(uint64_t *p, uint64_t *expected, uint64_t value);

/* Sixteen bytes, at a multiple of as many. */
struct explore_pair {
	uint64_t lo, hi;
};

/* An aligned load of them, as AVX's; LOCK CMPXCHG16B. */
struct explore_pair explore_load16(const struct explore_pair *p);
bool explore_cmpxchg16(struct explore_pair *p, struct explore_pair old, struct explore_pair value);

/*
 * What code compiled with the thread sanitizer's calls copies and fills with: word by
 * word, each a step where it has to be one. Any address and size.
 */
void *explore_memcpy(void *to, const void *from, size_t size);
void *explore_memmove(void *to, const void *from, size_t size);
void *explore_memset(void *to, int byte, size_t size);

#ifdef __cplusplus
}
#endif

#endif
