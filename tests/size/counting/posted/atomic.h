/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The seam with its locked operations counted: found before the real one, which
 * it includes with every builtin counted that is one locked instruction on x86.
 * A macro's own name inside itself is not expanded again.
 */
#ifndef COUNTING_ATOMIC_H
#define COUNTING_ATOMIC_H

/* Operations that order something, and plain counters (pstd_count). One thread. */
extern unsigned locked, counted;

#define __atomic_exchange_n(...) (locked++, __atomic_exchange_n(__VA_ARGS__))
#define __atomic_fetch_or(...) (locked++, __atomic_fetch_or(__VA_ARGS__))
#define __atomic_fetch_and(...) (locked++, __atomic_fetch_and(__VA_ARGS__))
#define __atomic_fetch_add(...) (counted++, __atomic_fetch_add(__VA_ARGS__))
#define __atomic_compare_exchange_n(...) (locked++, __atomic_compare_exchange_n(__VA_ARGS__))
#define __atomic_thread_fence(...) (locked++, __atomic_thread_fence(__VA_ARGS__))
#define __sync_bool_compare_and_swap(...) (locked++, __sync_bool_compare_and_swap(__VA_ARGS__))
#define __sync_val_compare_and_swap(...) (locked++, __sync_val_compare_and_swap(__VA_ARGS__))

#include_next <posted/atomic.h>

#endif
