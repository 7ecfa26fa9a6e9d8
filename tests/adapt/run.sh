#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh POSTED ROOT NAME: with the tree that ROOT/scripts/trees has under that NAME, each
# scenario of its adapter has the verdict of the file expected, and each bug of the adapter
# that was one of this version is found in its scenario. All that is for POSTED_SOAK, and the
# main tree of each kind, Linux's 6.1. Else scenarios that are late are left out, and of the bugs
# those that no commit has fixed; in other trees, all that 6.1 has, too.
set -u
posted=$1 root=$2 name=$3
expected=$root/tests/adapt/expected
kind=${name%-*} version=${name##*-}
bugs=$root/src/adapt/$kind/bugs/bugs.tsv
. "$root/tests/cli/lib.sh"

main=4.17
[ "$kind" = xen ] || main=6.1
all= fixed=
[ "$version" != $main ] || all=${POSTED_SOAK:-} fixed=yes
tree=$("$root/scripts/trees" "$name") || exit
echo "$name: $(head -n 1 "$tree/debian-version")"

# Scenario and verdict of each row that was printed.
verdicts() {
	awk '/^scenario .* verdict$/ { rows = 1; next }
		NF < 8 { rows = 0 }
		rows {
			row = $1 "\t" $8
			for (i = 9; i <= NF; i++)
				row = row " " $i
			print row
		}' "$out"
}

# The bugs of this version, each with its scenario. The second column is 5.17-, -5.16,
# 5.10-6.1 or 6.1; a dash: of all.
fitting() {
	awk -F '\t' -v version="$version" -v main=$main -v all="$all" -v fixed="$fixed" '
		function number(text, part) {
			split(text, part, ".")
			return part[1] * 1000 + part[2]
		}
		function fits(version) { return number(version) >= low && number(version) <= high }
		/^(name\t|#|$)/ { next }
		{
			ends = split($2, end, "-")
			low = end[1] == "" ? 0 : number(end[1])
			high = ends < 2 ? low : end[2] == "" ? 999999 : number(end[2])
			if (fits(version) && (all != "" || !fits(main) ||
			    (fixed != "" && $6 ~ /^[KXi]/)))
				print $1 "\t" $3
		}' "$bugs"
}

wanted() {
	awk -F '\t' -v name="$name" -v all="$all" \
		'$1 == name && ($4 != "late" || all != "") { print $2 "\t" $3 }' "$expected" | sort
}
wanted >"$dir/wanted"
[ -s "$dir/wanted" ] || wrong "$expected has no row for $name"
names=
[ -n "$all" ] || names=$(cut -f 1 "$dir/wanted")
# shellcheck disable=SC2086 # a word a scenario
"$posted" check --quiet --with "$kind=$tree" $names >"$out" 2>"$err"
status=$?
case $status in
0 | 1 | 3) ;;
*) wrong "check --with $kind=$tree: exit $status" ;;
esac
verdicts | sort >"$dir/now"
diff "$dir/wanted" "$dir/now" >"$dir/diff" ||
	wrong "not the verdicts of $expected (<), but (>): $(cat "$dir/diff")"
echo "$(wc -l <"$dir/now") scenarios"

found=0
fitting >"$dir/bugs"
while read -r bug scenario; do
	[ "$scenario" != - ] || continue
	expect 1 "$posted" check --quiet --with "$kind=$tree" --bug "$bug" "$scenario"
	[ "$(verdicts)" = "$(printf '%s\tviolated' "$scenario")" ] || {
		wrong "$bug is not found in $scenario"
		continue
	}
	found=$((found + 1))
done <"$dir/bugs"
echo "$found of $(wc -l <"$dir/bugs") bugs found"
[ -z "$fixed" ] || [ "$found" -gt 0 ] || wrong "no bug of $bugs is one of $version"
exit $failed
