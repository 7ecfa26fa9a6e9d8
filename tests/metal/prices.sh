#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# prices.sh ROOT: what judges the prices of a run, and the document's table of them, refuses what
# it should; and that table is right.
set -u
root=$1 here=$1/tests/metal
. "$root/tests/cli/lib.sh"

printf '%s\n' '# a b' 'enter 70 0 1' 'exit 60 2 0' >"$dir/ceiling"
run() { # run LINE...: what a run says
	printf '%s\n' 'ok   it runs' "$@" >"$dir/serial"
}
judge() { expect "$1" awk -f "$here/ceiling.awk" "$dir/ceiling" "$dir/serial"; }
enter='price enter instructions=70 vmread=0 vmwrite=1'
exit='price exit instructions=9 vmread=2 vmwrite=0'
run "$enter" "$exit"
judge 0
run "$exit" 'price enter instructions=71 vmread=0 vmwrite=1'
judge 1
has "$out" 'enter: 71 instructions, more than the 70'
run "$exit" 'price enter instructions=70 vmread=1 vmwrite=1'
judge 1
has "$out" 'enter: 1 VMREADs, more than the 0'
run "$exit" 'price enter instructions=70 vmread=0 vmwrite='
judge 1
has "$out" 'enter: no count of VMWRITEs'
run "$enter"
judge 1
has "$out" 'exit: of .*the run does not tell'
run "$enter" "$exit" 'price load instructions=1 vmread=0 vmwrite=0'
judge 1
has "$out" 'load: not in'

table() { # table ROW...
	printf '%s\n' '| `exit` | 1 | 1 | 1 | 1 |' '## What it costs' "$@" '## Else' >"$dir/doc"
}
compare() { expect "$1" awk -f "$here/cost.awk" "$dir/ceiling" "$dir/doc"; }
table '| `enter` | enters | 70 | 0 | 1 |' '| `exit` | exits | 60 | 2 | 0 |'
compare 0
table '| `enter` | enters | 70 | 0 | 1 |' '| `exit` | exits | 60 | 2 | 1 |'
compare 1
has "$out" 'exit: 60 2 1, but 60 2 0'
table '| `enter` | enters | 70 | 0 | 1 |'
compare 1
has "$out" 'exit: .*not in the table'

expect 0 awk -f "$here/cost.awk" "$here/ceiling" "$root/doc/embedding.md"
exit $failed
