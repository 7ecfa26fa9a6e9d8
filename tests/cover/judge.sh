#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests judge.awk itself, on a function of four lines and what gcov would print of it.
set -eu
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# counted COUNT...: as gcov prints it.
counted() {
	echo '        -:    0:Source:../src/hyp/a.c'
	printf '%9s:    1:static int f(int x)\n' "$1"
	printf '%9s:    2:{\n' -
	printf '%9s:    3:	if (x)\n' "$2"
	printf '%9s:    4:		return 1;\n' "$3"
	printf '%9s:    5:	return g(x);\n' "$4"
}

# judged STATUS TEXT EXCUSES COUNT...: judge.awk ends so, and prints TEXT first.
judged() {
	want="$1 $2" status=0
	printf '%b' "$3" >"$dir/excused"
	shift 3
	counted "$@" >"$dir/lines"
	awk -v enough=4 -f "$here/judge.awk" "$dir/excused" "$dir/lines" >"$dir/out" || status=$?
	got="$status $(head -n 1 "$dir/out")"
	[ "$got" = "$want" ] || { echo "not \"$want\" but \"$got\""; exit 1; }
}

judged 0 '4 of 4 lines of src/hyp are executed, 0 are excused' '' 9 9 2* 1
judged 0 '3 of 4 lines of src/hyp are executed, 1 are excused' 'a.c f return 1;\n\tWhy.\n' \
	9 9 '#####' 9
judged 0 '0 of 4 lines of src/hyp are executed, 4 are excused' '# All.\n\na.c f *\n\tWhy.\n' \
	'#####' '#####' '#####' '#####'
judged 1 'src/hyp/a.c:4: never executed: return 1;' '' 9 9 '#####' 9
judged 1 'src/hyp/a.c:4: never executed: return 1;' 'a.c g return 1;\n\tWhy.\n' 9 9 '#####' 9
judged 1 "$dir/excused:1: no excuse: there is no such line, or it is executed" \
	'a.c f return 1;\n\tWhy.\n' 9 9 1 8
judged 1 "$dir/excused:1: no excuse any more, for it is executed: a.c:5: return g(x);" \
	'a.c f *\n\tWhy.\n' 9 9 '#####' 9
judged 1 "$dir/excused:1: no reason is given" 'a.c f return 1;\n' 9 9 '#####' 9
