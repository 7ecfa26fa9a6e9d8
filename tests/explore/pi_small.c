/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The posted-interrupt protocol at its smallest, as a yardstick: a vCPU is
 * preempted (SN), loaded (SN cleared, PIR re-checked) and then enters the guest
 * or blocks with a wake-up handler; each device posts one vector by VT-d's rule.
 *
 * How many schedules there are was counted by a program of another kind, which
 * enumerates interleavings; for its executions GenMC agrees with it. The
 * explorer must come to the same numbers, and find each bug where it shows.
 */
#include "exec/explore/explore.h"
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>

/* Bits of control: outstanding, suppressed, the vector is the wake-up one. */
enum { ON = 1, SN = 2, WK = 4 };

static struct {
	uint64_t pir, control, mode, on_list, wake, wake_sent, ipi;
	bool asleep;
} w;

/* The variant. */
static bool blocks;
static enum bug {
	RIGHT,
	NO_RECHECK, /* of PIR after clearing SN */
	NO_FENCE,   /* before testing ON */
	PIR_FIRST,  /* PIR harvested before ON is cleared */
} bug;

static void harvest(void)
{
	if (bug == PIR_FIRST)
		pi_exchange_seq(&w.pir, 0);
	pi_fetch_and_seq(&w.control, ~(uint64_t)ON);
	if (bug != PIR_FIRST)
		pi_exchange_seq(&w.pir, 0);
}

static void enter_guest(void)
{
	pi_store_relaxed(&w.mode, 1);
	if (bug != NO_FENCE)
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
	pi_fetch_or_seq(&w.control, SN);             /* put: preempted */
	pi_fetch_and_seq(&w.control, ~(uint64_t)SN); /* load */
	if (bug != NO_RECHECK && pi_load_acquire(&w.pir))
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

struct variant {
	unsigned devices;
	bool blocks;
	enum bug bug;
	bool sc, holds;
	uint64_t schedules; /* 0: nobody counted them */
};

static const struct variant variants[] = {
	{ 1, false, RIGHT, true, true, 661 },
	{ 1, false, RIGHT, false, true, 1932 },
	{ 1, true, RIGHT, true, true, 16926 },
	{ 1, true, RIGHT, false, true, 387801 },
	{ 2, false, RIGHT, true, true, 2949510 },
	/* shows everywhere */
	{ 1, false, NO_RECHECK, true, false, 0 },
	{ 1, false, NO_RECHECK, false, false, 0 },
	{ 1, true, NO_RECHECK, true, false, 0 },
	{ 1, true, NO_RECHECK, false, false, 0 },
	/* with store buffers, and not where a locked operation stands in between */
	{ 1, false, NO_FENCE, true, true, 0 },
	{ 1, false, NO_FENCE, false, false, 0 },
	{ 1, true, NO_FENCE, true, true, 0 },
	{ 1, true, NO_FENCE, false, true, 0 },
	{ 2, false, NO_FENCE, false, false, 0 },
	/* with two devices */
	{ 1, false, PIR_FIRST, true, true, 0 },
	{ 1, false, PIR_FIRST, false, true, 0 },
	{ 1, true, PIR_FIRST, true, true, 0 },
	{ 1, true, PIR_FIRST, false, true, 0 },
	{ 2, false, PIR_FIRST, true, false, 0 },
	{ 2, false, PIR_FIRST, false, false, 0 },
	{ 2, true, PIR_FIRST, true, false, 0 },
	{ 2, true, PIR_FIRST, false, false, 0 },
};

/* What takes minutes: for soak. */
static const struct variant long_variant = { 2, false, RIGHT, false, true, 45600700 };

static bool explore(const struct variant *v)
{
	struct explore_agent agents[4] = { { "V", vcpu, NULL, false },
		                           { "H", handler, NULL, false } };
	struct explore_scenario s = {
		.name = "pi_small", .agents = agents,
		.state = &w, .state_size = sizeof(w), .finish = finish,
	};
	struct explore_totals t;
	bool holds, right;

	s.agent_count = v->blocks ? 2 : 1;
	for (uintptr_t d = 0; d < v->devices; d++)
		agents[s.agent_count++] = (struct explore_agent){ "D", device, (void *)d, false };
	blocks = v->blocks;
	bug = v->bug;
	holds = explore_all(&s, v->sc, &t);
	right = holds == v->holds && (!v->schedules || t.schedules == v->schedules);
	printf("%u%c bug %d %-3s %s after %" PRIu64 " schedules", v->devices, v->blocks ? 'B' : 'E',
	       v->bug, v->sc ? "SC" : "TSO", holds ? "holds" : "fails", t.schedules);
	if (!right)
		printf(": WRONG, %s after %" PRIu64, v->holds ? "holds" : "fails", v->schedules);
	putchar('\n');
	return right;
}

int main(void)
{
	bool right = true;

	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		right &= explore(&variants[i]);
	if (getenv("POSTED_SOAK"))
		right &= explore(&long_variant);
	return !right;
}
