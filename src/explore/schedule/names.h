/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_NAMES_H
#define EXPLORE_NAMES_H

#include <explore/scenario.h>

/* The scenario's own row for a word; null: it has none. */
const struct explore_word *names_word(const void *p);

/* A word's name; without one, where it lies in the scenario's state. */
void names_find(char *name, size_t size, const void *p);

#endif
