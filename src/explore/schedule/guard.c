/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/guard.h"
#include <stdint.h>
#include <sys/mman.h>

enum { ROWS = 4 };

static struct row {
	char *first;
	unsigned count;
} rows[ROWS];

void *guard_stacks(unsigned count)
{
	struct row *row = rows;
	void *first;

	while (row < rows + ROWS && row->first)
		row++;
	if (row == rows + ROWS)
		return NULL;
	/* Not among variables: there somebody may look for what leaks, and would be stopped. */
	first = mmap(NULL, count * (size_t)GUARD_STACK, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (first == MAP_FAILED)
		return NULL;
	*row = (struct row){ first, count };
	for (unsigned i = 0; i < count; i++)
		mprotect(row->first + i * (size_t)GUARD_STACK, GUARD, PROT_NONE);
	return first;
}

bool guard_hit(const void *at)
{
	for (const struct row *row = rows; row < rows + ROWS; row++) {
		uintptr_t offset = (uintptr_t)at - (uintptr_t)row->first;

		if (row->first && offset / GUARD_STACK < row->count &&
		    offset % GUARD_STACK < GUARD)
			return true;
	}
	return false;
}
