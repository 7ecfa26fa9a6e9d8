/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_tally.h"
#include "cli/status.h"
#include <stdio.h>

/* In the order in which they are told, and what a command with one of them exits with. */
static const struct {
	enum check_verdict verdict;
	const char *told;
	bool always; /* also if there are none */
	int status;
} verdicts[] = {
	{ CHECK_PROVED, "proved", true, STATUS_GOOD },
	{ CHECK_STOPPED, "stopped", true, STATUS_UNPROVED },
	{ CHECK_VIOLATED, "violated", true, STATUS_FAILED },
	{ CHECK_PART, "in part", false, STATUS_UNPROVED },
	{ CHECK_UNFIT, "unfit", false, STATUS_FAILED },
	{ CHECK_CRASHED, "crashed", false, STATUS_FAILED },
	{ CHECK_BROKEN, "broken", false, STATUS_FAILED },
	{ CHECK_UNUSABLE, "unusable", false, STATUS_USAGE },
};
enum { ROWS = sizeof(verdicts) / sizeof(verdicts[0]) };
_Static_assert((int)ROWS == (int)CHECK_VERDICTS, "a row for each verdict");

void check_tally_add(struct check_tally *t, const struct check_result *r)
{
	t->of[r->verdict]++;
}

static int status_of(const struct check_tally *t, unsigned row)
{
	return t->theirs && check_verdict_none(verdicts[row].verdict) ? STATUS_USAGE
	                                                              : verdicts[row].status;
}

static bool has(const struct check_tally *t, int status)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (status_of(t, i) == status && t->of[verdicts[i].verdict])
			return true;
	return false;
}

int check_tally_status(const struct check_tally *t)
{
	static const int worst_first[] = { STATUS_FAILED, STATUS_USAGE, STATUS_UNPROVED };

	for (unsigned i = 0; i < sizeof(worst_first) / sizeof(worst_first[0]); i++)
		if (has(t, worst_first[i]))
			return worst_first[i];
	return has(t, STATUS_GOOD) ? STATUS_GOOD : STATUS_UNPROVED;
}

bool check_tally_proved(const struct check_tally *t)
{
	return check_tally_status(t) == STATUS_GOOD;
}

void check_tally_print(const struct check_tally *t)
{
	const char *between = "";

	for (unsigned i = 0; i < ROWS; i++) {
		unsigned n = t->of[verdicts[i].verdict];

		if (!n && !verdicts[i].always)
			continue;
		printf("%s%u %s", between, n, verdicts[i].told);
		between = ", ";
	}
	putchar('\n');
}

json_t *check_tally_json(const struct check_tally *t)
{
	json_t *to = json_object();

	for (unsigned i = 0; i < ROWS; i++)
		json_object_set_new(to, check_verdict_name(verdicts[i].verdict),
		                    json_integer(t->of[verdicts[i].verdict]));
	return to;
}
