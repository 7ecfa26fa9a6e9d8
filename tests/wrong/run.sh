#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh ROOT PATCH SCENARIO MEMORY LIBRARY...: puts a bug back and builds the explorer
# with it (build.sh), from the build's libraries. It must find the bug in SCENARIO,
# print its schedule, and replay it twice in the same words. MEMORY is tso if the bug
# shows with store buffers only, else sc.
set -eu
root=$1 patch=$2 scenario=$3 memory=$4
shift 4
. "$(dirname "$0")/build.sh"

# expect STATUS FILE ARGUMENT...: runs the explorer, its output in FILE.
expect() {
	want=$1 out=$dir/$2 got=0
	shift 2
	"$dir/explore" "$@" >"$out" || got=$?
	[ "$got" -eq "$want" ] || fail "explore $*: exit $got, not $want: $(tail -n 3 "$out")"
}

build_explorer "$@" || fail "no longer applies, or compiles; make it anew"

expect 1 found --first "$scenario"
choices=$(sed -n "s/^replay: explore $scenario \([0-9,]*\)\$/\1/p" "$dir/found")
grep -q '^replay: ' "$dir/found" || fail "no replay line"

expect 1 first "$scenario" "$choices"
expect 1 second "$scenario" "$choices"
cmp "$dir/first" "$dir/second" || fail "two replays differ"
# The replay tells what the search told, before its last line of figures.
sed '$d' "$dir/found" | cmp - "$dir/first" || fail "the replay tells another story"

case $memory in
sc) expect 1 sc --first --sc "$scenario" ;;
tso) expect 0 sc --sc "$scenario" ;;
*) fail "$memory is neither sc nor tso" ;;
esac
tail -n 3 "$dir/found"
