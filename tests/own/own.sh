#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# own.sh POSTED ROOT COMPILER: does what doc/own-code.md says from nothing to a proof,
# in its words, with that compiler, and compares what comes with what is shown there.
set -u
posted=$(realpath "$1") root=$2
export CC="$3"
. "$root/tests/cli/lib.sh"
here=$root/tests/own
tab=$(printf '\t')

mkdir "$dir/bin" "$dir/work"
ln -s "$posted" "$dir/bin/posted"
cp -r "$root/examples" "$dir/work"
awk -v root="$root" -f "$root/tests/docs/commands.awk" "$root/doc/own-code.md" >"$dir/commands"
cd "$dir/work" || exit

ran=0
# one WHERE COMMAND: with what is shown for it in $dir/shown. One that finds something exits with 1.
one() {
	wanted=0
	! grep -q '[1-9][0-9]* violated' "$dir/shown" || wanted=1
	PATH=$dir/bin:$PATH sh -c "$2" >"$out" 2>"$err"
	status=$?
	[ $status -eq $wanted ] || wrong "$1: $2: exit $status, not $wanted"
	sed -f "$here/shape.sed" "$out" >"$dir/got"
	sed -f "$here/shape.sed" "$dir/shown" | diff - "$dir/got" >"$dir/diff" && return
	echo "$1: $2: with $CC it prints something else:"
	cat "$dir/diff"
	failed=1
}
# The commands with a dollar, up to the next heading; the others are words in prose.
at=
: >"$dir/shown"
while IFS= read -r line; do
	case $line in
	"$tab"*) printf '%s\n' "${line#"$tab"}" >>"$dir/shown" ;;
	*)
		[ -z "$at" ] || one "$at" "$text"
		at=${line%%"$tab"*} text=${line#*"$tab"}
		: >"$dir/shown"
		number=${at##*:}
		sed -n "${number}p" "$root/doc/own-code.md" | grep -q '^\$ ' || at=
		[ -z "$at" ] || ran=$((ran + 1))
		;;
	esac
done <"$dir/commands"
[ -z "$at" ] || one "$at" "$text"
[ $ran -ge 5 ] || wrong "only $ran commands in doc/own-code.md"

# What was found before the fence is replayed, step by step, in the same words.
run_found() { "$posted" check --quiet --load found.so enter; }
expect 0 "$posted" cc examples/own/pi.c -o found.so
expect 1 run_found
sed -n '/^step/,/^replay/p' "$out" >"$dir/check"
line=$(sed -n 's/^replay: //p' "$out")
PATH=$dir/bin:$PATH sh -c "$line" >"$out" 2>"$err"
[ $? -eq 1 ] || wrong "$line: does not find it again"
sed -n '/^step/,/^replay/p' "$out" | diff "$dir/check" - || wrong "$line: other words"

# Parts of a proof are one; nothing is lost on the way through a frontier.
for part in 1 2; do
	expect 3 "$posted" check --quiet --json --load pi.so --shard $part/2 enter
	cp "$out" $part.json
done
expect 0 "$posted" check --merge 1.json 2.json
expect 3 "$posted" check --quiet --load pi.so --frontier f --max-schedules 3 enter
expect 0 "$posted" check --quiet --load pi.so --frontier f enter
# Of another build they are refused.
expect 0 "$posted" cc -DOTHER=1 -g0 examples/own/pi.c -o other.so
expect 2 "$posted" check --quiet --load other.so --frontier f enter
found=$(printf '%s\n' "$line" | sed -n "s/.*'\(.*\)'/\1/p")
expect 2 "$posted" replay --load other.so "$found"
has "$err" "another build .*: run posted check --load other.so again"
expect 2 "$posted" replay "$found"
has "$err" 'with --load FILE.so, if it is of a module'
expect 2 "$posted" check --load pi.so entre
has "$err" 'did you mean "enter"'

# A thread that sleeps in the middle of a function, with the fence and without.
expect 0 "$posted" cc examples/own/sleeper.c -o sleeper.so
expect 0 "$posted" check --quiet --load sleeper.so careful
expect 1 "$posted" check --quiet --load sleeper.so careless
has "$out" 'asleep: careless sleeps, and nobody will wake it'
expect 0 "$posted" check --quiet --sc --load sleeper.so careless

# The same files and compiler make the same module.
expect 0 "$posted" cc pi.c -o again.so
cmp -s pi.so again.so || wrong "another module of the same file"
exit $failed
