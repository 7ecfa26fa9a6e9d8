/* SPDX-License-Identifier: BSD-2-Clause */
/* As somebody writes it on a bad day: to be built by posted cc, not by meson.build. */
#include <stdatomic.h>
#include <assert.h>
#include <stddef.h>

struct pi {
	_Atomic unsigned long on;
};

static struct pi one, *list;
static _Atomic int ready;

static void post(void *arg)
{
	list = &one;
	atomic_store_explicit(&ready, 1, memory_order_relaxed);
	list = NULL;
}

/* It crashes if it comes late. */
static void take(void *arg)
{
	if (atomic_load(&ready))
		list->on = 1;
}

static void spin(void *arg)
{
	for (volatile int x = 0; !x;)
		;
}

static int deep(int n)
{ /* too deep, when it begins */
	volatile char big[4096];

	big[0] = (char)n;
	return n ? deep(n + 1) + big[0] : 0;
}

static void dive(void *arg)
{
	deep(1);
}

static void be_good(void *arg)
{
	atomic_store(&ready, 1);
}

static void assert_nothing(void)
{
	assert(list);
}

static void follow_nothing(void)
{
	list->on = 2;
}

#include <explore/module.h>

static const struct explore_agent late[] = { { .name = "post", .run = post },
	                                     { .name = "take", .run = take } };
static const struct explore_agent spins[] = { { .name = "spin", .run = spin } };
static const struct explore_agent dives[] = { { .name = "dive", .run = dive } };
static const struct explore_agent good[] = { { .name = "good", .run = be_good } };

EXPLORE_SCENARIO(crash, "something", EXPLORE_AGENTS_OF(late));
EXPLORE_SCENARIO(loop, "something", EXPLORE_AGENTS_OF(spins));
EXPLORE_SCENARIO(stack, "something", EXPLORE_AGENTS_OF(dives));
EXPLORE_SCENARIO(asserts, "something", EXPLORE_AGENTS_OF(good), .setup = assert_nothing);
EXPLORE_SCENARIO(follows, "something", EXPLORE_AGENTS_OF(good), .setup = follow_nothing);
EXPLORE_SCENARIO(fine, "a word can be set", EXPLORE_AGENTS_OF(good));
