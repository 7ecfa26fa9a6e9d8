/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_TRACE_H
#define EXPLORE_TRACE_H

#include <explore/replay.h>

/* Calls back with rows from now on; null: nobody looks. */
void trace_begin(void (*row)(const struct explore_row *row, void *arg), void *arg);

#endif
