#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bugs.sh ROOT: each bug that the file caught names is put back into a copy of libposted; booted
# with it, examples/metal must fail, and what it says first of that is shown; there it ends.
# Without a bug the same run is clean. 77: no Bochs.
set -eu
root=$1 only=${2-}
# So many that a sweep (sweep.c) has each of its delays.
posts=1280

# boot_with BUG: builds and boots it with that bug; none: without. Prints what failed first.
boot_with() {
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	tree=$root/src headers=$root/include
	. "$root/bugs/build.sh"
	patch=$root/bugs/$1.patch
	[ "$1" != none ] || patch=
	put_back || { echo "$1: the patch no longer applies; make it anew"; exit 1; }
	# A bug may leave something unused.
	CFLAGS=-w POSTED_HYP=$dir "$root/examples/metal/build.sh" "$dir/out" $posts ||
		{ echo "$1: does not compile"; exit 1; }
	echo 0 >"$dir/status"
	{ "$root/scripts/metal" "$dir/out/disk.img" 2>"$dir/err" || echo $? >"$dir/status"; } |
		sed '/^FAIL/q' >"$dir/said"
	status=$(cat "$dir/status")
	first=$(tail -n 1 "$dir/said")
	case $1$status in
	none0) echo "without a bug: $(tail -n 1 "$dir/said")" ;;
	none*) echo "without a bug: exit $status: $first"; cat "$dir/err"; exit 1 ;;
	*0) echo "$1: is not found"; exit 1 ;;
	*1) echo "$1: $first" ;;
	*) echo "$1: exit $status"; cat "$dir/err"; exit 1 ;;
	esac
}

if [ -n "$only" ]; then
	boot_with "$only"
	exit
fi
"$root/scripts/bochs" >/dev/null
{ echo none; sed -n 's/^\([a-z].*\)/\1/p' "$root/tests/metal/caught"; } |
	xargs -n 1 -P "$(nproc)" sh "$0" "$root"
