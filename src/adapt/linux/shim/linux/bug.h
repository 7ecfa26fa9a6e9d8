/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel would warn of fails the schedule. */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <explore/scenario.h>

#define WARN_ON(c)                                             \
	({                                                     \
		bool c_ = (c);                                 \
		if (c_)                                        \
			explore_fail("%s warns: " #c, __func__); \
		c_;                                            \
	})
#define WARN_ON_ONCE(c) WARN_ON(c)
#define WARN(c, ...) WARN_ON(c)
#define WARN_ONCE(c, ...) WARN_ON(c)
#define BUG_ON(c) ((void)WARN_ON(c))

#endif
