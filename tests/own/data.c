/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a module's data are: static ones begin each schedule as constructors and setup
 * left them, thread-local ones are each agent's own, in the state.
 */
#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <explore/module.h>

_Thread_local int shown = 3;
static _Thread_local char text[40] __attribute__((aligned(32))) = "posted";
static _Thread_local int zero;

static int constructed = 1, made, steps;
static int section_of_its_own __attribute__((section("percpu"))) = 7;
static _Atomic(int *) others;
static char copy[40];
static atomic_bool written;
static volatile int nine = 9; /* or clang puts it where each agent's begins */

__attribute__((constructor)) static void construct(void)
{
	constructed++;
	steps++;
	zero = nine;
}

static void setup(void)
{
	assert(constructed == 2 && steps == 1 && zero == 9 && shown == 3);
	made = constructed;
	shown = 4;
}

/* Its own is as it was initialized, whatever setup and the other agent do with theirs. */
static void begin(void)
{
	assert(shown == 3 && !zero && !strcmp(text, "posted") && !((size_t)text % 32));
	assert(section_of_its_own == 7 && made == 2);
}

static void lends(void *arg)
{
	(void)arg;
	begin();
	section_of_its_own = 8;
	shown = 10;
	zero = 1;
	atomic_store(&others, &shown);
}

static void borrows(void *arg)
{
	int *lent = atomic_load(&others);

	(void)arg;
	assert(shown == 3 && !zero);
	memcpy(copy, text, sizeof(copy));
	if (!lent)
		return;
	assert(*lent == 10 && lent != &shown);
	*lent = 11;
	atomic_store(&written, true);
}

static void judge(void)
{
	assert(shown == 4 && zero == 9 && !strcmp(copy, "posted") && section_of_its_own == 8);
	assert(*atomic_load(&others) == (atomic_load(&written) ? 11 : 10));
}

static const struct explore_agent agents[] = {
	{ .name = "lends", .run = lends },
	{ .name = "borrows", .run = borrows },
};

EXPLORE_SCENARIO(data, "data are put back, and each agent has its own",
                 EXPLORE_AGENTS_OF(agents), .setup = setup, .finish = judge);
EXPLORE_SCENARIO(data_again, "also for the second scenario of a module",
                 EXPLORE_AGENTS_OF(agents), .setup = setup, .finish = judge);
