#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bugs.sh ROOT: each bug that the file caught names is put back into a copy of libposted, each of
# mistakes/, which are an embedder's, into one of examples/metal; booted with it, that must fail,
# and what it says first of that is shown; there it ends. Without a bug the same run is clean.
# 77: no Bochs.
set -eu
root=$1 only=${2-}
# So many that a sweep (sweep.c) has each of its delays.
posts=1280

# boot_with PATCH: builds and boots it with that bug; none: without. Prints what failed first.
boot_with() {
	name=$(basename "$1" .patch)
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	tree=$root/src headers=$root/include
	. "$root/bugs/build.sh"
	patch=$1
	[ "$1" != none ] || patch=
	metal=$root/examples/metal
	case $1 in */mistakes/*)
		cp -R "$root/examples" "$dir"
		metal=$dir/examples/metal ;;
	esac
	put_back || { echo "$name: the patch no longer applies; make it anew"; exit 1; }
	# A bug may leave something unused.
	CFLAGS=-w POSTED_HYP=$dir "$metal/build.sh" "$dir/out" $posts ||
		{ echo "$name: does not compile"; exit 1; }
	echo 0 >"$dir/status"
	{ "$root/scripts/metal" "$dir/out/disk.img" 2>"$dir/err" || echo $? >"$dir/status"; } |
		sed '/^FAIL/q' >"$dir/said"
	status=$(cat "$dir/status")
	first=$(tail -n 1 "$dir/said")
	case $name$status in
	none0) echo "without a bug: $(tail -n 1 "$dir/said")" ;;
	none*) echo "without a bug: exit $status: $first"; cat "$dir/err"; exit 1 ;;
	*0) echo "$name: is not found"; exit 1 ;;
	*1) echo "$name: $first" ;;
	*) echo "$name: exit $status"; cat "$dir/err"; exit 1 ;;
	esac
}

if [ -n "$only" ]; then
	boot_with "$only"
	exit
fi
"$root/scripts/bochs" >/dev/null
{
	echo none
	sed -n "s,^[a-z].*,$root/bugs/&.patch,p" "$root/tests/metal/caught"
	printf '%s\n' "$root"/tests/metal/mistakes/*.patch
} | xargs -d '\n' -n 1 -P "$(nproc)" sh "$0" "$root"
