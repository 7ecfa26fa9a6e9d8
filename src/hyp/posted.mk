# SPDX-License-Identifier: BSD-2-Clause
# To compile libposted with flags of one's own, as a kernel does: include this in a Makefile,
# and compile each of POSTED_SOURCES with one's own flags and then POSTED_CFLAGS. A
# posted/types.h of one's own is found first if its -I comes first.
POSTED_DIR := $(dir $(lastword $(MAKEFILE_LIST)))
POSTED_SOURCES := $(sort $(wildcard $(POSTED_DIR)*.c))
POSTED_CFLAGS := -mcx16 -I$(POSTED_DIR)../../include -I$(POSTED_DIR)..
