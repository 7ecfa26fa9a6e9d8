/* SPDX-License-Identifier: BSD-2-Clause */
#include "events.h"
#include <inttypes.h>

enum event { SENT, NMIS, KICKS, PREEMPTIONS, MOVES, WAKEUPS, BYPASSES, IRQFDS, EVENTS };

/* About a quarter of what happens in half a second of an idle machine. */
static const struct {
	const char *name;
	uint64_t enough;
} events[EVENTS] = {
	[SENT] = { "interrupts sent", 20000 },
	[NMIS] = { "NMIs", 50 },
	[KICKS] = { "kicks", 50 },
	[PREEMPTIONS] = { "preemptions", 50 },
	[MOVES] = { "moves", 50 },
	[WAKEUPS] = { "wake-ups", 500 },
	[BYPASSES] = { "changes of bypass", 10 },
	[IRQFDS] = { "changes of an irqfd", 50 },
};

static void count(const struct machine *m, const struct asked *a, uint64_t seen[EVENTS])
{
	struct machine_stats s;

	machine_stats(m, &s);
	seen[SENT] = s.sent;
	seen[NMIS] = s.nmis;
	seen[KICKS] = a->kicks;
	seen[PREEMPTIONS] = s.preemptions;
	seen[MOVES] = s.moves;
	seen[WAKEUPS] = s.wakeups;
	seen[BYPASSES] = a->bypasses;
	seen[IRQFDS] = a->irqfds;
}

bool events_suffice(const struct machine *m, const struct asked *a, bool sleep, bool post,
                    FILE *out)
{
	uint64_t seen[EVENTS];
	bool enough = true;

	count(m, a, seen);
	for (enum event e = 0; e < EVENTS; e++) {
		if ((e == WAKEUPS && !sleep) || (e == BYPASSES && !post) ||
		    seen[e] >= events[e].enough)
			continue;
		enough = false;
		if (out)
			fprintf(out, "%" PRIu64 " %s, not %" PRIu64 "\n", seen[e], events[e].name,
			        events[e].enough);
	}
	return enough;
}
