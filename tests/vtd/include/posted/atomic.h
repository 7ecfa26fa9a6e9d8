/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posted/atomic.h for threads that stumble: now and then one is put off just
 * before an access to a shared word, so that others come between any two of them.
 */
#ifndef VTD_STUMBLING_ATOMIC_H
#define VTD_STUMBLING_ATOMIC_H

#include_next <posted/atomic.h>
#include <unistd.h>

/* Once in so many: locked operations are few, and most hangs on what comes before them. */
enum { STUMBLE = 4096, STUMBLE_MORE = 32 };

static inline void stumble(unsigned once_in)
{
	static _Thread_local uint64_t random;

	/* Each thread has its own address for it: a seed of its own. */
	if (!random)
		random = (uint64_t)(uintptr_t)&random | 1;
	random = random * 6364136223846793005u + 1442695040888963407u;
	if ((random >> 33) % once_in == 0)
		usleep(1);
}

/* Within its own expansion a name is not a macro any more. */
#define pstd_load_acquire(p) (stumble(STUMBLE), pstd_load_acquire(p))
#define pstd_load_relaxed(p) (stumble(STUMBLE), pstd_load_relaxed(p))
#define pstd_store_release(p, value) (stumble(STUMBLE), pstd_store_release(p, value))
#define pstd_exchange_seq(p, value) (stumble(STUMBLE_MORE), pstd_exchange_seq(p, value))
#define pstd_fetch_or_seq(p, bits) (stumble(STUMBLE), pstd_fetch_or_seq(p, bits))
#define pstd_cmpxchg_seq(p, expected, value) \
	(stumble(STUMBLE_MORE), pstd_cmpxchg_seq(p, expected, value))
#define pstd_load16_acquire(p) (stumble(STUMBLE), pstd_load16_acquire(p))

#endif
