#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# check.sh POSTED BROKEN JSON: posted check and posted replay. BROKEN is the same
# command with scenarios that fail.
set -u
posted=$1 broken=$2 json=$3
. "$(dirname "$0")/lib.sh"

lacks() { ! grep -q -e "$2" "$1" || wrong "there, but should not be: $2"; }
# refused TEXT ARGUMENT...: exit 2, and says so.
refused() {
	text=$1
	shift
	expect 2 "$posted" "$@"
	has "$err" "$text"
}

# The list, and what a single scenario comes to.
expect 0 "$posted" check
has "$out" '^  enter  *a post against'
expect 0 "$posted" check --json
has "$out" '"deep": true'
expect 0 "$posted" check --quiet enter preempt
[ ! -s "$err" ] || wrong "not quiet"
[ "$(wc -L <"$out")" -le 80 ] || wrong "a row of $(wc -L <"$out") columns"
has "$out" '^scenario  *schedules  *pruned  *steps  *depth'
has "$out" '^enter  .*  proved$'
[ "$(sed -n '3s/ .*//p' "$out")" = preempt ] || wrong "not in the order given"
expect 0 "$posted" check --sc --twice --json --jobs 1 enter
is true ok
is sc options.memory
"$json" scenarios <"$out" | grep -q '"verdict":"proved"' || wrong "not proved"

# Patterns: each scenario once, in the order of the list.
expect 0 "$posted" check --json --quiet 'e[nx]*' 'en?er'
[ "$("$json" scenarios <"$out" | grep -o '"scenario":"[a-z]*"' | tr -d '\n')" = \
	'"scenario":"enter""scenario":"exit"' ] || wrong "not what the patterns are like"
refused 'no scenario is like "x\*"' check 'x*'

# A search that stops and goes on ends as one that does not stop: with a bound on
# preemptions, for then no states are kept, which a frontier forgets.
expect 3 "$posted" check --json --preemptions 1 exit
whole=$("$json" scenarios <"$out" | grep -o '"schedules":[0-9]*')
expect 3 "$posted" check --frontier "$dir/frontier" --max-schedules 50 --preemptions 1 exit
has "$out" 'not a proof'
expect 3 "$posted" check --frontier "$dir/frontier" --json --preemptions 1 exit
got=$("$json" scenarios <"$out" | grep -o '"schedules":[0-9]*')
[ "$got" = "$whole" ] || wrong "with a frontier $got, without $whole"
part="--preemptions 1 --shard 2/3 preempt"
expect 3 "$posted" check --json $part
whole=$("$json" scenarios <"$out" | grep -o '"schedules":[0-9]*')
expect 3 "$posted" check --frontier "$dir/part" --max-schedules 100 $part
expect 3 "$posted" check --frontier "$dir/part" --json $part
got=$("$json" scenarios <"$out" | grep -o '"schedules":[0-9]*')
[ "$got" = "$whole" ] || wrong "a part with a frontier $got, without $whole"
refused 'frontier' check --frontier "$dir/frontier" --max-schedules 5 enter
refused 'cannot write .*none/f: No such file' check --frontier "$dir/none/f" enter

# Shards, merged, are the whole. (Where states meet they do so in each for itself.)
schedules() { "$json" scenarios <"$out" | grep -o '"schedules":[0-9]*' | sed 's/.*://'; }
for part in 1 2 3; do
	expect 3 "$posted" check --json --shard $part/3 preempt exit
	cp "$out" "$dir/$part.json"
	schedules >"$dir/$part.counts"
done
expect 0 "$posted" check --merge "$dir/3.json" "$dir/1.json" "$dir/2.json"
has "$out" '^preempt  .*  proved$'
has "$out" '^exit  .*  proved$'
expect 0 "$posted" check --merge --json "$dir/1.json" "$dir/2.json" "$dir/3.json"
is true ok
paste "$dir/1.counts" "$dir/2.counts" "$dir/3.counts" | awk '{ print $1 + $2 + $3 }' >"$dir/sums"
schedules | cmp -s - "$dir/sums" || wrong "merged: $(schedules), but the parts: $(cat "$dir/sums")"
expect 3 "$posted" check --json --shard 1/3 --max-steps 1000 preempt exit
cp "$out" "$dir/bounded.json"
refused 'bounded.json: its options' check --merge "$dir/2.json" "$dir/3.json" "$dir/bounded.json"
refused 'part 2/3 is missing: explore it too, with --shard 2/3$' \
	check --merge "$dir/1.json" "$dir/3.json"
refused '1.json and .*1.json are both part 1/3' check --merge "$dir/1.json" "$dir/1.json" \
	"$dir/2.json" "$dir/3.json"
refused 'which files' check --merge
refused 'none.json' check --merge "$dir/none.json"
refused 'leave out --sc' check --merge --sc "$dir/1.json"
echo '{"build": 3}' >"$dir/bad.json"
refused 'bad.json: is no result' check --merge "$dir/bad.json"
sed 's/"build": "[^"]*"/"build": "00000000"/' "$dir/2.json" >"$dir/bad.json"
refused 'bad.json: its build: "00000000"' check --merge "$dir/1.json" "$dir/bad.json" \
	"$dir/3.json"
sed 's/"memory": "tso"/"memory": "sc"/' "$dir/2.json" >"$dir/bad.json"
refused 'bad.json: its options: ' check --merge "$dir/1.json" "$dir/bad.json" "$dir/3.json"
sed 's/"scenario": "exit"/"scenario": "move"/' "$dir/2.json" >"$dir/bad.json"
refused 'bad.json: scenario move, where .*1.json has exit' check --merge "$dir/1.json" \
	"$dir/bad.json" "$dir/3.json"
sed 's/"verdict": "part"/"verdict": "good"/' "$dir/2.json" >"$dir/bad.json"
refused 'bad.json: one of its scenarios is no result' check --merge "$dir/1.json" \
	"$dir/bad.json" "$dir/3.json"
# What no search says: a part that is the proof, a whole that is a part, a sample either.
for change in 's/"verdict": "part"/"verdict": "proved"/' \
	's/"strategy": "every"/"strategy": "pct"/' \
	's/"preemptions": 0/"preemptions": 2/' 's/"preemptions": 0/"preemptions": null/'; do
	for part in 1 2 3; do
		sed "$change" "$dir/$part.json" >"$dir/bad$part.json"
	done
	refused 'bad1.json: one of its verdicts cannot come of its options and part' \
		check --merge "$dir/bad1.json" "$dir/bad2.json" "$dir/bad3.json"
done
sed 's/"parts": 3/"parts": 1/' "$dir/1.json" >"$dir/bad.json"
refused 'bad.json: one of its verdicts cannot' check --merge "$dir/bad.json"
# One that was cut off at a scenario's end and mended, or in which a verdict was changed.
sed '/"verdicts"/,/}/d' "$dir/2.json" >"$dir/bad.json"
refused 'bad.json: its "verdicts" do not count' check --merge "$dir/1.json" "$dir/bad.json" \
	"$dir/3.json"
expect 3 "$posted" check --json --shard 2/3 --max-schedules 5 preempt exit
sed 's/"verdict": "stopped"/"verdict": "part"/' "$out" >"$dir/bad.json"
refused 'bad.json: its "verdicts" do not count' check --merge "$dir/1.json" "$dir/bad.json" \
	"$dir/3.json"
for part in 1 2 3; do
	sed 's/"scenario": "exit"/"scenario": "preempt"/' "$dir/$part.json" >"$dir/bad$part.json"
done
refused 'one of its scenarios is there twice' \
	check --merge "$dir/bad1.json" "$dir/bad2.json" "$dir/bad3.json"

# Usage.
refused 'no scenario "walk"; "posted check" lists them$' check walk
refused 'no scenario "emter"; did you mean "enter"? ' check emter
refused 'enter is named twice' check enter enter
refused 'either all or some' check --all enter
refused 'of which scenarios' check --sc
refused '"4/3" is no part' check --shard 4/3 enter
refused '"1/" is no part' check --shard 1/ enter
refused 'exclude each other' check --random 5 --pct 5 enter
refused 'exclude each other' check --random 5 --shard 1/2 enter
refused 'seed is for' check --seed 5 enter
refused 'change-points is for' check --change-points 5 enter
refused '"0" is no whole number from 1 to 256' check --jobs 0 enter
refused '"1e3" is no whole number' check --max-schedules 1e3 enter
refused '"-1" is no whole number' check --preemptions -1 enter
refused '"nan" is no number above 0' check --max-seconds nan enter
refused 'cannot write' check --trace "$dir/none/t" enter
refused 'which SCHEDULE' replay
refused '"" is no schedule; one looks like enter:tso:' replay ''
refused 'is no schedule' replay enter:tso
refused 'is no schedule' replay enter:tso:xyz:0
refused 'is of another build (00000000, this one is [0-9a-f]*): run posted check again' \
	replay enter:tso:00000000:0,1
expect 2 "$posted" check --json walk
is false ok

# The list and the sentences fit a terminal; elsewhere each is one line.
widest() { # widest COLUMNS COMMAND
	script -qec "stty cols $1; exec $2" /dev/null >"$out" 2>"$err"
	tr -d '\r' <"$out" | awk '{ if (length($0) > n) n = length($0) } END { print n }'
}
[ "$(widest 60 "'$posted' check")" -le 60 ] || wrong "lines that do not fit into 60 columns"
has "$out" '^  enter  '
command="'$posted' check --quiet --max-schedules 9 --frontier '$dir/narrow' enter"
[ "$(widest 80 "$command")" -le 80 ] || wrong "lines that do not fit into 80 columns"
has "$out" '^  .*goes on from there'
expect 0 "$posted" check
[ "$(grep -c '^  [a-z]' "$out")" -eq "$("$posted" check --json | grep -c '"scenario"')" ] ||
	wrong "not a line for each scenario"

# A violation: its table, its replay, its trace. Progress goes to standard error alone.
expect 1 "$broken" check --json buffers
is false ok
is '[]' problems
expect 1 "$broken" check --trace "$dir/trace" buffers
has "$out" '^buffers  .*  violated$'
has "$out" '^buffers: violated: in 6 steps, and in no fewer$'
has "$out" '^step  A  *B'
has "$out" '^ *[0-9]*  *buffer x: 0x1\( .*\)*$'
has "$out" '^lost: neither saw the other$'
[ "$(tail -n 1 "$out")" = '0 proved, 0 stopped, 1 violated' ] || wrong "no count at the end"
"$json" traceEvents displayTimeUnit <"$dir/trace" >"$dir/events" || wrong "no trace"
for key in '"ph":"X"' '"ph":"M"' '"ts":1' '"dur":1' '"tid":1' '"name":"thread_name"'; do
	has "$dir/events" "$key"
done
sed -n '/^buffers, x86/,/^replay: /p' "$out" >"$dir/told"
name=$(sed -n "s/^replay: posted replay '\(.*\)'$/\1/p" "$out")
for again in 1 2; do
	expect 1 "$broken" replay "$name"
	cmp "$out" "$dir/told" || wrong "the replay tells another story"
done
expect 1 "$broken" replay --json --show pid --trace "$dir/trace" "$name"
is violated verdict
is false ok
"$json" rows <"$out" | grep -q '"kind":"verdict"' || wrong "no verdict among the rows"
"$json" pid <"$out" | grep -q '^pid: x 1, y 1' || wrong "pid is not shown as it is at the end"
"$json" traceEvents <"$dir/trace" >"$dir/events" || wrong "no trace"
expect 3 "$broken" replay --stop-at 1 --show pid,lists "$name"
has "$out" '^stopped after step 1 of 6: nothing is judged before the end$'
has "$out" '^lists: x 0, y 0$'
lacks "$out" '^   2'
build=$(echo "$name" | cut -d: -f3)
expect 0 "$broken" replay "buffers:sc:$build:"
has "$out" '^holds: '
posted=$broken
refused 'no list of choices' replay "buffers:tso:$build:0,,1"
refused 'no list of choices' replay "buffers:tso:$build:1x9999"
refused 'neither tso nor sc' replay "buffers:pso:$build:0"
refused 'no scenario "walk"' replay "walk:tso:$build:0"
refused 'no scenario "bufers"; did you mean "buffers"?' replay "bufers:tso:$build:0"
refused 'not possible in buffers' replay "buffers:tso:$build:9"
refused '"0" is no step' replay --stop-at 0 "$name"
refused '"dip" is none of pid, vmcs, lists' replay --show pid,dip "$name"
expect 0 "$broken" check --sc --trace "$dir/trace" buffers
[ "$("$json" traceEvents <"$dir/trace")" = '[]' ] || wrong "a trace of no violation"
for part in 1 2; do
	"$broken" check --json --shard $part/2 buffers >"$dir/$part.json"
done
expect 1 "$broken" check --merge "$dir/1.json" "$dir/2.json"
has "$out" "^replay: posted replay 'buffers:tso:"

# Eight agents fit into 120 columns.
expect 1 "$broken" check wide
[ "$(wc -L <"$out")" -le 120 ] || wrong "a line of $(wc -L <"$out") columns"
has "$out" '^wide: agent 7 came by'

# A scenario that crashes takes nobody along, nor one whose process dies.
expect 1 "$broken" check --jobs 1 --deep
has "$out" '^crashes  .*  crashed$'
has "$out" '^crashes: no verdict: crashed in C: illegal instruction, in '
has "$out" '^dies  .*  broken$'
has "$out" '^dies: no verdict: it crashed: Killed$'
has "$out" '^wide: violated: in [0-9]* steps, and in no fewer$'

# It says how far it is, and Ctrl-C ends it early, with what was found.
env --default-signal=INT "$1" check --json --full --deep >"$out" 2>"$err" &
sleep 2
kill -s INT $!
wait $!
status=$?
[ "$(kill -l $status)" = INT ] || wrong "SIGINT: exit $status"
"$json" scenarios <"$out" | grep -q '"why":"interrupted"' || wrong "SIGINT: not said"
has "$err" '^posted check: [0-9]* of [0-9]* done, about [0-9]*% of the search, [0-9]* schedules'
exit $failed
