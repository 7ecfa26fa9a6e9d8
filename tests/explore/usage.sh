#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# usage.sh EXPLORE: what the command says to those who do not know it, and to
# those who mistype.
set -eu
explore=$1

# expect STATUS TEXT ARGUMENT...: exits with STATUS, TEXT somewhere in what it prints.
expect() {
	want=$1 text=$2 got=0
	shift 2
	out=$("$explore" "$@" 2>&1) || got=$?
	case $out in
	*"$text"*) ;;
	*) got="$got without \"$text\": $out" ;;
	esac
	[ "$got" = "$want" ] || { echo "explore $*: exit $got, not $want" >&2; exit 1; }
}

expect 0 'preempt        a post against'
expect 2 'no scenario "post"' post
expect 2 '"now" is too much' preempt 0 now
expect 2 'no list of choices' preempt 0,,1
expect 2 'no list of choices' preempt 0,1,
expect 2 'no list of choices' preempt 256
expect 2 'not possible in preempt' preempt 0,9
expect 2 'not possible in preempt' preempt "$(printf '0,%.0s' $(seq 100))0"
expect 0 'holds: nothing is lost in this schedule' preempt ''
expect 0 'holds: nothing is lost in this schedule' --sc preempt 1,0,1
