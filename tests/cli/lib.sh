# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For tests of the command: a folder of their own, what it printed last in $out and
# $err, and what went wrong. Each ends with `exit $failed`.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
out=$dir/out err=$dir/err
: >"$out" >"$err"
failed=0

wrong() {
	echo "$*"
	sed 's/^/    /' "$out" "$err" | tail -n 40
	failed=1
}
# expect STATUS COMMAND ARGUMENT...
expect() {
	wanted=$1
	shift
	"$@" >"$out" 2>"$err"
	status=$?
	[ $status -eq "$wanted" ] || wrong "$*: exit $status, not $wanted"
}
has() { grep -q -e "$2" "$1" || wrong "not there: $2"; } # has FILE PATTERN
is() { # is VALUE PATH: in the JSON that was printed
	got=$("$json" "$2" <"$out")
	[ "$got" = "$1" ] || wrong "$2 is $got, not $1"
}
# What a run says for the first time after a second: only then is it sure to be under way, and
# not warming up.
under_way() {
	for _ in $(seq 300); do
		grep -q 'run [0-9]* of .* interrupts handled' "$err" && return
		sleep 0.1
	done
	wrong "no progress within 30 s"
}
