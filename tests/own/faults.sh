#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# faults.sh POSTED ROOT: a module that crashes, loops or goes too deep is told where: exit
# 2, and no verdict; the other scenarios have theirs.
set -u
posted=$(realpath "$1") root=$(realpath "$2")
. "$root/tests/cli/lib.sh"
cd "$dir" || exit

cp "$root/tests/own/faults.c" bad.c
expect 0 "$posted" cc bad.c -o bad.so

# said SCENARIO WORDS LINE FUNCTION: what is said of it, with where.
said() {
	expect 2 "$posted" check --quiet --load bad.so "$1"
	has "$out" "^$1: no verdict: $2, in bad.c:$(grep -n "$3" bad.c | cut -d: -f1) $4\$"
	has "$out" "^$2, in bad.c:"
	[ "$(tail -n 1 "$out")" = '0 proved, 0 stopped, 0 violated, 1 crashed' ] ||
		wrong "$1: another count"
	replay=$(sed -n "s/^replay: posted replay --load [^ ]* '\(.*\)'\$/\1/p" "$out")
	expect 2 "$posted" replay --load bad.so "$replay"
	has "$out" "^$2, in bad.c:"
}
said crash 'crashed in take: segmentation fault at 0' 'list->on = 1' take
said stack 'crashed in dive: its stack overflows' 'too deep' deep
said follows 'crashed in setup: segmentation fault at 0' 'list->on = 2' follow_nothing
said asserts 'crashed in setup: abort' 'assert(list)' assert_nothing
has "$err" "^assertion failed before any schedule: list (bad.c:"
[ -z "${POSTED_SOAK:-}" ] || said loop 'loops in spin: 3 s of CPU time without a step' '!x;' spin

expect 0 "$posted" check --quiet --load bad.so fine
expect 2 "$posted" check --quiet --json --load bad.so fine crash
[ "$(grep -c '"verdict": "crashed"' "$out")" -eq 1 ] || wrong 'crashed is not told once'
has "$out" '"verdict": "proved"'
exit $failed
