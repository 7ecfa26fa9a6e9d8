#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh OUT [POSTS]: builds examples/metal in OUT, boots it, and prints what it says. It must
# say that nothing failed, and its prices must not be above those of the file ceiling, which are
# not clang's. POSTS a scenario: 1,000, 4,000 for POSTED_SOAK. 77: no Bochs, or no $CC.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
out=$1
posts=1000
[ -z "${POSTED_SOAK:-}" ] || posts=4000
posts=${2:-$posts}

# shellcheck disable=SC2086 # a compiler may have words before it
command -v ${CC:-gcc} >/dev/null || { echo "no ${CC:-gcc} here"; exit 77; }
"$root/scripts/bochs" >/dev/null
"$root/examples/metal/build.sh" "$out" "$posts"
status=0
{ "$root/scripts/metal" "$out/disk.img" || echo $? >"$out/status"; } | tee "$out/serial.txt"
[ ! -e "$out/status" ] || { status=$(cat "$out/status"); rm "$out/status"; }
! grep -nE '.{81}' "$out/serial.txt" || { echo "a line of more than 80 columns" >&2; status=1; }
case ${CC:-gcc} in *clang*) exit "$status" ;; esac
awk -f "$here/ceiling.awk" "$here/ceiling" "$out/serial.txt" >&2 || status=1
exit "$status"
