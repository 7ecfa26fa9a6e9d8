#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# vectors_malformed.sh VECTORS: the judge itself is judged. A wrong value must fail, a malformed
# file must be refused with its line and column, and nothing may crash.
set -u
vectors=$1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
passed=0
failed=0

zeros=$(printf '%064d' 0)
header='#id\ttags\tin_tpr\tin_isr\tout_isrv\tout_ppr\tout_ppr_alt\n'
good="a\\t-\\t0x20\\t$zeros\\t0x00\\t0x20\\t0x20\\n"

# expect STATUS MESSAGE ARGUMENT...: runs the judge on the directory and looks at what it says.
expect() {
	status=$1
	message=$2
	shift 2
	output=$("$vectors" "$dir" "$@" 2>&1)
	got=$?
	if [ $got -eq "$status" ] && printf '%s' "$output" | grep -qF -e "$message"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "expected status $status and \"$message\", got status $got and:"
		printf '%s\n' "$output"
	fi
}

# file TEXT: the text, with its escapes, becomes ppr.tsv.
file() {
	# shellcheck disable=SC2059
	printf "$1" >"$dir/ppr.tsv"
}

file "$header$good"
expect 0 '1 passed, 0 failed, 0 skipped' ppr
expect 0 '1 passed, 0 failed, 0 skipped'
expect 2 'no rule for family "pprr"' pprr
expect 2 'vid_eoi.tsv: No such file' vid_eoi
file "$header"
expect 0 'ppr                  no cases: it judges nothing' ppr
expect 0 '0 passed, 0 failed, 0 skipped, 1 family judged nothing'
shuffled='#id\ttags\tin_isr\tout_ppr_alt\tout_ppr\tout_isrv\tin_tpr\n'
file "$shuffled""a\\t-\\t$zeros\\t0x20\\t0x20\\t0x00\\t0x20"
expect 0 '1 passed, 0 failed, 0 skipped' ppr
file "$header""a\\tedge,unsure_x\\t0x20\\t$zeros\\t0x00\\t0x77\\t0x77\\n"
expect 0 '0 passed, 0 failed, 1 skipped' ppr

file "$header""a\\t-\\t0x20\\t$zeros\\t0x00\\t0x21\\t0x21\\n"
expect 1 'ppr.tsv:2: a: out_ppr: got 0x20, expected 0x21' ppr
file "${header%??}\\tout_x\\n${good%??}\\t0\\n"
expect 1 'out_x: no rule compares this column' ppr
file "$header$good"
: >"$dir/stranger.tsv"
expect 1 'no rule for family "stranger"'
rm "$dir/stranger.tsv"

file ''
expect 2 'ppr.tsv:1: empty' ppr
file 'id\ttags\n'
expect 2 'ppr.tsv:1: a header line' ppr
file '#id\ttags\tin_tpr\tin_tpr\n'
expect 2 'ppr.tsv:1: in_tpr: the header names this column twice' ppr
file "#id\\ttags\\tin_tpr\\na\\t-\\t0x20\\n"
expect 2 'ppr.tsv:2: in_isr: the header has no such column' ppr
file "$header$good"'b\t-\t0x20'
expect 2 'ppr.tsv:3: in_isr: missing' ppr
file "$header""a\\t-\\t0x20\\t$zeros\\t0x00\\t0x20\\t0x20\\t1\\n"
expect 2 'ppr.tsv:2: 8 columns, but the header has 7' ppr
file "$header\\n"
expect 2 'ppr.tsv:2: tags: missing' ppr
file "$header""a\\t-\\t0x2g\\t$zeros\\t0x00\\t0x20\\t0x20\\n"
expect 2 'ppr.tsv:2: in_tpr: "0x2g" is not 0x and 2 hex digits' ppr
file "$header""a\\t-\\t0x020\\t$zeros\\t0x00\\t0x20\\t0x20\\n"
expect 2 'ppr.tsv:2: in_tpr: "0x020" is not' ppr
file "$header""a\\t-\\t0x20\\t$zeros""0\\t0x00\\t0x20\\t0x20\\n"
expect 2 'is not 64 hex digits' ppr
file "$header""a\\t-\\t0x20\\t\\0$zeros\\t0x00\\t0x20\\t0x20\\n"
expect 2 'ppr.tsv:2: a NUL byte' ppr
printf '#id%01000000d\n' 0 | tr 0 '\t' >"$dir/ppr.tsv"
expect 2 'ppr.tsv:1: more than 64 columns' ppr
{ printf '%b' "$header" && printf 'a\t-\t0x%01000000d\n' 0; } >"$dir/ppr.tsv"
expect 2 'ppr.tsv:2: in_isr: missing' ppr
rm "$dir/ppr.tsv"
mkdir "$dir/ppr.tsv"
expect 2 'Is a directory' ppr
rmdir "$dir/ppr.tsv"
expect 2 'no family here'

echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
