#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# unit.sh ROOT PATCH TEST WORDS [OPTION]...: puts a bug back into a copy of hyp/ and
# builds the test TEST of ROOT with it, with these options. It must fail with WORDS.
set -eu
root=$1 patch=$2 test=$3 words=$4
shift 4
. "$(dirname "$0")/build.sh"

put_back || fail "no longer applies; make it anew"
compile_plain -o "$dir/test" "$root/$test" "$dir"/src/hyp/*.c "$@" -lcmocka
if "$dir/test" >"$dir/out" 2>&1; then
	fail "$test does not see it"
fi
grep -F -- "$words" "$dir/out" || fail "$test fails, but says nothing of \"$words\""
