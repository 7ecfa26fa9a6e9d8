/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A local APIC's inbox against those who send to it, as shipped: whoever takes a
 * message sees what it is about, with no locked operation in between.
 */
#include "scenarios/scenarios.h"
#include <posted/hw/lapic.h>

enum { VECTOR = 0xf2 };

static struct {
	struct pstd_lapic lapic;
	uint64_t work; /* what messages are about */
	uint64_t seen; /* of it, by the owner */
} apic;

static bool knocked(const void *unused)
{
	return apic.lapic.doorbell;
}

static void owner(void *unused)
{
	while (explore_rest(knocked, NULL))
		while (pstd_lapic_pending(&apic.lapic) >= 0) {
			pstd_lapic_acknowledge(&apic.lapic);
			pstd_lapic_eoi(&apic.lapic);
			apic.seen = pstd_load_acquire(&apic.work);
			explore_note("takes a message, and sees work %u", (unsigned)apic.seen);
		}
}

static void send_twice(void *unused)
{
	for (uint64_t work = 1; work <= 2; work++) {
		pstd_store_release(&apic.work, work);
		pstd_lapic_notify(&apic.lapic, VECTOR);
	}
}

static void judge(void)
{
	if (apic.seen != apic.work)
		explore_fail("missed: no message is left, but of work %u the owner saw %u",
		             (unsigned)apic.work, (unsigned)apic.seen);
}

static const struct explore_agent agents[] = {
	{ "P0", owner, NULL, false },
	{ "S", send_twice, NULL, false },
};

static const struct explore_word words[] = {
	{ &apic.work, "work", NULL },
	{ &apic.lapic.doorbell, "doorbell", NULL },
	{ &apic.lapic.inbox.byte[VECTOR], "inbox[0xf2]", NULL },
	{ &apic.lapic.inbox.word[VECTOR / 8], "inbox", NULL },
	{ NULL, NULL, NULL },
};

static const struct explore_constant constants[] = {
	{ apic.lapic.inbox.byte, VECTOR / 8 * 8 },
	{ &apic.lapic.inbox.word[VECTOR / 8 + 1], 8 },
	{ NULL, 0 },
};

const struct explore_scenario scenario_inbox = {
	.name = "inbox",
	.proves = "who takes a message from a local APIC's inbox sees what it is about",
	SCENARIO_AGENTS(agents),
	.words = words,
	.constants = constants,
	.state = &apic,
	.state_size = sizeof(apic),
	.finish = judge,
};
