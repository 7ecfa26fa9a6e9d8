#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# unit.sh ROOT PATCH TEST WORDS [OPTION]...: puts a bug back into a copy of hyp/ and
# builds the test TEST of ROOT with it, with these options. It must fail with WORDS.
set -eu
root=$1 patch=$2 test=$3 words=$4
shift 4
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "${patch##*/}: $1" >&2
	exit 1
}

cp -R "$root/include" "$root/src" "$dir"
patch --quiet --fuzz=0 -p1 -d "$dir" <"$patch" || fail "no longer applies; make it anew"
"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 -o "$dir/test" "$root/$test" "$dir"/src/hyp/*.c \
	"$@" "-I$dir/include" "-I$dir/src" -lcmocka
if "$dir/test" >"$dir/out" 2>&1; then
	fail "$test does not see it"
fi
grep -F -- "$words" "$dir/out" || fail "$test fails, but says nothing of \"$words\""
