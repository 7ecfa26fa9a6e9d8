#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# docs.sh POSTED ROOT BENCH DOCUMENT...: runs each command of the documents, for a
# short time, and compares what it prints with what they show: of decode word by word,
# else up to numbers. not-run says what is not run; a command with ... or a word in
# capitals is none, but its flags must be there.
set -u
posted=$(realpath "$1") root=$2 bench=$3
shift 3
. "$(dirname "$0")/../cli/lib.sh"
here=$(cd "$(dirname "$0")" && pwd)
tab=$(printf '\t')
ran=0

build=$("$posted" check --json --quiet --max-schedules 1 enter |
	sed -n 's/^  "build": "\(.*\)",*$/\1/p')

mkdir "$dir/bin"
# program NAME SCRIPT: stands in for one, first on the path.
program() {
	printf '#!/bin/sh\n%s\n' "$2" >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}
# Not for long; what is shown is of several runs, or of a search that ends. 3: no proof; and a
# bug that was put back may be found.
program posted "
	case \"\$* \" in
	run*) set -- \"\$@\" --quiet --seconds 0.02 \$RUNS ;;
	check*--merge* | 'check ') ;;
	check*)
		[ -z \"\$RUNS\" ] || set -- \"\$@\" --max-schedules 20
		set -- \"\$@\" --quiet ;;
	esac
	'$posted' \"\$@\"
	status=\$?
	[ \$status -ne 3 ] || status=0
	case \$status\$* in 1check*--bug*) status=0 ;; esac
	exit \$status"
program journalctl 'cat log.txt'
program parallel 'command=$1; shift 2
	for word; do eval "$(echo "$command" | sed "s/{}/$word/g")" || exit; done'
program bench "exec '$bench' \"\$@\" --rounds 1"

# What a reader has: files of their own, and the project's examples.
work() {
	mkdir -p "$dir/work/build/bench" "$dir/work/sys/class/iommu/dmar0/intel-iommu"
	cd "$dir/work" || exit
	cp -r "$root/examples" "$root"/tests/decode/*.txt .
	cp "$dir/bin/bench" build/bench/bench
	echo 8d2008c40660462 >sys/class/iommu/dmar0/intel-iommu/cap
	echo f020df >sys/class/iommu/dmar0/intel-iommu/ecap
	cp examples/default.yaml machine.yaml
	cp examples/own/pi.c my_pi.c
	! grep -q 'load my_pi.so' "$dir/commands" || (
		sed -i 's/in_guest = true;/& atomic_thread_fence(memory_order_seq_cst);/' my_pi.c
		"$posted" cc my_pi.c -o my_pi.so
	) >"$out"
}
# A pipe as descriptor 5, where that is what the command is about.
piped() {
	cat >machine.yaml <<-'END'
		pcpus: 1
		vms: [{name: clock, vcpus: 1, guest: ticker}]
		devices: [{type: eventfd, fd: 5}]
	END
}

# shape FILE: without what differs from run to run.
number='0x[0-9a-f]+|[0-9][0-9,.]*%?|-'
shape() {
	sed -E -e 's/:[0-9a-f]{8}:/:#:/' \
		-e "s/(^|[^A-Za-z_])($number)/\1#/g" -e 's/\b(yes|NO)\b/#/g' -e 's/[ \t]+/ /g' \
		-e 's/^ //' -e 's/(# ?)+/# /g' -e 's/ $//' "$1"
}
# Of a table that is cut off, what both have: a row more on top is one less at its end.
rows() {
	awk -f "$here/run.awk" "$1" | head -n 12
}
# both HOW: of what came and of what is shown.
both() {
	for file in got shown; do
		$1 "$dir/$file" >"$dir/part"
		mv "$dir/part" "$dir/$file"
	done
}
# Of the words on top the first may be left out.
forgive_top() {
	case $(head -n 1 "$dir/got") in
	*"$(head -n 1 "$dir/shown")") sed -i 1d "$dir/got" "$dir/shown" ;;
	esac
}
# compare WHERE COMMAND: with $dir/shown.
compare() {
	cp "$out" "$dir/got"
	case $2 in
	*'posted decode'*) ;;
	*'posted run'*)
		both rows
		forgive_top
		;;
	*) both shape ;;
	esac
	diff "$dir/shown" "$dir/got" >"$dir/diff" && return
	echo "$1: $2: prints something else:"
	cat "$dir/diff"
	failed=1
}
# bounded COMMAND: for a while, in a shell of its own.
bounded() {
	PATH=$dir/bin:$PATH SLURM_ARRAY_TASK_ID=1 timeout 20 sh -c "$1" </dev/null
}
# Of a shard that goes into a file of its number: the others, as other machines have them.
other_shards() {
	parts=$(printf '%s\n' "$1" |
		sed -n 's|.* --shard \([0-9]*\)/\([0-9]*\) .*> *\1\.json$|\2|p')
	for part in $(seq ${parts:-0}); do
		bounded "$(printf '%s\n' "$1" |
			sed -e "s|--shard [0-9]*|--shard $part|" -e "s|[0-9]*\.json$|$part.json|")"
	done
}
# again COMMAND: an earlier document had it, a search of which nothing is shown and no file stays.
again() {
	[ ! -s "$dir/shown" ] || return
	printf '%s\n' "$1" | grep -qE '^posted check( --(all|bug [a-z-]+))*( [a-z_]+)*$' || return
	grep -qxF -e "$1" "$dir/searched" && return
	printf '%s\n' "$1" >>"$dir/searched"
	return 1
}
# run WHERE COMMAND: here, with build hashes and paths of /sys as they are here.
run() {
	! again "$2" || return
	wanted=0 RUNS="--runs 1"
	! grep -q '^posted [a-z]*: ' "$dir/shown" || wanted=1
	[ ! -s "$dir/shown" ] || RUNS=
	export RUNS
	case $2 in *'5<&0'*) piped ;; esac
	command=$(printf '%s\n' "$2" |
		sed -e "s/:[0-9a-f]\{8\}:/:$build:/" -e 's| /sys/| sys/|g')
	bounded "$command" >"$out" 2>&1
	status=$?
	other_shards "$command"
	ran=$((ran + 1))
	[ $status -eq $wanted ] || wrong "$1: $2: exit $status, not $wanted"
	[ ! -s "$dir/shown" ] || compare "$1" "$2"
}
# exists WHERE COMMAND: the form of one has a verb that there is, and its flags.
exists() {
	verb=$(printf '%s\n' "$2" | sed -n 's/.*posted \([a-z][a-z]*\).*/\1/p')
	"$posted" help "$verb" >"$out" 2>&1 || wrong "$1: $2: no such verb"
	for flag in $(printf '%s\n' "$2" | grep -o -e '--[a-z][a-z-]*'); do
		grep -q -e "$flag" "$out" || wrong "$1: $2: there is no $flag"
	done
}
# make_target WHERE COMMAND: the Makefile has it, and could do it.
make_target() {
	target=$(printf '%s\n' "$2" | sed -e 's/^make *//' -e 's/ .*//')
	make -n -C "$root" SETUP=true $target >"$out" 2>&1 || wrong "$1: $2: no such target"
}
placeholder='\.\.\.|(^|[ =/])[A-Z][A-Z]+([] .,[]|$)'
# one WHERE COMMAND: whatever it is. What `make run` shows is what the command does.
one() {
	case $2 in
	"make run")
		[ ! -s "$dir/shown" ] || run "$1" "posted run"
		make_target "$1" "$2"
		;;
	make | make\ *) make_target "$1" "$2" ;;
	esac
	! printf '%s\n' "$2" | grep -qE -f "$dir/not" || return
	if printf '%s\n' "$2" | grep -qE -e "$placeholder"; then
		exists "$1" "$2"
	else
		run "$1" "$2"
	fi
}

# all FILE: each command of what commands.awk found, with what is shown for it.
all() {
	at=
	while IFS= read -r line; do
		case $line in
		"$tab"*) printf '%s\n' "${line#"$tab"}" >>"$dir/shown" ;;
		*)
			[ -z "$at" ] || one "$at" "$text"
			at=${line%%"$tab"*} text=${line#*"$tab"}
			: >"$dir/shown"
			;;
		esac
	done <"$1"
	[ -z "$at" ] || one "$at" "$text"
}

: >"$dir/searched"
grep -v '^#' "$here/not-run" | cut -f 1 >"$dir/not"
for document; do
	awk -v root="$root" -f "$here/commands.awk" "$document" >"$dir/commands"
	[ -s "$dir/commands" ] || wrong "$document: no command found"
	(work && all "$dir/commands" && echo "$ran $failed" >"$dir/so")
	read -r ran failed <"$dir/so"
	rm -rf "$dir/work"
done
echo "$ran commands run"
[ "$ran" -gt 40 ] || wrong "only $ran commands run"
exit $failed
