#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# seam.sh ROOT: the two posted/atomic.h offer the same functions, with the same
# signatures, the same macros and the same types.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# What a header offers, one line each, whatever its line breaks.
offers() {
	tr '\n' ' ' <"$1" | sed 's|/\*[^*]*\*/||g; s/static inline/\n&/g' |
		sed -n 's/^\(static inline [^{]*[^ {]\) *{.*/\1/p' | tr -s ' \t' ' '
	grep -oE '^#define pstd_[a-z0-9_]+\([^)]*\)' "$1"
	grep -E '^struct [a-z0-9_]+ \{|^(__extension__ )?typedef ' "$1"
}

offers "$1/include/posted/atomic.h" | sort >"$dir/real"
offers "$1/src/world/include/posted/atomic.h" | sort >"$dir/explorer"
[ "$(wc -l <"$dir/real")" -gt 20 ] || { echo "found hardly anything; is the layout new?"; exit 1; }
diff -u "$dir/real" "$dir/explorer" || {
	echo "the seams have drifted apart: give both the same"
	exit 1
}
