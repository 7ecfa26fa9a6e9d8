/* SPDX-License-Identifier: BSD-2-Clause */
/* A module as far as it can be judged without running anything of it. */
#ifndef EXPLORE_MODULE_LOOK_H
#define EXPLORE_MODULE_LOOK_H

#include "explore/module/elf.h"
#include <explore/load.h>
#include <explore/module.h>

struct look {
	struct elf_file file;
	const struct explore_module_facts *facts;
	unsigned scenarios;
};

/*
 * False: it is none that can be loaded, error says why and what to do, and nothing is
 * to close. Name: what it is called there.
 */
bool look_open(struct look *l, const char *path, const char *name, char error[EXPLORE_LOAD_ERROR]);
void look_close(struct look *l);

/*
 * The next name from *at on that it uses and may not, with why; null after the last.
 * What it was allowed is not among them.
 */
const char *look_refused(const struct look *l, size_t *at, const char **why);

#endif
