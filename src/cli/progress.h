/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting: with a line on standard error about once a second, and an end on Ctrl-C.
 * Who is stopped prints what there is, cleans up, and then dies by the signal.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool quiet, terminal;
	bool shown;       /* a line stands on the terminal */
	int interrupted;  /* SIGINT or SIGTERM if it came: begin nothing new; else 0 */
	uint64_t begin, next; /* ns: the run's start, the next line's time */
};

uint64_t progress_clock(void);

/*
 * From here on SIGINT and SIGTERM, also in threads begun later, wait for progress_wait;
 * but for one that was ignored, as in a shell's background: it stays so.
 */
void progress_begin(struct progress *p, bool quiet);

/* Sleeps until the time (progress_clock); false at once, or when a signal comes: interrupted. */
bool progress_wait(struct progress *p, uint64_t until);

/* True about once a second: a line is due. */
bool progress_due(struct progress *p);

/* One line, cut to the terminal's width: one that wraps could not be cleared. */
void progress_line(struct progress *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Clears the terminal's line. Before anything else is printed. */
void progress_clear(struct progress *p);

/*
 * The last call of a verb, after all is printed and cleaned up: dies by the signal that
 * interrupted it, as the shell expects of one that was stopped, so that its loop stops
 * too. Returns if none did.
 */
void progress_die(const struct progress *p);

#endif
