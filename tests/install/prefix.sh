#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# prefix.sh ROOT: scripts/install and scripts/uninstall with a PREFIX and without
# DESTDIR, and when the loader is told. Of a small project with the same scripts.
set -u
root=$1
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
prefix=$top/prefix
failed=0

wrong() {
	echo "$*"
	cat "$top/said"
	failed=1
}
# notes WANTED: ldconfig was run so often since the last time; it only takes notes here.
notes() {
	[ "$(wc -l <"$top/notes")" -eq "$1" ] || wrong "ldconfig: not $1 times"
	: >"$top/notes"
}
# run STATUS WORD... - what a script says is in $top/said.
run() {
	wanted=$1
	shift
	PATH=$top/bin:$PATH "$@" >"$top/said" 2>&1
	status=$?
	[ $status -eq "$wanted" ] || wrong "$*: exit $status, not $wanted"
}
said() { grep -q -e "$1" "$top/said" || wrong "not said: $1"; }

mkdir "$top/bin"
printf '#!/bin/sh\n[ "$*" = -p ] || echo "ldconfig $*" >>"%s"\n' "$top/notes" >"$top/bin/ldconfig"
printf '#!/bin/sh\ncat "%s"\n' "$top/user" >"$top/bin/id"
chmod +x "$top/bin/ldconfig" "$top/bin/id"
: >"$top/notes"
echo 0 >"$top/user"

mkdir "$top/small"
cp -r "$root/scripts" "$top/small"
root=$top/small
echo 'int posted(void); int posted(void) { return 0; }' >"$root/posted.c"
echo 'int main(void) { return 0; }' >"$root/main.c"
echo "option('tests', type: 'boolean', value: true)" >"$root/meson_options.txt"
cat >"$root/meson.build" <<-'END'
	project('small', 'c')
	executable('posted', 'main.c', install: true)
	shared_library('posted', 'posted.c', soversion: '0', install: true)
	install_headers('posted.c', subdir: 'posted')
	if get_option('tests')
	  subdir('tests')
	endif
END
mkdir "$root/tests"
: >"$root/tests/meson.build"
build=$top/build
run 0 "$root/scripts/build" "$build" -Dtests=false
said "^posted: building $build/ for the first time$"
[ ! -d "$build/tests" ] || wrong "tests, but nobody asked for them"

# Twice, as for a new version: what the first made is taken away by one uninstall, too.
mkdir -p "$prefix/share"
for time in first second; do
	run 0 env PREFIX="$prefix" "$root/scripts/install" "$build"
	said "^posted: installed in $prefix: "
	said "^posted: the loader does not look in $prefix/lib"
	said "^posted: $prefix/bin is not in PATH$"
	notes 1
done
"$prefix/bin/posted" >/dev/null || wrong "posted does not run"
[ -n "$(find "$prefix" -name libposted.so.0)" ] || wrong "no library"

# A package's staging does not tell the loader, and taking it away leaves the rest.
run 0 env DESTDIR="$top/stage" "$root/scripts/install" "$build"
[ -x "$top/stage$prefix/bin/posted" ] || wrong "not staged"
run 0 env DESTDIR="$top/stage" "$root/scripts/uninstall" "$build"
[ ! -e "$top/stage" ] || wrong "left: $(find "$top/stage")"
notes 0

run 0 "$root/scripts/uninstall" "$build"
[ "$(find "$prefix")" = "$(printf '%s\n' "$prefix" "$prefix/share")" ] ||
	wrong "left, or too much removed: $(find "$prefix")"
notes 1
run 1 "$root/scripts/uninstall" "$build"
said 'nothing was installed'

# Another than root: no ldconfig, and where it may not write it says what to do.
echo 1000 >"$top/user"
run 0 env PREFIX="$prefix" "$root/scripts/install" "$build"
run 0 "$root/scripts/uninstall" "$build"
notes 0
run 1 env PREFIX="$top/user/none" "$root/scripts/install" "$build"
said 'sudo make install'
said 'make install PREFIX='

# The tests come when they are asked for, and stay.
run 0 "$root/scripts/build" "$build" -Dtests=true all
said '^posted: adding the tests'
[ -d "$build/tests" ] || wrong "no tests, though asked for"
run 0 "$root/scripts/build" "$build" -Dtests=false
[ ! -s "$top/said" ] || wrong "not quiet"

# On a terminal it shows how far it is.
touch "$root"/*.c
run 0 script -qec "'$root/scripts/build' '$build'" /dev/null
said 'posted: building, '
run 0 script -qec "'$root/scripts/build' '$build'" /dev/null
[ ! -s "$top/said" ] || wrong "nothing to do, but it says something"
exit $failed
