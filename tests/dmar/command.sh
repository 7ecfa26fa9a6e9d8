#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# command.sh POSTED JSON WRITE_SAMPLE DECODED: posted decode shows all of the sample
# as DECODED has it; posted dmar makes the table of a machine, which iasl can read.
set -u
posted=$1 json=$2 write_sample=$3 decoded=$4
. "$(dirname "$0")/../cli/lib.sh"

# line N is TEXT: of the file out.
line() {
	[ "$(sed -n "$1p" "$dir/out")" = "$2" ] || wrong "line $1 is not \"$2\""
}

"$write_sample" 6 >"$dir/sample"
"$posted" decode "$dir/sample" >"$dir/out" || wrong "decode of the sample: exit $?"
diff "$decoded" "$dir/out" || wrong "decode of the sample has other words"

# A broken table is refused, with the offset; one that breaks a rule is shown, and the rule told.
head -c 100 "$dir/sample" >"$dir/cut"
"$posted" decode "$dir/cut" >"$dir/out" 2>"$dir/err" && wrong "decode of a cut table succeeds"
[ ! -s "$dir/out" ] || wrong "decode of a cut table prints something"
grep -q 'offset 0x4 of 0x64: .*cut short' "$dir/err" || wrong "the refusal: $(cat "$dir/err")"
{ head -c 9 "$dir/sample"; printf '\001'; tail -c +11 "$dir/sample"; } >"$dir/sum"
"$posted" decode "$dir/sum" >"$dir/out" || wrong "decode of a table with a bad sum: exit $?"
grep -q 'offset 0x9: .*checksum' "$dir/out" || wrong "the note: $(cat "$dir/out")"
{ cat "$dir/sample"; printf 'behind'; } >"$dir/behind"
"$posted" decode "$dir/behind" >"$dir/out" || wrong "decode of a table with more behind it: exit $?"
size=$(wc -c <"$dir/sample")
grep -q "length is $size, but $((size + 6)) bytes were given" "$dir/out" ||
	wrong "the note: $(cat "$dir/out")"

cat >"$dir/machine.yaml" <<'END'
pcpus: 1
x2apic: false
vms: [{name: a, vcpus: 1, guest: ticker}]
iommus: [{name: rest}, {name: own}]
devices:
  - {type: timer, vm: a}
  - {type: timer, vm: a, iommu: own}
END
"$posted" dmar "$dir/machine.yaml" --output "$dir/table" || wrong "dmar: exit $?"
"$posted" dmar "$dir/machine.yaml" | cmp - "$dir/table" || wrong "--output writes something else"
"$posted" decode "$dir/table" >"$dir/out"
sum=$(od -A n -t x1 -j 9 -N 1 "$dir/table" | tr -d ' ')
line 2 "  revision 1, checksum 0x$sum, host addresses of 46 bits, INTR_REMAP, X2APIC_OPT_OUT"
line 3 '  0x30 DRHD unit at 0xfed91000, 4 KiB of registers, segment 0'
line 4 '         0x40 endpoint 02:00.0'
line 5 '  0x48 DRHD unit at 0xfed90000, 4 KiB of registers, segment 0, INCLUDE_PCI_ALL'
line 6 '         0x58 I/O APIC 2 at f0:1f.0'
[ "$(wc -l <"$dir/out")" -eq 6 ] || wrong "the table has more: $(cat "$dir/out")"
"$posted" dmar --json "$dir/machine.yaml" | "$json" things >"$dir/json" || wrong "--json is none"
"$posted" decode --json "$dir/table" | "$json" things | diff "$dir/json" - ||
	wrong "dmar --json and decode --json differ"
if command -v iasl >/dev/null; then
	(cd "$dir" && iasl -d table >/dev/null 2>&1) || wrong "iasl cannot read the table"
	grep -q '^\[048h.*Hardware Unit Definition' "$dir/table.dsl" || wrong "iasl reads no unit"
fi

"$posted" dmar "$dir/none.yaml" 2>/dev/null >"$dir/out"
[ $? -eq 2 ] && [ ! -s "$dir/out" ] || wrong "a machine that is not there: no exit 2"
"$posted" dmar --output "$dir/no/where" 2>/dev/null
[ $? -eq 2 ] || wrong "a file that cannot be made: no exit 2"
"$posted" dmar >/dev/full 2>/dev/null
[ $? -eq 1 ] || wrong "a full disk: no exit 1"
exit $failed
