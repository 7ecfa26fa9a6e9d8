/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/machine_file.h"

/* The same text as examples/default.yaml, which a test compares. */
const char default_machine[] =
	"# The machine of \"posted run\" without a file: each vCPU has a pCPU of its own, and its\n"
	"# HLT does not exit, as on a host that gives a guest whole CPUs (KVM's cpu-pm=on). So\n"
	"# all exits are those of interrupts. Look at VM exits and host interrupts: user and\n"
	"# irqfd pay for interrupts, posted pays for none. What posting does not save, the\n"
	"# HLTs of a guest that shares its pCPUs, is in halting.yaml.\n"
	"pcpus: 2\n"
	"hlt_exiting: false\n"
	"seconds: 1\n"
	"ways: [user, irqfd, posted]\n"
	"vms:\n"
	"  - name: vm0\n"
	"    vcpus: 2\n"
	"    guest: reader\n"
	"    pin: [0, 1]\n"
	"devices:\n"
	"  - type: block\n"
	"    vm: vm0\n"
	"    queues: 2\n"
	"    depth: 32\n"
	"    size: 64M\n";
