#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# run.sh COVER GCOV NOTES: the scenarios of posted check --all execute each line of
# src/hyp but those that the file excused names, by gcov. NOTES is where the build of
# hyp/ for COVER left gcov's notes.
#
# What is executed at all soon shows in a sample of the schedules. Only if a line is
# missing there, and in soak, the searches are run to their end.
set -eu
cover=$1 gcov=$2 notes=$3
here=$(dirname "$0")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Each object's counters come to lie beside its notes.
cp "$notes"/..?*.gcno "$dir"
export GCOV_PREFIX="$dir" GCOV_PREFIX_STRIP=99

# judge some|all: prints what is wrong. gcov names files as the compiler did.
judge() {
	"$cover" "$1" &&
		(cd "${notes%/tests/cover/*}" && "$gcov" --stdout "$dir"/..?*.gcda) >"$dir/lines" &&
		awk -v enough=500 -f "$here/judge.awk" "$here/excused" "$dir/lines"
}

if [ -z "${POSTED_SOAK:-}" ]; then
	judge some >"$dir/out" && { cat "$dir/out"; exit 0; }
	cat "$dir/out"
	echo "Not in a sample; now all schedules:"
fi
judge all
