#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# stacks.sh POSTED ROOT: what others access of a stack is as if it were static: tests/own/stacks.c.
# Of clang's code nothing is said, for it does not tell of all accesses.
set -u
posted=$(realpath "$1") root=$(realpath "$2")
. "$root/tests/cli/lib.sh"
cd "$dir" || exit

# made HOW...: tests/own/stacks.c, so compiled.
made() {
	expect 0 "$posted" cc -Wall -Wextra -Werror -Wno-unused-parameter "$@" \
		"$root/tests/own/stacks.c" -o stacks.so
}

# wrong_with DEFINED WORDS: so the sleeper is wrong, and the schedule that is named shows it.
wrong_with() {
	made "-D$1"
	expect 1 "$posted" check --quiet --load stacks.so listed
	has "$out" "$2"
	replay=$(sed -n "s/^replay: posted replay --load [^ ]* '\(.*\)'\$/\1/p" "$out")
	expect 1 "$posted" replay --load stacks.so "$replay"
	has "$out" "$2"
}

for level in -O0 -O2; do
	made --compiler gcc $level
	for how in '' '--jobs 2' --twice; do
		# shellcheck disable=SC2086 # no word, or several
		expect 0 "$posted" check --quiet $how --load stacks.so listed own again places
		has "$out" '^4 proved, 0 stopped, 0 violated$'
		# shellcheck disable=SC2086
		expect 1 "$posted" check --quiet $how --load stacks.so \
			buffers handler kept_on condition jumped inlined looked each_looks
		has "$out" '^0 proved, 0 stopped, 8 violated$'
	done
	has "$out" '^neither sees what the other stored$'
	has "$out" '^an interrupt comes between$'
	has "$out" '^answers accesses stack of asks-0x[0-9a-f]*, of a function that has returned$'
	has "$out" '^it is seen when it is set first$'
	has "$out" '^reads accesses stack of jumps-0x[0-9a-f]*, of a function that has returned$'
	has "$out" '^reads accesses stack of goes on-0x[0-9a-f]*, of a function that has returned$'
	has "$out" '^waits looks at stack of goes on-0x[0-9a-f]*, of a function that has returned$'
	has "$out" '^each looks at stack of goes on-0x[0-9a-f]*, of a function that has returned$'
	expect 0 "$posted" check --quiet --sc --load stacks.so buffers
done

# A search that stopped goes on, in another process.
rm -f listed
for i in 1 2 3 4 5 6 7 8 9; do
	"$posted" check --quiet --frontier listed --max-schedules 1 --load stacks.so \
		listed >"$out" && break
done
has "$out" '^1 proved, 0 stopped, 0 violated$'
[ "$i" -gt 1 ] || wrong 'the search did not stop'

gone='^waker accesses stack of sleeper-0x[0-9a-f]*, of a function that has returned$'
wrong_with UNLOCKED .
wrong_with LATE "$gone"
wrong_with CARELESS "$gone"
wrong_with READS "$gone"
has "$out" 'stack of sleeper-0x'

# Parts of a search learn of different words: nobody says that all is well.
made
expect 2 "$posted" check --quiet --shard 1/2 --load stacks.so listed
has "$out" '^listed: no verdict: .* a search that is divided'
expect 2 "$posted" check --quiet --load stacks.so deep
has "$out" '^deep: no verdict: .* deeper than the 16 KiB'
if command -v clang >/dev/null; then
	made --compiler clang
	expect 2 "$posted" check --quiet --load stacks.so listed
	has "$out" '^listed: no verdict: .* take gcc'
fi
exit $failed
