#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# image.sh ROOT COMPILER: examples/metal's disk image, with that compiler: a boot sector, and all
# that a disk of its geometry has. 77: no such compiler.
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
