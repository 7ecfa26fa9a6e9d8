/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For a user's file that `posted cc` makes a module of: at its end it says what its
 * scenarios are. The module's static and thread-local data are their state, and put
 * back before each schedule: a scenario names none.
 */
#ifndef EXPLORE_MODULE_H
#define EXPLORE_MODULE_H

#include <explore/builtins.h>
#include <explore/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when what a module was built of no longer fits. */
enum { EXPLORE_MODULE_VERSION = 1 };

/* gcc puts variables in an order of its own. */
#ifdef __clang__
#define EXPLORE_IN_ORDER
#else
#define EXPLORE_IN_ORDER __attribute__((no_reorder))
#endif

/* A scenario's agents, from the rows of an array. */
#define EXPLORE_AGENTS_OF(rows) \
	.agents = (rows), .agent_count = sizeof(rows) / sizeof((rows)[0])

/*
 * EXPLORE_SCENARIO(enter, "a post against VM entry is handled once",
 *                  EXPLORE_AGENTS_OF(agents), .setup = setup, .finish = judge);
 */
#define EXPLORE_SCENARIO(id, what, ...)                                        \
	static const struct explore_scenario explore_scenario_##id = {         \
		.name = #id, .proves = (what), .races = EXPLORE_RACES_ARE_POINTS, \
		__VA_ARGS__                                                    \
	};                                                                     \
	static const struct explore_scenario *const explore_listed_##id        \
		EXPLORE_IN_ORDER __attribute__((used, section("explore_scenarios"))) = \
			&explore_scenario_##id

/*
 * What `posted cc` adds: a note of this name and kind, read before anything of the
 * module runs, and a descriptor of it.
 */
#define EXPLORE_MODULE_NOTE "posted"
enum { EXPLORE_MODULE_NOTE_KIND = 1 };

__extension__ struct explore_module_facts {
	uint32_t version;
	uint32_t scenario_size, agent_size; /* of their structures */
	/* names that --allow gave, each with a 0 behind it, then one 0 more */
	char allowed[];
};

struct explore_module_descriptor {
	const struct explore_scenario *const *first, *const *end;
	/* each agent's thread-local data, and behind them those of setup and finish */
	char *thread_local_data;
	size_t thread_local_size; /* of each */
};

/* What it calls first of all, before constructors of the user's that have such data. */
void explore_module_begins(const struct explore_module_descriptor *d);

#ifdef __cplusplus
}
#endif

#endif
