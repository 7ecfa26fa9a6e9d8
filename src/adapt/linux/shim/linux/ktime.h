/* SPDX-License-Identifier: BSD-2-Clause */
/* No time passes; so nobody polls. */
#ifndef SHIM_LINUX_KTIME_H
#define SHIM_LINUX_KTIME_H

#include <linux/types.h>

typedef s64 ktime_t;

#define ktime_get() ((ktime_t)0)
#define ktime_to_ns(t) ((s64)(t))
#define ktime_sub(a, b) ((a) - (b))
#define ktime_add_ns(t, n) ((t) + (s64)(n))
#define ktime_before(a, b) ((a) < (b))

#endif
