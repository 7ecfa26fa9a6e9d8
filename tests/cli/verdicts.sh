#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# verdicts.sh POSTED BROKEN JSON: what a check that came to this or that exits with, says
# last, and calls proved. BROKEN is the same command with scenarios that fail.
set -u
posted=$1 broken=$2 json=$3
. "$(dirname "$0")/lib.sh"

# judged NAME STATUS PROVED LAST COMMAND ARGUMENT...: as text and as JSON.
judged() {
	name=$1 wanted=$2 proved=$3 last=$4
	shift 4
	[ -z "$reset" ] || rm -f "$reset"
	"$@" >"$out" 2>"$err"
	status=$?
	[ $status -eq "$wanted" ] || wrong "$name: exit $status, not $wanted"
	[ "$(tail -n 1 "$out")" = "$last" ] || wrong "$name: the last line is not: $last"
	[ -z "$reset" ] || rm -f "$reset"
	"$@" --json >"$out" 2>"$err"
	status=$?
	[ $status -eq "$wanted" ] || wrong "$name: with --json, exit $status, not $wanted"
	is "$proved" proved
	is "$([ "$wanted" -eq 0 ] && echo true || echo false)" ok
	"$json" verdicts <"$out" >"$dir/counts" || wrong "$name: no counts"
	for count in $(echo "$last" | tr -d ' ' | tr , ' '); do
		n=${count%%[!0-9]*} word=${count#"$n"}
		[ "$word" != inpart ] || word=part
		has "$dir/counts" "\"$word\":$n\b"
	done
}
reset=

# Every way to end: STATUS PROVED LAST-LINE FLAGS
while read -r wanted proved last flags; do
	last=$(echo "$last" | tr _, ' ,' | sed 's/,/, /g')
	# shellcheck disable=SC2086 # flags are words
	judged "$flags" "$wanted" "$proved" "$last" "$posted" check --quiet $flags preempt
done <<-END
	0 true 1_proved,0_stopped,0_violated
	0 true 1_proved,0_stopped,0_violated --sc
	0 true 1_proved,0_stopped,0_violated --twice
	0 true 1_proved,0_stopped,0_violated --shard 1/1
	0 true 1_proved,0_stopped,0_violated --max-schedules 1000000
	0 true 1_proved,0_stopped,0_violated --max-steps 1000
	0 true 1_proved,0_stopped,0_violated --max-seconds 600
	3 false 0_proved,1_stopped,0_violated --max-schedules 3
	3 false 0_proved,1_stopped,0_violated --max-seconds 0.000001
	3 false 0_proved,1_stopped,0_violated --max-steps 9
	3 false 0_proved,1_stopped,0_violated --max-steps 1
	3 false 0_proved,1_stopped,0_violated --max-memory 1
	3 false 0_proved,1_stopped,0_violated --preemptions 1
	3 false 0_proved,1_stopped,0_violated --random 50
	3 false 0_proved,1_stopped,0_violated --pct 50 --change-points 2 --seed 7
	3 false 0_proved,1_stopped,0_violated --shard 1/2 --max-schedules 3
	3 false 0_proved,0_stopped,0_violated,1_in_part --shard 1/2
	3 false 0_proved,0_stopped,0_violated,1_in_part --shard 65535/65535
END
judged '--full' 0 true '1 proved, 0 stopped, 0 violated' "$broken" check --quiet --full good
# A bound on one of two is none on the other.
judged 'two of them' 3 false '1 proved, 1 stopped, 0 violated' \
	"$posted" check --quiet --max-schedules 100 enter in_a_row

# From a frontier: stopped, at its end, and when it is over.
reset=$dir/frontier
judged 'with a frontier' 3 false '0 proved, 1 stopped, 0 violated' \
	"$posted" check --quiet --frontier "$dir/frontier" --max-schedules 9 enter
reset=
for again in 'to its end' 'when it is over'; do
	judged "$again" 0 true '1 proved, 0 stopped, 0 violated' \
		"$posted" check --quiet --frontier "$dir/frontier" enter
done
reset=$dir/steps
judged 'cut off' 3 false '0 proved, 1 stopped, 0 violated' \
	"$posted" check --quiet --frontier "$dir/steps" --max-steps 9 enter
reset=
judged 'cut off, and over' 3 false '0 proved, 1 stopped, 0 violated' \
	"$posted" check --quiet --frontier "$dir/steps" --max-steps 9 enter
echo '{}' >"$dir/other"
judged 'no frontier' 2 false '0 proved, 0 stopped, 0 violated, 1 unusable' \
	"$posted" check --quiet --frontier "$dir/other" enter

# Merged: all parts, or one that stopped; and parts in which there is nothing at all.
for part in 1 2; do
	"$posted" check --quiet --json --shard $part/2 enter exit >"$dir/$part.json"
done
"$posted" check --quiet --json --shard 2/2 --max-schedules 2 enter exit >"$dir/short.json"
judged 'merged' 0 true '2 proved, 0 stopped, 0 violated' \
	"$posted" check --merge "$dir/1.json" "$dir/2.json"
judged 'merged with a part that stopped' 3 false '0 proved, 2 stopped, 0 violated' \
	"$posted" check --merge "$dir/1.json" "$dir/short.json"
has "$out" 'part 2/2: the bound on schedules'
for part in 1 2; do
	sed 's/"schedules": [0-9]*/"schedules": 0/' "$dir/$part.json" >"$dir/none$part.json"
done
judged 'merged from nothing' 3 false '0 proved, 2 stopped, 0 violated' \
	"$posted" check --merge "$dir/none1.json" "$dir/none2.json"

# What is wrong is worse than what is missing.
judged 'violated' 1 false '0 proved, 0 stopped, 1 violated' "$broken" check --quiet buffers
judged 'violated, in a sample' 1 false '0 proved, 0 stopped, 1 violated' \
	"$broken" check --quiet --random 100 buffers
judged 'violated, crashed and unfit' 1 false \
	'2 proved, 0 stopped, 3 violated, 1 unfit, 1 crashed, 1 broken' \
	"$broken" check --quiet --deep
reset=$dir/crash.buffers
judged 'stopped, crashed' 1 false '0 proved, 1 stopped, 0 violated, 1 crashed' \
	"$broken" check --quiet --max-schedules 1 --frontier "$dir/crash" buffers crashes
reset=

# What could not even be begun is not proved, whatever the others are.
expect 1 sh -c 'ulimit -n 6 && exec "$@"' sh "$posted" check --quiet --json --jobs 9 \
	enter exit preempt move
has "$err" '^posted check: no process can be begun: Too many open files$'
is false proved

# A schedule that does not fit is shown, and blamed on nobody.
expect 1 "$broken" check --quiet unfit
has "$out" '^unfit  .*  unfit$'
has "$out" '^unfit: no verdict: y is written, which the scenario lists as a constant: take it off'
has "$out" '^unfit: y is written'
! grep -q 'blamed\|[1-9][0-9]* violated' "$out" || wrong "unfit, and called violated"
name=$(sed -n "s/^replay: posted replay '\(.*\)'$/\1/p" "$out")
expect 1 "$broken" replay --json "$name"
is unfit verdict

# Nor does one that crashes prove anything: it is shown up to there, and crashes again.
expect 1 "$broken" check --quiet crashes
has "$out" '^crashes  .*  crashed$'
has "$out" '^crashes: no verdict: crashed in C: illegal instruction, in '
has "$out" '^   1    buffer x: 0x1'
has "$out" '^crashed in C: illegal instruction, in '
! grep -q '[1-9][0-9]* violated' "$out" || wrong "crashed, and called violated"
sed '1,/^crashes, x86/d' "$out" | grep -v ' crashed$' >"$dir/crash"
name=$(sed -n "s/^replay: posted replay '\(.*\)'$/\1/p" "$out")
expect 1 "$broken" replay "$name"
sed 1d "$out" >"$dir/again"
grep -v '^$' "$dir/crash" >"$dir/crash.rows"
grep -v '^$' "$dir/again" | cmp -s - "$dir/crash.rows" || wrong "a crash, replayed, is another"
expect 1 "$broken" replay --json "$name"
is crashed verdict

# Interrupted, it says what it came to, and dies by the signal: a shell's loop stops.
interrupted() { # interrupted SIGNAL FLAG...
	signal=$1
	shift
	: >"$out"
	env --default-signal="$signal" "$posted" check --quiet "$@" enter high_pressure \
		>"$out" 2>"$err" &
	for try in $(seq 500); do
		! grep -q '^enter .* proved' "$out" || break
		case $* in
		--json) [ "$try" -lt 10 ] || break ;; # it prints at its end
		esac
		sleep 0.1
	done
	kill -s "$signal" $!
	wait $!
	status=$?
	[ "$(kill -l $status)" = "$signal" ] || wrong "SIG$signal $*: exit $status"
}
for signal in INT TERM; do
	interrupted $signal --frontier "$dir/$signal"
	has "$out" \
		'^high_pressure: nothing found.* interrupted; the same command goes on from there$'
	[ "$(tail -n 1 "$out")" = '1 proved, 1 stopped, 0 violated' ] ||
		wrong "SIG$signal: no count at the end"
	[ -s "$dir/$signal.high_pressure" ] || wrong "SIG$signal: its place is not saved"
done
interrupted INT --json
is false proved
"$json" verdicts <"$out" | grep -q '"stopped":[12],' || wrong "no count of what was interrupted"

# A replay that stops early has judged nothing, and one that cannot be is none, wherever it stops.
expect 1 "$broken" check --quiet gaps
name=$(sed -n "s/^replay: posted replay '\(.*\)'$/\1/p" "$out")
build=$(echo "$name" | cut -d: -f3)
steps=$(sed -n 's/^gaps: violated: in \([0-9]*\) steps.*/\1/p' "$out")
[ "$steps" -gt 4 ] || wrong "no losing schedule to stop"
for step in $(seq $((steps + 2))); do
	if [ "$step" -lt "$steps" ]; then
		expect 3 "$broken" replay --stop-at "$step" "$name"
		! grep -q 'holds\|lost' "$out" || wrong "judged, but stopped after step $step"
		has "$out" "^stopped after step $step of $steps: nothing is judged"
		expect 3 "$broken" replay --json --stop-at "$step" "$name"
		is stopped verdict
		is "$steps" steps
	else
		expect 1 "$broken" replay --stop-at "$step" "$name"
		has "$out" '^lost: '
	fi
	expect 2 "$broken" replay --stop-at "$step" "gaps:tso:$build:0,0,0,0,0,0,9"
	expect 2 "$broken" replay --stop-at "$step" "$name,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1"
done
expect 0 "$broken" replay "gaps:sc:$build:"
has "$out" '^holds: '
expect 3 "$broken" replay --stop-at 1 "gaps:sc:$build:"

# A circle has no end at which it could be judged.
expect 0 "$broken" replay "dawdles:tso:$build:1"
expect 3 "$broken" replay --json "dawdles:tso:$build:"
is unfair verdict
expect 3 "$broken" replay "dawdles:tso:$build:0x200"
has "$out" '^unfair: it goes round in a circle'

# The hash on which all of this depends.
expect 0 "$broken" --version
has "$out" "^posted [0-9.]* (build $build)$"
exit $failed
