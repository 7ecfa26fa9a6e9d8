#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# types.sh ROOT COMPILER C++-COMPILER: builds all headers as C, libposted's also as C++, and
# src/hyp with an embedder's posted/types.h before ours and no header of the system: nothing
# else may be asked for, and each file has to ask for types by itself. 77: no such compiler.
set -eu
root=$1 cc=$2 cxx=$3
for tool in "$cc" "$cxx"; do
	command -v "$tool" >/dev/null || { echo "no $tool here"; exit 77; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
own=$root/tests/freestanding/types
flags="-nostdinc -ffreestanding -mgeneral-regs-only -mcx16 -O2 -Wall -Wextra -Wpedantic -Werror
       -I$own -I$root/include -I$root/src"

# Whoever includes what is not ours does not compile.
for header in "$root"/include/posted/*.h "$root"/include/posted/hw/*.h \
	"$root"/include/posted/hw/*/*.h; do
	echo "#include <${header#"$root/include/"}>" >"$dir/header.c"
	"$cc" -std=c11 $flags -c "$dir/header.c" -o "$dir/header.o"
	case $header in
	*/hw/*) ;;
	*) "$cxx" -x c++ -std=c++17 -nostdinc++ $flags -c "$dir/header.c" -o "$dir/header.o" ;;
	esac
done
for source in "$root"/src/hyp/*.c; do
	"$cc" -std=gnu17 $flags -c "$source" -o "$dir/source.o" -MD -MF "$dir/read"
	tr -s ' \\' '\n' <"$dir/read" | grep '^/' >>"$dir/all"
done
if ! grep -qxF "$own/posted/types.h" "$dir/all" || grep "^$root/include/posted/types.h" "$dir/all"
then
	echo "the embedder's posted/types.h is not the one that src/hyp has read"
	exit 1
fi
echo "$cc: $(sort -u "$dir/all" | wc -l) files read, no header of the system"
