#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# command.sh POSTED JSON: flags, exit statuses, the two forms of output, and Ctrl-C.
set -u
posted=$1 json=$2
. "$(dirname "$0")/lib.sh"
mkdir "$dir/tmp"
export TMPDIR=$dir/tmp

no_stdout() { [ ! -s "$out" ] || wrong "something on standard output"; }

expect 0 "$posted"
has "$out" 'posted run'
expect 0 "$posted" --version
has "$out" '^posted [0-9]'
expect 0 "$posted" --help
expect 0 "$posted" run --help
has "$out" 'Examples:'
has "$out" '--histogram=FILE'
expect 0 "$posted" run --version

expect 2 "$posted" walk
has "$err" 'walk'
expect 2 "$posted" run --no-such-flag
expect 2 "$posted" run a.yaml b.yaml
expect 2 "$posted" run --seconds nan
has "$err" 'seconds.*nan'
expect 2 "$posted" run --seconds 0
expect 2 "$posted" run --seconds -1
expect 2 "$posted" run --way post
has "$err" '"post" is none of user, irqfd, posted'
expect 2 "$posted" run --way posted,
expect 2 "$posted" run --histogram "$dir/none/h"
has "$err" 'none/h'
expect 2 "$posted" run "$dir/none.yaml"
no_stdout
has "$err" "^$dir/none.yaml: cannot be opened: No such file"
expect 2 "$posted" run "$dir"
expect 2 "$posted" run --json "$dir/none.yaml"
is false ok
has "$err" 'cannot be opened'

# Figures as text: the ways side by side, then Linux's table, then a sentence.
expect 0 "$posted" run --seconds 0.2 --way user,posted
has "$out" '^ *user  *posted$'
for row in 'bytes read' 'CRC-32C' 'interrupts sent' 'guest handler runs' coalesced pending \
	'VM exits' 'host interrupts' wake-ups 'latency, us: p50' '  p99' '  p99.9' '  max' \
	'CPU time, s'; do
	has "$out" "^$row  "
done
has "$out" '  equal  *yes  *yes$'
has "$out" '^PIN: .*  Posted-interrupt notification event$'
has "$out" 'edge      vfio-msix\[1\](0000:01:00.0)$'
tail -1 "$out" | grep -q 'compared with user, posted needed .*\.$' || wrong "no sentence at the end"
[ ! -s "$err" ] || wrong "something on standard error"
if grep -q "$(printf '\033')" "$out"; then wrong "colour, but no terminal"; fi

# The same as JSON, and they add up.
expect 0 "$posted" run --seconds 0.2 --json --histogram "$dir/h"
is true ok
is '[]' problems
for way in user irqfd posted; do
	is true "ways.$way.devices[0].crc_equal"
	set -- $("$json" "ways.$way.sent" "ways.$way.handled" "ways.$way.coalesced" \
		"ways.$way.pending" <"$out")
	[ "$1" -gt 0 ] && [ "$1" -eq $(($2 + $3 + $4)) ] || wrong "$way: $* do not add up"
	has "$dir/h.$way" '^ *Value *Percentile *TotalCount'
done
expect 0 "$posted" run --seconds 0.1 --way posted --histogram "$dir/one"
has "$dir/one" '#\[Max'

# Each interrupt of a device has its row, by number: pins', then MSI-X's. What is posted stays
# flat, from a pin too; of those that are not, the host's own descriptor gets MSIs alone.
cat >"$dir/pins.yaml" <<-END
	pcpus: 1
	posted_msi: true
	vms: [{name: clock, vcpus: 1, guest: ticker}]
	devices:
	  - {type: timer, way: irqfd}
	  - {type: timer, way: irqfd, ioapic_pin: 8}
	  - {type: timer, way: posted, ioapic_pin: 5}
	  - {type: timer, way: posted}
END
expect 0 "$posted" run --seconds 0.1 "$dir/pins.yaml"
has "$out" '^  5:  *0  IR-IO-APIC   5-edge      vfio-irq\[5\](devices\[2\])$'
has "$out" '^  8:  *[1-9][0-9]*  IR-IO-APIC   8-edge      vfio-irq\[8\](devices\[1\])$'
has "$out" '^ 24:  *[1-9][0-9]*  IR-PCI-MSIX-0000:01:00.0   0-edge      vfio-msix\[0\]'
has "$out" '^ 25:  *0  IR-PCI-MSIX-0000:04:00.0   0-edge      vfio-msix\[0\]'
msi=$(sed -n 's/^ 24: *\([0-9]*\) .*/\1/p' "$out")
pmn=$(sed -n 's/^PMN: *\([0-9]*\) .*/\1/p' "$out")
[ "$pmn" -gt 0 ] && [ "$pmn" -le "$msi" ] || wrong "$pmn notifications for $msi posted MSIs"

# A switch off and on: two columns for each way, or two where none matters. An IPI exits
# without IPI virtualization, and with it does not; the line on top claims neither.
cat >"$dir/pair.yaml" <<-END
	pcpus: 2
	ipiv: true
	vms: [{name: pair, vcpus: 2, guest: ipi}]
END
expect 0 "$posted" run --seconds 0.1 --compare ipiv --json --histogram "$dir/c" "$dir/pair.yaml"
is 0 'ways.ipiv on.exits.MSR_WRITE'
set -- $("$json" 'ways.ipiv off.exits.MSR_WRITE' 'ways.ipiv off.handled' <"$out")
[ "$1" -gt 0 ] && [ "$1" -ge "$2" ] || wrong "IPIs without IPI virtualization: $*"
is "$dir/pair.yaml: 2 pCPUs, 2 vCPUs in 1 VM, 0 devices, x2APIC" machine
[ "$(cd "$dir" && echo c.*)" = 'c.ipiv-off c.ipiv-on' ] || wrong "$(ls "$dir"), no histograms"

# Without apicv there is no way posted, and so no such column; the others are there.
expect 0 "$posted" run --seconds 0.1 --compare x2apic,apicv --way user,posted --quiet
has "$out" '1 VM, 1 device$'
has "$out" '^  *user  *user  *posted  *user  *user  *posted  *posted$'
has "$out" '^  *apicv off  *apicv on  *apicv on  *x2apic off  *x2apic on  *x2apic off  *x2apic on$'
has "$out" '^  MSR_WRITE  *[1-9][0-9]*  *0  *0  *0  *0  *0  *0$'
has "$out" '^posted, x2apic off: the host'
has "$out" 'handler, with apicv off and on, user took .*; with apicv on alone, posted took '

# What cannot be both off and on: what, where, why.
nothing_to_compare() { # ARGUMENT... MESSAGE
	expect 2 "$posted" run --seconds 0.1 --histogram "$dir/none" --compare "$@"
	no_stdout
	[ "$(echo "$dir"/none*)" = "$dir/none*" ] || wrong "it began to run"
}
nothing_to_compare ipv
has "$err" '^posted run: --compare: "ipv" is none of apicv, x2apic, ipiv, posted_msi$'
nothing_to_compare ipiv,
nothing_to_compare apicv,x2apic --way posted
has "$err" 'apicv cannot be off where the way is posted: run one of the file.s other ways, or add'
nothing_to_compare apicv "$dir/pair.yaml"
has "$err" "^posted run: --compare: $dir/pair.yaml: apicv cannot be off where ipiv is true: set"
cat >"$dir/clock.yaml" <<-END
	pcpus: 1
	vms: [{name: clock, vcpus: 1, guest: ticker}]
	devices: [{type: timer, way: posted}, {type: eventfd, fd: 5}]
END
nothing_to_compare apicv "$dir/clock.yaml" 5</dev/null
has "$err" 'where the way of devices\[0\] (timer) is posted: give it another way$'
sed -i '1s/.*/&\napicv: false/; s/way: posted/way: user/' "$dir/clock.yaml"
nothing_to_compare ipiv "$dir/clock.yaml" 5</dev/null
has "$err" 'clock.yaml: ipiv cannot be on where apicv is false: set apicv to true$'

# A problem names its column.
expect 1 "$posted" run --seconds 0.1 --compare posted_msi --way irqfd "$dir/clock.yaml" 5</dev/null
has "$err" '^posted run: irqfd, posted_msi on: devices\[1\] (eventfd): descriptor 5 closed'

# A run that cannot start leaves what an earlier one wrote.
cat >"$dir/none.yaml" <<-END
	pcpus: 1
	vms: [{name: disk, vcpus: 1, guest: reader}]
	devices: [{type: block, file: $dir/none}]
END
expect 1 "$posted" run --way posted --histogram "$dir/one" "$dir/none.yaml"
has "$err" 'nothing is left to run'
has "$dir/one" '#\[Max'
rm "$dir/none.yaml"

# Progress: on runs longer than a second, unless it shall be quiet.
expect 0 "$posted" run --seconds 1.2 --way posted
has "$err" '^posted run: posted: 1 of 1.2 s, [0-9]* interrupts handled$'
expect 0 "$posted" run --seconds 1.2 --way posted --quiet
[ ! -s "$err" ] || wrong "not quiet"

# Ctrl-C and SIGTERM end it early, with figures, and no file stays behind; then it dies by
# that signal. A shell starts background commands with SIGINT ignored; env gives it back.
for signal in INT TERM; do
	: >"$err"
	env --default-signal=INT "$posted" run --seconds 60 --json >"$out" 2>"$err" &
	under_way
	kill -s $signal $!
	wait $!
	status=$?
	[ "$(kill -l $status)" = $signal ] || wrong "SIG$signal: exit $status"
	is true ok
	"$json" ways.user.sent interrupted <"$out" >"$dir/null" || wrong "SIG$signal: no figures"
done
[ -z "$(ls "$TMPDIR")" ] || wrong "left behind: $(ls "$TMPDIR")"

# A disk that is full must not look like success.
if [ -w /dev/full ]; then
	"$posted" run --seconds 0.1 --way posted >/dev/full 2>"$err"
	[ $? -eq 1 ] || wrong "a full disk was not noticed"
	has "$err" 'No space left'
fi
exit $failed
