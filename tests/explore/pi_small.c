/* SPDX-License-Identifier: BSD-2-Clause */
#include "pi_small.h"
#include <posted/atomic.h>

enum { ON = 1, SN = 2, WK = 4 }; /* bits of control: outstanding, suppressed, vector is the wake-up one */

static struct {
	uint64_t pir, control, mode, on_list, wake, wake_sent, ipi;
	bool asleep;
} w;

/* The variant. */
static bool blocks;
static enum pi_small_bug bug;

static void harvest(void)
{
	if (bug == PI_SMALL_PIR_FIRST)
		pi_exchange_seq(&w.pir, 0);
	pi_fetch_and_seq(&w.control, ~(uint64_t)ON);
	if (bug != PI_SMALL_PIR_FIRST)
		pi_exchange_seq(&w.pir, 0);
}

static void enter_guest(void)
{
	pi_store_relaxed(&w.mode, 1);
	if (bug != PI_SMALL_NO_FENCE)
		explore_fence();
	if (pi_load_relaxed(&w.control) & ON)
		harvest();
	if (pi_load_relaxed(&w.ipi)) { /* one notification taken while the guest runs */
		pi_store_relaxed(&w.ipi, 0);
		harvest();
	}
}

/* True: it sleeps. */
static bool block(void)
{
	pi_store_relaxed(&w.on_list, 1);
	if (pi_fetch_or_seq(&w.control, WK) & ON)
		pi_store_relaxed(&w.wake, 1);
	if (!pi_load_relaxed(&w.wake))
		return true;
	pi_store_relaxed(&w.wake, 0);
	pi_store_relaxed(&w.on_list, 0);
	pi_fetch_and_seq(&w.control, ~(uint64_t)WK);
	return false;
}

static void vcpu(void *unused)
{
	pi_fetch_or_seq(&w.control, SN);            /* put: preempted */
	pi_fetch_and_seq(&w.control, ~(uint64_t)SN); /* load */
	if (bug != PI_SMALL_NO_RECHECK && pi_load_acquire(&w.pir))
		pi_fetch_or_seq(&w.control, ON);
	w.asleep = blocks && block();
	if (!w.asleep)
		enter_guest();
}

static void device(void *vector)
{
	uint64_t control;

	pi_fetch_or_seq(&w.pir, (uint64_t)1 << (uintptr_t)vector);
	control = pi_load_acquire(&w.control);
	do {
		if (control & (ON | SN))
			return;
	} while (!pi_cmpxchg_seq(&w.control, &control, control | ON));
	if (control & WK)
		pi_store_release(&w.wake_sent, 1);
	else if (pi_load_relaxed(&w.mode))
		pi_store_release(&w.ipi, 1);
}

static void wake_up(void)
{
	if (pi_load_acquire(&w.on_list) && (pi_load_acquire(&w.control) & ON))
		pi_store_relaxed(&w.wake, 1);
}

static void handler(void *unused)
{
	if (pi_load_acquire(&w.wake_sent)) {
		pi_store_relaxed(&w.wake_sent, 0);
		wake_up();
	}
}

/* What was on its way arrives, and then nothing may be left behind. */
static void finish(void)
{
	if (w.wake_sent)
		wake_up();
	if (w.asleep) {
		if (w.pir && !(w.wake && (w.control & ON)))
			explore_fail("lost: it sleeps");
		return;
	}
	if (w.ipi)
		harvest();
	if (w.pir)
		explore_fail("lost: it is in the guest");
}

const struct explore_scenario *pi_small(unsigned devices, bool block_too, enum pi_small_bug seeded)
{
	static struct explore_agent agents[4] = { { "V", vcpu, NULL, false } };
	static struct explore_scenario s = { "pi_small", "the explorer counts right", agents, 0, NULL,
		                             NULL, &w, sizeof(w), NULL, finish, 0 };
	unsigned n = 1;

	blocks = block_too;
	bug = seeded;
	if (blocks)
		agents[n++] = (struct explore_agent){ "H", handler, NULL, false };
	for (uintptr_t d = 0; d < devices; d++)
		agents[n++] = (struct explore_agent){ "D", device, (void *)d, false };
	s.agent_count = n;
	return &s;
}
