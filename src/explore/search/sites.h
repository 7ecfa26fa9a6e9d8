/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each access of a schedule stands in its code: kept only where it is asked for. */
#ifndef EXPLORE_SITES_H
#define EXPLORE_SITES_H

#include <stdbool.h>
#include <stddef.h>

/* Forgets all; from here on accesses are kept, or not. */
void sites_begin(bool kept);
/* A step's access to memory, of the code that does it. */
void sites_note(unsigned step, const void *p, size_t size, const void *code);
/* The last one of the step to that byte; null: not known. */
const void *sites_find(unsigned step, const void *p);

#endif
