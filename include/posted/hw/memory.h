/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's memory, as far as hardware reads it by physical address:
 * remapping table, descriptors, APIC pages, VMCSs. One region, handed out once.
 */
#ifndef PSTD_HW_MEMORY_H
#define PSTD_HW_MEMORY_H

#include <posted/types.h>

#pragma GCC visibility push(default)

/* Above 4 GiB, so that an address cut to 32 bits is an error one sees. */
#define PSTD_MEMORY_PHYS_BASE 0x100000000ull

struct pstd_memory {
	uint8_t *base; /* zeroed, page-aligned, the caller's */
	size_t size, used;
	/* how far above PSTD_MEMORY_PHYS_BASE it begins, modulo 2^64; 0 in a machine */
	uint64_t moved;
};

/* Takes size bytes aligned to align (a power of two); null when memory is full. */
void *pstd_memory_take(struct pstd_memory *m, size_t size, size_t align);

/* The physical address of memory taken before. Any number of callers. */
uint64_t pstd_memory_phys(const struct pstd_memory *m, const void *p);

/*
 * The memory at a physical address; null if any of it lies outside. Any number
 * of callers. Inline: every interrupt request asks for its descriptor so.
 */
static inline void *pstd_memory_at(const struct pstd_memory *m, uint64_t phys, size_t size)
{
	uint64_t at = phys - PSTD_MEMORY_PHYS_BASE - m->moved;

	/* What lies below the beginning is far above the end. */
	return at > m->size || m->size - at < size ? NULL : m->base + at;
}

#pragma GCC visibility pop

#endif
