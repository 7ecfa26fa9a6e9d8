#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
#
# check_all.sh POSTED [--deep]: every scenario of the default set is proved; in soak, and if asked
# for, the deep ones too.
set -eu
posted=$1 deep=
[ -z "${POSTED_SOAK:-}" ] || deep=$2
out=$(mktemp)
trap 'rm -f "$out"' EXIT

"$posted" check --all $deep --quiet >"$out" || { cat "$out"; exit 1; }
cat "$out"
awk 'NR > 1 && $NF != "proved" { bad = 1 } END { exit bad || NR < 20 }' "$out"
