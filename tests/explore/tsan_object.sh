#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# tsan_object.sh COMPILER LEVEL SOURCE OBJECT: compiles a file that knows nothing of the
# explorer, so that its accesses come to it: the thread sanitizer's calls under the
# explorer's names, and so the functions that copy.
set -eu
cc=$1 level=$2 source=$3 object=$4
calls=$(mktemp)
trap 'rm -f "$calls"' EXIT

# Volatile accesses are told apart; and each load is told of: clang leaves out those of
# what is stored next, gcc all of a copy that it makes itself.
case $("$cc" --version) in
*clang*) told='-mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-instrument-read-before-write=1' ;;
*) told='--param tsan-distinguish-volatile=1 -fno-tree-loop-distribute-patterns -Wno-tsan' ;;
esac
# shellcheck disable=SC2086 # several words
"$cc" -std=gnu17 -g "$level" -mcx16 -Wall -Wextra -Werror -fsanitize=thread $told \
	-fno-builtin-memcpy -fno-builtin-memmove -fno-builtin-memset -c "$source" -o "$object"
nm -u "$object" | sed -n 's/^ *U __tsan_\(.*\)$/__tsan_\1 explore_tsan_\1/p' >"$calls"
for copies in memcpy memmove memset; do
	echo "$copies explore_$copies"
done >>"$calls"
objcopy --redefine-syms="$calls" "$object"
