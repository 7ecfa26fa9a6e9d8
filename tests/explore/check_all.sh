#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# check_all.sh POSTED: every scenario of the default set is proved; in soak the deep ones too.
set -eu
posted=$1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

"$posted" check --all ${POSTED_SOAK:+--deep} --quiet >"$out" || { cat "$out"; exit 1; }
cat "$out"
awk 'NR > 1 && $NF != "proved" { bad = 1 } END { exit bad || NR < 20 }' "$out"
