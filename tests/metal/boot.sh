#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# boot.sh ROOT: scripts/metal, with something in the place of Bochs: its verdict, and that
# nothing stays behind, however it ends.
set -u
metal=$1/scripts/metal
. "$(dirname "$0")/fake.sh"
TMPDIR="$dir/of runs"
export TMPDIR
mkdir "$TMPDIR"
: >"$dir/image"

# As Bochs does, it ends with 1 whatever happened, and does not mind SIGTERM.
play() {
	{ printf '#!/bin/sh\ntrap "" TERM INT\n'; cat; echo 'exit 1'; } >"$dir/play"
	publish 3.0-1 <"$dir/play"
	rm -rf "$POSTED_BOCHS"
}
clean() {
	left=$(ls -A "$TMPDIR")
	[ -z "$left" ] || wrong "left behind: $left"
}
# ends STATUS
ends() {
	expect "$1" "$metal" "$dir/image"
	clean
}
# What runs there, and how often, is in the file `lives`.
alive() { [ -s "$dir/lives" ] && kill -0 "$(cat "$dir/lives")" 2>/dev/null; }

play <<-END
	echo 'ok   it runs' >serial
	echo 'SUMMARY checks=1 failures=0' >>serial
	[ -r disk.img ] && [ -r bochsrc ] && [ -r bochs/usr/bin/bochs-bin ] || kill -KILL \$\$
END
ends 0
has "$out" '^ok   it runs$'
has "$out" '^SUMMARY checks=1 failures=0$'

# Without a folder of its own it does not use the one where it was called.
mkdir "$dir/here"
cd "$dir/here"
expect 2 env TMPDIR="$dir/none" "$metal" "$dir/image"
[ -z "$(ls -A)" ] || wrong "left behind: $(ls -A)"
cd /

play <<-END
	echo 'SUMMARY checks=2 failures=1' >serial
END
ends 1

# No verdict: what stands before it is none, and what Bochs said is shown.
play <<-END
	printf 'SUMMARY checks=2 failures=0\nand on' >serial
	echo '>>PANIC<< of the disk' >log
END
ends 1
has "$err" 'no verdict'
has "$err" 'PANIC<< of the disk'

# It may end before it opens the port.
play <<-END
	echo 'no such CPU'
END
ends 1
has "$err" 'no such CPU'

# A hang, by its CPU time.
play <<-END
	while :; do :; done
END
export METAL_SECONDS=1
ends 1
has "$err" 'killed; it may use 1 s .*METAL_SECONDS'
export METAL_SECONDS=1m
ends 2
has "$err" '^metal: METAL_SECONDS .*: 1m$'
unset METAL_SECONDS

# Interrupted. A shell's background job ignores SIGINT, so SIGTERM it is.
play <<-END
	echo \$\$ >'$dir/lives'
	while :; do :; done
END
"$metal" "$dir/image" >"$out" 2>"$err" &
for _ in $(seq 300); do
	alive && break
	sleep 0.1
done
alive || wrong "it does not run"
kill $!
wait $! && wrong "interrupted, but exit 0"
for _ in $(seq 20); do
	alive || break
	sleep 0.1
done
! alive || wrong "it runs on"
clean

: >"$mirror/off"
rm -rf "$POSTED_BOCHS"
ends 77
expect 2 "$metal"
has "$err" '^usage: '
for none in "$dir/none" "$dir"; do
	expect 2 "$metal" "$none"
	has "$err" "^metal: no disk image $none\$"
done
exit $failed
