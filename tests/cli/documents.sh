#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# documents.sh POSTED SCHEMA DOC EXAMPLES: what each verb prints with --json, also when
# something is wrong, is as DOC has it.
set -u
posted=$1 schema=$2 doc=$3 examples=$4
. "$(dirname "$0")/lib.sh"

# document STATUS VERB ARGUMENT...: its document; ok says whether the status is 0.
document() {
	wanted=$1
	shift
	expect "$wanted" "$posted" "$@" --json
	"$schema" "$doc" "posted $1" <"$out" >"$dir/said" || wrong "posted $*: $(cat "$dir/said")"
	grep -q '^  "schema": 1,$' "$out" || wrong "posted $*: no schema"
	good=true none='\[\],'
	[ "$wanted" -eq 0 ] || good=false
	[ "$wanted" -eq 0 ] || [ "$wanted" -eq 3 ] || none='\[$'
	has "$out" "^  \"ok\": $good\$"
	has "$out" "^  \"problems\": $none"
}

short='--seconds 0.05 --quiet'
document 0 run $short
document 0 run $short --runs 1 --interrupts --compare ipiv "$examples/ipiv.yaml"
document 0 run $short --runs 1 "$examples/timer.yaml"
document 2 run --seconds nan
document 2 run --wya=user
document 2 run "$dir/none.yaml"
cat >"$dir/none.yaml" <<-END
	pcpus: 1
	vms: [{name: disk, vcpus: 1, guest: reader}]
	devices: [{type: block, file: $dir/none}]
END
document 1 run $short "$dir/none.yaml"

document 0 version
document 2 version x
document 0 decode
document 0 decode 0000000100040100 234567800041c001
document 0 decode fee003b8:5 cap=8d2008c40660462
document 1 decode 0000000000040010 00000005004100g1
document 1 decode "$dir/none/file"
document 2 decode --all
document 0 bugs
document 0 bugs 'nmi-*'
document 0 bugs torn-entry
document 0 bugs cut-kept
document 2 bugs torn-entri
document 2 bugs 'torn*y?'
document 0 dmar
document 2 dmar "$dir/none"
echo 'pcpus: no number' >"$dir/bad.yaml"
document 2 dmar "$dir/bad.yaml"
document 2 dmar --output "$dir/none/file"

if "$posted" check >"$out" 2>&1; then
	document 0 check
	document 0 check --quiet enter
	document 3 check --quiet --max-schedules 3 enter
	document 2 check none
	document 2 check --pct 1 --random 1 enter
	expect 0 "$posted" check --json --quiet enter
	build=$(sed -n 's/^  "build": "\(.*\)",$/\1/p' "$out")
	document 0 replay --show pid,vmcs,lists "enter:tso:$build:0"
	document 0 cc "$examples/own/pi.c" -o "$dir/pi.so"
	document 0 check --quiet --load "$dir/pi.so" block
	build=$(sed -n 's/^  "build": "\(.*\)",$/\1/p' "$out")
	document 0 replay --load "$dir/pi.so" "block:tso:$build:0"
	document 0 cc "$examples/own/pi.c" --allow getpagesize -o "$dir/pi.so"
	document 0 check --quiet --load "$dir/pi.so" block
	document 2 cc "$examples/own/none.c" -o "$dir/pi.so"
	document 2 check --load "$dir/none.so"
	document 2 replay enter:tso
	document 2 replay --bug no-fence "enter:tso:$build:0" --quiet
	document 2 replay
fi

# The test can fail: a key that is missing, one more, one of another type.
for change in 's/"schema": 1,//' 's/"ok"/"good": 1, "ok"/' 's/"version": "[^"]*"/"version": 1/'; do
	"$posted" version --json | sed "$change" >"$out"
	! "$schema" "$doc" 'posted version' <"$out" >"$dir/said" || wrong "not seen: $change"
done
exit $failed
