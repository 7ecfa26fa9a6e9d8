# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For tests of decode, behind ../cli/lib.sh.

# decodes OPERAND...: it does, as text and as JSON, and says nothing else.
decodes() {
	"$posted" decode --json "$@" >"$dir/json" 2>"$err" || wrong "--json $*: exit $?"
	"$json" things <"$dir/json" >"$dir/things" || wrong "--json $*: no things"
	"$posted" decode "$@" >"$out" 2>>"$err" || wrong "$*: exit $?"
	[ ! -s "$err" ] || wrong "$*: something on standard error"
}
# decodes_some OPERAND...: it shows what it can, and its exit status says that this is not all.
decodes_some() {
	"$posted" decode --json "$@" >"$dir/json" 2>"$err"
	[ $? -eq 1 ] || wrong "--json $*: not 1"
	[ "$("$json" ok <"$dir/json")" = false ] || wrong "--json $*: ok"
	"$json" things <"$dir/json" >"$dir/things" || wrong "--json $*: no things"
	"$posted" decode "$@" >"$out" 2>"$err"
	[ $? -eq 1 ] || wrong "$*: not 1"
	grep -qF 'not all of it could be read' "$err" || wrong "$*: nothing on standard error"
}
# silent: nothing was decoded; with --json that is a document that says so.
silent() {
	if [ -s "$out" ]; then
		[ "$("$json" ok <"$out")" = false ] && ! grep -q '^  "things"' "$out"
	fi
}
# declines WANTED OPERAND...: refused, as text and as JSON: that on standard error, nothing else.
declines() {
	wanted=$1
	shift
	for flag in '' --json; do
		"$posted" decode $flag "$@" >"$out" 2>"$err"
		status=$?
		[ $status -eq 1 ] || wrong "$*: exit $status, not 1"
		silent || wrong "$*: something on standard output"
		grep -qF -e "$wanted" "$err" || wrong "$*: not refused as $wanted"
	done
}
shows() { grep -qF -e "$1" "$out" || wrong "not there: $1"; }
hides() { ! grep -qF -e "$1" "$out" "$dir/things" || wrong "there: $1"; }
keeps() { grep -qF -e "$1" "$dir/things" || wrong "not in JSON: $1"; }
