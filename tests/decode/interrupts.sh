#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# interrupts.sh POSTED JSON DIR: what copies of /proc/interrupts show is said, and nothing more.
set -u
posted=$(realpath "$1") json=$(realpath "$2") cases=$3
. "$(dirname "$0")/../cli/lib.sh"
. "$(dirname "$0")/lib.sh"

# /proc/interrupts: one, and the difference of two, through the 32 bits that Linux counts in.
decodes "$cases/before.txt"
shows 'since boot'
decodes "$cases/before.txt" "$cases/after.txt"
shows '24              10  IR-PCI-MSIX-0000:01:00.0 0-edge vfio-msix[0](0000:01:00.0)'
shows 'all on CPU 1; taken by the host'
shows 'flat: posted, masked or idle'
shows 'PIN              9  Posted-interrupt notification event'
shows 'device interrupts for each PMN: 5.0'
keeps '"vfio_flat":1'
cat "$cases/before.txt" "$cases/after.txt" >"$dir/both"
cp "$out" "$dir/difference"
decodes "$dir/both"
cmp -s "$out" "$dir/difference" || wrong 'two files are not one after the other'
grep -h -e vfio -e Posted "$cases/before.txt" "$cases/after.txt" >"$dir/rows"
decodes "$dir/rows"
shows 'PIN              9  Posted-interrupt notification event'

# Cut off anywhere, its figures are those of whole rows, or there are none.
size=$(wc -c <"$cases/before.txt")
[ "$size" -gt 400 ] || wrong 'too short to be cut off'
while [ "$size" -gt 30 ]; do
	head -c "$size" "$cases/before.txt" >"$dir/cut"
	if "$posted" decode "$dir/cut" >"$out" 2>"$err"; then
		sed -nE 's/^ +(24|25|PIN|NPI|PIW|PMN) +([0-9]+) .*/\1 \2/p' "$out" |
			grep -vxe '24 4294967295' -e '25 15' -e 'PIN 30' -e 'NPI 0' -e 'PIW 7' \
				-e 'PMN 2' && wrong "cut off at $size: other figures"
	else
		grep -q 'line [1-9]\|without rows' "$err" || wrong "cut off at $size: no line"
		[ ! -s "$out" ] || wrong "cut off at $size: something on standard output"
	fi
	size=$((size - 3))
done

# Which rows can be posted: VFIO's MSIs behind IR-. All others have their own reason to be silent.
before=$cases/kinds-before.txt after=$cases/kinds-after.txt
says() { # ROW WHAT: in the line below the row, and in JSON
	grep -m 1 -A 1 "^  $1 " "$out" | tail -n 1 | grep -qxF -e "                      $2" ||
		wrong "row $1 does not say: $2"
	keeps "\"says\":\"$2\""
}
decodes "$before" "$after"
says 16 'flat: masked or idle; never posted, as INTx is not'
says 40 'flat: posted, masked or idle'
says 41 'on 6 of 8 CPUs, most on CPU 11: 6; taken by the host'
says 42 'flat: posted, masked or idle'
says 43 'flat: masked or idle; never posted, as its chip is not one behind IR-'
says 44 'CPU 0: 2, CPU 2: 1; taken by the host'
says 45 "flat: masked, idle or delivered by GICv4: an ARM host's, outside of VT-d"
says 46 'flat: masked or idle; never posted, as it is no PCI MSI'
says 47 'not in the first copy; none since it was set up: posted, masked or idle'
says 48 'all on CPU 9; not in the first copy; since it was set up taken by the host'
keeps '"vfio_total":24'
keeps '"vfio_new":2'
says PIN 'CPU 8: 3, CPU 9: 2'
keeps '"vfio_flat":2'
keeps '"vfio_gone":1'
keeps '"cpus":[0,1,2,3,8,9,10,11]'
keeps '"class":"vfio_msi_its"'
hides vfio_zero
hides "no row of VFIO's"
hides 'PMN  '

# One copy tells nothing of change, and none of time passed is no flat row either.
decodes "$before"
says 40 'all on CPU 0; taken by the host'
says 42 'none since it was set up: posted, masked or idle'
says 43 'none since it was set up: masked or idle; never posted, as its chip is not one behind IR-'
keeps '"vfio_zero":2'
hides flat
decodes "$before" "$before"
says 42 'the same, but nothing shows that time passed'
shows 'no count grew: twice the same copy'
keeps '"vfio_flat":0'
hides 'posted, masked or idle'

# The wrong order, another boot, other CPUs: there is no difference.
declines 'the second is older, so give them the other way round' "$after" "$before"
declines 'LOC of CPU 0 fell from 1050 to 1000' "$after" "$before"
grep -e CPU -e ' 4[0-9]:' "$before" >"$dir/older"
grep -e CPU -e ' 4[0-9]:' "$after" >"$dir/newer"
declines 'the second is older' "$dir/newer" "$dir/older"
sed 's/ LOC:       1000/ LOC:       9000/; s/ NMI:          1/ NMI:          0/' "$before" \
	>"$dir/boot"
declines 'the host was booted between the two' "$before" "$dir/boot"
sed '1s/CPU8 /CPU7 /' "$after" >"$dir/cpus"
declines 'not the same CPUs' "$before" "$dir/cpus"
sed 1d "$before" >"$dir/headless"
awk 'NR > 1 && !/ERR|MIS/ { $2 = ""; print }' "$after" >"$dir/columns"
declines 'not the same CPUs' "$dir/headless" "$dir/columns"
# A CPU's counts may go past 32 bits, a device's may begin anew.
sed 's/ LOC:       1000/ LOC: 4294967000/' "$before" >"$dir/wraps"
decodes "$dir/wraps" "$after"
says 40 'flat: posted, masked or idle'
sed 's/  40:          7/  40:          9/' "$before" >"$dir/anew"
decodes "$dir/anew" "$after"
says 40 'all on CPU 0; taken by the host; counted anew since, requested again'

# What the first copy has not is not what was added.
grep -e CPU -e LOC -e vfio "$before" >"$dir/part"
decodes "$dir/part" "$after"
says PIN 'on 8 of 8 CPUs, most on CPU 8: 13; not in the first copy: these are since boot'
hides 'PIN counted'

# KVM's own posts, where no device can have posted; only where all rows are there.
grep -v -e ' 39:' -e ' 4[012]:' "$before" >"$dir/none"
decodes "$dir/none"
shows "note       PIN counted on 8 of 8 CPUs, most on CPU 0: 10, and no row of VFIO's is there"
sed 1d "$dir/none" | grep -e PIN >"$dir/pin"
decodes "$dir/pin"
hides "no row of VFIO's"
shows 'without its line of CPUs the columns are taken for CPU 0'

# What is not there is not explained; a kernel that cannot post is told of.
grep -v -e PIN -e NPI -e PIW "$before" >"$dir/old"
decodes "$dir/old"
hides notifications
shows 'note       there is no row PIN, NPI, PIW or PMN'
grep -v -e ' IR-' -e vIR- "$before" >"$dir/unremapped"
decodes "$dir/unremapped"
shows 'this host does not remap interrupts, so nothing can be posted'
# Of a row without its chip nobody knows whether it may be posted.
sed 's/ PCI-MSI.*\(vfio-msi\)/ \1/' "$before" >"$dir/cut"
decodes "$dir/cut"
says 43 'none since it was set up: masked or idle, or posted, if its chip was one behind IR-'
sed 's/dmar0/AMD-Vi/' "$before" >"$dir/amd"
decodes "$dir/amd"
shows 'an AMD host: there AVIC posts'

# Without their line of CPUs two copies are told apart by their rows; a row twice is refused.
sed 1d "$after" >>"$dir/headless"
decodes "$dir/headless"
keeps '"snapshots":2'
says 40 'flat: posted, masked or idle'
{ cat "$before"; sed 1d "$after"; } >"$dir/twice"
declines 'line 22: row 9 is there already, in line 2' "$dir/twice"

# 256 CPUs: rows for every queue of many devices, more than 16 MiB.
awk 'BEGIN {
	for (i = 0; i < 256; i++) {
		header = header sprintf("%11s", "CPU" i)
		counts = counts sprintf("%10u ", i % 7)
	}
	print "     " header
	for (i = 0; i < 6400; i++)
		printf "%4d: %s IR-PCI-MSIX-0000:%02x:00.0 %4d-edge      nvme%dq%d\n",
			24 + i, counts, i / 256, i % 256, i / 256, i % 256
}' >"$dir/large"
[ "$(wc -c <"$dir/large")" -gt $((16 << 20)) ] || wrong 'not so large'
"$posted" decode "$dir/large" "$dir/large" >"$out" 2>"$err" || wrong 'the table of 256 CPUs'
shows 'others     6400'
"$posted" decode - <"$dir/large" >"$out" 2>"$err" || wrong 'the table of 256 CPUs, as a stream'
shows 'others     6400'
exit $failed
