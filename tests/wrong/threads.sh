#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# threads.sh ROOT PATCH WORDS LIBRARY...: puts a bug back into a copy of the threaded
# machine's sources and builds what changes, with the build's libraries, under chaos,
# which must say WORDS.
set -eu
root=$1 patch=$2 words=$3
shift 3
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "${patch##*/}: $1" >&2
	exit 1
}

cp -R "$root/include" "$root/src" "$dir"
patch --quiet --fuzz=0 -p1 -d "$dir" <"$patch" || fail "no longer applies; make it anew"
for file in $(sed -n 's,^+++ b/,,p' "$patch"); do
	"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 "-I$dir/include" "-I$dir/src" \
		-c -o "$dir/${file##*/}.o" "$dir/$file"
done
# An object here stands before the one of the same symbols in a library.
"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 "-I$dir/include" "-I$dir/src" -o "$dir/chaos" \
	"$root"/tests/chaos/*.c "$dir"/*.o "$@" -lurcu-memb -pthread
if "$dir/chaos" 0.5 33 >"$dir/out"; then
	fail "chaos does not see it"
fi
grep -F -- "$words" "$dir/out" || fail "chaos fails, but says nothing of \"$words\""
