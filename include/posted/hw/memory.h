/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's memory, as far as hardware reads it by physical address:
 * remapping table, descriptors, APIC pages, VMCSs. One region, handed out once.
 */
#ifndef POSTED_HW_MEMORY_H
#define POSTED_HW_MEMORY_H

#include <posted/types.h>

#pragma GCC visibility push(default)

/* Above 4 GiB, so that an address cut to 32 bits is an error one sees. */
#define MEMORY_PHYS_BASE 0x100000000ull

struct memory {
	uint8_t *base; /* zeroed, page-aligned, the caller's */
	size_t size, used;
	uint64_t moved; /* how far above MEMORY_PHYS_BASE it begins, modulo 2^64; 0 in a machine */
};

/* Takes size bytes aligned to align (a power of two); null when memory is full. */
void *memory_take(struct memory *m, size_t size, size_t align);

/* The physical address of memory taken before. Any number of callers. */
uint64_t memory_phys(const struct memory *m, const void *p);

/*
 * The memory at a physical address; null if any of it lies outside. Any number
 * of callers. Inline: every interrupt request asks for its descriptor so.
 */
static inline void *memory_at(const struct memory *m, uint64_t phys, size_t size)
{
	uint64_t at = phys - MEMORY_PHYS_BASE - m->moved;

	/* What lies below the beginning is far above the end. */
	return at > m->size || m->size - at < size ? NULL : m->base + at;
}

#pragma GCC visibility pop

#endif
