/* SPDX-License-Identifier: BSD-2-Clause */
/* A module's constructors, which are the first of its code that runs: they may crash, or loop. */
#ifndef EXPLORE_MODULE_CONSTRUCTORS_H
#define EXPLORE_MODULE_CONSTRUCTORS_H

/* As dlopen does. Null: why not, in *wrong. */
void *constructors_open(const char *path, const char **wrong);

#endif
