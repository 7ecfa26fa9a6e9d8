#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh ROOT PATCH SCENARIO SC LIBRARY...: puts a bug back into a copy of the
# sources of ROOT and builds the explorer there: what changes, and what includes a
# header that does, with the build's libraries. It must find the bug in SCENARIO,
# print its schedule, and replay it twice in the same words. SC says whether the bug
# shows without store buffers too: found or hidden.
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
# including HEADER: the sources of what is explored that include it, by the compiler's rules.
including() {
	cd "$dir"
	compile -MM src/hw/*.c src/hyp/*.c src/check/*.c src/exec/host_apic.c src/exec/iommu.c \
		src/exec/explore/*.c |
		awk -v header="$1" '
			/^[^ ]/ { source = $2 }
			index($0 " ", "/" header " ") && !seen[source]++ { print source }' |
		grep -v -e /explore/main.c -e /check/all.c # made below; of the threaded machine
}
# What is judged calls back at each plain access, as in the build.
build() {
	case $1 in
	src/hw/* | src/hyp/*) judged=-fsanitize=thread ;;
	*) judged= ;;
	esac
	# shellcheck disable=SC2086 # none, or one word
	compile $judged -c -o "$dir/${1##*/}.o" "$dir/$1"
}

for changed in $(sed -n 's,^+++ b/,,p' "$patch"); do
	case $changed in
	*.h) for file in $(including "$changed"); do build "$file"; done ;;
	*) build "$changed" ;;
	esac
done
# An object here stands before the one of the same symbols in a library.
compile -o "$dir/explore" "$dir"/*.o "$dir/src/exec/explore/main.c" "$@"

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
