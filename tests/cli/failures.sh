#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# failures.sh POSTED JSON: a data file that is missing, that shrinks in mid-run or changes, and a
# descriptor that closes: a clear error each, the other devices carry on, exit 1.
set -u
posted=$1 json=$2
. "$(dirname "$0")/lib.sh"

# A reader with a block device over $1, and a ticker with one more device.
machine() {
	cat >"$dir/machine.yaml" <<-END
		pcpus: 2
		ways: [posted]
		vms:
		  - {name: disk, vcpus: 1, guest: reader}
		  - {name: clock, vcpus: 1, guest: ticker}
		devices:
		  - {type: block, vm: disk, file: $1, queues: 1, depth: 4}
		  - {type: $2, vm: clock}
	END
}
# run_while SECONDS COMMAND: the command comes while it runs.
run_while() {
	: >"$err"
	{ under_way; "$2"; } &
	run "$1"
	wait
}
run() {
	"$posted" run --seconds "$1" --runs 1 --json "$dir/machine.yaml" >"$out" 2>"$err"
	[ $? -eq 1 ] || wrong "exit is not 1"
	[ "$("$json" ok <"$out")" = false ] || wrong "ok, says the JSON"
}
ticks() {
	[ "$("$json" columns.0.ticks.median <"$out")" -gt 0 ] ||
		wrong "the ticker did not carry on"
}

machine "$dir/none" 'timer, hz: 1000'
run 0.3
has "$err" 'devices\[0\] (block): cannot read .*none: No such file'
ticks

mkfifo "$dir/fifo"
machine "$dir/fifo" 'timer, hz: 1000'
run 0.3
has "$err" 'fifo is neither a regular file'
ticks

: >"$dir/empty"
machine "$dir/empty" 'timer, hz: 1000'
run 0.3
has "$err" 'is empty'
ticks

# Cut while it is read.
cut_short() { : >"$dir/data"; }
dd if=/dev/urandom of="$dir/data" bs=1M count=4 2>"$dir/null"
machine "$dir/data" 'timer, hz: 1000'
run_while 2 cut_short
has "$err" 'posted: devices\[0\] (block): read of [0-9]* bytes at offset [0-9]* of .* failed'
ticks

# Changed while it is read.
change() {
	for _ in 1 2 3 4; do
		dd if=/dev/urandom of="$dir/data" bs=1M count=1 conv=notrunc 2>"$dir/null"
		sleep 0.2
	done
}
dd if=/dev/urandom of="$dir/data" bs=1M count=4 2>"$dir/null"
run_while 2 change
has "$err" '^posted run: posted: devices\[0\] (block): the guest read different data in two passes'

# The pipe's other end goes away. What comes early is the warm-up's.
dd if=/dev/urandom of="$dir/data" bs=1M count=4 2>"$dir/null"
machine "$dir/data" 'eventfd, fd: 5'
: >"$err"
{ echo; under_way; echo; } | {
	"$posted" run --seconds 2 --runs 1 --json "$dir/machine.yaml" 5<&0 >"$out" 2>"$err"
	echo $? >"$dir/status"
}
[ "$(cat "$dir/status")" = 1 ] || wrong "exit is not 1"
has "$err" '^posted run: posted: devices\[1\] (eventfd): descriptor 5 closed'
got=$("$json" columns.0.ticks.median columns.0.devices.0.runs.0.equal <"$out" | tr '\n' ' ')
[ "$got" = '1 true ' ] || wrong "the others did not carry on"

# Guests that need no device carry on without any.
cat >"$dir/machine.yaml" <<-END
	pcpus: 2
	ways: [posted]
	vms:
	  - {name: disk, vcpus: 1, guest: reader}
	  - {name: pair, vcpus: 2, guest: ipi}
	devices:
	  - {type: block, vm: disk, file: $dir/none}
END
run 0.3
has "$err" 'devices\[0\] (block): cannot read .*none: No such file'
[ "$("$json" columns.0.totals.handled <"$out")" -gt 0 ] || wrong "the pair did not carry on"

# Nothing is left.
sed -i /pair/d "$dir/machine.yaml"
run 0.1
has "$err" 'nothing is left to run'
exit $failed
