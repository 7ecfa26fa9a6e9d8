/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For programs: scenarios from a shared object that `posted cc` has made. It calls the
 * explorer, which such a program has to show it: -Wl,--export-dynamic-symbol='explore_*'
 */
#ifndef EXPLORE_LOAD_H
#define EXPLORE_LOAD_H

#include <explore/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	EXPLORE_LOAD_ERROR = 512,
	EXPLORE_LOADED = 256, /* scenarios at most */
};

struct explore_module {
	unsigned count;
	struct explore_scenario *scenario; /* with the module's data as their state */
	const char *allowed; /* what it calls on trust: each with a 0 behind it, then one 0 more */
	uint64_t hash;       /* of the file */
};

/*
 * Judges the file, and only then runs its constructors: what they leave is the state
 * that setup finds. One module in a process. False: error says why, and what to do.
 */
bool explore_module_load(const char *path, struct explore_module *m,
                         char error[EXPLORE_LOAD_ERROR]);

/* What a function of this name would break if a module called it, and what to do; null: nothing. */
const char *explore_module_refuses(const char *function);

#ifdef __cplusplus
}
#endif

#endif
