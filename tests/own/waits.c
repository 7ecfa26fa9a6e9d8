/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a condition looks at is part of the step that waits for it, though nobody says so.
 * Each is violated in some order; one that took the step for a swap with "flag = false"
 * would not see it.
 */
#include <assert.h>
#include <stdbool.h>
#include <explore/module.h>

#define ALONE __attribute__((aligned(8))) /* in a word of its own */
static volatile bool flag ALONE, done ALONE, seen ALONE;

static bool is_set(const void *arg)
{
	(void)arg;
	return flag;
}

static void waits(void *arg)
{
	(void)arg;
	if (explore_rest(is_set, NULL))
		done = true;
}

static void sets(void *arg)
{
	(void)arg;
	flag = true;
	flag = false;
}

static void reads(void *arg)
{
	(void)arg;
	seen = done;
}

static void judge_done(void)
{
	assert(!done);
}

static void judge_seen(void)
{
	assert(!seen);
}

static const struct explore_agent two[] = {
	{ .name = "waits", .run = waits, .unbuffered = true },
	{ .name = "sets", .run = sets, .unbuffered = true },
};
static const struct explore_agent buffered[] = {
	{ .name = "waits", .run = waits },
	{ .name = "sets", .run = sets },
};
static const struct explore_agent three[] = {
	{ .name = "sets", .run = sets, .unbuffered = true },
	{ .name = "waits", .run = waits, .unbuffered = true },
	{ .name = "reads", .run = reads, .unbuffered = true },
};

EXPLORE_SCENARIO(two, "nothing", EXPLORE_AGENTS_OF(two), .finish = judge_done);
EXPLORE_SCENARIO(buffered, "nothing", EXPLORE_AGENTS_OF(buffered), .finish = judge_done);
EXPLORE_SCENARIO(three, "nothing", EXPLORE_AGENTS_OF(three), .finish = judge_seen);
