/* SPDX-License-Identifier: BSD-2-Clause */
/* What a check comes to: how many of its scenarios have each verdict. */
#ifndef CLI_CHECK_TALLY_H
#define CLI_CHECK_TALLY_H

#include "cli/check_result.h"

struct check_tally {
	unsigned of[CHECK_VERDICTS];
	bool theirs; /* the scenarios are a user's: one without a verdict is a wrong argument */
};

void check_tally_add(struct check_tally *t, const struct check_result *r);

/* There are scenarios, and each is proved. */
bool check_tally_proved(const struct check_tally *t);

/* Of the command, as far as verdicts say. */
int check_tally_status(const struct check_tally *t);

/* "46 proved, 0 stopped, 0 violated", and what else there is. */
void check_tally_print(const struct check_tally *t);
json_t *check_tally_json(const struct check_tally *t);

#endif
