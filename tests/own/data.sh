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
exit $failed
