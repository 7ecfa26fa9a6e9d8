#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# man.sh PAGE POSTED: mandoc finds nothing to say, and the page has every flag of the help.
set -u
page=$1 posted=$2
command -v mandoc >/dev/null || { echo "skipped: no mandoc"; exit 77; }

# Which manuals this machine has says nothing about the page.
said=$(mandoc -T lint "$page" | grep -v -e 'referenced manual not found' -e 'outdated mandoc.db')
[ -z "$said" ] || { echo "$said"; exit 1; }

text=$(mandoc -T ascii "$page" 2>/dev/null | col -b)
for verb in run check replay decode dmar help version; do
	for flag in $("$posted" $verb --help | grep -o -- '--[a-z][a-z-]*'); do
		echo "$text" | grep -q -- "$flag" || { echo "the page lacks $flag"; exit 1; }
	done
done
for word in pcpus apicv x2apic ipiv posted_msi hlt_exiting slice_us poll_us seconds ways vms \
	devices name vcpus guest pin type vm vcpu way ioapic_pin queues depth file size direct \
	hz fd PIN NPI PIW PMN; do
	echo "$text" | grep -q -w -- "$word" || { echo "the page lacks $word"; exit 1; }
done
for figure in 'reads a second' 'CRC-32C' 'of the file, %' 'interrupts sent' 'guest handler runs' \
	coalesced pending 'ticks counted' 'IPI round trips' 'VM exits' 'host interrupts' wake-ups \
	preemptions moves 'requests VT-d blocked' 'entry cache misses' invalidations latency \
	'CPU time' 'run delay' steal IR-PCI-MSIX IR-IO-APIC; do
	echo "$text" | grep -q -- "$figure" || { echo "the page lacks $figure"; exit 1; }
done
