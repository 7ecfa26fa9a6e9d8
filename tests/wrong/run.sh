#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh ROOT PATCH SCENARIO SC LIBRARY...: puts a bug back into a copy of the
# sources of ROOT and builds the explorer there: all that is explored if a header
# changes, else what changes, with the build's libraries. It must find the bug in
# SCENARIO, print its schedule, and replay it twice in the same words. SC says whether
# the bug shows without store buffers too: found or hidden.
set -eu
root=$1 patch=$2 scenario=$3 sc=$4
shift 4
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "${patch##*/}: $1" >&2
	exit 1
}

# expect STATUS FILE ARGUMENT...: runs the explorer, its output in FILE.
expect() {
	want=$1 out=$dir/$2 got=0
	shift 2
	"$dir/explore" "$@" >"$out" || got=$?
	[ "$got" -eq "$want" ] || fail "explore $*: exit $got, not $want: $(tail -n 3 "$out")"
}

cp -R "$root/include" "$root/src" "$dir"
patch --quiet --fuzz=0 -p1 -d "$dir" <"$patch" || fail "no longer applies; make it anew"
compile() {
	"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 \
		"-I$dir/src/exec/explore/include" "-I$dir/include" "-I$dir/src" "$@"
}
# What is judged calls back at each plain access, as in the build.
build_all() {
	(mkdir "$dir/judged" && cd "$dir/judged" &&
		compile -fsanitize=thread -c "$dir"/src/hw/*.c "$dir"/src/hyp/*.c)
	rm "$dir/src/check/all.c" # it asks the threaded machine
	explorer=$dir/src/exec/explore
	compile -o "$dir/explore" "$explorer"/main.c "$explorer"/scenario*.c "$explorer"/show.c \
		"$explorer"/world*.c "$dir"/src/exec/host_apic.c "$dir"/src/exec/iommu.c \
		"$dir"/src/check/*.c "$dir"/judged/*.o "$@"
}

build_changed() {
	for file in $changed; do
		case $file in
		src/hw/* | src/hyp/*) judged=-fsanitize=thread ;;
		*) judged= ;;
		esac
		# shellcheck disable=SC2086 # none, or one word
		compile $judged -c -o "$dir/${file##*/}.o" "$dir/$file"
	done
	# An object here stands before the one of the same symbols in a library.
	compile -o "$dir/explore" "$dir"/*.o "$dir/src/exec/explore/main.c" "$@"
}

changed=$(sed -n 's,^+++ b/,,p' "$patch")
case $changed in
*.h*) build_all "$@" ;;
*) build_changed "$@" ;;
esac

expect 1 found --first "$scenario"
choices=$(sed -n "s/^replay: explore $scenario \([0-9,]*\)\$/\1/p" "$dir/found")
grep -q '^replay: ' "$dir/found" || fail "no replay line"

expect 1 first "$scenario" "$choices"
expect 1 second "$scenario" "$choices"
cmp "$dir/first" "$dir/second" || fail "two replays differ"
# The replay tells what the search told, before its last line of figures.
sed '$d' "$dir/found" | cmp - "$dir/first" || fail "the replay tells another story"

case $sc in
found) expect 1 sc --first --sc "$scenario" ;;
hidden) expect 0 sc --sc "$scenario" ;;
*) fail "$sc is neither found nor hidden" ;;
esac
tail -n 3 "$dir/found"
