/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <linux/bitops.h>

static inline bool bitmap_empty(const unsigned long *map, unsigned bits)
{
	for (unsigned i = 0; i < bits / 64; i++)
		if (READ_ONCE(map[i]))
			return false;
	return true;
}

#endif
