/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vCPUs 0 and 1, 2 and 3, ... play one ball each pair: an interrupt to the
 * other, sent back on arrival. Never two are on the way, so none can merge, and
 * the ball is dropped by whoever has it when time is up.
 */
#include "guest/guests.h"
#include <stdio.h>

enum { IPI_VECTOR = 0xe0 };

struct ipi {
	bool ball;       /* it is ours to send */
	uint64_t served; /* when it was last sent */
	struct histogram round_trips;
};

static bool ipi_serves(const struct guest *g)
{
	return guest_id(g) % 2 == 0 && guest_id(g) + 1 < guest_count(g);
}

static bool ipi_init(struct guest *g, char *why, size_t size)
{
	struct ipi *s = guest_state(g);

	if (guest_count(g) < 2) {
		snprintf(why, size, "guest ipi needs two vCPUs or more, this VM has one");
		return false;
	}
	s->ball = ipi_serves(g);
	return true;
}

static enum guest_next ipi_run(struct guest *g)
{
	struct ipi *s = guest_state(g);

	if (s->ball && !guest_stopping(g)) {
		s->ball = false;
		s->served = guest_clock();
		guest_ipi(g, guest_id(g) ^ 1, IPI_VECTOR);
	}
	return GUEST_HALT;
}

static void ipi_interrupt(struct guest *g, uint8_t vector)
{
	struct ipi *s = guest_state(g);

	if (vector == IPI_VECTOR) {
		s->ball = true;
		if (ipi_serves(g))
			histogram_record(&s->round_trips, guest_clock() - s->served);
	}
	guest_eoi(g);
}

uint64_t ipi_round_trips(struct guest *g)
{
	return ipi_latency(g)->total;
}

const struct histogram *ipi_latency(struct guest *g)
{
	const struct ipi *s = guest_state(g);

	return &s->round_trips;
}

const struct guest_ops guest_ipi_pairs = {
	.name = "ipi",
	.summary = "pairs of vCPUs interrupt each other as fast as they can",
	.vcpu_size = sizeof(struct ipi),
	.init = ipi_init,
	.run = ipi_run,
	.interrupt = ipi_interrupt,
};
