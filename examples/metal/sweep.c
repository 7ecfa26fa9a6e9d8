/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest says that it is about to exit, and one interrupt comes so many instructions later:
 * at each place of the way from the exit to sleep, or to the next VM entry. There is no timer
 * and no other sender: nothing makes up for a notification that is missing.
 */
#include "guest.h"

enum { VECTOR = 0x71, DELAYS = 256 };

static struct {
	unsigned posts;
	bool device;
	bool lost;
} sweep;

static void raise_after(unsigned delay)
{
	uint64_t flags = irq_save();

	while (delay--)
		pause();
	if (sweep.device)
		device_raise(0);
	else
		pstd_vcpu_deliver(&vcpus[0].h, VECTOR);
	irq_restore(flags);
}

static void send_all(struct cpu *c)
{
	if (c != &cpus[SENDER])
		return;
	for (unsigned i = 0; i < sweep.posts && !sweep.lost; i++) {
		sweep.lost = !comes_to(&guests[0].announced, i + 1);
		raise_after(i % DELAYS);
		sweep.lost |= !comes_to(&guests[0].events, i + 1);
	}
	if (sweep.lost)
		ask(&vcpus[0], REQUEST_STOP);
	must_come_to(&vcpus[0].done, 1, "a vCPU can be told to stop");
}

static void run_one(const struct setting *s, const char *what, void (*program)(void), bool device,
                    bool posted)
{
	vm_start(s, 1, program);
	devices_attach(1, 1);
	device_bypass(0, posted);
	sweep.posts = (POSTS + 4) / 5;
	sweep.device = device;
	sweep.lost = false;
	guests[0].goal = sweep.posts;
	make_runnable(&vcpus[0]);
	start_job(send_all);
	run_all(&cpus[0], 1);
	join_job();
	devices_detach(1);
	vm_end(1);
	check(what, !sweep.lost && guests[0].events == sweep.posts);
}

void run_sweep(const struct setting *s)
{
	time_slice = 0;
	run_one(s, "swept over HLT: posts", guest_halts, false, false);
	run_one(s, "swept over HLT: a device through the host", guest_halts, true, false);
	run_one(s, "swept over an exit: posts", guest_yields, false, false);
	if (s->software_apic)
		return;
	run_one(s, "swept over HLT: a device that posts", guest_halts, true, true);
	run_one(s, "swept over an exit: a device that posts", guest_yields, true, true);
}
