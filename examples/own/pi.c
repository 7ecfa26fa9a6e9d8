/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A hypervisor's side of posted interrupts in plain C11: post, load, enter, block. It
 * lacks one fence, and so loses an interrupt now and then: doc/own-code.md finds which.
 */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PI_ON 1ull /* a notification is under way, or needless */
#define PI_SN 2ull /* none is to be sent: the vCPU does not run */

struct vcpu {
	struct {
		_Atomic uint64_t pir;     /* vectors that were posted */
		_Atomic uint64_t control; /* PI_ON, PI_SN */
	} pi;
	volatile bool in_guest; /* on some CPU */
	volatile bool asleep;   /* and to be woken */
	uint64_t irr;           /* its owner's: vectors that it has taken in */
};

/* The machine below: the notification's IPI, the scheduler's wake-up, and the guest. */
static void send_ipi(struct vcpu *v);
static void wake_up(struct vcpu *v);
static void sleep_until_woken(struct vcpu *v);
static void run_guest(struct vcpu *v);

/* From any CPU. */
static void pi_post(struct vcpu *v, unsigned vector)
{
	atomic_fetch_or(&v->pi.pir, 1ull << vector);
	if (atomic_fetch_or(&v->pi.control, PI_ON) & (PI_ON | PI_SN))
		return; /* who set ON notifies; who clears SN looks */
	if (v->in_guest)
		send_ipi(v);
	else if (v->asleep)
		wake_up(v);
}

/* By its owner: takes in what was posted. */
static void pi_sync(struct vcpu *v)
{
	if (!(atomic_load(&v->pi.control) & PI_ON))
		return;
	atomic_fetch_and(&v->pi.control, ~PI_ON);
	v->irr |= atomic_exchange(&v->pi.pir, 0);
}

/* The vCPU has a CPU again. */
static void vcpu_load(struct vcpu *v)
{
	atomic_fetch_and(&v->pi.control, ~PI_SN);
	if (atomic_load(&v->pi.pir))
		atomic_fetch_or(&v->pi.control, PI_ON);
}

static void vcpu_put(struct vcpu *v)
{
	atomic_fetch_or(&v->pi.control, PI_SN);
}

/* Who posts from here on sends an IPI; what was posted before is taken in. */
static void vcpu_enter(struct vcpu *v)
{
	v->in_guest = true;
	pi_sync(v);
	run_guest(v);
	v->in_guest = false;
}

/* The guest has halted: nothing to do until something is posted. */
static void vcpu_block(struct vcpu *v)
{
	v->asleep = true;
	atomic_thread_fence(memory_order_seq_cst); /* pairs with pi_post's read-modify-writes */
	if (!(atomic_load(&v->pi.control) & PI_ON))
		sleep_until_woken(v);
	v->asleep = false;
	pi_sync(v);
}

/* What follows is for posted cc: the machine, who does what, and what has to hold. */
#include <explore/module.h>

enum { VECTOR = 5 };

static struct vcpu vcpu;
static volatile bool ipi, woken;

static void send_ipi(struct vcpu *v)
{
	ipi = true;
}

static void wake_up(struct vcpu *v)
{
	woken = true;
}

static bool has_ipi(const void *arg)
{
	return ipi || vcpu.irr;
}

static bool is_woken(const void *arg)
{
	return woken;
}

/* It halts, which does not exit; the CPU takes in what was posted when the IPI comes. */
static void run_guest(struct vcpu *v)
{
	if (explore_rest(has_ipi, NULL))
		pi_sync(v);
}

static void sleep_until_woken(struct vcpu *v)
{
	explore_rest(is_woken, NULL);
}

static void runs(void *arg)
{
	vcpu_put(&vcpu);
	vcpu_load(&vcpu);
	vcpu_enter(&vcpu);
}

static void blocks(void *arg)
{
	vcpu_block(&vcpu);
}

static void sends(void *arg)
{
	pi_post(&vcpu, VECTOR);
}

/* No agent has a step left. */
static void judge(void)
{
	if (vcpu.irr != 1ull << VECTOR)
		explore_fail("vector %d is lost: posted, and nobody will look for it", VECTOR);
}

static const struct explore_agent run_agents[] = {
	{ .name = "vCPU", .run = runs },
	{ .name = "sender", .run = sends },
};
static const struct explore_agent block_agents[] = {
	{ .name = "vCPU", .run = blocks },
	{ .name = "sender", .run = sends },
};

EXPLORE_SCENARIO(enter, "a post against put, load and VM entry is taken in",
                 EXPLORE_AGENTS_OF(run_agents), .finish = judge);
EXPLORE_SCENARIO(block, "a post against a vCPU that blocks is taken in",
                 EXPLORE_AGENTS_OF(block_agents), .finish = judge);
