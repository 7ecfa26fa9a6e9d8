#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# image.sh ROOT COMPILER: examples/metal's disk image, with that compiler: a boot sector, and all
# that a disk of its geometry has; and what is refused, in a line, with nothing left behind. 77: no
# such compiler.
set -eu
root=$1 cc=$2
for tool in "$cc" ld objcopy; do
	command -v "$tool" >/dev/null || { echo "no $tool here"; exit 77; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
CC=$cc "$root/examples/metal/build.sh" "$dir/a folder"
image=$dir/'a folder'/disk.img
[ "$(od -An -tx1 -j510 -N2 "$image")" = ' 55 aa' ] || { echo "no boot sector"; exit 1; }
[ "$(wc -c <"$image")" -eq $((20 * 16 * 63 * 512)) ] || { echo "not the size of the disk"; exit 1; }

# refused REASON [VARIABLE=VALUE...] BUILD.SH [ARGUMENT...]
refused() {
	reason=$1 status=0
	shift
	env CC="$cc" "$@" 2>"$dir/said" || status=$?
	if [ $status -ne 2 ] || ! grep -q "$reason" "$dir/said" ||
		[ "$(wc -l <"$dir/said")" -ne 1 ]; then
		echo "$*: exit $status: $(cat "$dir/said")"
		exit 1
	fi
	[ ! -e "$dir/none" ] || { echo "$*: leaves a folder"; exit 1; }
}
build=$root/examples/metal/build.sh none=$dir/none
refused '^usage' "$build"
refused '^usage' "$build" "$none" 1 2
for posts in '' 0 -5 abc 1e3 9999999999; do
	refused "^build.sh: no number of posts.*: $posts\$" "$build" "$none" "$posts"
done
refused '^build.sh: no nonexistent here' CC=nonexistent "$build" "$none"
refused "^build.sh: no checkout of posted: $dir\$" POSTED_HYP="$dir" "$build" "$none"
