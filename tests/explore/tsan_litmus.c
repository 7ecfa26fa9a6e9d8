/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing here knows of the explorer: it is compiled with -fsanitize=thread, by each
 * compiler that is there, and its calls renamed. Who compiles may not merge what is told
 * apart here, nor keep it in registers: as everywhere, shared means another function.
 */
#include "tsan_litmus.h"
#include <string.h>

struct tsan_state t;

/* Store buffering. */
void sb_plain_0(void)
{
	t.x = 1;
	t.r[0] = (uint64_t)t.y;
}

void sb_plain_1(void)
{
	t.y = 1;
	t.r[1] = (uint64_t)t.x;
}

void sb_volatile_0(void)
{
	t.vx = 1;
	t.r[0] = (uint64_t)t.vy;
}

void sb_volatile_1(void)
{
	t.vy = 1;
	t.r[1] = (uint64_t)t.vx;
}

void sb_seq_0(void)
{
	t.ax = 1;
	t.r[0] = (uint64_t)t.ay;
}

void sb_seq_1(void)
{
	t.ay = 1;
	t.r[1] = (uint64_t)t.ax;
}

void sb_release_0(void)
{
	__atomic_store_n((int *)&t.ax, 1, __ATOMIC_RELEASE);
	t.r[0] = (uint64_t)__atomic_load_n((int *)&t.ay, __ATOMIC_ACQUIRE);
}

void sb_release_1(void)
{
	__atomic_store_n((int *)&t.ay, 1, __ATOMIC_RELEASE);
	t.r[1] = (uint64_t)__atomic_load_n((int *)&t.ax, __ATOMIC_ACQUIRE);
}

void sb_fence_0(void)
{
	t.vx = 1;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	t.r[0] = (uint64_t)t.vy;
}

void sb_fence_1(void)
{
	t.vy = 1;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	t.r[1] = (uint64_t)t.vx;
}

/* The two halves of store buffering. */
void store_x(void)
{
	t.x = 1;
}

void load_y(void)
{
	t.r[0] = (uint64_t)t.y;
}

void store_y(void)
{
	t.y = 1;
}

void load_x(void)
{
	t.r[1] = (uint64_t)t.x;
}

/* Message passing; what is passed plainly, by a flag in order, is no race. */
void mp_plain_0(void)
{
	t.x = 1;
	t.counter = 1;
}

void mp_plain_1(void)
{
	t.r[0] = t.counter;
	t.r[1] = (uint64_t)t.x;
}

void mp_release_0(void)
{
	t.data = 5;
	__atomic_store_n((int *)&t.ax, 1, __ATOMIC_RELEASE);
}

void mp_release_1(void)
{
	t.r[0] = (uint64_t)__atomic_load_n((int *)&t.ax, __ATOMIC_ACQUIRE);
	if (t.r[0])
		t.r[1] = t.data;
}

void w22_0(void)
{
	t.x = 1;
	t.counter = 2;
}

void w22_1(void)
{
	t.counter = 1;
	t.x = 2;
}

void iriw_0(void)
{
	t.vx = 1;
}

void iriw_1(void)
{
	t.ax = 1;
}

void iriw_2(void)
{
	t.r[0] = (uint64_t)t.vx;
	t.r[1] = (uint64_t)__atomic_load_n((int *)&t.ax, __ATOMIC_RELAXED);
}

void iriw_3(void)
{
	t.r[2] = (uint64_t)__atomic_load_n((int *)&t.ax, __ATOMIC_RELAXED);
	t.r[3] = (uint64_t)t.vx;
}

/* Sixteen bytes: plainly they may be torn, and atomically not. */
void torn_0(void)
{
	t.w = (u128)1 << 64 | 1;
}

void torn_1(void)
{
	u128 w = t.w;

	t.r[0] = (uint64_t)w;
	t.r[1] = (uint64_t)(w >> 64);
}

void whole_0(void)
{
	__atomic_store_n(&t.w, (u128)1 << 64 | 1, __ATOMIC_RELEASE);
}

void whole_1(void)
{
	u128 w = __atomic_load_n(&t.w, __ATOMIC_ACQUIRE);

	t.r[0] = (uint64_t)w;
	t.r[1] = (uint64_t)(w >> 64);
}

void bits_0(void)
{
	t.bits.on = 1;
}

void bits_1(void)
{
	t.bits.sn = 1;
}

void volatile_bits_0(void)
{
	t.volatile_bits.nv = 1;
}

void volatile_bits_1(void)
{
	t.volatile_bits.sn = 1;
}

void count_0(void)
{
	t.counter++;
}

void cas_0(void)
{
	uint64_t old = __atomic_load_n(&t.counter, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(&t.counter, &old, old + 1, 0, __ATOMIC_SEQ_CST,
	                                    __ATOMIC_SEQ_CST))
		;
}

/* Of one word, each agent stores its own part. */
void four_0(void)
{
	t.pair.a = 1;
	t.r[0] = t.pair.b;
}

void four_1(void)
{
	t.pair.b = 1;
	t.r[1] = t.pair.a;
}

void byte_0(void)
{
	t.byte[2] = 1;
	t.r[0] = t.byte[3];
}

void byte_1(void)
{
	t.byte[3] = 1;
	t.r[1] = t.byte[2];
}

/* Who loads more than it has stored sees its own store, and memory around it. */
void part_0(void)
{
	t.part.byte[0] = 1;
	t.r[0] = t.part.half;
}

void part_1(void)
{
	t.part.byte[1] = 1;
	t.r[1] = t.part.half;
}

void memcpy_0(void)
{
	struct three ones = { 1, 1, 1 };

	memcpy(&t.three, &ones, sizeof(ones));
}

void memcpy_1(void)
{
	memcpy(&t.three_2, &t.three, sizeof(t.three));
}

void assign_0(void)
{
	t.three = t.three_3;
}

void assign_1(void)
{
	t.three_2 = t.three;
}

void memset_0(void)
{
	memset(&t.three, 1, sizeof(t.three));
}

void memmove_1(void)
{
	memmove(&t.three_2, &t.three, sizeof(t.three));
}

/* A copy of what the agent has just stored, or of what another one is storing. */
void own_0(void)
{
	t.two.a = 5;
	t.two_2 = t.two;
	t.r[0] = t.two_2.a;
	t.r[1] = t.two_2.b;
}

void own_1(void)
{
	t.two.b = 1;
}

void eight_0(void)
{
	t.pair.a = 5;
	t.pair_2 = t.pair;
	t.r[0] = t.pair_2.a;
	t.r[1] = t.pair_2.b;
}

void eight_1(void)
{
	t.pair.b = 1;
}

/* Two copies, each of what the other one stores: both may load first. */
void swap_0(void)
{
	t.swap = t.swap_2;
}

void swap_1(void)
{
	t.swap_2 = t.swap;
}

/* A store that changes nothing, then a load: told as a copy is. */
void silent_0(void)
{
	t.x = 0;
	t.r[0] = (uint64_t)t.vx;
}

void silent_1(void)
{
	t.x = 1;
	t.vx = 1;
}

/* Four bytes of which two lie in the next word. */
typedef uint32_t uint32_odd __attribute__((aligned(1), may_alias));
typedef uint16_t uint16_odd __attribute__((aligned(1), may_alias));
void odd_0(void)
{
	*(uint32_odd *)&t.odd[6] = 0x01010101;
}

void odd_1(void)
{
	t.r[0] = *(uint16_odd *)&t.odd[6] & 1;
	t.r[1] = *(uint16_odd *)&t.odd[8] & 1;
}

/* So may what is copied from there. */
void odd_copy_0(void)
{
	*(volatile uint8_t *)&t.odd[7] = 1;
	*(volatile uint8_t *)&t.odd[8] = 1;
}

void odd_copy_1(void)
{
	uint8_t bytes[2];

	memcpy(bytes, &t.odd[7], sizeof(bytes));
	t.r[0] = bytes[0];
	t.r[1] = bytes[1];
}

/* Who waits looks at memory, and takes no step. */
void wait_0(void)
{
	t.x = 1;
	t.y = 1;
}

bool wait_ready(const void *unused)
{
	(void)unused;
	return t.y == 1;
}

void wait_1(void)
{
	t.r[0] = (uint64_t)t.x;
}

/* An expected value that lies where others see it. */
void expected_0(void)
{
	uint64_t *e = &t.wide_expected;

	__atomic_compare_exchange_n(&t.counter, e, 9, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	t.r[0] = *(volatile uint64_t *)e;
}

void expected_1(void)
{
	t.wide_expected = 2;
}

/* Each operation of each size does what it says, and nothing to its neighbours. */
#define OPERATIONS(type, all)                                                        \
	static bool operations_##type(type *p)                                      \
	{                                                                           \
		type e = 1;                                                         \
		bool right = true;                                                  \
		__atomic_store_n(p, all, __ATOMIC_SEQ_CST);                         \
		right &= __atomic_fetch_add(p, 2, __ATOMIC_SEQ_CST) == all;         \
		right &= __atomic_fetch_sub(p, 2, __ATOMIC_SEQ_CST) == 1;           \
		right &= __atomic_fetch_and(p, 6, __ATOMIC_SEQ_CST) == all;         \
		right &= __atomic_fetch_or(p, 9, __ATOMIC_SEQ_CST) == 6;            \
		right &= __atomic_fetch_xor(p, 3, __ATOMIC_SEQ_CST) == 15;          \
		right &= __atomic_fetch_nand(p, 4, __ATOMIC_SEQ_CST) == 12;         \
		right &= __atomic_exchange_n(p, 7, __ATOMIC_SEQ_CST) == (type)~4;   \
		right &= !__atomic_compare_exchange_n(p, &e, 3, 0, 5, 5) && e == 7; \
		right &= __atomic_compare_exchange_n(p, &e, 0, 1, 5, 5);            \
		*p = all;                                                           \
		right &= __atomic_load_n(p, __ATOMIC_RELAXED) == all;               \
		__atomic_store_n(p, 0, __ATOMIC_RELAXED);                           \
		return right && *p == 0;                                            \
	}

OPERATIONS(uint8_t, 0xff)
OPERATIONS(uint16_t, 0xffff)
OPERATIONS(uint32_t, 0xffffffff)
OPERATIONS(uint64_t, 0xffffffffffffffff)
OPERATIONS(u128, (u128)-1)

/* What overlaps is moved as if it did not: of what is in the store buffer still, too. */
void moves_0(void)
{
	*(volatile uint64_t *)&t.three.a = 1;
	*(volatile uint64_t *)&t.three.b = 2;
	memmove(&t.three.b, &t.three.a, 16);
	t.r[0] = t.three.b;
	t.r[1] = t.three.c;
}

void operations_0(void)
{
	t.three.c = ~(uint64_t)0;
	t.r[0] = operations_uint8_t((uint8_t *)&t.three.c + 1) &&
	         operations_uint16_t((uint16_t *)&t.three.c + 1) &&
	         operations_uint32_t((uint32_t *)&t.three.c + 1) &&
	         operations_uint64_t(&t.three.a) && operations_u128(&t.w);
	t.r[1] = t.three.c == 0x00000000000000ff;
}
