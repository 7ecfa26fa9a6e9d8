#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# completion.bash FILE: what the completion offers.
set -u
source "$1" || exit 1
cd "$(mktemp -d)" || exit 1
trap 'rm -rf "$PWD"' EXIT
posted() { printf '  enter  one\n  exit   two\n'; }
touch machine.yaml other.txt
failed=0

# expect WORDS -- WORD...: for a command line that ends in the word to be completed.
expect() {
	local wanted=$1 got
	shift 2
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	_posted
	got="${COMPREPLY[*]}"
	[ "$got" = "$wanted" ] && return
	echo "$*: offers \"$got\", not \"$wanted\""
	failed=1
}

expect 'run replay' -- posted r
expect '--help --version run check replay decode dmar' -- posted ''
expect '--seconds' -- posted run --s
expect '--json' -- posted run --seconds 1 --j
expect 'user irqfd posted' -- posted run --way ''
expect 'irqfd' -- posted run --way i
expect 'apicv x2apic ipiv posted_msi' -- posted run --compare ''
expect 'machine.yaml' -- posted run m
expect 'other.txt' -- posted run --histogram o
expect '' -- posted run --seconds ''
expect 'exit' -- posted check ex
expect '--max-schedules --max-seconds --max-steps --max-memory' -- posted check --max
expect 'other.txt' -- posted check --trace o
expect 'other.txt' -- posted check --merge o
expect 'pid vmcs lists' -- posted replay --show ''
expect '' -- posted replay o
exit $failed
