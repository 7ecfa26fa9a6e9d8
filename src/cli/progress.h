/* SPDX-License-Identifier: BSD-2-Clause */
/* Waiting: with a line on standard error about once a second, and an end on Ctrl-C. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool quiet, terminal;
	bool shown;       /* a line stands on the terminal */
	bool interrupted; /* SIGINT or SIGTERM came: begin nothing new */
	uint64_t begin, next; /* ns: the run's start, the next line's time */
};

uint64_t progress_clock(void);

/* From here on SIGINT and SIGTERM, also in threads begun later, wait for progress_wait. */
void progress_begin(struct progress *p, bool quiet);

/* Sleeps until the time (progress_clock); false at once, or when a signal comes: interrupted. */
bool progress_wait(struct progress *p, uint64_t until);

/* True about once a second: a line is due. */
bool progress_due(struct progress *p);
void progress_line(struct progress *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Clears the terminal's line. Before anything else is printed. */
void progress_clear(struct progress *p);

#endif
