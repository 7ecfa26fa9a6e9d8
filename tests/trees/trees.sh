#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# trees.sh ROOT: scripts/trees, with an apt of this test's own: what it keeps, how often it
# fetches, and what it leaves behind.
set -u
trees=$1/scripts/trees
. "$1/tests/cli/lib.sh"
command -v xz >/dev/null || { echo "no xz here"; exit 77; }
cache=$dir/cache name=linux-6.1
export POSTED_TREES="$cache"
. "$1/tests/trees/debian.sh"
tree=$cache/$name

# Versions are those that are listed; what is listed need not be there.
get <<'END'
*' download '*)
	slowly "$last"
	cp "$mirror/${last#*=}.deb" . || { echo "E: 404 $last"; exit 100; } ;;
END
cat >"$dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -e "$mirror/off" ] || sed 's/^\(.*\) \(.*\)/ \1 | \2 | http: suite/' "$mirror/listed"
END
chmod +x "$dir/bin/apt-cache"

# publish VERSION: a package like Debian's.
publish() {
	made=$dir/made/$1 top=$dir/top/linux-source-6.1
	mkdir -p "$made/DEBIAN" "$made/usr/src" "$top/drivers/iommu/intel" "$top/arch/arm" \
		"$top/arch/x86/include" "$top/arch/x86/kernel/apic" "$top/arch/x86/kvm" \
		"$top/include/linux" "$top/kernel" "$top/virt"
	echo "$1" >"$top/Makefile"
	tar -C "$dir/top" -cJf "$made/usr/src/linux-source-6.1.tar.xz" linux-source-6.1
	printf 'Package: linux-source-6.1\nVersion: %s\nArchitecture: all\n%s\n%s\n' "$1" \
		'Maintainer: none' 'Description: none' >"$made/DEBIAN/control"
	dpkg-deb -b "$made" "$mirror/$1.deb" >/dev/null
}
list() { printf 'linux-source-6.1 %s\n' "$@" >"$mirror/listed"; }
publish 6.1.9-1

# Nothing to be had: one line, and 77.
list 6.1.9-1
: >"$mirror/off"
expect 77 "$trees" linux-6.1
has "$err" '^trees: no linux-6.1: .*Failed to fetch anything'
[ "$(wc -l <"$err")" -eq 1 ] || wrong "more than a line"
rm "$mirror/off"
clean

once "$trees" linux-6.1
has "$tree/debian-version" '^linux-source-6.1 6.1.9-1$'
has "$tree/Makefile" '^6.1.9-1$'
[ -d "$tree/virt" ] || wrong "a folder that is wanted is missing"
[ ! -e "$tree/arch/arm" ] || wrong "a folder that nobody wants"

# What is there needs no network. Looked anew, the newest that is really there.
: >"$mirror/off"
expect 0 "$trees" linux-6.1
rm "$mirror/off"
downloads 1
expect 0 "$trees" --refresh linux-6.1
downloads 1
publish 6.1.10-1
list 6.1.9-1 6.1.10-1 6.1.11-1
expect 0 "$trees" --refresh linux-6.1
has "$out" "^$tree\$"
has "$tree/debian-version" ' 6.1.10-1$'
downloads 3
clean

# What does not come in time is not tried in other versions.
: >"$mirror/slow"
: >"$mirror/downloads"
publish 6.1.12-1
list 6.1.9-1 6.1.10-1 6.1.12-1
export POSTED_TREES_SECONDS=1
expect 77 "$trees" --refresh linux-6.1
has "$err" 'linux-source-6.1 6.1.12-1 did not come in 1 seconds'
downloads 1
clean

expect 2 "$trees" linux-2.4
expect 2 "$trees"
exit $failed
