#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# golden.sh PROGRAM SCENARIO DIR: the trace is, line by line, the one that was read and found right.
"$1" "$2" | diff -u "$3/$2.txt" -
