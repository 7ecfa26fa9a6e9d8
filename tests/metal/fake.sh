# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# Stands in for Debian: an apt of the test's own, first on the path, whose packages are the
# files of $mirror, and whose bochs has the version in the file `listed`. A file `slow` makes
# a download slow, `off` the network absent. What stands in for Bochs is the program $1 of
# publish, in the place of its loader, as scripts/metal starts it.
. "$1/tests/cli/lib.sh"
for tool in apt-get dpkg dpkg-deb flock; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
POSTED_BOCHS=$dir/cache PATH=$dir/bin:$PATH mirror=$dir/mirror
export POSTED_BOCHS PATH mirror
mkdir -p "$dir/bin" "$mirror"
: >"$mirror/downloads"

cat >"$dir/bin/apt-get" <<'END'
#!/bin/sh
case " $* " in
*' --print-uris '*)
	for suite in nodistro bookworm bookworm-security; do
		echo "'http://mirror.test/debian/dists/$suite/InRelease' list 0"
	done ;;
*' update '*) [ ! -e "$mirror/off" ] || echo 'W: Failed to fetch anything' ;;
*' install --yes --download-only '*)
	cat "$mirror/listed" >>"$mirror/downloads"
	[ ! -e "$mirror/slow" ] || sleep 2
	[ -e "$mirror/bochs.deb" ] || { echo 'E: 404 bochs'; exit 100; }
	cp "$mirror"/*.deb "$(dirname "$3")/cache/archives" ;;
*) exit 9 ;;
esac
END
cat >"$dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -e "$mirror/off" ] || echo " bochs | $(cat "$mirror/listed") | http://mirror.test"
END
chmod +x "$dir/bin/apt-get" "$dir/bin/apt-cache"

# publish VERSION: packages like Debian's, with the program on the standard input.
publish() {
	made=$dir/made
	rm -rf "$made"
	mkdir -p "$made/DEBIAN" "$made/usr/lib/x86_64-linux-gnu" "$made/usr/bin" \
		"$made/usr/share/bochs" "$made/usr/share/vgabios" "$made/usr/share/icons"
	cat >"$made/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
	chmod +x "$made/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
	echo "$1" >"$made/usr/bin/bochs-bin"
	printf 'Package: bochs\nVersion: %s\nArchitecture: all\n%s\n%s\n' "$1" \
		'Maintainer: none' 'Description: none' >"$made/DEBIAN/control"
	dpkg-deb -b "$made" "$mirror/bochs.deb" >/dev/null
	echo "$1" >"$mirror/listed"
}
