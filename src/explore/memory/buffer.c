/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/memory/buffer.h"
#include <string.h>

void buffer_push(struct buffer *b, const struct store *s)
{
	b->store[b->stores++] = *s;
}

struct store buffer_pop(struct buffer *b)
{
	struct store oldest = b->store[0];

	b->stores--;
	memmove(b->store, b->store + 1, b->stores * sizeof(oldest));
	return oldest;
}

/* Null where code under the explorer has it so: that is a crash of its own. */
#define MAY_BE_NULL __attribute__((no_sanitize("nonnull-attribute")))

MAY_BE_NULL wide memory_get(const void *p, unsigned size)
{
	wide value = 0;

	memcpy(&value, p, size);
	return value;
}

MAY_BE_NULL void memory_put(void *p, unsigned size, wide value)
{
	memcpy(p, &value, size);
}

bool buffer_holds(const struct buffer *b, const void *p, size_t size)
{
	for (unsigned i = 0; i < b->stores; i++) {
		const struct store *s = &b->store[i];

		if ((uintptr_t)s->at < (uintptr_t)p + size &&
		    (uintptr_t)p < (uintptr_t)s->at + s->size)
			return true;
	}
	return false;
}

wide buffer_view(const struct buffer *b, const void *p, unsigned size)
{
	wide value = memory_get(p, size);

	for (unsigned i = 0; b && i < b->stores; i++) {
		const struct store *s = &b->store[i];

		for (unsigned byte = 0; byte < s->size; byte++) {
			uintptr_t offset = (uintptr_t)s->at + byte - (uintptr_t)p;

			if (offset < size)
				((uint8_t *)&value)[offset] = ((const uint8_t *)&s->value)[byte];
		}
	}
	return value;
}
