/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has a place on a stack: all that is above the stack pointer, in a frame; what is below,
 * nobody. What others access of it (lent.h) begins and ends with that: as the compiler tells
 * where functions begin and end, and, as of an alloca, wherever else it tells of something. Both
 * are like a store to the word: who accesses it meanwhile in no order with that, accesses what
 * is gone, or was never his.
 *
 * What the agent itself has stored there may wait in its store buffer still. A CPU's later
 * stores to the place come after it; those that compilers tell nobody of are in memory at
 * once, and so must not be overtaken: a store to what is gone goes nowhere.
 */
#include "explore/schedule/guard.h"
#include "explore/schedule/lent.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/points.h"
#include "explore/schedule/tell.h"
#include "explore/seam/seam.h"

/* The explorer's own code, as linkers name it. */
extern const char ours[] __asm__("__ehdr_start") __attribute__((visibility("hidden")));
extern const char ours_end[] __asm__("etext") __attribute__((visibility("hidden")));

static bool on_stack(const char *frame, const char *below)
{
	uintptr_t left = (uintptr_t)explore_running->stack_end - (uintptr_t)frame;

	return left >= 16 && left <= GUARD_ROOM && frame >= below;
}

static const char *lowest(void)
{
	return explore_running->stack_end - GUARD_ROOM;
}

static void turn(unsigned i, bool ends)
{
	char *word = lent_word(i);

	patch_settle();
	run_at.p = word;
	if (plain_turn(word))
		tell_value(explore_running, ends ? "end of" : "begin", word, 8,
		           (uint64_t)memory_get(word, 8));
	if (ends)
		lent_drop_stores(word, word + 8);
	lent_set(i, ends ? LENT_GONE : LENT_HELD);
}

/* What nobody was told of begins unseen: there is nobody who could have known it before. */
static void begin_all(const char *from, const char *end)
{
	const char *word;

	for (unsigned i = 0; (word = lent_word(i)); i++) {
		if (word + 8 <= from || word >= end)
			continue;
		if (lent_is(i) == LENT_GONE)
			turn(i, false);
		else
			lent_set(i, LENT_HELD);
	}
}

/* Those that have begun; all: or of whose beginning nobody knows. */
static void end_all(const char *end, bool all)
{
	const char *word;

	for (unsigned i = 0; (word = lent_word(i)); i++)
		if (word >= lowest() && word < end &&
		    (lent_is(i) == LENT_HELD || (all && lent_is(i) != LENT_GONE)))
			turn(i, true);
}

/*
 * How far up all is the function's whose frame pointer this is: to the end of its frame, or, for
 * what it got on the stack, to its caller's frame pointer. The explorer's functions have none,
 * and what they have on a stack is nobody's.
 */
static const char *top_of(const char *frame)
{
	const char *caller = *(const char *const *)frame;
	const char *returns = *(const char *const *)(frame + 8);

	return (returns >= ours && returns < ours_end) || !on_stack(caller, frame + 16) ? frame + 16
	                                                                                  : caller;
}

void frames_at(const char *below, const char *frame)
{
	const struct run_at here = run_at;

	if (!points_lend_any || !run_walking() || run_looking)
		return;
	end_all(below, false);
	if (run_walking() && on_stack(frame, below))
		begin_all(below, top_of(frame));
	run_at = here;
}

/* The caller of that has this frame pointer, and returns to there: if it has one. */
void frames_begin(const char *below, const char *frame, const void *returns)
{
	if (!run_walking())
		return;
	lent_told(on_stack(frame, below) && *(void *const *)(frame + 8) == returns);
	if (!points_lend_any)
		return;
	frames_at(below, frame);
	run_wipe();
}

void frames_end(const char *below, const char *frame)
{
	if (!run_walking() || (!points_lend_any && !explore_running->buffer.stores) ||
	    !on_stack(frame, below))
		return;
	patch_settle();
	if (!run_walking())
		return;
	end_all(frame + 16, true);
	lent_drop_stores(lowest(), frame + 16);
	run_wipe();
}
