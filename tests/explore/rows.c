/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rows [races]: schedules as tables: sites and names by debug information, looks that are
 * folded, widths. With races: the compiler tells of plain accesses, too.
 */
#include "rows_code.h"
#include <explore/table.h>
#include <stdlib.h>
#include <string.h>

static const struct explore_agent pair[] = {
	{ "take", rows_take, NULL, false },
	{ "post", rows_post, NULL, false },
};
static const struct explore_agent counters[] = {
	{ "one", rows_count, NULL, false },
	{ "two", rows_count, NULL, false },
};
static const struct explore_scenario looks = {
	.name = "looks",
	.agents = pair,
	.agent_count = 2,
	.state = &box,
	.state_size = sizeof(box),
};
static const struct explore_scenario races = {
	.name = "races",
	.agents = counters,
	.agent_count = 2,
	.state = &box,
	.state_size = sizeof(box),
};
static const struct explore_schedule first; /* nobody is preempted */
static int wrong;

static void differ(const char *what, const char *got, const char *wanted)
{
	if (!strcmp(got, wanted))
		return;
	printf("%s is\n%s, not\n%s\n", what, got, wanted);
	wrong = 1;
}

static void judge_table(const char *what, const struct explore_table *t, unsigned width,
                        const char *flag, const char *wanted)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	if (!out)
		abort();
	explore_table_print(t, width, flag, out);
	fclose(out);
	differ(what, got, wanted);
	free(got);
}

#define CLOSING "1 look that saw nothing new: --flag shows it\n\n"
/* clang-format off */
static const char whole[] =
"step  take                     post                                    where\n"
"----  -----------------------  --------------------------------------  ------------------------\n"
"   1    load box.pi[1].on: 0                                           rows_code.c:29 rows_take\n"
"   2    load box.pi[1].on: 0\n"
"   3    load box.pi[1].on: 0\n"
"   4    load box.pi[1].pir: 0                                          rows_code.c:30 rows_take\n"
"      looked\n"
"   5                             or box.pi[1].pir: 0 -> 0x2            rows_code.c:18 rows_post\n"
"   6                             load box.pi[1].on: 0                  rows_code.c:19 rows_post\n"
"   7                             buffer box.pi[1].on: 0x1              rows_code.c:11 set_on\n"
"   8                             buffer box.last: &box.pi[1]           rows_code.c:21 rows_post\n"
"   9                             visible box.pi[1].on: 0 -> 0x1        rows_code.c:11 set_on\n"
"  10                             visible box.last: NULL -> &box.pi[1]  rows_code.c:21 rows_post\n"
"\n";
/* clang-format on */
static const char narrow[] =
	"step  take                     post                     where\n"
	"----  -----------------------  -----------------------  --------------\n"
	"   1    load box.pi[1].on: 0                            rows_code.c:29\n"
	"                                                          rows_take\n"
	"   3    load box.pi[1].on: 0\n"
	"   4    load box.pi[1].pir: 0                           rows_code.c:30\n"
	"                                                          rows_take\n"
	"      looked\n"
	"   5                             or box.pi[1].pir: 0    rows_code.c:18\n"
	"                                   -> 0x2                 rows_post\n"
	"   6                             load box.pi[1].on: 0   rows_code.c:19\n"
	"                                                          rows_post\n"
	"   7                             buffer box.pi[1].on:   rows_code.c:11\n"
	"                                   0x1                    set_on\n"
	"   8                             buffer box.last:       rows_code.c:21\n"
	"                                   &box.pi[1]             rows_post\n"
	"   9                             visible box.pi[1].on:  rows_code.c:11\n"
	"                                   0 -> 0x1               set_on\n"
	"  10                             visible box.last:      rows_code.c:21\n"
	"                                   NULL -> &box.pi[1]     rows_post\n"
	"\n"
	CLOSING;

/*
 * Folded is the second look: the first saw the same. The third, too, sees nothing new, but
 * it is the last one before step 9.
 */
static void judge_looks(void)
{
	size_t second = (size_t)(strstr(whole, "   2 ") - whole);
	size_t third = (size_t)(strstr(whole, "   3 ") - whole);
	char folded[sizeof(whole) + sizeof(CLOSING)];
	struct explore_table t;

	if (explore_table_make(&t, &looks, false, &first, 0) != EXPLORE_HOLDS)
		wrong = 1;
	judge_table("the whole table", &t, 100, NULL, whole);
	snprintf(folded, sizeof(folded), "%.*s%s" CLOSING, (int)second, whole, whole + third);
	judge_table("with a flag, the table", &t, 100, "--flag", folded);
	judge_table("in few columns, the table", &t, 70, "--flag", narrow);
	if (t.folded != 1 || !t.row[1].folded || t.row[2].folded || t.row[1].line != 29 ||
	    strcmp(t.row[1].function, "rows_take")) {
		puts("not the second row is folded, or it stands elsewhere");
		wrong = 1;
	}
	explore_table_free(&t);
}

/* Of a race both sides are named. */
static void judge_race(void)
{
	static const char end[] = "rows_code.c:37 rows_count) access box.count, one of them "
				  "plainly, in either order";
	const char *text, *one, *two;
	struct explore_table t;

	if (explore_table_make(&t, &races, false, &first, 0) != EXPLORE_FAILS)
		wrong = 1;
	text = t.count ? t.row[t.count - 1].text : "";
	one = strstr(text, "data race: one (");
	two = strstr(text, "rows_code.c:37 rows_count) and two (");
	if (one != text || !two || !strstr(two, end)) {
		printf("not told of the race: %s\n", text);
		wrong = 1;
	}
	explore_table_free(&t);
}

int main(int argc, char **argv)
{
	judge_looks();
	if (argc > 1 && !strcmp(argv[1], "races"))
		judge_race();
	return wrong;
}
