# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=sh
#
# For tests of what fetches from Debian (scripts/debian.sh): an apt of the test's own, first on
# the path, whose packages are files of $mirror. How it downloads is the test's: `get` takes that
# from the standard input. A file `slow` makes a download slow, `off` the network absent; each
# download is a line in `downloads`. The test has set $cache, and fetches $name into it.
for tool in apt-get dpkg-deb flock; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
PATH=$dir/bin:$PATH mirror=$dir/mirror
export PATH mirror
mkdir -p "$dir/bin" "$mirror"
: >"$mirror/downloads"

cat >"$dir/apt-get" <<'END'
#!/bin/sh
for last; do :; done
slowly() {
	echo "$1" >>"$mirror/downloads"
	[ ! -e "$mirror/slow" ] || sleep 2
}
case " $* " in
*' --print-uris '*)
	for suite in nodistro bookworm bookworm-security; do
		echo "'http://mirror.test/debian/dists/$suite/InRelease' list 0"
	done ;;
*' update '*) [ ! -e "$mirror/off" ] || echo 'W: Failed to fetch anything' ;;
END
# get: the cases of apt-get that download.
get() {
	{
		cat "$dir/apt-get"
		cat
		echo '*) exit 9 ;;'
		echo esac
	} >"$dir/bin/apt-get"
	chmod +x "$dir/bin/apt-get"
}

downloads() { # downloads COUNT
	got=$(wc -l <"$mirror/downloads")
	[ "$got" -eq "$1" ] || wrong "$got downloads, not $1"
}
clean() {
	left=$(find "$cache" -mindepth 1 -maxdepth 1 ! -name ".$name.lock" ! -name "$name")
	[ -z "$left" ] || wrong "left behind: $left"
}
# once COMMAND ARGUMENT...: interrupted, then two at once: one of them fetches.
once() {
	: >"$mirror/downloads"
	: >"$mirror/slow"
	"$@" >"$out" 2>"$err" &
	for _ in $(seq 300); do
		[ -s "$mirror/downloads" ] && break
		sleep 0.1
	done
	kill $!
	wait $! && wrong "killed, but exit 0"
	clean
	[ ! -e "$cache/$name" ] || wrong "half a tree"
	: >"$mirror/downloads"
	"$@" >"$dir/other" 2>&1 &
	expect 0 "$@"
	wait $! || wrong "the other: $(cat "$dir/other")"
	has "$out" "^$cache/$name\$"
	has "$dir/other" "^$cache/$name\$"
	downloads 1
	rm "$mirror/slow"
	clean
}
