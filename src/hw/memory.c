/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/memory.h>

void *memory_take(struct memory *m, size_t size, size_t align)
{
	size_t at = (m->used + align - 1) & ~(align - 1);

	if (at > m->size || m->size - at < size)
		return NULL;
	m->used = at + size;
	return m->base + at;
}

uint64_t memory_phys(const struct memory *m, const void *p)
{
	return MEMORY_PHYS_BASE + m->moved + (uint64_t)((const uint8_t *)p - m->base);
}
