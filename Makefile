# SPDX-License-Identifier: BSD-2-Clause
#
# A thin face over Meson and Ninja. Each target first installs what it needs of
# Debian's packages and is not there; SETUP=true leaves that out.
#
#   make            builds the command, build/src/cli/posted, and libposted
#   make run        runs the command; RUN="--seconds 1 examples/x.yaml" gives it arguments
#   make test       every test, under 5 minutes      make soak     the same, longer
#   make kvm        KVM's and Xen's own sources, fetched from Debian once
#   make metal      libposted in a hypervisor on the metal, under a Bochs that is fetched
#                   from Debian once; METAL=10000 posts a scenario, not 1,000
#   make bench      what it costs, beside its peers  make setup    every package, also to write it
#   make install    into PREFIX; without, where the last one went, or /usr/local; below DESTDIR
#   make uninstall  removes what was installed       make clean    removes what was built
SETUP = scripts/setup
RUN =
METAL =
PREFIX ?=
DESTDIR ?=

.PHONY: build run test soak kvm metal bench install uninstall clean setup

build:
	@$(SETUP) build
	@scripts/build build -Dtests=false

run:
	@$(SETUP) build
	@scripts/build build -Dtests=false src/cli/posted
	@build/src/cli/posted run $(RUN)

test:
	@$(SETUP) build test
	@scripts/test

soak:
	@$(SETUP) build test
	@POSTED_SOAK=1 scripts/test

kvm:
	@$(SETUP) build test
	@scripts/build build -Dtests=true src/cli/posted
	@meson test -C build --no-rebuild --print-errorlogs --suite kvm

metal:
	@$(SETUP) build
	@sh tests/metal/run.sh build-metal "$(METAL)"

bench:
	@$(SETUP) build test
	@scripts/build build -Dtests=true bench/bench
	@build/bench/bench

install: build
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" scripts/install build

uninstall:
	@DESTDIR="$(DESTDIR)" scripts/uninstall build

clean:
	rm -rf build build-asan build-tsan build-metal

setup:
	@$(SETUP) build test write
