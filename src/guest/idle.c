/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest/guests.h"

static bool idle_init(struct guest *g, char *why, size_t size)
{
	return true;
}

static enum guest_next idle_run(struct guest *g)
{
	return GUEST_HALT;
}

static void idle_interrupt(struct guest *g, uint8_t vector)
{
	guest_eoi(g);
}

const struct guest_ops guest_idle = {
	.name = "idle",
	.summary = "halts, and takes whatever interrupts come",
	.init = idle_init,
	.run = idle_run,
	.interrupt = idle_interrupt,
};
