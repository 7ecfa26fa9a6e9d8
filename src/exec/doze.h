/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sleep of an idle pCPU. Whoever has something for it stores that first and
 * looks at asleep second, with no fence between, for this is the path of every
 * notification. The sleeper pays for both: it stores asleep, makes every other
 * running thread pass a fence, and looks again.
 *
 * The three operations are the executor's: system calls on threads, steps of its
 * own in the explorer, where scenarios/doze.c proves that nobody sleeps for ever.
 */
#ifndef EXEC_DOZE_H
#define EXEC_DOZE_H

#include <posted/atomic.h>

/* Returns when every other thread has passed a fence since the call. A fence itself. */
void doze_fence_others(void);

/* Sleeps until doze_futex_wake, if the word is 1 still; may return earlier. */
void doze_futex_wait(uint64_t *word);
void doze_futex_wake(uint64_t *word);

/* Sleeps until ready, or until doze_end; asleep is 1 while it does or is about to. */
static inline void doze(uint64_t *asleep, bool (*ready)(void *arg), void *arg)
{
	pstd_store_relaxed(asleep, 1);
	/* Pairs with nothing in doze_end: it stands in for the fence that is not there. */
	doze_fence_others();
	while (!ready(arg) && pstd_load_acquire(asleep))
		doze_futex_wait(asleep);
	pstd_store_relaxed(asleep, 0);
}

/* After a store that makes ready true: ends the sleep of who waits for it. */
static inline void doze_end(uint64_t *asleep)
{
	/* Only the compiler is held back here; the sleeper's fence holds back the CPU. */
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (pstd_load_relaxed(asleep) && pstd_exchange_seq(asleep, 0))
		doze_futex_wake(asleep);
}

#endif
