/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What posted cc adds to each module, compiled where the module is. It gives with -D:
 * MODULE_THREAD_LOCAL, bytes of thread-local data that the module's objects have, and
 * MODULE_ALLOWED, a string with a 0 behind each name.
 */
#include <explore/module.h>

#define MOST 64 /* that a variable may be aligned to */
#define BLOCK ((MODULE_THREAD_LOCAL + MOST - 1) / MOST * MOST)

#define HIDDEN __attribute__((weak, visibility("hidden")))
extern const struct explore_scenario *const __start_explore_scenarios[] HIDDEN;
extern const struct explore_scenario *const __stop_explore_scenarios[] HIDDEN;

#if MODULE_THREAD_LOCAL
static char blocks[(EXPLORE_AGENTS + 1) * BLOCK] __attribute__((aligned(MOST)));
#else
#define blocks 0
#endif

static const struct explore_module_descriptor descriptor = {
	__start_explore_scenarios, __stop_explore_scenarios, blocks, BLOCK,
};

/* As ELF lays out a note. */
static const struct {
	uint32_t name_size, size, kind;
	char name[(sizeof(EXPLORE_MODULE_NOTE) + 3) / 4 * 4];
	uint32_t version, scenario_size, agent_size;
	char allowed[sizeof(MODULE_ALLOWED)];
} note __attribute__((used, aligned(4), section(".note.explore"))) = {
	sizeof(EXPLORE_MODULE_NOTE),
	sizeof(struct explore_module_facts) + sizeof(MODULE_ALLOWED),
	EXPLORE_MODULE_NOTE_KIND,
	EXPLORE_MODULE_NOTE,
	EXPLORE_MODULE_VERSION,
	sizeof(struct explore_scenario),
	sizeof(struct explore_agent),
	MODULE_ALLOWED,
};

static void begin(void) __attribute__((constructor(101)));
static void begin(void)
{
	explore_module_begins(&descriptor);
}
