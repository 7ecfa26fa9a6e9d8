#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# clashes.sh ROOT GCC G++ KERNELS: what libposted and libposted-hw bring into a hypervisor
# clashes with nothing there. All headers compile after KERNELS, a file of names, as C and,
# libposted's, as C++; so does src/hyp. And all that the headers declare, and all that the
# objects offer to a linker, begins with the prefix, so that nothing new can forget it. 77: no
# such compiler.
set -eu
root=$1 cc=$2 cxx=$3 kernels=$4
for tool in "$cc" "$cxx" nm readelf; do
	command -v "$tool" >/dev/null || { echo "no $tool here"; exit 77; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
flags="-ffreestanding -mgeneral-regs-only -mcx16 -I$root/include -I$root/src"
strict="-Wall -Wextra -Werror"

# includes HEADER...: a source with these.
includes() {
	for header; do
		case $header in
		"$root/include/"*) echo "#include <${header#"$root/include/"}>" ;;
		*) echo "#include \"${header#"$root/src/"}\"" ;;
		esac
	done
}
faces=$(ls "$root"/include/posted/*.h)
all=$(find "$root/include/posted" "$root/src/hyp" "$root/src/hw" -name '*.h' | sort)

# Together, and each alone.
includes $faces >"$dir/faces.c"
includes $all >"$dir/all.c"
"$cc" -std=gnu17 $flags $strict -include "$kernels" -c "$dir/all.c" -o "$dir/o"
"$cxx" -x c++ -std=c++17 $flags $strict -include "$kernels" -c "$dir/faces.c" -o "$dir/o"
for header in $faces; do
	includes "$header" >"$dir/one.c"
	"$cc" -std=c11 $flags $strict -include "$kernels" -c "$dir/one.c" -o "$dir/o"
done
for source in "$root"/src/hyp/*.c; do
	"$cc" -std=gnu17 $flags $strict -include "$kernels" -c "$source" -o "$dir/o"
done

# declared SOURCE: macros, and what the compiler's own description of an object with all
# declarations tells of: functions with a body, types and their tags, enumeration constants.
declared() {
	"$cc" -std=gnu17 $flags -E -dD "$1" | sed -n 's/^#define \([A-Za-z_0-9]*\).*/\1/p'
	"$cc" -std=gnu17 $flags -g -fno-eliminate-unused-debug-types -fkeep-inline-functions \
		-c "$1" -o "$dir/declared.o"
	readelf --debug-dump=info --wide "$dir/declared.o" | awk '
		# Neither members nor what is within a function, but for the types in it.
		match($0, /\(DW_TAG_[a-z_]*/) {
			kind = substr($0, RSTART + 8, RLENGTH - 8)
			wanted = kind ~ /^(typedef|enumerator|[a-z]*(ion|ure)_type)$/ ||
			         kind ~ /^(subprogram|variable)$/ && /^ *<1>/
		}
		wanted && /DW_AT_name/ { print $NF }'
}
# Those that are not posted/types.h's.
echo '#include <posted/types.h>' >"$dir/types.c"
declared "$dir/types.c" | sort -u >"$dir/types"
declared "$dir/all.c" | sort -u | comm -13 "$dir/types" - >"$dir/names"
for source in "$root"/src/hyp/*.c "$root"/src/hw/*.c "$root"/src/hw/*/*.c; do
	"$cc" -std=gnu17 $flags -c "$source" -o "$dir/o"
	nm -g --defined-only "$dir/o" | awk '{ print $NF }'
done | sort >"$dir/symbols"
# Of each kind one: a tool that says nothing would find everything good.
for name in PSTD_APIC_ICR pstd_apic_read pstd_desc PSTD_APIC_DM_FIXED pstd_u128 PSTD_HYP_H; do
	grep -qx "$name" "$dir/names" || { echo "$name is not found, though it is there"; exit 1; }
done
grep -qx pstd_vcpu_load "$dir/symbols" || { echo "src/hyp has no symbols"; exit 1; }
forgot=$(sort -u "$dir/names" "$dir/symbols" | grep -v '^\(pstd\|PSTD\)_' || :)
if [ -n "$forgot" ]; then
	echo "these names of ours do not begin with pstd_ or PSTD_:"
	echo "$forgot"
	exit 1
fi
echo "$cc: $(wc -l <"$dir/names") names declared, $(wc -l <"$dir/symbols") symbols, all ours"
