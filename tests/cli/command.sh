#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# command.sh POSTED JSON EXAMPLES: flags, exit statuses, the two forms of output, and Ctrl-C.
set -u
posted=$1 json=$2 examples=$3
. "$(dirname "$0")/lib.sh"
mkdir "$dir/tmp"
export TMPDIR=$dir/tmp

no_stdout() { [ ! -s "$out" ] || wrong "something on standard output"; }

expect 0 "$posted"
has "$out" 'posted run'
expect 0 "$posted" --version
has "$out" '^posted [0-9]'
for screen in --help -h help; do
	expect 0 "$posted" $screen
	has "$out" '^  posted run \[MACHINE.yaml]'
done
for help in "run --help" "run -h" "help run" "--help run" "run --no-such-flag --help"; do
	expect 0 "$posted" $help
	has "$out" '^Usage: posted run \[OPTION...] \[MACHINE.yaml]$'
done
has "$out" 'Examples:'
has "$out" '--histogram=FILE'
expect 0 "$posted" run --usage
for version in version -V "run --version"; do
	expect 0 "$posted" $version
	has "$out" '^posted [0-9]'
done

# What cannot be parsed: what it is, and what was meant; with --json as a document, too.
refused() { # MESSAGE ARGUMENT...
	message=$1
	shift
	expect 2 "$posted" "$@"
	no_stdout
	has "$err" "^posted$message$"
	expect 2 "$posted" "$@" --json
	is false ok
	got=$("$json" problems <"$out" | sed 's/\\"/"/g')
	echo "$got" | grep -q "posted$message" || wrong "not in the JSON: $message"
}
refused ': "walk" is no verb; "posted help" has those that there are' walk
refused ': "chekc" is no verb; did you mean "check"?' chekc
refused ' run: there is no --wya; did you mean --way?' run --wya=user
refused ' run: there is no --no-such-flag; "posted help run" has what there is' run --no-such-flag
refused ' run: there is no -x; "posted help run" has what there is' run -x
refused ' check: --max may be any of --max-schedules .*' check --max 3
refused ' run: --quiet takes no value' run --quiet=yes
refused ' run: one MACHINE.yaml at a time: "b.yaml" is too many' run a.yaml b.yaml
refused ' replay: which SCHEDULE?' replay
refused ' version: "x" is too many: it takes nothing but flags' version x
expect 2 "$posted" run --json --seconds
is false ok
has "$err" '^posted run: --seconds: give it a value: N$'
expect 2 "$posted" help rnu
has "$err" 'did you mean "run"?$'

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

expect 2 "$posted" run --runs 0
has "$err" '^posted run: --runs: "0" is no whole number from 1 to 100$'
expect 2 "$posted" run --runs 101
expect 2 "$posted" run --runs 1.5

# Figures as text: what it is, the ways side by side, sentences. All in 80 columns.
expect 0 "$posted" run --quiet --seconds 0.1 --way user,posted
head -n 1 "$out" | grep -q "^A model, on this machine's threads\. Real: " || wrong "no model"
has "$out" '^the built-in machine: 2 pCPUs, 2 vCPUs in 1 VM, 1 device, x2APIC, HLT does not$'
has "$out" '^3 runs of 0.1 s each, the columns in turn, after a warm-up: median$'
has "$out" '^By chance alone, figures of 3 runs each lie apart once in 10 times\.$'
has "$out" '^ *user  *posted$'
for row in 'reads a second' '  guest handler runs' '  VM exits' '    EXTERNAL_INTERRUPT' \
	'  host interrupts' '  CPU time, ms' 'latency, us: p50' '  p99' '  p99.9' '  max' \
	'run delay, ms' '  interrupts sent' '  coalesced' '  pending'; do
	has "$out" "^$row  "
done
has "$out" '^CRC-32C'
has "$out" '^for each 1,000 reads$'
has "$out" '  equal  *yes  *yes$'
has "$out" '^user, for each 1,000 reads: [0-9.]* VM exits, '
has "$out" '^posted, against user, for each 1,000 reads: '
tr '\n' ' ' <"$out" | grep -q '(no difference seen)\|[0-9]% \(fewer\|less\|more\))' ||
	wrong "nothing is compared"
if grep -q 'PIN:' "$out"; then wrong "an interrupts table, but nobody asked for it"; fi
[ "$(wc -L <"$out")" -le 80 ] || wrong "a line of $(wc -L <"$out") columns"
[ ! -s "$err" ] || wrong "something on standard error"
if grep -q "$(printf '\033')" "$out"; then wrong "colour, but no terminal"; fi

# What the sentence says is what the table says: each of its numbers is a median of the column.
said=$(sed -n '/^user, for each/,/^posted/p' "$out" | sed '/^posted/d' | tr '\n' ' ' |
	sed 's/ at p50//' | grep -o ': .*' | grep -o '[0-9][0-9.]*[kM]\? ' | tr -d '\n')
medians=$(for row in '  VM exits' '  host interrupts' '  CPU time, ms' 'latency, us: p50' \
	'reads a second'; do
	sed -n "s/^$row  *\([^ ]*\).*/\1 /p" "$out" | head -n 1
done | tr -d '\n')
[ "$said" = "$medians" ] || wrong "the sentence says $said, the table $medians"

# The same as JSON, and they add up. One run has no range, and claims no difference.
expect 0 "$posted" run --seconds 0.1 --runs 1 --json --interrupts --histogram "$dir/h"
is true ok
is 24 columns.0.interrupts.0.irq
is 0 columns.2.interrupts.0.counts.0
is '[]' problems
is reads work
for n in 0 1 2; do
	way=$("$json" columns.$n.way <"$out")
	is true columns.$n.devices.0.runs.0.equal
	is block columns.$n.devices.0.kind
	set -- $("$json" columns.$n.totals.sent columns.$n.totals.handled \
		columns.$n.totals.coalesced columns.$n.totals.pending <"$out")
	[ "$1" -gt 0 ] && [ "$1" -eq $(($2 + $3 + $4)) ] || wrong "$way: $* do not add up"
	has "$dir/h.$way" '^ *Value *Percentile *TotalCount'
	# The histogram: as many as its text form counts.
	"$json" columns.$n.latency_histogram_ns <"$out" | grep -o '"count":[0-9]*' |
		awk -F: '{ sum += $2 } END { print sum }' >"$dir/sum"
	total=$(sed -n 's/.*Total count *= *\([0-9]*\).*/\1/p' "$dir/h.$way")
	[ "$(cat "$dir/sum")" = "$total" ] || wrong "$way: $(cat "$dir/sum") of $total in JSON"
done
is null comparisons.0.differences.exits
expect 0 "$posted" run --seconds 0.1 --runs 1 --way posted --histogram "$dir/one"
has "$dir/one" '#\[Max'
tr '\n' ' ' <"$out" | grep -q 'one run has no range, so nothing is compared\.' || wrong "not said"
if grep -q '[0-9]% \|no difference' "$out"; then wrong "a difference, from one run"; fi

# The values of each run, between lowest and highest; what posting is for.
expect 0 "$posted" run --seconds 0.1 --runs 2 --json --way user,posted
if "$json" columns.0.interrupts <"$out" >"$dir/null" 2>&1; then wrong "unwanted interrupts"; fi
set -- $("$json" columns.1.per_1000.exits.lowest columns.1.per_1000.exits.median \
	columns.1.per_1000.exits.highest columns.0.per_1000.exits.lowest <"$out")
awk "BEGIN { exit !($1 <= $2 && $2 <= $3 && $3 < $4 / 4) }" || wrong "exits for 1,000 reads: $*"
# A few when it starts, however long it runs.
[ "$("$json" columns.1.totals.exits <"$out")" -lt 20 ] || wrong "posted interrupts exit"
is true comparisons.0.differences.exits.seen
got=$("$json" columns.1.per_1000.exits.runs <"$out" | tr , '\n' | wc -l)
[ "$got" -eq 2 ] || wrong "$got values of two runs"

# A machine from standard input, and what is wrong with it.
expect 0 "$posted" run --seconds 0.1 --runs 1 --way posted - <"$examples/default.yaml"
has "$out" '^standard input: 2 pCPUs'
: >"$dir/null"
expect 2 "$posted" run - <"$dir/null"
has "$err" '^standard input:1: is empty'

# A file of any size is there at once, and what is read of it is checked.
cat >"$dir/large.yaml" <<-END
	pcpus: 1
	ways: [posted]
	vms: [{name: disk, vcpus: 1, guest: reader}]
	devices: [{type: block, queues: 3, size: 1024G}]
END
expect 0 "$posted" run --seconds 0.1 --runs 1 --json "$dir/large.yaml"
is true columns.0.devices.0.runs.0.equal
is null columns.0.devices.0.file_crc32c
is 1099511627776 columns.0.devices.0.file_bytes
[ "$("$json" columns.0.devices.0.runs.0.checked_bytes <"$out")" -gt 1000000 ] ||
	wrong "nothing was checked"

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
COLUMNS=100
export COLUMNS
expect 0 "$posted" run --seconds 0.1 --interrupts "$dir/pins.yaml"
unset COLUMNS
has "$out" '^  5:  *0  IR-IO-APIC   5-edge      vfio-irq\[5\](devices\[2\])$'
has "$out" '^  8:  *[1-9][0-9]*  IR-IO-APIC   8-edge      vfio-irq\[8\](devices\[1\])$'
has "$out" '^ 24:  *[1-9][0-9]*  IR-PCI-MSIX-0000:01:00.0   0-edge      vfio-msix\[0\]'
has "$out" '^ 25:  *0  IR-PCI-MSIX-0000:04:00.0   0-edge      vfio-msix\[0\]'
msi=$(sed -n 's/^ 24: *\([0-9]*\) .*/\1/p' "$out")
pmn=$(sed -n 's/^PMN: *\([0-9]*\) .*/\1/p' "$out")
[ "$pmn" -gt 0 ] && [ "$pmn" -le "$msi" ] || wrong "$pmn notifications for $msi posted MSIs"

# More than anybody reads: sums. A row for many block devices.
{
	printf 'pcpus: 17\nhlt_exiting: false\nways: [posted]\n'
	printf 'vms: [{name: a, vcpus: 17, guest: reader}]\ndevices:\n'
	for _ in 1 2 3 4 5; do echo '  - {type: block, queues: 17, depth: 1, size: 1M}'; done
} >"$dir/many.yaml"
sed 's/\[posted\]/[user]/' "$dir/many.yaml" >"$dir/busy.yaml"
expect 0 "$posted" run --seconds 0.1 --runs 1 --interrupts "$dir/many.yaml"
[ "$(wc -L <"$out")" -le 80 ] || wrong "a line of $(wc -L <"$out") columns"
has "$out" "^CRC-32C is the file's  *5 of 5$"
has "$out" '^ *0  *17  vfio-msix\[0\](0000:05:00.0)$'
[ "$(wc -l <"$out")" -lt 60 ] || wrong "$(wc -l <"$out") lines"
COLUMNS=60
export COLUMNS
expect 0 "$posted" run --seconds 0.1 --runs 1 --interrupts --way user "$dir/busy.yaml"
unset COLUMNS
[ "$(wc -L <"$out")" -le 60 ] || wrong "a line of $(wc -L <"$out") columns, not of 60"
has "$out" '^ *[1-9][0-9]*  *17  vfio-msix\[[0-9]*\](0000:0[1-5]:00.0),$'
has "$out" '^ *most [1-9][0-9]* on CPU[0-9]*$'

# A switch off and on: two columns for each way, or two where none matters. An IPI exits
# without IPI virtualization, and with it does not; the line on top claims neither.
cat >"$dir/pair.yaml" <<-END
	pcpus: 2
	ipiv: true
	vms: [{name: pair, vcpus: 2, guest: ipi}]
END
expect 0 "$posted" run --seconds 0.1 --compare ipiv --json --histogram "$dir/c" "$dir/pair.yaml"
is sends work
is ipiv columns.0.switch
is false columns.0.on
is true columns.1.on
exits=per_1000.exits_by_reason.MSR_WRITE
is 0 columns.1.$exits.highest
# One for each IPI, if the last may be on its way.
"$json" columns.0.$exits.lowest <"$out" | awk '{ exit !($1 > 990 && $1 < 1010) }' ||
	wrong "IPIs without IPI virtualization do not exit"
is 'ipiv on' comparisons.0.column
"$json" comparisons.0.differences.exits.percent <"$out" | awk '{ exit !($1 < -45) }' ||
	wrong "the HLTs stay, the MSR_WRITEs go"
[ "$(cd "$dir" && echo c.*)" = 'c.ipiv-off c.ipiv-on' ] || wrong "$(ls "$dir"), no histograms"
expect 0 "$posted" run --seconds 0.1 --runs 2 --compare ipiv "$dir/pair.yaml"
tr '\n' ' ' <"$out" | grep -q '1 VM, 0 devices, x2APIC, HLT exits 2 runs' || wrong "claims ipiv"
tr '\n' ' ' <"$out" | grep -q 'ipiv on, against ipiv off, for each 1,000 sends: ' ||
	wrong "not compared"

# Without apicv there is no way posted, and so no such column; the others are there.
COLUMNS=400
export COLUMNS
expect 0 "$posted" run --seconds 0.1 --runs 1 --compare x2apic,apicv --way user,posted --quiet
unset COLUMNS
has "$out" '1 VM, 1 device, HLT does not exit$'
has "$out" '^  *user  *user  *posted  *user  *user  *posted  *posted$'
has "$out" '^  *apicv off  *apicv on  *apicv on  *x2apic off  *x2apic on  *x2apic off  *x2apic on$'
has "$out" '^    MSR_WRITE  *[1-9][0-9.k]*  *0  *0  *0  *0  *0  *0$'
has "$out" '^posted with x2apic on, for each 1,000 reads: '

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
expect 1 "$posted" run --seconds 0.1 --runs 1 --compare posted_msi --way irqfd \
	"$dir/clock.yaml" 5</dev/null
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

# What takes long takes no CPU here: a slow timer, and a file that nobody reads.
cat >"$dir/slow.yaml" <<-END
	pcpus: 1
	ways: [posted]
	vms: [{name: clock, vcpus: 1, guest: ticker}]
	devices: [{type: timer, hz: 100}, {type: block, size: 1M}]
END

# Progress: on runs longer than a second, unless it shall be quiet.
expect 0 "$posted" run --seconds 1.2 --runs 1 "$dir/slow.yaml"
has "$err" '^posted run: posted, run 1 of 1: [01]\.[0-9] of 1.2 s, [0-9]* interrupts handled$'
expect 0 "$posted" run --seconds 1.2 --runs 1 --quiet "$dir/slow.yaml"
[ ! -s "$err" ] || wrong "not quiet"

# Ctrl-C and SIGTERM end it early, with figures, and no file stays behind; then it dies by
# that signal. A shell starts background commands with SIGINT ignored; env gives it back.
for signal in INT TERM; do
	: >"$err"
	env --default-signal=INT "$posted" run --seconds 60 --json "$dir/slow.yaml" \
		>"$out" 2>"$err" &
	under_way
	kill -s $signal $!
	wait $!
	status=$?
	[ "$(kill -l $status)" = $signal ] || wrong "SIG$signal: exit $status"
	is true ok
	is SIG$signal interrupted
	"$json" columns.0.totals.sent <"$out" >"$dir/null" || wrong "SIG$signal: no figures"
done
[ -z "$(ls "$TMPDIR")" ] || wrong "left behind: $(ls "$TMPDIR")"

# Dead by the signal, not merely gone: a shell's loop stops. Its process group is its terminal's.
: >"$err"
setsid env --default-signal=INT bash -c 'while :; do "$0" run --seconds 60 "$1"; done' \
	"$posted" "$dir/slow.yaml" >"$out" 2>"$err" &
loop=$!
under_way
kill -s INT -- -$loop
for _ in $(seq 100); do
	kill -s 0 -- -$loop 2>"$dir/null" || break
	sleep 0.1
done
if kill -s KILL -- -$loop 2>"$dir/null"; then wrong "SIGINT did not end a loop"; fi
has "$out" '^Stopped early: these are the figures until then\.$'
has "$out" '^Up to 3 runs of 60 s each, '

# On a terminal all fits: the table folds, a line of progress is cut.
script -qec "stty cols 60; exec '$posted' run --seconds 1.2 --runs 1 '$dir/slow.yaml'" \
	"$dir/tty" >"$dir/null"
tr '\r' '\n' <"$dir/tty" | sed 's/\x1b\[K//g' | grep -v '^Script ' >"$out"
has "$out" '^posted run: posted, run 1 of 1: [01]\.[0-9] of 1.2 s, '
[ "$(wc -L <"$out")" -le 60 ] || wrong "$(wc -L <"$out") columns on a terminal of 60"

# The end comes at any time, often; and the largest machine.
if [ "${POSTED_SOAK:-0}" != 0 ]; then
	expect 0 "$posted" run --seconds 0.01 --runs 100 --compare ipiv --quiet "$dir/pair.yaml"
	expect 0 "$posted" run --seconds 0.01 --runs 100 --compare ipiv --quiet "$dir/pair.yaml"
	{
		printf 'pcpus: 64\nhlt_exiting: false\n'
		printf 'vms: [{name: a, vcpus: 64, guest: reader}]\ndevices:\n'
		for n in $(seq 0 127); do
			echo "  - {type: block, vcpu: $((n % 64)), queues: 64, depth: 1, size: 1M}"
		done
	} >"$dir/largest.yaml"
	expect 0 "$posted" run --seconds 0.5 --runs 2 --interrupts "$dir/largest.yaml"
	[ "$(wc -L <"$out")" -le 80 ] || wrong "a line of $(wc -L <"$out") columns"
	has "$out" "^CRC-32C is the file's  *128 of 128  *128 of 128  *128 of 128$"
	has "$out" '^ *0  *7552  118 more devices$'
	[ "$(wc -l <"$out")" -lt 110 ] || wrong "$(wc -l <"$out") lines"
fi

# A disk that is full must not look like success.
if [ -w /dev/full ]; then
	for command in '' help 'help run' 'run --usage' version 'version --json' dmar decode \
		'decode cap=8' 'decode --json cap=8' 'none --json' \
		'run --seconds 0.1 --runs 1 --way posted'; do
		# shellcheck disable=SC2086 # words
		"$posted" $command >/dev/full 2>"$err"
		[ $? -eq 1 ] || wrong "posted $command: a full disk was not noticed"
		has "$err" '^posted.*: standard output cannot be written: No space left'
		[ "$(grep -c 'standard output' "$err")" -eq 1 ] || wrong "told twice"
	done
fi
exit $failed
