#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# put_back.sh POSTED JSON: check --bug finds a bug that was put back, replay shows it, and both
# know it from the sources as they are.
set -u
posted=$(realpath "$1") json=$(realpath "$2")
. "$(dirname "$0")/lib.sh"
export TMPDIR="$dir/tmp"
mkdir "$TMPDIR"
schedule() { sed -n "s/^replay: posted replay --bug $1 '\(.*\)'\$/\1/p" "$out"; }

# One that needs store buffers.
expect 1 "$posted" check --bug no-fence --trace "$dir/trace"
has "$err" '^posted check: compiling what no-fence changes$'
has "$out" '^enter .* violated$'
has "$out" '^violated: an interrupt is lost'
"$json" traceEvents <"$dir/trace" >"$dir/events" || wrong "no trace"
name=$(schedule no-fence)
sed -n '/x86-TSO/,/^replay: /p' "$out" >"$dir/told"
expect 1 "$posted" replay --quiet --bug no-fence --show pid "$name"
[ ! -s "$err" ] || wrong "not quiet"
sed -n '1,/^replay: /p' "$out" | cmp - "$dir/told" || wrong "the replay tells another story"
has "$out" '^vCPU 0  PIR {0x41}  ON 1 '
expect 0 "$posted" check --quiet --bug no-fence --sc
has "$out" '^1 proved, 0 stopped, 0 violated$'

# It is of another build than the sources as they are, and says so.
build=$("$posted" --version | sed 's/.*(build \(.*\))/\1/')
has "$dir/told" "^replay: .*'enter:tso:[0-9a-f]\{8\}:"
! grep -q "$build" "$dir/told" || wrong "the build is that of the right sources"
expect 2 "$posted" replay "$name"
has "$err" "of a bug that was put back: posted replay --bug no-fence '"
expect 2 "$posted" replay --quiet --bug no-fence "enter:tso:$build:1"
has "$err" "of posted's own code: posted replay '"

# By several processes, added up, with a frontier, in another scenario.
expect 1 "$posted" check --quiet --bug sn-not-set --json --jobs 2
is sn-not-set bug
cp "$out" "$dir/1.json"
expect 1 "$posted" check --merge "$dir/1.json"
has "$out" "^replay: posted replay --bug sn-not-set 'preempt:"
expect 3 "$posted" check --quiet --bug sn-not-set --max-schedules 3 --frontier "$dir/at" halt
expect 2 "$posted" check --quiet --frontier "$dir/at" halt
expect 0 "$posted" check --quiet --bug sn-not-set --frontier "$dir/at" halt
has "$out" '^halt .* proved'

# What is missing is named.
expect 2 "$posted" check --bug no-fense
has "$err" 'did you mean "no-fence"?'
expect 2 "$posted" check --bug cut-kept
has "$err" 'it is no matter of order'
expect 2 env CC=no-compiler "$posted" check --bug no-fence
has "$err" 'it cannot be put back: there is no no-compiler, which compiles'
expect 2 env CC=false "$posted" check --bug no-fence
has "$err" 'what changes does not compile'
mkdir "$dir/bin"
for tool in sh dirname; do
	ln -s "$(command -v $tool)" "$dir/bin"
done
expect 2 env PATH="$dir/bin" "$posted" check --bug no-fence --json
is false proved
"$json" problems <"$out" | grep -q 'there is no patch, which puts it into the sources' ||
	wrong "patch is not missed"
expect 2 env TMPDIR="$dir/none" "$posted" check --bug no-fence
has "$err" "$dir/none/posted-.*: No such file"

# Stopped while it compiles, it leaves nothing behind.
printf '#!/bin/sh\ntouch "%s/compiles"; sleep 0.5; exit 1\n' "$dir" >"$dir/bin/slow"
chmod +x "$dir/bin/slow"
CC=$dir/bin/slow "$posted" check --bug no-fence >"$out" 2>"$err" &
for _ in $(seq 300); do
	[ ! -e "$dir/compiles" ] || break
	sleep 0.1
done
kill -s TERM $!
wait $!
status=$?
[ $status -eq 143 ] || wrong "SIGTERM: exit $status"
! grep -q 'cannot be put back' "$err" || wrong "stopped, and told as if it had failed"
[ -z "$(ls "$TMPDIR")" ] || wrong "left behind: $(ls "$TMPDIR")"
exit $failed
