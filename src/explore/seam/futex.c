/* SPDX-License-Identifier: BSD-2-Clause */
/* The system calls that agents sleep with: futex(2) and membarrier(2); and who an agent is. */
#include "explore/schedule/tell.h"
#include <explore/access.h>

/* One who sleeps at a futex; on its stack. */
struct sleeper {
	const uint64_t *at;
	bool woken;
};

static bool is_woken(const void *sleeper)
{
	return ((const struct sleeper *)sleeper)->woken;
}

static struct sleeper *sleeper_of(const struct agent *a)
{
	return a->ready == is_woken && !a->done ? (struct sleeper *)(uintptr_t)a->arg : NULL;
}

/* Without a step. */
static uint64_t look(const uint64_t *word)
{
	uint64_t value;

	explore_look_begin();
	value = explore_load8(word);
	explore_look_end();
	return value;
}

/* Look and sleep are one step, as the kernel's lock of the futex makes them. */
bool explore_futex_wait(const uint64_t *word, uint64_t expected)
{
	struct sleeper s = { .at = word };

	RUN_AT(word);
	explore_point(0, NULL, NULL);
	run_watch->access(word, sizeof(*word), false);
	explore_touch(word, true); /* who sleeps here is part of it */
	tell_value(explore_running, "futex wait", word, sizeof(*word), look(word));
	if (look(word) != expected)
		return true;
	if (!explore_rest(is_woken, &s))
		return false;
	explore_touch(word, false);
	return true;
}

void explore_futex_wake(const uint64_t *word)
{
	RUN_AT(word);
	explore_point(0, NULL, NULL);
	explore_touch(word, true);
	tell_value(explore_running, "futex wake", word, sizeof(*word), look(word));
	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		struct sleeper *s = sleeper_of(run_who(i));

		if (s && s->at == word)
			s->woken = true;
	}
}

/* No store that was buffered at a step is so still. */
static bool all_visible(const void *since)
{
	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		const struct agent *a = run_who(i);

		if (a->buffer.stores && a->buffer.store[0].step <= *(const unsigned *)since)
			return false;
	}
	return true;
}

static void touch_buffers(enum buffer_end end)
{
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		explore_touch(run_buffer_word(i, end), false);
}

/*
 * Each other CPU is interrupted for a fence. Here, what it had buffered becomes
 * visible, and what it stores before that need not: this allows more, never less.
 */
void explore_membarrier(void)
{
	unsigned since;

	explore_fence();
	run_trait(TRAIT_FENCES);
	touch_buffers(BUFFER_IN);
	since = run_step() - 1;
	explore_rest(all_visible, &since);
	touch_buffers(BUFFER_OUT);
	explore_fence();
}

const struct explore_agent *explore_self(void)
{
	return explore_running ? explore_running->is : NULL;
}
