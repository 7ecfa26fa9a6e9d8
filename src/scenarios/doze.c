/* SPDX-License-Identifier: BSD-2-Clause */
/* The sleep of an idle pCPU of exec/threads against those who have something for it. */
#include "exec/doze.h"
#include "scenarios/scenarios.h"
#include <posted/hw/lapic.h>

enum { VECTOR = 0xf2 };

/* What the pCPU is, as far as it sleeps. */
static struct {
	struct pstd_lapic lapic;
	uint64_t asleep, over;
} idle;

void doze_fence_others(void)
{
	explore_note("membarrier");
	explore_membarrier();
}

/* When no step is left it gets up, to end. */
void doze_futex_wait(uint64_t *word)
{
	idle.over = !explore_futex_wait(word, 1);
}

void doze_futex_wake(uint64_t *word)
{
	explore_futex_wake(word);
}

static bool knocked(void *unused)
{
	return idle.over || pstd_lapic_knocked(&idle.lapic);
}

static void sleeper(void *unused)
{
	while (explore_rest(NULL, NULL)) {
		doze(&idle.asleep, knocked, NULL);
		while (pstd_lapic_pending(&idle.lapic) >= 0) {
			pstd_lapic_acknowledge(&idle.lapic);
			pstd_lapic_eoi(&idle.lapic);
			explore_note("takes a message");
		}
	}
}

/* As exec/threads/bus.c does it. */
static void notify(void *unused)
{
	pstd_lapic_notify(&idle.lapic, VECTOR);
	doze_end(&idle.asleep);
}

static void notify_twice(void *unused)
{
	notify(NULL);
	notify(NULL);
}

static void judge(void)
{
	if (pstd_lapic_knocked(&idle.lapic))
		explore_fail("asleep: a pCPU sleeps though a message has arrived");
}

static const struct explore_agent agents[] = {
	{ "P0", sleeper, NULL, false },
	{ "S", notify_twice, NULL, false },
};

static const struct explore_word words[] = {
	{ &idle.asleep, "asleep", NULL },
	{ &idle.lapic.doorbell, "doorbell", NULL },
	{ &idle.lapic.inbox.byte[VECTOR], "inbox[0xf2]", NULL },
	{ &idle.lapic.inbox.word[VECTOR / 8], "inbox", NULL },
	{ NULL, NULL, NULL },
};

static const struct explore_constant constants[] = {
	{ idle.lapic.inbox.byte, VECTOR / 8 * 8 },
	{ &idle.lapic.inbox.word[VECTOR / 8 + 1], 8 },
	{ NULL, 0 },
};

const struct explore_scenario scenario_doze = {
	.name = "doze",
	.proves = "an idle pCPU does not sleep over a message, though its sender passes no fence",
	SCENARIO_AGENTS(agents),
	.words = words,
	.constants = constants,
	.state = &idle,
	.state_size = sizeof(idle),
	.finish = judge,
};
