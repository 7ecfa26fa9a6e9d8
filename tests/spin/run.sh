#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh ROOT LIBRARY LIBRARY BUG [FLAG PATCH]: Spin judges the model of the protocol with FLAG,
# and the explorer the sources of ROOT with PATCH of bugs/, which put the same
# bug back. Both must find it; without a bug (BUG is none) both must search
# everything and find nothing. Both without store buffers, which Spin has not.
set -eu
root=$1 scenarios=$2 explorer=$3 bug=$4 flag=${5:-} patch=${6:-}
here=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-cc}
. "$here/../wrong/build.sh"

fail() {
	echo "$bug: $1" >&2
	exit 1
}

# What Spin says: holds or fails.
spin_verdict() {
	cd "$dir"
	spin $flag -a "$here/posted.pml" >spin.out || fail "spin: $(cat spin.out)"
	# Spin's C is not ours: no warnings.
	$cc -O2 -w -fgnu89-inline -DSAFETY -o pan pan.c || fail "what Spin wrote does not compile"
	./pan -E >pan.out || fail "pan: $(tail -n 3 pan.out)"
	grep 'states, stored\|errors:' pan.out >&2
	if grep -q 'assertion violated' pan.out; then
		echo fails
	elif grep -q 'errors: 0$' pan.out && ! grep -q 'max search depth too small' pan.out; then
		echo holds
	else
		fail "not all was searched: $(cat pan.out)"
	fi
}

# What the explorer says of the sources: holds or fails.
explorer_verdict() {
	build_explorer "$scenarios" "$explorer" || fail "$patch does not apply"
	cd "$dir"
	verdict=holds
	for scenario in preempt halt; do
		status=0
		./explore --first --sc "$scenario" >explore.out || status=$?
		tail -n 1 explore.out >&2
		case $status in
		0) ;;
		1) verdict=fails ;;
		*) fail "explore $scenario: exit $status" ;;
		esac
	done
	echo $verdict
}

right=fails
[ "$bug" != none ] || right=holds
spin=$(spin_verdict)
explorer=$(explorer_verdict)
echo "$bug: Spin: it $spin; the explorer: it $explorer; right: it $right"
[ "$spin" = $right ] && [ "$explorer" = $right ]
