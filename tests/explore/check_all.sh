#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# check_all.sh POSTED all|some DOC: every scenario of the default set is proved; in
# soak the deep ones too. Some: as far as a thousand schedules go, where a sanitizer
# makes them last. All of them took about as many schedules as DOC's table has: where
# states meet, what a compiler leaves on stacks keeps a few apart.
set -eu
posted=$1 bound='' doc=$3
[ -z "${POSTED_SOAK:-}" ] || bound=--deep
wanted=0
[ "$2" = all ] || bound='--max-schedules 1000' wanted=3
out=$(mktemp)
trap 'rm -f "$out"' EXIT

status=0
# shellcheck disable=SC2086 # none, or two words
"$posted" check --all $bound --quiet >"$out" || status=$?
cat "$out"
[ $status -eq $wanted ] || { echo "exit $status, not $wanted"; exit 1; }
awk -v all="$2" '
	/^$/ { exit } # sentences follow
	NR > 1 && !/ proved$/ && (all == "all" || !/ stopped$/) { bad = 1 }
	{ rows = NR }
	END { exit bad || rows < 20 }' "$out"
[ "$2" = all ] || exit 0
awk '/ proved$/ { print $1, $2 }' "$out" | while read -r name schedules; do
	told=$(sed -n "s/^| \`$name\`.* | \([0-9,]*\) | [0-9.]* |$/\1/p" "$doc" | tr -d ,)
	[ "${told:-0}" -le $((2 * schedules)) ] && [ "$schedules" -le $((2 * ${told:-0})) ] || {
		echo "$doc: $name took $schedules schedules, the table has $told"
		exit 1
	}
done
