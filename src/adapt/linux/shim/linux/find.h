/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SHIM_LINUX_FIND_H
#define SHIM_LINUX_FIND_H

#include <linux/bitmap.h>

static inline unsigned long find_last_bit(const unsigned long *map, unsigned long bits)
{
	for (unsigned long i = bits / 64; i-- > 0;) {
		unsigned long word = READ_ONCE(map[i]);

		if (word)
			return i * 64 + (unsigned long)__fls(word);
	}
	return bits;
}

#endif
