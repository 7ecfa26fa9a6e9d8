/* SPDX-License-Identifier: BSD-2-Clause */
/* How long a step may last: code that comes to no further one is a fault. */
#ifndef EXPLORE_PATIENCE_H
#define EXPLORE_PATIENCE_H

#include <signal.h>

#define PATIENCE_SIGNAL SIGVTALRM

/* Seconds of CPU time for a step, from the next patience_begin on; 0: the usual ones. */
void patience_set(double seconds);
double patience_seconds(void);
/* So many times that without any CPU time, too; and the memory that a step may take, in MiB. */
enum { PATIENCE_IDLE = 10, PATIENCE_MEMORY = 512 };

/* After something of the explorer's own, outside the code: it may have lasted too long by now. */
void patience_check(void);

void patience_begin(void);
void patience_end(void);
/* The clock is not inherited. */
void patience_forked(void);

#endif
