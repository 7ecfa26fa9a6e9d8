#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# build.sh OUT [POSTS]: makes OUT/disk.img of the sources in this checkout, with gcc or $CC, ld and
# objcopy. POSTS: how many posts a scenario has, 1,000. CFLAGS are further flags; SEED, 7, is where
# chance begins. POSTED_HYP is another checkout, whose include/ and src/hyp/ are taken instead.
set -eu
refuse() {
	echo "build.sh: $1" >&2
	exit 2
}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
hyp=${POSTED_HYP:-$top}
posts=${2-1000}
cc=${CC:-gcc}
[ $# -eq 1 ] || [ $# -eq 2 ] || { echo 'usage: build.sh OUT [POSTS]' >&2; exit 2; }
case $posts in
'' | 0* | *[!0-9]* | ??????????*) refuse "no number of posts, 1 to 999999999: $posts" ;;
esac
[ -e "$hyp/src/hyp/vcpu.c" ] || refuse "no checkout of posted: $hyp"
hyp=$(cd "$hyp" && pwd)
for tool in "${cc%% *}" ld objcopy; do
	command -v "$tool" >/dev/null || refuse "no $tool here"
done
mkdir -p "$1"
cd "$1"

# What libposted is compiled with is the hypervisor's choice: no libc, no red zone, no vectors.
flags="-std=gnu17 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -DPOSTS=$posts
	-DSEED=${SEED:-7} -ffreestanding -fno-pic -fno-pie -mno-red-zone -mgeneral-regs-only
	-mcx16 -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables
	${CFLAGS-}"
objects=
for source in "$here"/*.S "$here"/*.c "$hyp"/src/hyp/*.c \
	"$top"/src/hw/memory.c "$top"/src/hw/vtd/*.c "$top"/src/exec/iommu.c; do
	object=$(basename "$(dirname "$source")").$(basename "$source").o
	$cc $flags -I"$hyp/include" -I"$hyp/src" -I"$top/src" -c "$source" -o "$object"
	objects="$objects $object"
done
ld --no-warn-rwx-segments -static -z max-page-size=4096 -T "$here/link.ld" -o metal.elf $objects
objcopy -O binary metal.elf disk.img
# 20 cylinders, 16 heads, 63 sectors.
truncate -s $((20 * 16 * 63 * 512)) disk.img
