/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/machine_file.h"

/* The same text as examples/default.yaml, which a test compares. */
const char default_machine[] =
	"# The machine of \"posted run\" without a file.\n"
	"# Look at VM exits and host interrupts: the other two ways pay for each interrupt,\n"
	"# posted needs no exit for any. What is left are HLTs (see hlt.yaml) and wake-ups\n"
	"# after them. And look at its device rows, which stay flat.\n"
	"pcpus: 2\n"
	"seconds: 1\n"
	"ways: [user, irqfd, posted]\n"
	"vms:\n"
	"  - name: vm0\n"
	"    vcpus: 2\n"
	"    guest: reader\n"
	"devices:\n"
	"  - type: block\n"
	"    vm: vm0\n"
	"    queues: 2\n"
	"    depth: 32\n"
	"    size: 64M\n";
