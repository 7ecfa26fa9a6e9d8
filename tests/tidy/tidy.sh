#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tidy.sh ROOT: holds every file of the project at ROOT against the rules of the
# house. Prints file:line and what to do for each breach; fails if there is any.
set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
cd "$1" || exit 1
bad=0

# Files below the folders that exist, but for those of builds, in a fixed order: list
# FIND-EXPRESSION.
list() {
	find . \( -name .git -o -type d -exec test -e '{}/build.ninja' \; \) -prune -o \
		-type f \( "$@" \) -print | sed 's|^\./||' | sort
}

refuse() {
	echo "$1"
	bad=1
}

sources=$(list -name '*.[ch]' -o -name '*.cc')
scripts=$(list -name '*.sh' -o -name '*.awk' -o -name '*.py' -o -name meson.build \
	-o -name Makefile -o -path './scripts/*' -o -path './.ci/*')
meson=$(list -name meson.build)
[ -n "$sources" ] && [ -n "$meson" ] || refuse ".:1: no sources here; give the project's root"

awk -f "$here/tidy.awk" $sources $scripts || bad=1

# Words that mean unfinished work, and one machine's paths. Here they are named, so not here.
words='TODO|FIXME|XXX|HACK|[Nn]ot (yet )?implemented|/home/[a-z]|/root/'
list -name '*' ! -path './tests/tidy/*' ! -name '*.tsv' | tr '\n' '\0' |
	xargs -0 grep -InEH "(^|[^A-Za-z0-9_])($words)" |
	grep -vE "($words)[A-Z0-9_]" |
	awk -F: '{ print $1 ":" $2 ": unfinished, or a path of one machine; finish or remove it" }
		END { exit NR > 0 }' || bad=1

# Dead files: a source that no meson.build lists, a header that no source includes. Of an adapter
# the command compiles all, and a tree's sources include what is in shim/.
for file in $sources; do
	name=${file##*/}
	case $file in
	src/adapt/*/*) ;;
	*.h)
		grep -hoE '^ *# *include *[<"][^>"]+' $sources | sed 's/.*[<"]/\//' |
			awk -v path="$file" '
				substr(path, length(path) - length($0) + 1) == $0 { found = 1 }
				END { exit !found }' ||
			refuse "$file:1: no source includes it; use or remove it"
		;;
	*)
		grep -q "[/']$name'" $meson ||
			refuse "$file:1: no meson.build lists it; list or remove it"
		;;
	esac
done

# The map has each file of the explorer and the machine; a header goes with the source of its name.
for file in $(test ! -f ARCHITECTURE.md ||
	list -path './src/explore/*.[ch]' -o -path './src/hw/*.[ch]'); do
	[ "$file" = "${file%.h}.c" ] || [ ! -f "${file%.h}.c" ] || continue
	grep -qF "\`${file##*/}\`" ARCHITECTURE.md ||
		refuse "$file:1: ARCHITECTURE.md does not name it; say there what it is"
done

# Where the vectors follow one reading of a manual, CAVEATS.md names it, with the choice made.
for tag in $(cat tests/vectors/*.tsv 2>/dev/null | grep -o 'unsure_[a-z0-9_]*' | sort -u); do
	sed -n '/^## Choices/,/^## [^C]/p' CAVEATS.md 2>/dev/null | grep -qF "\`$tag\`" ||
		refuse "CAVEATS.md:1: \`$tag\` of tests/vectors is not named; say what was chosen"
done

exit $bad
