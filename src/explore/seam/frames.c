/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where functions begin and end, as the compiler tells: what others access of a frame (lent.h)
 * begins and ends with it. Both are like a store to the word: who accesses it meanwhile in no
 * order with that, accesses a frame that is gone, or was never his.
 *
 * What the agent itself has stored there may wait in its store buffer still. A CPU's later
 * stores to the place come after it; those that compilers tell nobody of are in memory at
 * once, and so must not be overtaken: a store to what is gone goes nowhere.
 */
#include "explore/schedule/guard.h"
#include "explore/schedule/lent.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/tell.h"
#include "explore/seam/seam.h"

static bool on_stack(const char *frame, const char *below)
{
	uintptr_t left = (uintptr_t)explore_running->stack_end - (uintptr_t)frame;

	return left >= 16 && left <= GUARD_ROOM && frame >= below;
}

static void turn(unsigned i, bool ends)
{
	char *word = lent_word(i);

	run_at.p = word;
	if (plain_turn(word))
		tell_value(explore_running, ends ? "end of" : "begin", word, 8,
		           (uint64_t)memory_get(word, 8));
	if (ends)
		lent_drop_stores(word, word + 8);
	lent_set_gone(i, ends);
}

static void turn_all(const char *from, const char *end, bool ends)
{
	const char *word;

	for (unsigned i = 0; (word = lent_word(i)); i++)
		if (word + 8 > from && word < end && lent_is_gone(i) != ends)
			turn(i, ends);
}

/* The caller of that has this frame pointer, and returns to there: if it has one. */
void frames_begin(const char *below, const char *frame, const void *returns)
{
	bool known;

	if (!run_walking())
		return;
	known = on_stack(frame, below) && *(void *const *)(frame + 8) == returns;
	lent_told(known);
	if (!known || !lent_word(0))
		return;
	patch_settle();
	turn_all(below, frame + 16, false);
	run_wipe();
}

void frames_end(const char *below, const char *frame)
{
	if (!run_walking() || (!lent_word(0) && !explore_running->buffer.stores) ||
	    !on_stack(frame, below))
		return;
	patch_settle();
	if (!run_walking())
		return;
	turn_all(explore_running->stack_end - GUARD_ROOM, frame + 16, true);
	lent_drop_stores(explore_running->stack_end - GUARD_ROOM, frame + 16);
	run_wipe();
}
