#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# example.sh POSTED JSON EXAMPLE: the example runs, nothing is lost, every figure is there.
set -u
posted=$1 json=$2 example=$3
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

"$posted" run --seconds 0.2 --runs 1 --json "$example" >"$dir/out" 2>"$dir/err"
status=$?
if grep -q O_DIRECT "$dir/err"; then
	echo "skipped: the temporary directory does not know O_DIRECT"
	exit 77
fi
cat "$dir/err"
[ $status -eq 0 ] || { echo "$example: exit $status"; exit 1; }
[ "$("$json" ok <"$dir/out")" = true ] || { echo "$example: not ok"; exit 1; }
head -1 "$example" | grep -q '^# ' || { echo "$example: no comment on top"; exit 1; }
