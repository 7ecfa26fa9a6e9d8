# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# Puts a bug back: the folder $dir gets a copy of the sources of $tree and the headers of
# $headers with the bug of $patch (empty: none), then the objects of what that changes. What
# does not change is in a library that was built before.

# put_back: it fails if the patch does not apply.
put_back() {
	mkdir "$dir/include"
	cp -R "$headers/posted" "$headers/explore" "$dir/include"
	cp -R "$tree" "$dir"
	[ -z "$patch" ] || patch --quiet --fuzz=0 -p1 -d "$dir" <"$patch"
}
# What the patch changes.
changed() { sed -n 's,^+++ b/,,p' "${patch:-/dev/null}"; }
# Folders of headers among the arguments come before those of the sources.
compile_plain() {
	# shellcheck disable=SC2086 # a compiler may have words before it
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -O1 -mcx16 -fPIC "$@" "-I$dir/include" "-I$dir/src"
}

# As it is explored.
compile() { compile_plain "-I$dir/src/world/include" "$@"; }
# including HEADER: the sources of what is explored that include it, by the compiler's rules.
including() {
	cd "$dir"
	compile -MM src/hw/*.c src/hw/*/*.c src/hyp/*.c src/check/*.c src/exec/host_apic.c \
		src/exec/iommu.c src/world/*.c src/scenarios/*.c |
		awk -v header="$1" '
			/^[^ ]/ { source = $2 }
			index($0 " ", "/" header " ") && !seen[source]++ { print source }' |
		# Of a test's program, and of the threaded machine.
		grep -v -e /scenarios/main.c -e /check/all.c -e /check/level_eoi.c
}
# object_of SOURCE: where its object goes. Files of two folders may have the same name.
object_of() { printf '%s/%s.o\n' "$dir" "$(echo "$1" | tr / .)"; }
# What is judged calls back at each plain access, as in the build.
compile_source() {
	case $1 in
	src/hw/* | src/hyp/*) judged=-fsanitize=thread ;;
	*) judged= ;;
	esac
	# shellcheck disable=SC2086 # none, or one word
	compile $judged -c -o "$(object_of "$1")" "$dir/$1"
}
# The sources to compile, a line each.
to_compile() {
	for file in $(changed); do
		case $file in
		*.h) including "$file" ;;
		*) echo "$file" ;;
		esac
	done
}
# Fails if the patch does not apply, or the sources do not compile.
compile_changed() {
	put_back || return
	for file in $(to_compile); do
		compile_source "$file" || return
	done
}
