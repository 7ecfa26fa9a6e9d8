# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# Stands in for Debian (tests/trees/debian.sh): its bochs has the version in the file `listed`.
# What stands in for Bochs is the program $1 of publish, in the place of its loader, as
# scripts/metal starts it.
. "$1/tests/cli/lib.sh"
command -v dpkg >/dev/null || { echo "no dpkg here"; exit 77; }
cache=$dir/cache name=bochs-3.0
export POSTED_BOCHS="$cache"
. "$1/tests/trees/debian.sh"

get <<'END'
*' install --yes --download-only '*)
	slowly "$(cat "$mirror/listed")"
	[ -e "$mirror/bochs.deb" ] || { echo 'E: 404 bochs'; exit 100; }
	cp "$mirror"/*.deb "$(dirname "$3")/cache/archives" ;;
END
cat >"$dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -e "$mirror/off" ] || echo " bochs | $(cat "$mirror/listed") | http://mirror.test"
END
chmod +x "$dir/bin/apt-cache"

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
