#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# object.sh OBJECT SOURCES HEADERS PATCH LIBRARY: for posted check --bug: puts the bug of PATCH
# back and makes a shared object of the scenarios with what they explore. What does not change
# is in LIBRARY; the explorer is the command's. Fails with 2 if a tool is missing.
set -eu
object=$1 tree=$2 headers=$3 patch=$4 library=$5
. "$(dirname "$0")/build.sh"

# need COMMAND WHAT-FOR
need() {
	command -v "$1" >/dev/null && return
	echo "there is no $1, $2"
	exit 2
}
words=${CC:-cc}
need patch "which puts it into the sources (Debian: apt-get install patch)"
need "${words%% *}" "which compiles them (Debian: apt-get install gcc; or name another in CC)"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
compile_changed
# An object here stands before the one of the same symbols in the library.
compile -shared -Wl,-Bsymbolic -Wl,-u,scenarios -Wl,-u,show_world -o "$object" "$dir"/*.o "$library"
