/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/guests.h"

struct ticker {
	uint64_t count;
};

static bool ticker_init(struct guest *g, char *why, size_t size)
{
	return true;
}

static enum guest_next ticker_run(struct guest *g)
{
	return GUEST_HALT;
}

static void ticker_interrupt(struct guest *g, uint8_t vector)
{
	struct ticker *t = guest_state(g);

	t->count++;
	guest_eoi(g);
}

uint64_t ticker_count(struct guest *g)
{
	const struct ticker *t = guest_state(g);

	return t->count;
}

const struct guest_ops guest_ticker = {
	.name = "ticker",
	.summary = "counts its interrupts, and halts between them",
	.vcpu_size = sizeof(struct ticker),
	.init = ticker_init,
	.run = ticker_run,
	.interrupt = ticker_interrupt,
};
