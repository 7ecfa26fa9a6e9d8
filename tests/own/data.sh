#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# data.sh POSTED ROOT COMPILER: tests/own/data.c, with and without optimization; and
# tests/own/waits.c.
set -u
posted=$(realpath "$1") root=$2
export CC="$3"
. "$root/tests/cli/lib.sh"
for level in -O0 -O2; do
	expect 0 "$posted" cc -Wall -Wextra -Werror $level "$root/tests/own/data.c" \
		-o "$dir/data.so"
	expect 0 "$posted" check --quiet --load "$dir/data.so"
	has "$out" '^data  *[2-9] .* proved$'
	has "$out" '^data_again .* proved$'
	# What follows one scenario's replay is explored as if it were the first.
	expect 0 "$posted" check --quiet --jobs 1 --twice --load "$dir/data.so"
done
expect 0 "$posted" cc "$root/tests/own/waits.c" -o "$dir/waits.so"
for how in --quiet --full; do
	expect 1 "$posted" check --quiet $how --load "$dir/waits.so"
	has "$out" '^0 proved, 0 stopped, 3 violated$'
done

# A row names the function that accesses, also where it does so last; its own member of a union.
cat >"$dir/last.c" <<-'END'
	#include <explore/module.h>
	union { uint32_t both; struct { uint16_t head, tail; }; } static ticket;
	static __attribute__((noinline)) void last(uint16_t *p) { __atomic_store_n(p, 1, 0); }
	static void takes(void *arg) { last(&ticket.tail); last(&ticket.tail); }
	static void fails(void) { if (ticket.both) explore_fail("shown"); }
	static const struct explore_agent agents[] = { { .name = "takes", .run = takes } };
	EXPLORE_SCENARIO(last, "nothing", EXPLORE_AGENTS_OF(agents), .finish = fails);
END
expect 0 "$posted" cc -O2 "$dir/last.c" -o "$dir/last.so"
expect 1 "$posted" check --quiet --load "$dir/last.so"
has "$out" 'buffer ticket\.tail: 0x1  .*/last\.c:3 last$'
! grep -q 'last\.c:4' "$out" || wrong "a caller's line"
cat >"$dir/post.c" <<-'END'
	#include <explore/module.h>
	#include <explore/step.h>
	static struct explore_descriptor d;
	static void posts(void *arg) { explore_post(&d, 5, false); }
	static void fails(void) { if (d.control) explore_fail("shown"); }
	static const struct explore_agent agents[] = {
		{ .name = "device", .run = posts, .unbuffered = true },
	};
	EXPLORE_SCENARIO(post, "nothing", EXPLORE_AGENTS_OF(agents), .finish = fails);
END
expect 0 "$posted" cc "$dir/post.c" -o "$dir/post.so"
expect 1 "$posted" check --quiet --load "$dir/post.so"
has "$out" 'or d\.pir\[0\]: 0 -> 0x20  .*/post\.c:4 posts$'
has "$out" 'store d\.control: 0 -> 0x1$'
# A lock has eight bytes, and what is not declared is no call.
cat >"$dir/lock.c" <<-'END'
	#include <explore/module.h>
	static int word, next;
	void takes(void) { explore_lock(&word); next = 1; }
	void posts(void) { explore_post(&word, 5, 0); }
END
expect 2 "$posted" cc "$dir/lock.c" -o "$dir/lock.so"
has "$err" 'lock\.c:3:.*incompatible'
has "$err" 'lock\.c:4:.*implicit'
# What gcc would expand by itself, and tell nobody of.
cat >"$dir/builtins.c" <<-'END'
	#include <explore/module.h>
	static char byte[16], none[__builtin_strlen("sixteen bytes long")];
	static void fills(void *arg) { __builtin_memset(byte, 1, 16); }
	static void compares(void *arg)
	{
		if (__builtin_memcmp(byte, none, 16) && !byte[15])
			explore_fail("half of it is filled");
	}
	static const struct explore_agent agents[] = {
		{ .name = "fills", .run = fills }, { .name = "compares", .run = compares },
	};
	EXPLORE_SCENARIO(builtins, "nothing", EXPLORE_AGENTS_OF(agents));
END
# A load whose store follows is told of, or it would see memory without the agent's own stores.
cat >"$dir/counts.c" <<-'END'
	#include <explore/module.h>
	#define BARRIER() __asm__ volatile("" ::: "memory")
	unsigned count, data, seen;
	static void counts(void *arg)
	{
		count = count + 1;
		BARRIER();
		data = 7;
		BARRIER();
		count = count + 1;
	}
	static void reads(void *arg) { seen = count + data; }
	static void judge(void) { if (count != 2) explore_fail("counted to %u", count); }
	static const struct explore_agent agents[] = {
		{ .name = "counts", .run = counts }, { .name = "reads", .run = reads },
	};
	EXPLORE_SCENARIO(counted, "nothing", EXPLORE_AGENTS_OF(agents), .finish = judge);
END
for level in -O1 -O2; do
	expect 0 "$posted" cc $level "$dir/counts.c" -o "$dir/counts.so"
	expect 0 "$posted" check --quiet --load "$dir/counts.so"
done
for level in -O0 -O2; do
	expect 0 "$posted" cc $level "$dir/builtins.c" -o "$dir/builtins.so"
	expect 1 "$posted" check --quiet --load "$dir/builtins.so"
	has "$out" '^builtins: violated'
done
exit $failed
