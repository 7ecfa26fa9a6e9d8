/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * golden SCENARIO: prints its trace; golden.sh compares it with SCENARIO.txt,
 * where every line was read and found right.
 */
#include "stage.h"
#include <stdio.h>
#include <string.h>

static void running(void)
{
	stage_load(0);
	stage_enter();
	stage_device_posts(0x41);
	stage_device_posts(0x41);
	stage_device_posts(0x52);
	stage_guest_runs();
	stage_software_posts(0x63);
	stage_guest_runs();
}

static void preempted(void)
{
	stage_load(0);
	stage_enter();
	stage_tick();
	stage_preempt();
	stage_device_posts(0x41);
	stage_device_posts(0x52);
	stage_load(0);
	stage_device_posts(0x63);
	stage_enter();
	stage_guest_runs();
	stage_tick();
	stage_preempt();
	stage_software_posts(0x41);
	stage_device_posts_urgent(0x52);
	stage_load(0);
	stage_enter();
	stage_guest_runs();
	stage_tick();
	stage_preempt();
	stage_device_posts_urgent(0x74);
	stage_host_interrupts(0);
	stage_load(0);
	stage_enter();
	stage_guest_runs();
}

static void halted(void)
{
	stage_load(0);
	stage_enter();
	stage_halt();
	stage_device_posts(0x41);
	stage_device_posts(0x52);
	stage_host_interrupts(0);
	stage_load(0);
	stage_enter();
	stage_guest_runs();
	stage_halt();
	stage_software_posts(0x63);
	stage_load(0);
	stage_enter();
	stage_guest_runs();
	stage_device_posts(0x41);
	stage_halt();
	stage_enter();
	stage_guest_runs();
}

static void moving(void)
{
	stage_load(0);
	stage_enter();
	stage_tick();
	stage_device_posts(0x41);
	stage_preempt();
	stage_device_posts(0x52);
	stage_load(1);
	stage_enter();
	stage_guest_runs();
	stage_host_interrupts(0);
	stage_device_posts(0x63);
	stage_guest_runs();
	stage_halt();
	stage_device_posts(0x41);
	stage_load(0);
	stage_host_interrupts(1);
	stage_enter();
	stage_guest_runs();
}

static const struct {
	const char *name;
	void (*play)(void);
} scenarios[] = { { "running", running },
	          { "preempted", preempted },
	          { "halted", halted },
	          { "moving", moving } };

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (strcmp(argv[1], scenarios[i].name))
			continue;
		stage_open();
		scenarios[i].play();
		return 0;
	}
	fputs("usage: golden running|preempted|halted|moving\n", stderr);
	return 2;
}
