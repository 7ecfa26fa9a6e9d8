/* SPDX-License-Identifier: BSD-2-Clause */
/* A figure that was measured several times: its median, and what it lay between. */
#ifndef CLI_FIGURE_H
#define CLI_FIGURE_H

#include <stdbool.h>

enum {
	FIGURE_MOST = 100,
	FIGURE_NUMBER = 16, /* a number as text */
	FIGURE_TEXT = 64,
};

struct figure {
	double value[FIGURE_MOST]; /* in the order of the runs */
	unsigned count;            /* 0: it is not known */
	double median, lowest, highest;
};

/* Adds the value of one more run; NAN, which is none, is left out. */
void figure_add(struct figure *f, double value);

/* "0", "<0.01", "0.12", "12.3", "1234", "12k", "1.2M": two digits or more, but below 1. */
void figure_number(double value, char text[FIGURE_NUMBER]);

/* "12.3 (11.0-14.1)"; the number alone if there is no other; "-" if none is known. */
void figure_text(const struct figure *f, char text[FIGURE_TEXT]);

/*
 * What two figures let one say. One value has no range, and where ranges overlap, or
 * the medians are the same as text, there may be no difference.
 */
enum figure_verdict { FIGURE_UNKNOWN, FIGURE_NONE_SEEN, FIGURE_LESS, FIGURE_MORE };
enum figure_verdict figure_compare(const struct figure *was, const struct figure *is);

/*
 * The difference of the medians, in words: "12.3% fewer", "3.4 times as many". Less, more
 * and as are the words for it: "fewer", "more", "as many". If verdict says so.
 */
void figure_difference(const struct figure *was, const struct figure *is, const char *less,
                       const char *more, const char *as, char text[FIGURE_TEXT]);

#endif
