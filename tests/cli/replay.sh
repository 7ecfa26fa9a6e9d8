#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# replay.sh POSTED BROKEN JSON: posted replay of a scenario, and what its table shows.
# BROKEN is the same command with scenarios that fail.
set -u
posted=$1 broken=$2 json=$3
. "$(dirname "$0")/lib.sh"

lacks() { ! grep -q -e "$2" "$1" || wrong "there, but should not be: $2"; }
refused() { # refused TEXT ARGUMENT...: exit 2, and says so.
	text=$1
	shift
	expect 2 "$posted" replay "$@"
	has "$err" "^posted replay: $text"
	[ ! -s "$out" ] || wrong "refused, but shown"
}
name() { sed -n "s/^replay: posted replay '\(.*\)'$/\1/p" "$out"; }
# From the schedule's own heading on, which a replay of its name has too.
story() { sed -n '/^[a-z_]*, \(x86\|seq\)/,$p' "$out" >"$1"; }

# Nobody is preempted: the vCPU enters, then the device posts, and it is handled.
expect 0 "$posted" replay enter
head -n 1 "$out" | grep -q '^enter: a post against load and VM entry' || wrong "no heading"
has "$out" '^Nobody is preempted needlessly\. Another schedule: posted replay --random enter$'
has "$out" '^enter, x86-TSO'
awk '/vCPU 0 is in guest mode/ { on = 1 }
	on == 1 && /posted 0x41 -> notification/ { on = 2 }
	on == 2 && /handler of 0x41/ { on = 3 }
	END { exit on != 3 }' "$out" || wrong "not this order"
has "$out" '^holds: '
name | grep -q '^enter:tso:[0-9a-f]\{8\}:$' || wrong "its name is not without choices"

# What is drawn is the same for a seed, and by its name; other seeds draw others.
for flags in '' '--sc'; do
	for seed in 1 2 3 4 5; do
		expect 0 "$posted" replay --random --seed $seed $flags halt
		has "$out" "Another: .* --random --seed $((seed + 1)) ${flags:+$flags }halt$"
		story "$dir/drawn"
		drawn=$(name)
		echo "$drawn" >>"$dir/names$flags"
		expect 0 "$posted" replay "$drawn"
		cmp "$out" "$dir/drawn" || wrong "seed $seed: its name is another story's"
	done
	[ "$(sort -u "$dir/names$flags" | wc -l)" -ge 4 ] || wrong "the seeds draw the same"
done
grep -q '^halt:sc:' "$dir/names--sc" || wrong "not without store buffers"
expect 0 "$posted" replay --random halt
[ "$(name)" = "$(head -n 1 "$dir/names")" ] || wrong "the seed is not 1"

# One that is drawn may violate.
for seed in 1 2 3 4 5 6 7 8; do
	"$broken" replay --random --seed $seed buffers >"$dir/$seed.told"
	echo "$?$(grep -c '^lost: ' "$dir/$seed.told")$(grep -c '^holds: ' "$dir/$seed.told")"
done | sort -u >"$dir/kinds"
printf '001\n110\n' | cmp - "$dir/kinds" || wrong "statuses, lost, held: $(cat "$dir/kinds")"
expect 3 "$broken" replay dawdles
has "$out" '^unfair: '

# What cannot be meant.
refused 'no scenario "emter"; did you mean "enter"? "posted check" lists them$' emter
refused 'no scenario "walk"; "posted check" lists them$' walk
refused '"" is no schedule' ''
refused '"enter:" is no schedule' enter:
refused '--seed: .*--random' --seed 3 enter
refused '--seed: "x" is no whole number' --random --seed x enter
build=$(echo "$drawn" | cut -d: -f3)
refused '--random: this names one schedule' --random "enter:tso:$build:"
refused '--sc: this names one schedule.*: posted replay --sc enter$' --sc "enter:sc:$build:"
refused '--seed: .*--random' --seed 3 "enter:tso:$build:"
for points in 3,2 3-1 x 3,3 1048576 1, 0-600 All; do
	refused "\"$points\" is no list of words that race" "enter:tso:$build:0:$points"
done
expect 2 "$posted" replay --random=3 enter

# Looks that see nothing new: not there, counted, there if asked for; in JSON always.
rows() { grep -c '^ *[0-9][0-9]*  ' "$out"; }
expect 0 "$posted" replay enter
some=$(rows)
folded=$(sed -n 's/^\([0-9]*\) looks that saw nothing new: --all-rows shows them$/\1/p' "$out")
has "$out" '^   2    load control'
lacks "$out" '^   3 '
expect 0 "$posted" replay --all-rows enter
[ "${folded:-0}" -gt 2 ] && [ "$(rows)" -eq $((some + folded)) ] || wrong "$some + $folded rows"
has "$out" '^   3    load control: SN'
lacks "$out" 'nothing new'
expect 0 "$posted" replay --json enter
[ "$("$json" rows <"$out" | grep -o '"folded":true' | wc -l)" -eq "$folded" ] ||
	wrong "as many are not folded in JSON"
"$json" rows <"$out" | grep -o '"text":"load control[^}]*' | sed -n 2p | grep -q '"folded":true' ||
	wrong "others are folded in JSON"
"$json" rows <"$out" | grep -q '"file":' || wrong "no sites in JSON"
expect 1 "$broken" check gaps
has "$out" '^2 looks that saw nothing new: --all-rows shows them$'
some=$(rows)
expect 1 "$broken" check --all-rows gaps
[ "$(rows)" -eq $((some + 2)) ] || wrong "check shows $(rows) rows, and without two $some"

# BROKEN has debug information: where each access stands, in all forms.
line=$(grep -n 'pstd_store_relaxed(&state.word\[mine\], 1)' "$(dirname "$0")/broken.c" |
	cut -d: -f1)
expect 3 "$broken" replay --stop-at 1 --trace "$dir/trace" buffers
has "$out" '^step  A  .*  where$'
has "$out" "^   1    buffer x: 0x1 .*  [^ ]*broken.c:$line swap$"
"$json" traceEvents <"$dir/trace" | grep -q "\"where\":\"[^ ]*broken.c:$line swap\"" ||
	wrong "no site in the trace"
expect 3 "$broken" replay --stop-at 1 --json buffers
"$json" rows <"$out" >"$dir/rows"
for key in '"function":"swap"' "\"line\":$line" '"file":"[^ "]*tests/cli/broken.c"'; do
	has "$dir/rows" "$key"
done

# It fits the terminal.
for width in 80 100; do
	script -qec "stty cols $width; exec '$posted' replay enter" /dev/null >"$out" 2>"$err"
	widest=$(tr -d '\r' <"$out" | awk '{ if (length($0) > n) n = length($0) } END { print n }')
	[ "$widest" -le $width ] || wrong "$widest columns on a terminal of $width"
	has "$out" "^   2    load"
done
exit $failed
