/* SPDX-License-Identifier: BSD-2-Clause */
#include "post.h"
#include <explore/scenario.h>
#include <explore/sched.h>

struct poster posters[POSTERS];

struct count {
	unsigned posted, taken, merged;
};

bool post_waits(const void *processor)
{
	const struct processor *p = processor;

	return __atomic_load_n(&p->inside, __ATOMIC_RELAXED) &&
	       *__atomic_load_n(&p->program, __ATOMIC_RELAXED) == 'w';
}

void post_all(struct poster *p, bool (*post)(struct processor *to, uint8_t vector))
{
	struct processor *to = p->to;

	for (unsigned i = 0; i < POST_VECTORS && p->post->vector[i]; i++) {
		uint8_t vector = p->post->vector[i];
		bool merged;

		/* in the same step, if no other access comes between, not even a plain one */
		if (p->post->until[i] && !explore_rest(p->post->until[i], to))
			return;
		merged = post(to, vector);
		p->posted[i] = 1;
		p->merged[i] = merged;
	}
}

bool post_by_device(struct processor *to, uint8_t vector)
{
	struct explore_descriptor *descriptor;
	struct explore_posted posted;

	explore_look_begin();
	descriptor = to->descriptor;
	explore_look_end();
	posted = explore_post(descriptor, vector, false);
	if (posted.notify)
		explore_interrupt(posted.destination, posted.notification);
	return posted.merged;
}

static struct count count(const struct processor *p, unsigned vector)
{
	struct count c = { .taken = p->taken[vector], .merged = p->merged[vector] };

	for (const struct poster *by = posters; by < posters + POSTERS; by++)
		for (unsigned i = 0; by->to == p && by->post && i < POST_VECTORS; i++)
			if (by->post->vector[i] == vector) {
				c.posted += by->posted[i];
				c.merged += by->merged[i];
			}
	return c;
}

/* One that has interrupts disabled may keep it; nobody else. */
static void judge_vector(const struct processor *p, unsigned vector)
{
	bool in_pir = p->descriptor->pir[vector / 64] >> vector % 64 & 1;
	bool in_irr = processor_irr(p, vector) >> vector % 32 & 1;
	struct count c = count(p, vector);

	if (p->masked)
		c.taken += in_pir + in_irr;
	else if (in_pir)
		explore_fail("vector %#x is lost: it stays in vCPU %u's PIR, and ON is %s", vector,
		             p->number, p->descriptor->control & 1 ? "set" : "clear");
	else if (in_irr)
		explore_fail("vector %#x is lost: it stays in vCPU %u's IRR", vector, p->number);
	if (c.taken + c.merged != c.posted)
		explore_fail("vector %#x: posted to vCPU %u %u times, merged %u times, and taken "
		             "%u times",
		             vector, p->number, c.posted, c.merged, c.taken);
}

void post_judge(const struct processor *p)
{
	for (unsigned vector = 16; vector < PROCESSOR_VECTORS; vector++)
		judge_vector(p, vector);
}
