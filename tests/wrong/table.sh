#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# table.sh ROOT EXPLORE: each patch of bugs/ has its row in bugs.tsv and each row its
# patch, a scenario that EXPLORE has, or none, and commits in the form that is read.
set -u
root=$1 explore=$2
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export LC_ALL=C
failed=0

wrong() {
	echo "bugs/bugs.tsv: $*"
	failed=1
}
sed 1d "$root/bugs/bugs.tsv" >"$dir/rows"
cut -f 1 "$dir/rows" | sort >"$dir/named"
(cd "$root/bugs" && printf '%s\n' *.patch) | sed 's/\.patch$//' | sort >"$dir/patches"
diff "$dir/named" "$dir/patches" >"$dir/diff" ||
	wrong "rows (<) without a patch, or patches (>) without a row: $(cat "$dir/diff")"

"$explore" | sed -n 's/^  \([^ ]*\) .*/\1/p' >"$dir/scenarios"
[ -s "$dir/scenarios" ] || wrong "no scenarios to compare with"
commit='(KVM|Xen|Linux|ACRN) [0-9a-f]{9,12}'
cut -f 4,5 "$dir/rows" | tr '\t' '\n' | grep -vE "^(-|$commit(, $commit)*)\$" >"$dir/said" &&
	wrong "commits that cannot be read: $(cat "$dir/said")"
awk -F '\t' '
	NR == FNR { known[$1] = 1; next }
	NF != 6 { print $1 ": not six columns"; next }
	!known[$2] && $2 != "-" { print $1 ": no scenario " $2 }
	$2 == "-" ? $3 != "-" : $3 != "sc" && $3 != "tso" { print $1 ": memory is " $3 }
	$6 !~ /^[A-Z].*\.$/ { print $1 ": no sentence" }
	' "$dir/scenarios" "$dir/rows" >"$dir/said"
[ ! -s "$dir/said" ] || wrong "$(cat "$dir/said")"
exit $failed
