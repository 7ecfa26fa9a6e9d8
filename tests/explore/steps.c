/* SPDX-License-Identifier: BSD-2-Clause */
/* Several accesses as one step; a descriptor that is posted to so. */
#include "machine.h"

/* Sees an update whole, or in halves. */
/* What the compiler makes of plain accesses. */
void tells_write(const void *p) __asm__("__tsan_write8");

static void update(void *unused)
{
	store(&s.x, 1);
	store(&s.y, 1);
}

static void update_in_one(void *unused)
{
	explore_step_begin();
	store(&s.x, 1);
	explore_step_begin(); /* they nest */
	store(&s.y, 1);
	explore_step_end();
	explore_step_end();
}

static void update_plainly(void *unused)
{
	explore_step_begin();
	tells_write(&s.x);
	s.x = 1;
	tells_write(&s.y);
	s.y = 1;
	explore_step_end();
}

static void see_update(void *unused)
{
	explore_step_begin();
	if (load(&s.x) != load(&s.y))
		explore_fail("half of an update is seen");
	explore_step_end();
}

static void lock_in_step(void *unused)
{
	explore_step_begin();
	explore_lock(&s.lock[0]);
	explore_unlock(&s.lock[0]);
	explore_step_end();
}

static void post(void *unused)
{
	if (explore_post(&s.pid, VECTOR, false).notify)
		add(&s.flag, 1);
}

/* As IPI virtualization does it. */
static void post_in_two(void *unused)
{
	add(&s.pid.pir[VECTOR / 64], 1u << VECTOR % 64);
	add(&s.pid.control, 1);
}

static void look_at_both(void *unused)
{
	if (load(&s.pid.pir[VECTOR / 64]) && !(load(&s.pid.control) & 1))
		explore_fail("PIR is set, and ON is not");
}

static void expect(struct explore_posted p, bool merged, bool notify)
{
	if (p.merged != merged || p.notify != notify)
		explore_fail("a post is merged or notifies, and should not");
	if (p.notification != 0xf2 || p.destination != 3)
		explore_fail("a post notifies somebody else");
}

/* ON, SN and URG, as "Interrupt Posting Hardware Operation" has them. */
static void post_all_ways(void *unused)
{
	s.pid = (struct explore_descriptor){ .control = (uint64_t)3 << 32 | 0xf2 << 16 | 2 };
	expect(explore_post(&s.pid, VECTOR, false), false, false); /* SN */
	expect(explore_post(&s.pid, VECTOR, true), true, true);    /* SN, but urgent */
	expect(explore_post(&s.pid, 255, true), false, false);     /* ON */
	s.pid.control &= ~(uint64_t)3;
	expect(explore_post(&s.pid, 255, false), true, true);
	if (!(s.pid.control & 1) || s.pid.pir[3] != (uint64_t)1 << 63 || s.pid.pir[1] != 2)
		explore_fail("a post sets other bits");
}

#define NO_TASK { NULL, NULL, NULL, 0, NULL, false }

static const struct program programs[] = {
	{ "an update in two steps", 0, { NO_TASK }, { update, see_update }, { 0 },
	  FOUND, FOUND, "half of" },
	{ "a lock in one step", 0, { NO_TASK }, { lock_in_step, hold_lock }, { 0 },
	  UNFIT, UNFIT, "waits in what is to be one step" },
	{ "an update in one step", 0, { NO_TASK }, { update_in_one, see_update }, { 0 },
	  PROVED, PROVED, NULL },
	{ "a plain update in one step", 0, { NO_TASK }, { update_plainly, see_update }, { 0 },
	  PROVED, PROVED, NULL },
	{ "a post in two steps", 0, { NO_TASK }, { look_at_both, post_in_two }, { 0 },
	  FOUND, FOUND, "PIR is set, and ON is not" },
	{ "a post in one step", 0, { NO_TASK }, { look_at_both, post }, { 0 },
	  PROVED, PROVED, NULL },
	{ "all ways to post", 0, { NO_TASK }, { nothing, post_all_ways }, { 0 },
	  PROVED, PROVED, NULL },
};

int main(void)
{
	return !machine_answers(programs, sizeof(programs) / sizeof(programs[0]));
}
