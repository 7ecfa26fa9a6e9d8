#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# frontier.sh POSTED JSON: a search that is interrupted goes on from its frontier and
# ends as one that was not; a frontier that is damaged, or not its own, is refused.
set -u
posted=$1 json=$2
. "$(dirname "$0")/lib.sh"
file=$dir/frontier

# begin ARGUMENT...: a check in the background, as $pid, that heeds signals by now.
begin() {
	: >"$out"
	env --default-signal=INT "$posted" check --quiet "$@" >"$out" 2>"$err" &
	pid=$!
	for try in $(seq 500); do
		! grep -q '^scenario' "$out" || break
		sleep 0.05
	done
}
# interrupted SIGNAL [STATUS]: it died by the signal; or it was quicker, and exited with STATUS.
interrupted() {
	wait $pid
	status=$?
	[ "$(kill -l $status 2>/dev/null)" = "$1" ] || [ $status -eq "${2:--1}" ] ||
		wrong "$1: exit $status"
}
# column N NAME: of the table. Its counts: schedules, pruned, steps, depth.
column() { awk -v n="$1" -v name="$2" '$1 == name { print $n }' "$out"; }
counts() { awk -v name="$1" '$1 == name { print $2, $3, $4, $5 }' "$out"; }

# adds_up EXACTLY STATUS VERDICT NAME ARGUMENT...: interrupted three times, its runs add up to one
# that was left alone, or come to its verdict, where states meet, which a frontier does not keep.
# (One that is quick, or a machine that is, may end before.)
adds_up() {
	exactly=$1 whole_status=$2 verdict=$3 name=$4 seconds=0
	shift
	shift 3
	rm -f "$file"
	"$posted" check --quiet "$@" "$name" >"$dir/whole" &
	whole=$!
	for signal in INT TERM INT; do
		begin --frontier "$file" "$@" "$name"
		sleep 0.1
		kill -s $signal $pid 2>/dev/null
		interrupted $signal $whole_status
		awk -v a="$seconds" -v b="$(column 7 "$name")" 'BEGIN { exit !(b >= a) }' ||
			wrong "the seconds do not go on from $seconds"
		seconds=$(column 7 "$name")
		[ ! -e "$file.new" ] || wrong "a half-written frontier was left behind"
	done
	expect $whole_status "$posted" check --quiet --frontier "$file" "$@" "$name"
	has "$out" "^$name .* $verdict$"
	wait $whole
	got=$(counts "$name")
	cp "$dir/whole" "$out"
	"$exactly" || return 0
	[ "$got" = "$(counts "$name")" ] || wrong "interrupted: $got"
}
adds_up true 3 stopped halt --preemptions 1
adds_up false 3 part hotplug --shard 2/3
adds_up false 0 proved wake_elsewhere

# What is over is not begun anew, and says so.
cp "$file" "$dir/over"
expect 0 "$posted" check --quiet --frontier "$file" wake_elsewhere
[ "$got" = "$(counts wake_elsewhere)" ] || wrong "repeated, but not as it was: $got"
has "$out" '^wake_elsewhere: its frontier says that this search is over'
expect 0 "$posted" check --quiet --json --frontier "$file" wake_elsewhere
"$json" scenarios <"$out" | grep -q '"repeated":true' || wrong "repeated, but not said"
cmp -s "$file" "$dir/over" || wrong "a frontier of what is over was changed"

# A long one: never proved; all that run are saved; the next run goes on from there.
for signal in INT TERM; do
	rm -f "$file".*
	begin --full --jobs 2 --frontier "$file" pressure two_senders
	kill -s $signal $pid
	interrupted $signal
	for name in pressure two_senders; do
		has "$out" "^$name .* stopped$"
		has "$out" "^$name: nothing found.* interrupted; the same command goes on from"
		[ -s "$file.$name" ] || wrong "$signal: no frontier of $name"
	done
done
schedules=$(column 2 pressure)
expect 3 "$posted" check --quiet --full --frontier "$file.pressure" --max-schedules 7 pressure
[ "$(column 2 pressure)" -eq $((schedules + 7)) ] || wrong "not $schedules schedules and 7"

# Without a frontier nothing is said of going on. What was not begun is not proved.
signal=INT
begin --full --jobs 1 pressure two_senders
kill -s INT $pid
interrupted INT
has "$out" '^pressure .* stopped$'
has "$out" '^two_senders  *0 .* stopped$'
! grep -q 'goes on' "$out" || wrong "goes on, from nothing"

# A second signal kills, even if a search does not stop; none is left behind.
begin --frontier "$dir/none" high_pressure
if child=$(cat /proc/$pid/task/$pid/children 2>/dev/null) && [ -n "$child" ]; then
	kill -s STOP $child
	kill -s INT $pid
	sleep 1
	kill -s INT $pid
	interrupted INT
	for try in $(seq 100); do
		kill -0 $child 2>/dev/null || break
		sleep 0.05
	done
	! kill -0 $child 2>/dev/null || wrong "a search outlives the command"
	[ ! -e "$dir/none" ] || wrong "killed, but saved"
else
	kill -s KILL $pid
fi

# refused TEXT [ADVICE]: so is the frontier, which stays as it is.
refused() {
	cp "$file" "$dir/before"
	expect 2 "$posted" check --quiet --frontier "$file" preempt
	has "$err" "^posted check: preempt: .*frontier$1; ${2:-remove the frontier to begin anew}$"
	cmp -s "$file" "$dir/before" || wrong "refused, but changed: $1"
}
rm -f "$file"
expect 3 "$posted" check --quiet --frontier "$file" --max-schedules 20 preempt
cp "$file" "$dir/good"
size=$(wc -c <"$file")
[ "$size" -gt 1000 ] || wrong "a frontier of $size bytes"

# Cut off anywhere, and with a bit that flipped.
for part in 1 3 10 50 90 99; do
	head -c $((size * part / 100)) "$dir/good" >"$file"
	refused ':[0-9]*: .*'
done
head -n 5 "$dir/good" >"$file"
refused ':6: the rest is missing'
head -c $((size - 1)) "$dir/good" >"$file"
refused ':[0-9]*: the line is cut off'
for part in 3 7 20 40 60 80 98; do
	at=$((size * part / 100))
	cp "$dir/good" "$file"
	byte=$(od -An -tu1 -j $at -N 1 "$file")
	printf "\\$(printf %o $((byte ^ 1 << part % 8)))" |
		dd of="$file" bs=1 seek=$at conv=notrunc 2>/dev/null
	refused ':[0-9]*: .*'
done
cat "$dir/good" "$dir/good" >"$file"
refused ':[0-9]*: there is more than belongs there'
: >"$file"
refused ':1: the file is empty' 'remove it, or give another file'
echo 'posted frontier 1: preempt' >"$file"
refused ':1: the frontier is of another version of posted' \
	'go on with that one, or remove the frontier to begin anew'
# What is not a frontier is not to be removed.
for text in '{"build": "00000000"}' '' 'posted' 'pcpus: 2'; do
	printf '%s\n' "$text" >"$file"
	refused ':1: this file is no frontier' 'give another file'
done

# forge SED: the frontier, changed, with sums (FNV-1a, 64 bits) that are right again.
forge() {
	sed 's/ [0-9a-f]*$//' "$dir/good" | sed "$1" >"$dir/text"
	sum=-3750763034362895579
	for byte in $(od -An -v -tu1 "$dir/text"); do
		if [ "$byte" -eq 10 ]; then
			printf '%016x\n' $sum
		else
			sum=$(((sum ^ byte) * 1099511628211))
		fi
	done | paste -d ' ' "$dir/text" - >"$file"
}
forge ''
cmp -s "$file" "$dir/good" || wrong "the sums are made in another way"
forge '1s/build .*/build 00000000/'
refused ':1: the frontier is of another build (00000000, this is [0-9a-f]*)' \
	'go on with that build, or remove the frontier to begin anew'
forge '1s/ tso / sc /'
refused ':1: the frontier is of another search (preempt sc .*)' \
	'repeat its options, or give another file'
forge '2s/ [0-9]*$/ 99999999999/'
refused ':2: the totals make no sense'
forge '3s/^[a-z]* [0-9]*/& 200/'
refused ':3: its choice is none of its options'
forge '3s/^[a-z]*/& 0/'
refused ':3: a question has no such number of options'
forge '3s/.*/order 2 0 0 4 257 1 0 1 0 0/'
refused ':3: more is to be explored than its options'
forge '3s/.*/order 2 0 0 4 17 2 0 1 0 0/'
refused ':3: more was explored than was to be'
forge '3s/.*/order 2 0 0 4 1 1 0 1 0 0/'
refused ':3: its choice is not one that is to be explored'
forge '3s/.*/order 2 0 0 15 1 0 0 1 0 0/'
refused ":3: an option is nobody's step"
forge '3s/.*/order 2 0 0 4 17 0 0 1 4000000000 0/'
refused ":3: a step accesses what is not in the scenario's state"
forge '3s/.*/order 2 0 0 4 17 0 0 99/'
refused ':3: a step has no such number of accesses'

expect 2 "$posted" check --quiet --frontier "$dir" preempt
has "$err" "^posted check: preempt: the frontier $dir cannot be read: Is a directory$"

# One that cannot be written: the old one stays.
cp "$dir/good" "$file"
mkdir "$file.new"
expect 2 "$posted" check --quiet --frontier "$file" --max-schedules 5 preempt
has "$err" 'frontier.new cannot be written: Is a directory'
cmp -s "$file" "$dir/good" || wrong "not written, but changed"
exit $failed
