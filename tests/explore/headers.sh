#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# headers.sh ROOT: include/explore/ for whoever includes it: each header needs no other one
# before it, and all are good C11 and good C++ for each compiler here, without a warning.
set -eu
root=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# compiles COMPILER LANGUAGE STANDARD FILE
compiles() {
	! command -v "$1" >/dev/null ||
		"$1" -x "$2" "-std=$3" -fsyntax-only -Wall -Wextra -Wpedantic -Werror \
			"-I$root/include" "$4"
}

for header in "$root"/include/explore/*.h; do
	echo "#include <explore/${header##*/}>" >"$dir/one.c"
	cat "$dir/one.c" >>"$dir/all.c"
	compiles cc c c11 "$dir/one.c"
done
compiles gcc c c11 "$dir/all.c"
compiles clang c c11 "$dir/all.c"
compiles g++ c++ c++17 "$dir/all.c"
compiles clang++ c++ c++17 "$dir/all.c"
