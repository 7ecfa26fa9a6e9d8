#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# malformed.sh PLAY_VTD PLAY_LAPIC TRACES: the players themselves are judged. A trace that is not
# what the device does must fail with 1, one that is malformed with 2, each with file and line;
# and no file is left that neither of them plays.
set -u
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

# expect PLAYER SUFFIX STATUS MESSAGE TEXT: plays the text, with its escapes.
expect() {
	printf '%b' "$5" >"$dir/a.$2"
	output=$("$1" "$dir" 2>&1)
	got=$?
	rm "$dir/a.$2"
	if [ $got -ne "$3" ] || ! printf '%s' "$output" | grep -qF -e "$4"; then
		failed=1
		echo "$5: expected status $3 and \"$4\", got status $got and:"
		printf '%s\n' "$output"
	fi
}
vtd() { expect "$vtd" vtd "$@"; }
lapic() { expect "$lapic" lapic "$@"; }
vtd=$1
lapic=$2

vtd 0 '1 traces *.vtd' '# nothing\n\n  R64 000 -> 10 # VER\n'
vtd 1 'a.vtd:2: 000 reads 10, not 11' '\nR32 000 -> 11\n'
vtd 1 'a.vtd:1: 01c is 0: the driver waits for 1000000 for ever' 'wait 01c 1000000\n'
vtd 1 'a.vtd:1: 038 is 80000000: the driver waits for !80000000' 'wait 038 !80000000'
vtd 1 'a.vtd:1: interrupt 3: passes, not 41' 'irq 3 -> 41\n'
vtd 1 'a.vtd:1: no event was sent' 'event fee01000 31\n'
unmasked='W32 040 fee01000\nW32 038 0\nW64 090 Q\nW32 018 4000000\nW64 088 10\n'
vtd 1 'a.vtd:5: an event that no line names' "$unmasked"
vtd 1 'a.vtd:6: the event is 0 to 0_fee01000' "$unmasked""event fee01000 31\n"
vtd 2 'a.vtd:3: W16: no such verb' '\n\nW16 000 0\n'
vtd 2 'a.vtd:1: w32: no such verb' 'w32 000 0\n'
vtd 2 'a.vtd:1: W32: not the words' 'W32 000\n'
vtd 2 'a.vtd:1: W32: not the words' 'W32 000 0 0\n'
vtd 2 'a.vtd:1: W32: not the words' 'W32 000 0 0 0 0 0 0\n'
vtd 2 'a.vtd:1: R32: not the words' 'R32 000 = 0\n'
vtd 2 'a.vtd:1: W32: not the words' 'W32 -> 0\n'
vtd 2 'a.vtd:1: "0x10" is no number' 'R32 0x10 -> 0\n'
vtd 2 'a.vtd:1: "1F" is no number' 'W32 000 1F\n'
vtd 2 'a.vtd:1: "11112222333344445" is no number' 'W64 020 11112222333344445\n'
vtd 2 'a.vtd:1: "100000000" has more than 32 bits' 'W32 040 100000000\n'
vtd 2 'a.vtd:1: "10000" has more than 16 bits' 'irq 10000 -> 41\n'
vtd 2 'a.vtd:1: "T80f": a page is followed by' 'W64 0b8 T80f\n'
vtd 2 'a.vtd:1: "" is no number' 'W64 0b8 T|\n'
vtd 2 'a.vtd:1: "Z+ffc" is beyond the last page' 'W64 Z+ffc 0\n'
lapic 0 '1 traces *.lapic' 'R32 030 -> 1060014\n'
lapic 1 'a.lapic:1: the interrupt that comes is none, not 41' 'take 41\n'
lapic 1 'a.lapic:1: the local APIC saw an error' 'W32 3f4 0\n'
lapic 1 'a.lapic:1: MSR 802: gp, not 12345' 'rdmsr 802 -> 12345\n'
lapic 1 'a.lapic:1: MSR 1b: gp, not done' 'wrmsr 1b 1 -> done\n'
lapic 1 'a.lapic:1: CR8 is 0, not 1' 'rdcr8 -> 1\n'
lapic 2 'a.lapic:1: pass: not the words' 'pass\n'
lapic 2 'a.lapic:1: "no" is no number' 'take no\n'
lapic 2 'a.lapic:1: wait: no such verb' 'wait 01c 0\n'

if "$vtd" "$dir" >/dev/null 2>&1; then
	failed=1
	echo "a folder without traces must be refused"
fi
for file in "$3"/*; do
	case $file in
	*.vtd | *.lapic | */README.md) ;;
	*)
		failed=1
		echo "$file: no player plays it; name it *.vtd or *.lapic"
		;;
	esac
done
exit $failed
