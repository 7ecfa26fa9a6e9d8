#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# probe.sh CLANG: true if this clang has libFuzzer's library.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
echo 'int LLVMFuzzerTestOneInput(const char *p, long n) { return 0; }' >"$dir/probe.c"
"$1" -fsanitize=fuzzer "$dir/probe.c" -o "$dir/probe" 2>/dev/null
