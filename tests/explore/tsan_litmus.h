/* SPDX-License-Identifier: BSD-2-Clause */
/* Small programs that a compiler tells of (tsan_litmus.c), and what judges them shares. */
#ifndef TSAN_LITMUS_H
#define TSAN_LITMUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 u128;

struct three {
	uint64_t a, b, c;
};

struct two {
	uint64_t a, b;
};

/* All that is shared, and what each agent saw, in words of their own. */
struct tsan_state {
	int x, y;
	uint64_t apart_1[7];
	volatile int vx, vy;
	uint64_t apart_2[7];
	_Atomic int ax, ay;
	uint64_t apart_3[7];
	u128 w;
	struct three three, three_2, three_3;
	struct two two, two_2;
	struct {
		uint32_t a, b;
	} pair, pair_2;
	struct {
		unsigned on : 1, sn : 1, nv : 8;
	} bits;
	volatile struct {
		unsigned on : 1, sn : 1, nv : 8;
	} volatile_bits;
	volatile uint8_t byte[8];
	union {
		volatile uint8_t byte[8];
		volatile uint16_t half;
	} part;
	uint8_t odd[16] __attribute__((aligned(8)));
	uint64_t counter, data, wide_expected;
	struct {
		uint32_t a, b;
	} swap, swap_2;
	uint64_t r[4];
};
extern struct tsan_state t;

struct tsan_program {
	const char *name;
	void (*agent[4])(void);
	/* the second waits for this; or null */
	bool (*ready)(const void *unused);
	/* what it came to, as digits; outcomes that there are under each model (null: as SC's) */
	void (*outcome)(char *text);
	const char *sc, *tso;
};

#endif
