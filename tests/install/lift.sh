#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# lift.sh STAGE COMPILER TYPES: takes libposted out of what is installed below STAGE, and of
# nothing else, both ways of doc/embedding.md: linked, and compiled with a kernel's flags and the
# posted/types.h in TYPES. The examples print what the document shows. PKG_CONFIG_PATH and
# PKG_CONFIG_SYSROOT_DIR lead to STAGE.
set -eu
stage=$1 cc=$2 types=$3
command -v "$cc" >/dev/null || { echo "no $cc here"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
document=$(find "$stage" -path '*/share/doc/posted/embedding.md')
share=${document%/doc/*}
cp "$share"/posted/examples/*.c "$dir"
cd "$dir"

# block LINE: the fenced block of the document that begins with it, or goes on after it.
block() {
	awk -v first="$1" '
		/^```/ { inside = 0 }
		$0 == first { inside = found = 1; if (/^\$ /) next }
		inside
		END { exit !found }' "$document"
}
# prints PROGRAM NAME: what the document shows of it.
prints() {
	block "\$ ./$2" >shown
	"$1" >printed || { echo "$cc: $1: exit $?"; exit 1; }
	diff shown printed || { echo "$cc: $1: the document shows something else"; exit 1; }
}

# Linked, statically too.
strict='-Wall -Wextra -Wno-unused-parameter -Werror'
lib=$(find "$stage" -name libposted.a)
lib=${lib%/*}
for name in embed embed-hw; do
	eval "$(grep "^\$ cc -o $name " "$document" |
		sed "s/^\$ cc/'$cc' $strict/")"
	LD_LIBRARY_PATH=$lib prints "./$name" $name
	"$cc" $strict -o static $name.c $(pkg-config --cflags posted) "$lib/libposted.a" \
		"$lib/libposted-hw.a"
	prints ./static $name
done

# Compiled as Linux compiles: no header of the system's, and what branches and returns call is
# the kernel's.
case $cc in
*clang*) thunks='-mretpoline-external-thunk' ;;
*) thunks='-mindirect-branch=thunk-extern -mindirect-branch-register
	-mfunction-return=thunk-extern' ;;
esac
kernel="-std=gnu11 -O2 -nostdinc -I$types -ffreestanding -mcmodel=kernel -mno-red-zone
	-mgeneral-regs-only -fno-pie -fno-stack-protector -fno-strict-aliasing -Wall -Werror"
# makefile SHARE: the document's, for what is there.
makefile() {
	block 'include /usr/local/share/posted/src/hyp/posted.mk' |
		sed "s|/usr/local/share/posted|$1|"
}
makefile "$share/posted" >Makefile
make -s CC="$cc" CFLAGS="$(echo $kernel $thunks)" posted.o
# A copy finds its own headers.
mkdir -p copy/tree/src
cp -R "$share/posted/src/hyp" copy/tree/src
cp -RL "$share/posted/include" copy/tree
makefile tree >copy/Makefile
make -s -C copy CC="$cc" CFLAGS=-MD vcpu.o
if grep -F "$share" copy/vcpu.d || ! grep -q tree/ copy/vcpu.d; then
	echo "a copy of the sources reads other headers than its own"
	exit 1
fi
if objdump -d posted.o | grep -m 5 -E '(call|jmp) +\*'; then
	echo "$cc: branches without a thunk, in spite of $thunks"
	exit 1
fi
for register in ax bx cx dx si di bp; do
	echo "__x86_indirect_thunk_r$register: jmp *%r$register"
done >names
for register in 8 9 10 11 12 13 14 15; do
	echo "__x86_indirect_thunk_r$register: jmp *%r$register"
done >>names
echo '__x86_return_thunk: ret' >>names
sed 's/^\([^:]*\):/.globl \1\n&/; $a .section .note.GNU-stack' names >thunks.s
"$cc" $strict -no-pie -o compiled embed.c posted.o thunks.s $(pkg-config --cflags posted)
prints ./compiled embed
