#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# trees.sh ROOT: scripts/trees, with an apt of this test's own: what it keeps, how often it
# fetches, and what it leaves behind.
set -u
trees=$1/scripts/trees
. "$1/tests/cli/lib.sh"
for tool in apt-get dpkg-deb flock xz; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
POSTED_TREES=$dir/cache PATH=$dir/bin:$PATH mirror=$dir/mirror
export POSTED_TREES PATH mirror
mkdir -p "$dir/bin" "$mirror"

# apt-get and apt-cache as trees needs them. Versions are those that are listed; what is
# listed need not be there. A file `slow` makes each download slow, `off` the network absent.
cat >"$dir/bin/apt-get" <<'END'
#!/bin/sh
for last; do :; done
case " $* " in
*' --print-uris '*)
	for suite in nodistro bookworm bookworm-security; do
		echo "'http://mirror.test/debian/dists/$suite/InRelease' list 0"
	done ;;
*' update '*) [ ! -e "$mirror/off" ] || echo 'W: Failed to fetch anything' ;;
*' download '*)
	echo "$last" >>"$mirror/downloads"
	[ ! -e "$mirror/slow" ] || sleep 2
	cp "$mirror/${last#*=}.deb" . || { echo "E: 404 $last"; exit 100; } ;;
*) exit 9 ;;
esac
END
cat >"$dir/bin/apt-cache" <<'END'
#!/bin/sh
[ -e "$mirror/off" ] || sed 's/^\(.*\) \(.*\)/ \1 | \2 | http: suite/' "$mirror/listed"
END
chmod +x "$dir/bin/apt-get" "$dir/bin/apt-cache"

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
downloads() { # downloads COUNT
	got=$(wc -l <"$mirror/downloads")
	[ "$got" -eq "$1" ] || wrong "$got downloads, not $1"
}
clean() {
	left=$(find "$POSTED_TREES" -mindepth 1 -maxdepth 1 ! -name .linux-6.1.lock \
		! -name linux-6.1)
	[ -z "$left" ] || wrong "left behind: $left"
}
tree=$POSTED_TREES/linux-6.1
: >"$mirror/downloads"
publish 6.1.9-1

# Nothing to be had: one line, and 77.
list 6.1.9-1
: >"$mirror/off"
expect 77 "$trees" linux-6.1
has "$err" '^trees: no linux-6.1: .*Failed to fetch anything'
[ "$(wc -l <"$err")" -eq 1 ] || wrong "more than a line"
rm "$mirror/off"
clean

# Interrupted, then two at once: one of them fetches.
: >"$mirror/slow"
"$trees" linux-6.1 >"$out" 2>"$err" &
for _ in $(seq 100); do
	[ -s "$mirror/downloads" ] && break
	sleep 0.1
done
kill $!
wait $! && wrong "killed, but exit 0"
clean
[ ! -e "$tree" ] || wrong "half a tree"
: >"$mirror/downloads"
"$trees" linux-6.1 >"$dir/other" 2>&1 &
expect 0 "$trees" linux-6.1
wait $! || wrong "the other: $(cat "$dir/other")"
has "$out" "^$tree\$"
has "$dir/other" "^$tree\$"
downloads 1
rm "$mirror/slow"
clean
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
