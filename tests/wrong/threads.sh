#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# threads.sh ROOT PATCH WORDS LIBRARY...: puts a bug back into a copy of the threaded
# machine's sources and builds what changes, with the build's libraries, under chaos,
# which must say WORDS.
set -eu
root=$1 patch=$2 words=$3
shift 3
. "$(dirname "$0")/build.sh"

put_back || fail "no longer applies; make it anew"
for file in $(changed); do
	compile_plain -c -o "$(object_of "$file")" "$dir/$file"
done
# An object here stands before the one of the same symbols in a library.
compile_plain -o "$dir/chaos" "$root"/tests/chaos/*.c "$dir"/*.o "$@" -lurcu-memb -pthread
if "$dir/chaos" 0.5 33 >"$dir/out"; then
	fail "chaos does not see it"
fi
grep -F -- "$words" "$dir/out" || fail "chaos fails, but says nothing of \"$words\""
