# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For tests that put a bug back: $dir becomes a folder of their own, with a copy of the
# sources of $root and the bug of $patch (empty: none).
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
	echo "${patch##*/}: $1" >&2
	exit 1
}
# put_back: it fails if the patch no longer applies.
put_back() {
	cp -R "$root/include" "$root/src" "$dir"
	[ -z "$patch" ] || patch --quiet --fuzz=0 -p1 -d "$dir" <"$patch"
}
# What the patch changes.
changed() { sed -n 's,^+++ b/,,p' "${patch:-/dev/null}"; }
# Folders of headers among the arguments come before those of the sources.
compile_plain() {
	"${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 "$@" "-I$dir/include" "-I$dir/src"
}

# What follows builds $dir/explore. Compiled is what changes, and what includes a header
# that does; the rest is in the build's libraries.
compile() { compile_plain "-I$dir/src/world/include" "$@"; }
# including HEADER: the sources of what is explored that include it, by the compiler's rules.
including() {
	cd "$dir"
	compile -MM src/hw/*.c src/hyp/*.c src/check/*.c src/exec/host_apic.c src/exec/iommu.c \
		src/explore/*/*.c src/world/*.c src/scenarios/*.c |
		awk -v header="$1" '
			/^[^ ]/ { source = $2 }
			index($0 " ", "/" header " ") && !seen[source]++ { print source }' |
		grep -v -e /scenarios/main.c -e /check/all.c # made below; of the threaded machine
}
# What is judged calls back at each plain access, as in the build.
compile_source() {
	case $1 in
	src/hw/* | src/hyp/*) judged=-fsanitize=thread ;;
	*) judged= ;;
	esac
	# shellcheck disable=SC2086 # none, or one word
	compile $judged -c -o "$dir/${1##*/}.o" "$dir/$1"
}
# build_explorer LIBRARY...: fails if the patch no longer applies, or does not compile.
build_explorer() {
	put_back || return
	for file in $(changed); do
		case $file in
		*.h) sources=$(including "$file") ;;
		*) sources=$file ;;
		esac
		for source in $sources; do
			compile_source "$source" || return
		done
	done
	compile -c -o "$dir/main.o" "$dir/src/scenarios/main.c" || return
	# An object here stands before the one of the same symbols in a library.
	compile -o "$dir/explore" "$dir"/*.o "$@" -ldw
}
