#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# bugs.sh POSTED JSON ROOT: the verb bugs: lists what ROOT/bugs has, and shows one with
# its patch.
set -u
posted=$1 json=$2 root=$3
. "$(dirname "$0")/lib.sh"
bugs=$root/bugs

expect 0 "$posted" bugs
sed -n 's/^  \([^ ]*\) .*/\1/p' "$out" >"$dir/listed"
sed 1d "$bugs/bugs.tsv" | cut -f 1 | diff - "$dir/listed" >"$dir/diff" ||
	wrong "not those of bugs.tsv: $(cat "$dir/diff")"
has "$out" '^  no-recheck  *preempt  *PIR is not .* Fixed by KVM c112b5f50232$'
has "$out" '^  no-fence .* Only with store buffers\.$'
has "$out" '^  cut-kept  *-  '

# On a terminal it is folded, with the sentences in a column.
COLUMNS=60 script -qec "stty cols 60; '$posted' bugs" /dev/null </dev/null >"$out" 2>"$err"
[ "$(tr -d '\r' <"$out" | wc -L)" -le 60 ] || wrong "lines that do not fit into 60 columns"
has "$out" '^                                   [a-z]'

expect 0 "$posted" bugs 'nmi-*'
[ "$(grep -c '^  nmi-' "$out")" -eq "$(wc -l <"$out")" ] || wrong "others than nmi-*"
expect 2 "$posted" bugs 'x*'
has "$err" 'no bug is like "x\*"; "posted bugs" lists them'
expect 2 "$posted" bugs no-fense
has "$err" 'did you mean "no-fence"?'
expect 2 "$posted" bugs no-fence no-eoi
has "$err" 'one BUG at a time: "no-eoi" is too many'

# Its patch is the file's, and the commands are those that show it.
expect 0 "$posted" bugs no-fence
has "$out" '^Like it, but not the same: fixed by KVM b95234c84004, KVM 83c98007d9fb$'
has "$out" '^posted check --bug no-fence enter '
has "$out" '^posted check --bug no-fence --sc enter '
sed -n '/^--- /,/^$/p' "$out" >"$dir/diff"
sed -n '/^--- /,$p' "$bugs/no-fence.patch" | diff - "$dir/diff" | grep '^[<>] *[^<> ]' &&
	wrong "not its patch"
expect 0 "$posted" bugs no-recheck
! grep -q -e --sc "$out" || wrong "it shows without store buffers, too"
expect 0 "$posted" bugs cut-kept
has "$out" 'no matter of order; a test of the sources finds it: meson test cut-kept'
! grep -q 'posted check' "$out" || wrong "no scenario shows it"
expect 0 "$posted" bugs --json sn-stuck
is '[{"project":"KVM","commit":"31afb2ea2b10"},{"project":"Xen","commit":"7c00de1756"}]' \
	bugs.0.fixed
exit $failed
