#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh FUZZER CORPUS: runs each seed of the corpus once, then fuzzes from a copy
# of it for 2 seconds, or 45 with POSTED_SOAK=1. A crash, a leak, undefined
# behaviour or an input that takes 10 seconds fails, and the input is printed.
set -u
fuzzer=$1 corpus=$2
seconds=2
[ -z "${POSTED_SOAK:-}" ] || seconds=45
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/corpus" "$dir/found"

# give_up WHAT: the end of the log has the input too, in base64.
give_up() {
	tail -n 60 "$dir/log"
	echo "$1"
	for input in "$dir"/found/*; do
		[ -f "$input" ] || continue
		echo "the input, for od -r or xxd -r:"
		od -A x -t x1 "$input" | head -n 100
	done
	exit 1
}

# fuzz ARGUMENT...
fuzz() {
	"$fuzzer" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$dir/found/" "$@" \
		>"$dir/log" 2>&1
}

cp "$corpus"/* "$dir/corpus" || exit 1
for seed in "$corpus"/*; do
	fuzz "$seed" || give_up "the seed $seed fails"
done
fuzz -max_total_time="$seconds" -print_final_stats=1 "$dir/corpus" ||
	give_up "an input was found that fails"
executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/log")
echo "$executions inputs in $seconds s, from $(ls "$corpus" | wc -l) seeds"
[ "${executions:-0}" -ge 100 ] || give_up "so few inputs prove nothing"
