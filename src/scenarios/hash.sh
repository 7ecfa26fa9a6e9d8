#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# hash.sh SRC INCLUDE OUT DEPFILE: a header with the hash of all that a schedule
# depends on: the explorer, its scenarios, hw/, hyp/, check/ and their headers. A
# schedule is replayed only by a build that has the same.
set -eu
src=$1 include=$2 out=$3 depfile=$4
export LC_ALL=C

set -- "$src"/exec/*.[ch] "$src"/explore/*/*.[ch] "$src"/world/*.[ch] \
	"$src"/world/include/posted/*.h "$src"/scenarios/*.[ch] "$src"/hw/*.c \
	"$src"/hw/*/*.[ch] "$src"/hyp/*.[ch] "$src"/check/*.[ch] "$include"/explore/*.h \
	"$include"/posted/*.h "$include"/posted/hw/*.h "$include"/posted/hw/*/*.h
printf '#define EXPLORE_BUILD "%.8s"\n' "$(cat "$@" | sha256sum)" >"$out"
{
	echo "$out: \\"
	printf '%s\n' "$@" | sed 's/ /\\ /g; $!s/$/ \\/'
} >"$depfile"
