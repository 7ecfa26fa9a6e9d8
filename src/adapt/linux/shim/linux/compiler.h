/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#include <stddef.h>

#define __init
#define __rcu
#define __percpu
#define __read_mostly
#define __aligned(n) __attribute__((aligned(n)))
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#define noinline __attribute__((noinline))
#define fallthrough __attribute__((fallthrough))
#define likely(x) (x)
#define unlikely(x) (x)

#define barrier() __asm__ volatile("" ::: "memory")

/* One access each, that the compiler neither moves nor repeats; a point only where it races. */
#define READ_ONCE(x)                     \
	({                               \
		barrier();               \
		__auto_type once_ = (x); \
		barrier();               \
		once_;                   \
	})
#define WRITE_ONCE(x, v)   \
	do {               \
		barrier(); \
		(x) = (v); \
		barrier(); \
	} while (0)

#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define EXPORT_SYMBOL_GPL(name) _Static_assert(1, #name)
#define BUILD_BUG_ON(c) ((void)0)

#endif
