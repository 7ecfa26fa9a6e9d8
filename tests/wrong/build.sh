# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For tests that put a bug back into a copy of the sources of $root: $dir becomes a folder of
# their own, which build.sh of bugs/ fills.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
tree=$root/src headers=$root/include
. "$root/bugs/build.sh"

fail() {
	echo "${patch##*/}: $1" >&2
	exit 1
}
# build_explorer LIBRARY...: $dir/explore; fails if the patch no longer applies, or does not
# compile.
build_explorer() {
	compile_changed || return
	compile -c -o "$dir/main.o" "$dir/src/scenarios/main.c" || return
	# An object here stands before the one of the same symbols in a library.
	compile -o "$dir/explore" "$dir"/*.o "$@" -ldw
}
