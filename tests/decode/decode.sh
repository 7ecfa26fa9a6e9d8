#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# decode.sh POSTED JSON DIR: real lines and dumps are recognized and decoded, in text and as JSON;
# garbage is refused with its position, exit 1, and nothing on standard output.
set -u
posted=$(realpath "$1") json=$(realpath "$2") cases=$3
. "$(dirname "$0")/../cli/lib.sh"
. "$(dirname "$0")/lib.sh"

# An entry: each order of its words, each way to write them.
for words in '0000000000040010 0000000500410001' '0000000500410001 0000000000040010' \
	'00000000000400100000000500410001' '00000005004100010000000000040010' \
	'0x40010 0x500410001' 'hi=40010 lo=500410001' 'lo=500410001,hi=40010' \
	'irte: 0x40010:0x500410001'; do
	decodes "$words"
	shows 'sends vector 0x41, fixed, physical, edge, to APIC 5 (x2APIC'
	shows 'only 00:02.0'
	keeps '"kind":"irte"'
	keeps '"vector":65'
done
decodes 0000000000040010 0000000500410001
shows 'remapping entry, remapped format, high word first'
decodes 0000000500410001 0000000000040010
shows 'low word first'

# Who may use it, and what it does.
decodes 0000000000050104 0000050000310001
shows 'functions 0 and 4 of 01:00'
shows 'APIC 1280 (x2APIC) or 5 (xAPIC)'
decodes 0000000000060105 0000050000310001
shows 'functions 1, 3, 5 and 7 of 01:00'
decodes 0000000000070100 0000050000310001
shows 'functions 0 to 7 of 01:00'
decodes 0000000000080305 0000050000310001
shows 'buses 0x03 to 0x05'
decodes hi=0000000000080503 lo=0000050000310001
shows 'nobody: the first bus'
decodes hi=0 lo=0000050000310001
shows 'anybody'
decodes 0000000100040100 234567800041c001
shows 'posts vector 0x41 to the descriptor at 0x0000000123456780, urgent'
decodes hi=ffff000000040100 lo=234567800041c001
shows 'needs CAP.PI and a host address width that reaches so far, else fault 0x24'
shows 'note       no machine has so high an address'
decodes hi=40100 lo=0000050000310000
shows 'blocked: not present, fault 0x22, recorded'
decodes hi=40100 lo=0000050000310002
shows 'blocked: not present, fault 0x22, not recorded (FPD)'
decodes hi=40100 lo=0000050001310001
shows 'blocked: reserved bits are set, fault 0x24'
keeps '"reserved_lo":"0x0000000001000000"'
# Neither order is better: it says so.
decodes 0000000000000004 0000000000000008
shows 'as likely: a remapping entry given low word first'
keeps '"sure":false'

# What no APIC takes, whoever sends it; NMIs and their like have no vector.
decodes irte hi=40100 lo=500050001
shows 'to APIC 5 (x2APIC; not valid in xAPIC mode, where only bits 15:8 count), where it is refused'
decodes irte hi=40100 lo=500050081
hides 'refused'
decodes irte hi=0000000100040100 lo=2345678000058001
shows 'note       no APIC delivers a vector below 0x10'
decodes fee01000:4005
shows 'to APIC 0x1, where it is refused: no APIC takes a vector below 0x10'
keeps 'no APIC takes a vector below 0x10'
hides 'AMD'
decodes fee01000:10
hides 'refused'
decodes fee01000:405
hides 'refused'
decodes '		Address: 00000000fee00000  Data: 0000'
shows 'either nothing is programmed there yet, or it is from an AMD host'

# Four groups of 32 bits are one entry, from either end; where they end in zeros of no worth too.
for groups in '00000001 00040100 23456780 0041c001' '0041c001 23456780 00040100 00000001' \
	'0x41c001 0x23456780 0x40100 0x1' '00000001:00040100:23456780:0041c001' \
	'irte 00000001 00040100 23456780 0041c001'; do
	decodes $groups
	shows 'posts vector 0x41 to the descriptor at 0x0000000123456780, urgent'
	keeps '"hi":"0x0000000100040100"'
	keeps '"sure":true'
done
shows 'four groups, the highest first'
decodes 0041c001 23456780 00040100 00000001 00000001 00040101 23456780 0042c001
shows 'four groups, the lowest first as in memory'
shows 'posts vector 0x42 to the descriptor at 0x0000000123456780, urgent'
decodes 80000026 00000100 00180000 00000000
shows 'an interrupt request of 01:00.0 for entry 24 (0x18) was blocked'
decodes 00000000 00000004 00000008 00000000
shows 'as likely: a remapping entry given four groups, the lowest first as in memory'
keeps '"sure":false'
# Two entries of short words are not one, nor are messages.
decodes 0x40100 0x310001 0x40101 0x320001
shows 'sends vector 0x31'
shows 'only 01:00.1'
decodes fee00070 00000000 fee00090 00000000
shows 'what entry 3 (0x3) of'
shows 'what entry 4 (0x4) of'

# CAP and ECAP are no entry; what has reserved bits set may be none, if nothing says that it is.
for caps in '8d2078c106f0466 f020df' 'f020df 8d2078c106f0466' '9ed008c40780466 3ee9e86f050df'; do
	declines 'if these are the capability registers write cap=... ecap=...' $caps
done
decodes irte 8d2078c106f0466 f020df
shows 'blocked: SVT 3 is reserved'
decodes 0000000000040100 0000050001310001
shows 'note       doubtful: with bits that have to be 0 it may be no remapping entry at all'
keeps '"doubtful":true'
decodes irte 0000000000040100 0000050001310001
hides 'note'
keeps '"doubtful":false'

# Messages.
decodes 0xfee00070 0x0
shows 'what entry 3 (0x3) of'
decodes fee01004:40d1
shows 'sends vector 0xd1, fixed, logical, edge, to logical destination 0x1'
decodes 0xfee01004 0x100 0x40d1 0xfee00070 0x0
shows 'destination 0x101'
shows 'what entry 3 (0x3) of'
decodes '		Address: 00000000fee003b8  Data: 0005'
shows 'what entry 34 (0x22) of'
decodes fee00018 10001
shows 'fault 0x20'

decodes 0xfee00070 0x1 0x0
shows 'no interrupt: with an upper address that is not 0'
hides 'what entry'
decodes feeffffc:ffff
shows 'blocked: the index is beyond any table, fault 0x21'

# Fault records and Linux's log.
for words in '8000002600000100 0018000000000000' '00180000000000008000002600000100' \
	'fault hi=8000002600000100 lo=18000000000000'; do
	decodes "$words"
	shows 'an interrupt request of 01:00.0 for entry 24 (0x18) was blocked'
	keeps '"kind":"fault"'
	keeps '"reason":38'
done
decodes 'DMAR: DRHD: handling fault status reg 2'
shows 'fault records are pending'
hides 'means nothing'
decodes 'DMAR: DRHD: handling fault status reg 40'
shows 'FRI        0                  means nothing, as no record is pending'
decodes 'DMAR: DRHD: handling fault status reg 0'
shows 'nothing is pending'
decodes '[DMA Read] Request device [01:00.0] fault addr 1000 [fault reason 0xfe] Unknown'
shows 'reason     0xfe               not known'
hides 'DMA request'
decodes "$cases/log.txt"
shows 'faults were lost'
shows 'an interrupt request of f0:1f.7 was blocked: a compatibility-format message'
shows 'for entry 24 (0x18) was blocked: the remapping entry is not present'
shows 'for entry 25 (0x19) was blocked: the posted-interrupt descriptor could not be accessed'
shows 'Linux prints this interrupt fault as one of DMA'
shows 'a DMA request of 03:00.0 faulted, at address 0xdeadb000'
keeps '"index":25'

# A line that is cut off does not keep the others from being read.
{
	echo 'DMAR: [INTR-REMAP] Request device [01:00.0] fault index 18 [fault reason 3'
	cat "$cases/log.txt"
	echo 'DMAR: [INTR-REMAP] Request device [01:00.0 fault index 18 [fault reason 0x22]'
} >"$dir/log"
decodes_some "$dir/log"
shows 'for entry 25 (0x19) was blocked: the posted-interrupt descriptor could not be accessed'
shows "note       line 1: no number and ']' after \"[fault reason \""
shows 'note       line 8: no "Request device [bus:device.function]"'
keeps '"kind":"unread"'
keeps '"line":8'

# An old kernel's two lines, a mail's wrapped ones; a reason alone is no fault of the line before.
{
	echo 'INTR-REMAP: Request device [[f0:1f.0] fault index 3'
	echo 'INTR-REMAP:[fault reason 34] Present field in the IRTE entry is clear'
	echo '> DMAR: [INTR-REMAP] Request device [0xc9:0x05.0] fault index 0xa00'
	echo '> [fault reason 0x25] Blocked a compatibility format interrupt request'
	echo 'DMAR: [DMA Read] Request device [7a:02.0] PASID 2'
	echo '    fault addr 7f81c968d000 [fault reason 113]'
} >"$dir/log"
decodes "$dir/log"
shows 'request of f0:1f.0 for entry 3 (0x3) was blocked: the remapping entry is not present'
shows 'an interrupt request of c9:05.0 was blocked: a compatibility-format message'
shows 'a DMA request of 7a:02.0 faulted, at address 0x7f81c968d000'
{
	echo 'DMAR: [INTR-REMAP] Request device [01:00.0] fault index 18 [fault reason 34] x'
	echo '[fault reason 37] Blocked a compatibility format interrupt request'
} >"$dir/log"
decodes_some "$dir/log"
shows 'note       line 2: no "Request device [bus:device.function]"'

# Capabilities: by a key, or by the file's name.
decodes cap=8d2008c40660462 ecap:f050da
shows 'can post interrupts to vCPUs'
shows 'in x2APIC mode too'
keeps '"pi":true'
hides doubtful
for nothing in cap=0 cap=ffffffffffffffff ecap=0 ecap=ffffffffffffffff; do
	decodes $nothing
	shows 'note       doubtful: no unit has such a value'
done
mkdir "$dir/intel-iommu"
echo d2008c40660462 >"$dir/intel-iommu/cap"
echo f050da >"$dir/intel-iommu/ecap"
decodes "$dir/intel-iommu/cap" "$dir/intel-iommu/ecap"
shows 'cannot post interrupts'
shows 'remaps interrupts'
here=$(pwd)
cd "$dir/intel-iommu" || exit 1
decodes cap ecap
shows 'cannot post interrupts'
shows 'remaps interrupts'
cd "$here" || exit 1

# A descriptor: digits, binary, and as xxd, hexdump -C, hexdump, gdb and crash print it.
line0=00000000000000000200000000000000
line2=0000f10000050000
decodes "$line0$line0$line2$(printf '%048d' 0)"
shows '0x41 0xc1'
shows 'APIC 1280 (x2APIC) or 5 (xAPIC)'
keeps '"pir":[65,193]'
keeps '"state":"halted"'
for dump in xxd hexdump-c hexdump gdb crash xxd-e xxd-g8; do
	decodes "$cases/$dump.txt"
	shows 'posted-interrupt descriptor'
	shows '0x41 0x92'
	shows 'APIC 5 (x2APIC'
	keeps '"pir":[65,146]'
	keeps '"state":"preempted"'
done
# A table as a dump is one, whatever its groups; not a descriptor of another size.
"$posted" dmar >"$dir/table"
for groups in 1 2 4 8; do
	xxd -g "$groups" "$dir/table" >"$dir/dump" 2>/dev/null ||
		od -An -v -tx1 "$dir/table" >"$dir/dump"
	decodes "$dir/dump"
	shows 'DRHD unit at'
	keeps '"kind":"dmar"'
done
# Entries as memory are no descriptor, whether one or four of them.
printf '0xffff888104a3c010:\t0x0041c001\t0x23456780\t0x00040100\t0x00000001\n' >"$dir/entries"
decodes "$dir/entries"
shows 'remapping entry, posted format, as memory has it'
shows 'posts vector 0x41 to the descriptor at 0x0000000123456780, urgent'
for at in 00 10 20 30; do
	printf "0xffff888104a3c0$at:\t0x2345678000418001\t0x0000000100040100\n"
done >"$dir/entries"
decodes "$dir/entries"
[ "$(grep -c 'posts vector 0x41' "$out")" -eq 4 ] || wrong 'not four entries'
# Groups of 4 or 8 bytes without 0x: numbers or bytes, as they make a descriptor; it says which.
for dump in crash xxd-e; do
	decodes "$cases/$dump.txt"
	shows 'groups     little-endian numbers'
	keeps '"groups":"little-endian numbers"'
	keeps '"sure":true'
done
decodes "$cases/xxd-g8.txt"
shows 'groups     bytes in their order'
keeps '"sure":true'
sed '1s/2   /3   /; 3s/00f2/0031/' "$cases/crash.txt" >"$dir/crash"
decodes "$dir/crash"
shows 'NV         0x31'
shows 'groups     little-endian numbers'
keeps '"sure":true'
# Without a vector of Linux and without reserved bits either will do.
sed '3s/0000000500f20002/0000000000000000/' "$cases/crash.txt" >"$dir/crash"
decodes "$dir/crash"
shows '0x41 0x92'
shows 'note       as likely: its groups of digits are bytes in their order'
keeps '"sure":false'
decodes "$cases/xxd.txt"
! grep -q groups "$out" || wrong 'groups of 2 bytes were in doubt'
head -c 64 /dev/zero >"$dir/binary"
decodes "$dir/binary"
keeps '"state":"unknown"'

# Linux's table: entries by descriptor, columns against bits.
decodes "$cases/tables.txt"
shows 'descriptor 0x0000000123456780: 2 entries'
shows 'descriptor 0x00000001234567c0: 1 entry'
keeps '"differ":0'
sed 's/ 51  / 52  /' "$cases/tables.txt" >"$dir/tables"
decodes "$dir/tables"
shows 'line 12: entry 41: the column Vct has 0x52, the 128 bits say 0x51'
shows 'what is said here is by the bits'
# An entry is blocked in its table as it is alone, in either format; columns are held against bits.
cat >"$dir/tables" <<END
Remapped Interrupt supported on IOMMU: dmar1
 Entry SrcID   DstID    Vct IRTE_high		IRTE_low
 7     01:00.0 00000003 31  0000000000040100	0000000301310001
Posted Interrupt supported on IOMMU: dmar1
 Entry SrcID   PDA_high PDA_low  Vct IRTE_high		IRTE_low
 8     01:00.0 00000001 23456780 41  0000000100140100	2345678000418001
 9     01:00.1 00000001 23456780 51  0000000100040100	2345678000518003
 10    01:00.0 ffff0001 23456780 05  ffff000100040100	2345678000058001
 11    01:00.0 00000001 23456780 31  0000000000040100	0000000300310001
END
decodes "$dir/tables"
shows 'dmar1    entry 7     only 01:00.0; blocked: reserved bits are set, fault 0x24, recorded'
shows 'dmar1    entry 8     vector 0x41  only 01:00.0; blocked: reserved bits are set, fault 0x24'
shows 'dmar1    entry 9     vector 0x51  only 01:00.0'
shows 'entry 9: the column SrcID has 01:00.1, the 128 bits say 01:00.0'
shows 'dmar1    entry 10    vector 0x05  only 01:00.0; no machine has so high an address'
shows 'entry 11: the column IM has 1 (among the posted), the 128 bits say 0'
keeps '"blocked":2'
keeps '"differ":2'
for entry in '0000000000040100 0000000301310001' '0000000100140100 2345678000418001'; do
	decodes "irte $entry"
	shows 'blocked: reserved bits are set, fault 0x24, recorded'
done
echo 'Interrupt Remapping is not enabled' >"$dir/off"
decodes "$dir/off"
keeps '"enabled":false'

# What comes on standard input is recognized as well, and what it takes is told without operands.
printf '0xfee00070 0x0\ncap=1\n' | "$posted" decode - >"$out" 2>"$err" || wrong 'standard input'
shows 'interrupt message'
shows 'capability register'
decodes_nothing=$("$posted" decode) || wrong 'without operands'
echo "$decodes_nothing" | grep -q 'posted decode takes' || wrong 'without operands: no list'

# On a terminal lines are folded to its width, and lose no word.
if command -v script >"$out"; then
	script -qec "stty cols 60; '$posted' decode '$cases/tables.txt'" /dev/null </dev/null |
		tr -d '\r' >"$out"
	[ "$(wc -L <"$out")" -le 60 ] || wrong 'wider than the terminal'
	tr -s ' \n' '\n' <"$out" >"$dir/folded"
	"$posted" decode "$cases/tables.txt" | tr -s ' \n' '\n' | cmp -s - "$dir/folded" ||
		wrong 'other words on a terminal'
fi

# Garbage: file, then what standard error begins with.
refuses() { # INPUT WANTED
	printf "$1" >"$dir/garbage"
	for flag in '' --json; do
		"$posted" decode $flag - <"$dir/garbage" >"$out" 2>"$err"
		status=$?
		[ $status -eq 1 ] || wrong "$1: exit $status, not 1"
		silent || wrong "$1: something on standard output"
		grep -qF "posted decode: standard input: $2" "$err" || wrong "$1: not refused as $2"
	done
}
while read -r input wanted; do
	[ -z "$input" ] || refuses "$(echo "$input" | tr _ ' ')" "$wanted"
done <"$cases/garbage.txt"
refuses '' 'nothing there'
declines 'No such file or directory' "$dir/none"
# What may be a file's name is said to be none first; a number with an error in it is not.
for name in none.txt cap cafe dead.txt deadbeef 2023-04-12.log 12345678; do
	declines "posted decode: $name: no such file; as a thing itself: " $name
done
declines 'posted decode: none.txt: no such file' cap=1 none.txt
declines "posted decode: operand: character 32: 'g'" 0000000000040010 00000005004100g1
declines 'posted decode: operand: character 6' 'cap= x'
if [ "$(id -u)" -ne 0 ]; then
	mkdir -m 0 "$dir/locked"
	declines 'Permission denied' "$dir/locked/file"
fi
# A date is no number, nor is a word of the letters a to f.
declines 'begins nothing that can be decoded' '2023-04-12 15:38:45 kvm:kvm_msi_set_irq: dst 65'
declines 'begins nothing that can be decoded' 'added a device'

# Each file has a limit, which is seen before it is read.
truncate -s 257M "$dir/long"
declines 'more than 256 MiB' "$dir/long"
"$posted" decode - <"$dir/long" >"$out" 2>"$err"
[ $? -eq 1 ] || wrong '257 MB on standard input'
grep -q 'standard input: more than 256 MiB' "$err" || wrong '257 MB on standard input were taken'
"$posted" decode --no-such-flag >"$out" 2>"$err"
[ $? -eq 2 ] || wrong 'a wrong flag'
if [ -w /dev/full ]; then
	"$posted" decode fee00070:0 >/dev/full 2>"$err"
	[ $? -eq 1 ] || wrong 'a full disk was not noticed'
fi
exit $failed
