/* SPDX-License-Identifier: BSD-2-Clause */
#include <posted/hw/memory.h>

void *pstd_memory_take(struct pstd_memory *m, size_t size, size_t align)
{
	size_t at = (m->used + align - 1) & ~(align - 1);

	if (at > m->size || m->size - at < size)
		return NULL;
	m->used = at + size;
	return m->base + at;
}

uint64_t pstd_memory_phys(const struct pstd_memory *m, const void *p)
{
	return PSTD_MEMORY_PHYS_BASE + m->moved + (uint64_t)((const uint8_t *)p - m->base);
}
