/* SPDX-License-Identifier: BSD-2-Clause */
/* What came of exploring one scenario: a row of text, an object of JSON, and back. */
#ifndef CLI_CHECK_RESULT_H
#define CLI_CHECK_RESULT_H

#include <explore/search.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

enum check_verdict {
	CHECK_PROVED,
	CHECK_PART,     /* nothing in this part of the search; the other parts are others' */
	CHECK_VIOLATED, /* in how many steps: why */
	CHECK_STOPPED,  /* nothing found, but no proof: why */
	/* no verdict at all: why */
	CHECK_UNFIT,    /* the scenario, or the explorer, has no room for what is done */
	CHECK_CRASHED,  /* a schedule crashes, or comes to no further step */
	CHECK_BROKEN,   /* the process crashed, or a schedule does not repeat itself */
	CHECK_UNUSABLE, /* the frontier */
	CHECK_VERDICTS,
};

enum { CHECK_WHY = EXPLORE_WHY, CHECK_REPLAY = 8192 };

struct check_result {
	char scenario[64];
	enum check_verdict verdict;
	char why[CHECK_WHY];
	char replay[CHECK_REPLAY]; /* the name of the schedule that there is to show, or "" */
	bool saved, repeated;      /* as in explore_totals; not merged */
	uint64_t schedules, pruned, steps, depth, peak_kib;
	double seconds;
};

const char *check_verdict_name(enum check_verdict v);
/* It says why there is none. */
bool check_verdict_none(enum check_verdict v);

/* The table's head, and a row of it; name_width is that of the first column. */
void check_result_head(int name_width);
void check_result_row(const struct check_result *r, int name_width);

/* What the rows have no room for: of each that is not proved, why; and what was not run. */
void check_result_sentences(const struct check_result *r, unsigned count);

json_t *check_result_json(const struct check_result *r);

/* False if it is none. */
bool check_result_parse(json_t *from, struct check_result *r);

#endif
