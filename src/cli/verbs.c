/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/verbs.h"

static const struct verb_flag run_flags[] = {
	{ FLAG_SECONDS, "seconds", "N", NULL,
	  "A run of a way takes N seconds, which may have a fraction; the machine file's number is "
	  "not used." },
	{ FLAG_RUNS, "runs", "N", NULL,
	  "Run each way N times, 1 to 100, all ways in turn, after a warm-up that does not count. "
	  "With one run no way can be compared with another. Default: 3." },
	{ FLAG_WAY, "way", "WAY[,WAY...]", "user irqfd posted",
	  "Run only these of the machine file's ways: user, irqfd, posted." },
	{ FLAG_COMPARE, "compare", "SWITCH[,SWITCH...]", "apicv x2apic ipiv posted_msi",
	  "Run each way with each of these switches of the machine file (apicv, x2apic, ipiv, "
	  "posted_msi) off and on, whatever the file says, and all else as the file has it. Each "
	  "has a column, but for what cannot be: without apicv nothing is posted." },
	{ FLAG_INTERRUPTS, "interrupts", NULL, NULL,
	  "Print also the host's interrupts, as /proc/interrupts has them; of more than 16 CPUs "
	  "or 32 vectors, the sum of each device." },
	{ FLAG_QUIET, "quiet", NULL, NULL, "Print no progress line on standard error." },
	{ FLAG_JSON, "json", NULL, NULL,
	  "Print the same figures as one JSON object, also when something went wrong." },
	{ FLAG_HISTOGRAM, "histogram", "FILE", NULL,
	  "Write the latencies in HdrHistogram's text form to FILE, in microseconds; if there are "
	  "several columns, to FILE.user, FILE.irqfd and FILE.posted, or FILE.user-ipiv-off and so "
	  "on." },
	{ .name = NULL },
};

static const struct verb_example run_examples[] = {
	{ "posted run", "the built-in machine, all three ways" },
	{ "posted run --seconds 5 --way irqfd,posted", "two of them, for longer" },
	{ "posted run --compare ipiv machine.yaml", "VM exits with IPI virtualization off and on" },
	{ "posted run --json machine.yaml", "a machine of your own, for a program to read" },
	{ "posted run --histogram latency.txt", "and the latencies, one file a column" },
	{ "posted run --runs 9 --seconds 0.5", "more runs: chance seldom makes a difference" },
	{ NULL, NULL },
};

static const struct verb_flag check_flags[] = {
	{ FLAG_ALL, "all", NULL, NULL, "Check every scenario but the deep ones." },
	{ FLAG_DEEP, "deep", NULL, NULL, "Check the deep scenarios too, which take long." },
	{ FLAG_BUG, "bug", "BUG", NULL,
	  "Put a bug of posted bugs into a copy of the sources, compile what changes, and explore "
	  "that: without scenarios, the one that shows the bug. It takes cc (or what CC says) and "
	  "patch, with --with sed." },
	{ FLAG_LOAD, "load", "FILE", NULL,
	  "Explore the scenarios of a module that posted cc has made of your own code, all of them "
	  "or those named, instead of posted's." },
	{ FLAG_WITH, "with", "KIND=TREE", "linux= xen=",
	  "Explore a hypervisor's own sources: linux=TREE, KVM's of a kernel, xen=TREE, or, of an "
	  "adapter of your own, ./FOLDER=TREE. What the scenarios need is cut from the tree and "
	  "compiled into a module, as posted cc does; with --bug, a bug of posted bugs --with KIND "
	  "is put back into what is cut." },
	{ FLAG_SC, "sc", NULL, NULL,
	  "Explore without store buffers: sequential consistency instead of x86-TSO." },
	{ FLAG_FULL, "full", NULL, NULL,
	  "Run also the schedules that differ from another only in an order that cannot matter." },
	{ FLAG_RANDOM, "random", "N", NULL, "Run N schedules at random, which proves nothing." },
	{ FLAG_PCT, "pct", "N", NULL,
	  "Run N schedules by random priorities (PCT), which proves nothing but finds much in "
	  "scenarios too big to prove." },
	{ FLAG_CHANGE_POINTS, "change-points", "N", NULL,
	  "With --pct: change priorities so often in a schedule. Default: 3." },
	{ FLAG_SEED, "seed", "N", NULL,
	  "With --random and --pct: the same N gives the same schedules. Default: 1." },
	{ FLAG_PREEMPTIONS, "preemptions", "N", NULL,
	  "Explore only schedules with at most N preemptions." },
	{ FLAG_MAX_SCHEDULES, "max-schedules", "N", NULL,
	  "Stop a scenario after N schedules." },
	{ FLAG_MAX_SECONDS, "max-seconds", "N", NULL,
	  "Stop a scenario after N seconds, which may have a fraction." },
	{ FLAG_MAX_STEPS, "max-steps", "N", NULL,
	  "Cut schedules off after N steps; those that are not over then are not searched." },
	{ FLAG_MAX_MEMORY, "max-memory", "MIB", NULL,
	  "Stop a scenario whose process has taken so many MiB." },
	{ FLAG_FRONTIER, "frontier", "FILE", NULL,
	  "Go on from where FILE says that an earlier search was stopped. If a bound, SIGINT or "
	  "SIGTERM stops this one, or it ends, FILE says so for the next; of several scenarios, "
	  "each has its FILE.NAME." },
	{ FLAG_SHARD, "shard", "I/N", NULL,
	  "Explore only part I of N, counted from 1. The parts do not overlap; --merge adds up "
	  "what they print with --json." },
	{ FLAG_MERGE, "merge", NULL, NULL,
	  "Explore nothing: the operands are the results of all shards, which are added up." },
	{ FLAG_TWICE, "twice", NULL, NULL,
	  "Run each schedule twice, and demand the same steps." },
	{ FLAG_JOBS, "jobs", "N", NULL,
	  "Use N processes: for N scenarios at once, or where there are fewer, for several that "
	  "search one together. Default: the number of CPUs." },
	{ FLAG_TRACE, "trace", "FILE", NULL,
	  "Write the schedules that violate to FILE, in the trace format of Chrome, which opens "
	  "in Perfetto." },
	{ FLAG_ALL_ROWS, "all-rows", NULL, NULL,
	  "Show also the looks at words that see nothing new." },
	{ FLAG_QUIET, "quiet", NULL, NULL, "Print no progress line on standard error." },
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example check_examples[] = {
	{ "posted check", "the scenarios, and what each proves" },
	{ "posted check --all", "prove them, on all CPUs" },
	{ "posted check 'ipi*'", "those whose names begin so" },
	{ "posted check --sc preempt", "one, on a machine without store buffers" },
	{ "posted check --bug no-fence", "a bug put back: is it found?" },
	{ "posted check --pct 100000 --deep", "look for errors in big scenarios, without proof" },
	{ "posted check --load my_pi.so", "the scenarios of your own code, from posted cc" },
	{ "posted check --with linux=linux-6.1", "KVM's own, of a kernel's sources" },
	{ "posted check --shard 2/8 --json preempt >2.json", "the second of eight parts" },
	{ "posted check --merge 1.json 2.json ...", "the verdict of all of them" },
	{ NULL, NULL },
};

static const struct verb_flag replay_flags[] = {
	{ FLAG_LOAD, "load", "FILE", NULL,
	  "The schedule is of a scenario of this module, which posted cc has made." },
	{ FLAG_WITH, "with", "KIND=TREE", "linux= xen=",
	  "It is of a scenario of this tree's sources, as by posted check --with." },
	{ FLAG_RANDOM, "random", NULL, NULL,
	  "Of a scenario: draw one of its schedules at random." },
	{ FLAG_SEED, "seed", "N", NULL,
	  "With --random: the same N draws the same schedule. Default: 1." },
	{ FLAG_SC, "sc", NULL, NULL,
	  "Of a scenario: without store buffers, sequential consistency instead of x86-TSO." },
	{ FLAG_ALL_ROWS, "all-rows", NULL, NULL,
	  "Show also the looks at words that see nothing new." },
	{ FLAG_BUG, "bug", "BUG", NULL,
	  "Of sources with that bug put back, as by posted check --bug." },
	{ FLAG_STOP_AT, "stop-at", "N", NULL,
	  "Stop after step N, before what comes is judged: exit status 3." },
	{ FLAG_SHOW, "show", "WHAT[,WHAT...]", "pid vmcs lists",
	  "Print also the posted-interrupt descriptors (pid), the VMCSs (vmcs) or the wake-up "
	  "lists (lists) as they are at the end, or where it stops." },
	{ FLAG_TRACE, "trace", "FILE", NULL,
	  "Write the schedule to FILE, in the trace format of Chrome, which opens in Perfetto." },
	{ FLAG_QUIET, "quiet", NULL, NULL,
	  "With --bug: do not say on standard error that it compiles." },
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example replay_examples[] = {
	{ "posted replay enter", "a scenario as it goes if nobody is preempted needlessly" },
	{ "posted replay --random --seed 7 enter", "one of its other schedules" },
	{ "posted replay 'preempt:tso:1a2b3c4d:0,1,1'", "a line that posted check printed" },
	{ "posted replay --stop-at 12 --show pid 'preempt:tso:1a2b3c4d:0,1,1'",
	  "its first 12 steps, and the descriptor after them" },
	{ NULL, NULL },
};

static const struct verb_flag bugs_flags[] = {
	{ FLAG_WITH, "with", "KIND[=TREE]", "linux= xen=",
	  "List those that posted check --with KIND=TREE --bug BUG puts back into a hypervisor's "
	  "own sources: linux or xen." },
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example bugs_examples[] = {
	{ "posted bugs", "all of them; those on top happened to others" },
	{ "posted bugs no-fence", "one, as a patch, and how to see it" },
	{ "posted bugs 'nmi-*'", "those whose names begin so" },
	{ NULL, NULL },
};

static const struct verb_flag cc_flags[] = {
	{ FLAG_OUTPUT, "output", "FILE", NULL, "Call the module FILE, as my_pi.so; so does -o." },
	{ FLAG_COMPILER, "compiler", "CC", NULL,
	  "Compile with CC, gcc or clang of any version, which may have options behind it. "
	  "Default: the environment's CC, else cc." },
	{ FLAG_ALLOW, "allow", "NAME[,NAME...]", NULL,
	  "Take it on trust that these functions, of others or with inline assembler, do nothing "
	  "that the explorer would have to see; so does FILE:LINE of inline assembler." },
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example cc_examples[] = {
	{ "posted cc my_pi.c -o my_pi.so", "a module of one file, for posted check --load" },
	{ "posted cc -Iinclude -DNDEBUG -O2 my_pi.c -o my_pi.so", "with the compiler's options" },
	{ "posted cc --compiler clang my_pi.c -o my_pi.so", "with another compiler" },
	{ NULL, NULL },
};

static const struct verb_flag decode_flags[] = {
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example decode_examples[] = {
	{ "posted decode 0xfee00070 0x0", "a message, as a device's MSI capability has it" },
	{ "posted decode 0000000000040010 0000000500410001", "a remapping entry" },
	{ "journalctl -k | posted decode -", "the faults in Linux's log" },
	{ "posted decode before.txt after.txt",
	  "two copies of /proc/interrupts: what was added between them" },
	{ "posted decode --json /sys/class/iommu/dmar0/intel-iommu/cap",
	  "what a unit can do, for a program to read" },
	{ NULL, NULL },
};

static const struct verb_flag dmar_flags[] = {
	{ FLAG_OUTPUT, "output", "FILE", NULL,
	  "Write the table to FILE. Without it, to standard output, but never to a terminal." },
	{ FLAG_JSON, "json", NULL, NULL, "Print the table decoded, as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example dmar_examples[] = {
	{ "posted dmar machine.yaml >dmar.dat", "the table of a machine, for iasl -d or decode" },
	{ "posted dmar | posted decode -", "that of the built-in machine, in words" },
	{ NULL, NULL },
};

static const struct verb_flag help_flags[] = {
	{ .name = NULL },
};

static const struct verb_example help_examples[] = {
	{ "posted help check", "its flags, and what to do with them" },
	{ NULL, NULL },
};

static const struct verb_flag version_flags[] = {
	{ FLAG_JSON, "json", NULL, NULL, "Print the same as one JSON object." },
	{ .name = NULL },
};

static const struct verb_example version_examples[] = {
	{ "posted version --json", "for a program to read" },
	{ NULL, NULL },
};

const struct verb verbs[VERBS] = {
	[VERB_RUN] = {
		.name = "run",
		.operand = "MACHINE.yaml",
		.summary = "run a machine and compare the ways its interrupts can go",
		.text = "Boots the machine that the file describes (-: on standard input), or a "
		        "built-in one, lets its devices interrupt its guests for a while in each "
		        "of the ways, several times, and prints what it cost.",
		.flags = run_flags,
		.examples = run_examples,
	},
	[VERB_CHECK] = {
		.name = "check",
		.operand = "SCENARIO",
		.operands = VERB_ANY,
		.summary = "prove that no order loses an interrupt, or show one that does",
		.text = "Runs small scenarios of vCPUs, devices and senders in every order that "
		        "their accesses to shared memory can take, x86 store buffers included, on "
		        "the very sources of the machine and of the hypervisor; with --load, those "
		        "of your own C code. Without scenarios it lists them, or of a module "
		        "explores all; 'ipi*' means all that begin so. It exits with 0 only if "
		        "each is proved: with 3 if nothing is violated, but not all was explored, "
		        "with 1 if something is violated or has no verdict, and with 2 if what "
		        "has none is your own.",
		.flags = check_flags,
		.examples = check_examples,
	},
	[VERB_REPLAY] = {
		.name = "replay",
		.operand = "SCHEDULE",
		.operands = VERB_ONE,
		.summary = "show one schedule, step by step",
		.text = "Runs again the schedule that a line of posted check names, and prints it "
		        "in the same words. Of a scenario it shows the schedule in which nobody "
		        "is preempted needlessly, or one that is drawn. It exits with 0 if "
		        "nothing is violated in it, with 1 if something is, and with 3 if it was "
		        "stopped before that was known.",
		.flags = replay_flags,
		.examples = replay_examples,
	},
	[VERB_BUGS] = {
		.name = "bugs",
		.operand = "BUG",
		.summary = "list bugs to put back, and who fixed them",
		.text = "Lists the bugs that posted check --bug puts back into a copy of the "
		        "sources: the scenario that shows each, what is wrong, and the commits of "
		        "KVM and Xen that fixed it where it is theirs. A pattern such as 'nmi-*' "
		        "lists those whose names begin so, a name shows one, with its patch.",
		.flags = bugs_flags,
		.examples = bugs_examples,
	},
	[VERB_CC] = {
		.name = "cc",
		.operand = "FILE.c",
		.operands = VERB_SOURCES,
		.summary = "make a module of your own C code, to be explored",
		.text = "Compiles C files so that the explorer sees each of their accesses to "
		        "memory, and links them to a module whose scenarios posted check --load "
		        "explores. -I, -D, -O, -std and all else that begins with one dash go to "
		        "the compiler, as does all behind a word of two dashes; its messages come "
		        "as they are. What the explorer does "
		        "not see (system calls, locks of the C library, inline assembler) is "
		        "refused, by function and line. doc/own-code.md shows it from nothing to a "
		        "proof.",
		.flags = cc_flags,
		.examples = cc_examples,
	},
	[VERB_DECODE] = {
		.name = "decode",
		.operand = "THING",
		.operands = VERB_ANY,
		.summary = "say what the bits of posting mean",
		.text = "Decodes remapping entries, posted-interrupt descriptors, interrupt "
		        "messages, fault records, capability registers, DMAR tables, and what "
		        "Linux shows of them: its log, ir_translation_struct, /proc/interrupts. "
		        "What a thing is, it finds out. A thing is given as it is, as the path of "
		        "a file, or as - on standard input. Without things it lists what it takes.",
		.flags = decode_flags,
		.examples = decode_examples,
	},
	[VERB_DMAR] = {
		.name = "dmar",
		.operand = "MACHINE.yaml",
		.summary = "make the DMAR table of a machine",
		.text = "Writes the ACPI table by which a machine's firmware tells of its VT-d "
		        "units and their devices: of the machine that the file describes, or of "
		        "the built-in one.",
		.flags = dmar_flags,
		.examples = dmar_examples,
	},
	[VERB_HELP] = {
		.name = "help",
		.operand = "VERB",
		.summary = "say what a verb does and takes, or which verbs there are",
		.text = "Prints a verb's flags and examples, as its --help does; without one, the "
		        "verbs.",
		.flags = help_flags,
		.examples = help_examples,
	},
	[VERB_VERSION] = {
		.name = "version",
		.operand = "",
		.operands = VERB_NONE,
		.summary = "say which version this is",
		.text = "Prints the version, as --version does.",
		.flags = version_flags,
		.examples = version_examples,
	},
};

const struct verb_flag verb_standard_flags[] = {
	{ FLAG_HELP, "help", NULL, NULL, "Print the verb's flags and examples; so does -h." },
	{ FLAG_USAGE, "usage", NULL, NULL, "Print a short usage line." },
	{ FLAG_VERSION, "version", NULL, NULL, "Print the version; so does -V." },
	{ .name = NULL },
};
