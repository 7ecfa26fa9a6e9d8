# SPDX-License-Identifier: BSD-2-Clause
#
# A thin face over Meson and Ninja. Each target first installs what is missing
# from Debian's packages; SETUP=true leaves that out.
#
#   make            builds the command, build/src/cli/posted
#   make run        runs it; RUN="--seconds 1 examples/x.yaml" gives it arguments
#   make test       every test, under 5 minutes      make soak     the same, longer
#   make bench      what it costs, beside its peers  make install  DESTDIR is honoured
#   make clean      removes what was built
SETUP = scripts/setup
RUN =

.PHONY: build run test soak bench install clean setup

build: setup
	@scripts/build build

run: build
	@build/src/cli/posted run $(RUN)

test: setup
	@scripts/test

soak: setup
	@POSTED_SOAK=1 scripts/test

bench: build
	@build/bench/bench

install: build
	@meson install -C build --no-rebuild

clean:
	rm -rf build build-asan build-tsan

setup:
	@$(SETUP)
