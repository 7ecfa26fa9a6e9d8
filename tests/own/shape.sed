# SPDX-License-Identifier: BSD-2-Clause
# What a check prints, without what differs from compiler to compiler and run to run.
s/0x[0-9a-f]*/#/g
s/:[0-9a-f]\{8\}:.*'/:#'/
s/[0-9][0-9.,]*/#/g
s/-\{2,\}/-/g
s/  */ /g
s/ $//
