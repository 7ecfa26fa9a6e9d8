#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh ROOT COMPILER C++-COMPILER: builds libposted as a hypervisor would, and libposted-hw.
# Each header by itself, as C11, as gnu17 and, of libposted, as C++17; then all of src/hyp,
# linked into one object that must need nothing from anyone, and all of src/hw, which may need
# what compilers always may. 77: no such compiler.
set -eu
root=$1 cc=$2 cxx=$3
for tool in "$cc" "$cxx" ld nm; do
	command -v "$tool" >/dev/null || { echo "no $tool here"; exit 77; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags="-ffreestanding -nostdlib -mgeneral-regs-only -mno-red-zone -fno-stack-protector
       -mcx16 -O2 -fno-pie
       -Wall -Wextra -Wpedantic -Werror -I$root/include -I$root/src"

for header in "$root"/include/posted/*.h "$root"/include/posted/hw/*.h \
	"$root"/include/posted/hw/*/*.h; do
	echo "#include <${header#"$root/include/"}>" >"$dir/header.c"
	for std in c11 gnu17; do
		"$cc" -std=$std $flags -c "$dir/header.c" -o "$dir/header.o"
	done
	case $header in
	*/hw/*) ;;
	*) "$cxx" -x c++ -std=c++17 $flags -c "$dir/header.c" -o "$dir/header.o" ;;
	esac
	# As a program of the C library would, where the compiler may use vector registers.
	"$cc" -std=gnu17 -mcx16 -Wall -Wextra -Werror "-I$root/include" -c "$dir/header.c" \
		-o "$dir/header.o"
done

# linked FOLDER MAY-NEED FLAG...: $dir/FOLDER.o is all of src/FOLDER.
linked() {
	folder=$1 may=$2
	shift 2
	for source in $(find "$root/src/$folder" -name '*.c'); do
		"$cc" -std=gnu17 $flags "$@" -c "$source" \
			-o "$dir/$(echo "${source#"$root/src/"}" | tr / .).$folder-part.o"
	done
	ld -r -o "$dir/$folder.o" "$dir"/*."$folder-part.o"
	undefined=$(nm -u "$dir/$folder.o" | grep -vE " ($may)\$" || :)
	if [ -n "$undefined" ]; then
		echo "src/$folder needs symbols that a hypervisor does not have:"
		echo "$undefined"
		exit 1
	fi
}
linked hyp none
linked hw 'mem(cpy|set|move|cmp)' -Wno-pedantic -Wno-unused-parameter
# An interrupt on a kernel's stack would write over what lies below the stack pointer.
if objdump -d "$dir/hyp.o" | grep -m 5 -e '-0x[0-9a-f]*(%rsp)'; then
	echo "src/hyp uses the red zone: compile it with -mno-red-zone"
	exit 1
fi
echo "$cc: $(nm -g --defined-only "$dir/hyp.o" | wc -l) symbols, none undefined"
