#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# setup.sh ROOT: tests scripts/setup with stand-ins for dpkg-query, apt-get, id
# and sudo that only take notes: what it asks of whom, and when it gives up.
set -u
setup=$1/scripts/setup
top=$(mktemp -d) || exit 1
trap 'rm -rf "$top"' EXIT
failed=0

# stand_in NAME SCRIPT: a command of this name, first on the path.
stand_in() {
	printf '#!/bin/sh\n%s\n' "$2" >"$top/bin/$1"
	chmod +x "$top/bin/$1"
}

# A machine with nothing but the tools that the script itself uses, as that user.
machine() {
	rm -rf "$top/bin"
	mkdir "$top/bin"
	for tool in sh sed dirname env; do
		ln -s "$(command -v $tool)" "$top/bin/$tool"
	done
	stand_in id "echo $1"
	: >"$top/notes"
}

# debian PACKAGE-FILTER: dpkg and apt, where the packages that pass the sed filter are installed.
debian() {
	stand_in dpkg-query "shift 3; for p; do echo \"installed \$p\"; done | $1; exit 1"
	stand_in apt-get "echo \"apt-get \$*\" >>'$top/notes'"
}

# try NAME STATUS NOTES OUTPUT: how it ends, what it asked for, what it said; of $sections.
sections="build test"
try() {
	out=$(PATH=$top/bin "$setup" $sections 2>&1 </dev/null)
	status=$?
	if [ $status -ne "$2" ] || ! grep -qE "$3" "$top/notes" ||
	   ! echo "$out" | grep -qE "$4"; then
		printf '%s: status %s, notes:\n%s\noutput:\n%s\n' "$1" $status \
			"$(cat "$top/notes")" "$out"
		failed=1
	fi
}

machine 0
debian "sed p"
echo none >"$top/notes"
try "all is there" 0 '^none$' '^$'

machine 0
debian "sed /meson/d"
try "root, one missing" 0 '^apt-get install .*--no-install-recommends meson$' 'installing.*: meson$'
grep -q '^apt-get update' "$top/notes" || { echo "root: no update first"; failed=1; }

machine 0
debian "sed 's/^installed gcc$/deinstall gcc/; s/^installed meson$/installed meson-x/'"
try "root, one removed and one like it" 0 '^apt-get install .* gcc meson$' ': gcc meson$'

machine 0
debian "sed d"
stand_in apt-get 'echo "E: no network"; exit 100'
echo none >"$top/notes"
try "apt-get fails" 1 none 'apt-get update && apt-get install gcc .*ninja-build'

machine 1000
debian "sed /meson/d"
stand_in sudo "echo \"sudo \$*\" >>'$top/notes'"
try "sudo" 0 '^sudo -n apt-get install .* meson$' ': meson$'

machine 1000
debian "sed /meson/d"
stand_in sudo 'exit 1'
echo none >"$top/notes"
try "sudo refuses" 1 '^none$' 'apt-get install meson$'

machine 1000
debian "sed /meson/d"
echo none >"$top/notes"
try "no rights" 1 '^none$' 'apt-get install meson$'

machine 0
echo none >"$top/notes"
try "not Debian" 1 '^none$' 'not Debian'

# What running needs has nothing of what testing needs, and each has its own.
machine 0
debian "sed d"
sections=build
try "to run" 0 "^apt-get install .* gcc .*patch$" "installing.* gcc "
! grep -q -e cmocka -e clang -e spin "$top/notes" || { echo "to run: test tools"; failed=1; }
sections="test write"
machine 0
debian "sed d"
try "to test" 0 "^apt-get install .* libcmocka-dev .*clang-format$" "installing.* spin "
! grep -q -e meson -e libisal "$top/notes" || { echo "to test: build tools"; failed=1; }
machine 0
debian "sed /spin/d"
echo none >"$top/notes"
sections=build
try "a test tool is missing, to run" 0 "^none$" "^$"

machine 0
debian "sed p"
echo none >"$top/notes"
sections=none
try "no such section" 2 "^none$" "has no section .none."
sections=
try "no section" 2 "^none$" "^usage: setup SECTION"

exit $failed
