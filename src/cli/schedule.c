/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/schedule.h"
#include "cli/catalog.h"
#include "cli/near.h"
#include "cli/points.h"
#include "cli/terminal.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUN = 3 }; /* so many times the same choice, and more, are written as a run */

const struct explore_scenario *schedule_scenario(const char *name)
{
	for (const struct scenario_row *row = catalog(); row->scenario; row++)
		if (!strcmp(row->scenario->name, name))
			return row->scenario;
	return NULL;
}

void schedule_unknown(const char *name, char error[SCHEDULE_ERROR])
{
	struct near near = { .typed = name };

	for (const struct scenario_row *row = catalog(); row->scenario; row++)
		near_look(&near, row->scenario->name);
	if (near.word && *catalog_flag())
		snprintf(error, SCHEDULE_ERROR,
		         "the module has no scenario \"%.64s\"; did you mean \"%s\"?", name,
		         near.word);
	else if (*catalog_flag())
		snprintf(error, SCHEDULE_ERROR,
		         "the module has no scenario \"%.64s\"; its first is \"%s\"", name,
		         catalog()->scenario->name);
	else if (near.word)
		snprintf(error, SCHEDULE_ERROR,
		         "no scenario \"%.64s\"; did you mean \"%s\"? \"posted check\" lists them",
		         name, near.word);
	else
		snprintf(error, SCHEDULE_ERROR,
		         "no scenario \"%.64s\"; \"posted check\" lists them", name);
}

static void print_choices(const struct explore_schedule *s, FILE *out)
{
	unsigned length = s->length;

	while (length && !s->choice[length - 1])
		length--;
	for (unsigned i = 0, n; i < length; i += n) {
		for (n = 1; i + n < length && s->choice[i + n] == s->choice[i];)
			n++;
		n = n < RUN ? 1 : n;
		fprintf(out, "%s%u", i ? "," : "", s->choice[i]);
		if (n > 1)
			fprintf(out, "x%u", n);
	}
}

const char *schedule_flag(const char *name)
{
	const char *build = strchr(name, ':'), *flag = NULL;
	char key[16];

	build = build ? strchr(build + 1, ':') : NULL;
	if (build && snprintf(key, sizeof(key), "%.8s", build + 1) > 0)
		flag = catalog_flag_of(key);
	return flag ? flag : "";
}

char *schedule_name(const struct schedule *s)
{
	char *name = NULL;
	size_t size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s:%s:%s:", s->scenario->name, s->sc ? "sc" : "tso", catalog_build());
	print_choices(&s->choices, out);
	points_print(&s->choices.points, out);
	if (!fclose(out))
		return name;
	free(name);
	return NULL;
}

/* Digits at *text, which moves behind them; false if there are none or it is above the most. */
static bool take_number(const char **text, unsigned most, unsigned *n)
{
	unsigned long value;
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	value = strtoul(*text, &end, 10);
	*text = end;
	*n = (unsigned)value;
	return value <= most;
}

static bool parse_choices(const char *text, struct explore_schedule *s)
{
	unsigned choice, n;

	s->length = 0;
	if (!*text)
		return true;
	for (;; text++) {
		n = 1;
		if (!take_number(&text, UINT8_MAX, &choice))
			return false;
		if (*text == 'x' && (text++, !take_number(&text, EXPLORE_DEPTH, &n)))
			return false;
		if (n > EXPLORE_DEPTH - s->length)
			return false;
		memset(s->choice + s->length, (int)choice, n);
		s->length += n;
		if (!*text)
			return true;
		if (*text != ',')
			return false;
	}
}

/* Of the four parts, the three that always end in a colon. */
static bool split(char *text, char *part[4])
{
	for (unsigned i = 0; i < 3; i++) {
		part[i] = text;
		text = strchr(text, ':');
		if (!text)
			return false;
		*text++ = '\0';
	}
	part[3] = text;
	return strspn(part[2], "0123456789abcdef") == 8 && !part[2][8];
}

/* Behind the third colon: choices, and maybe points. */
static bool parse_rest(char *text, struct schedule *s, char error[SCHEDULE_ERROR])
{
	char *points = strchr(text, ':');

	if (points)
		*points++ = '\0';
	if (!parse_choices(text, &s->choices)) {
		snprintf(error, SCHEDULE_ERROR,
		         "\"%.64s\" is no list of choices such as 0,1,0x12,2 (0x12: twelve zeros)",
		         text);
		return false;
	}
	if (!points_parse(points, &s->choices.points)) {
		snprintf(error, SCHEDULE_ERROR,
		         "\"%.64s\" is no list of words that race such as 3,17-20, in order",
		         points);
		return false;
	}
	return true;
}

/* Of what was explored when it was written down. */
static bool judge_build(const char *name, const char *build, char error[SCHEDULE_ERROR])
{
	const char *flag;

	if (!strcmp(build, catalog_build()))
		return true;
	flag = catalog_flag_of(build);
	if (flag)
		snprintf(error, SCHEDULE_ERROR, "this replay is %s: posted replay %s'...'",
		         *flag ? "of a bug that was put back" : "of posted's own code", flag);
	else if (*catalog_flag())
		snprintf(error, SCHEDULE_ERROR,
		         "this replay is of another build (%s, here %s): run posted check %sagain",
		         build, catalog_build(), catalog_flag());
	else if (!schedule_scenario(name))
		snprintf(error, SCHEDULE_ERROR,
		         "no scenario \"%.64s\" of posted's own; if it is a module's, add --load "
		         "FILE.so",
		         name);
	else
		snprintf(error, SCHEDULE_ERROR,
		         "this replay is of another build (%s, this one is %s): run posted check "
		         "again, or replay it with that build (posted --version), or with --load "
		         "FILE.so, if it is of a module",
		         build, catalog_build());
	return false;
}

static bool parse_parts(char *part[4], struct schedule *s, char error[SCHEDULE_ERROR])
{
	if (!judge_build(part[0], part[2], error))
		return false;
	s->scenario = schedule_scenario(part[0]);
	if (!s->scenario) {
		schedule_unknown(part[0], error);
		return false;
	}
	s->sc = !strcmp(part[1], "sc");
	if (!s->sc && strcmp(part[1], "tso")) {
		snprintf(error, SCHEDULE_ERROR, "the memory model is \"%.64s\", neither tso nor sc",
		         part[1]);
		return false;
	}
	return parse_rest(part[3], s, error);
}

bool schedule_parse(const char *name, struct schedule *s, char error[SCHEDULE_ERROR])
{
	char *copy = strdup(name), *part[4];
	bool good;

	if (!copy) {
		snprintf(error, SCHEDULE_ERROR, "out of memory");
		return false;
	}
	good = split(copy, part);
	if (good)
		good = parse_parts(part, s, error);
	else
		snprintf(error, SCHEDULE_ERROR,
		         "\"%.64s\" is no schedule; one looks like %s:tso:%s:0,1,2, and posted "
		         "check prints it",
		         name, catalog()->scenario->name, catalog_build());
	free(copy);
	return good;
}

void schedule_table(const struct explore_table *t, bool all)
{
	unsigned width = terminal_fold_width(STDOUT_FILENO);

	explore_table_print(t, width ? width : EXPLORE_TABLE_WIDTH, all ? NULL : "--all-rows",
	                    stdout);
}

void schedule_print(const struct schedule *s, const struct explore_table *t, bool all,
                    enum explore_verdict v)
{
	char *name = schedule_name(s);

	printf("%s, %s\n\n", s->scenario->name,
	       s->sc ? "sequentially consistent" : "x86-TSO: a store is buffered, then visible");
	schedule_table(t, all);
	if (v == EXPLORE_HOLDS)
		puts("holds: nothing is lost in this schedule");
	if (v == EXPLORE_UNFAIR)
		puts("unfair: it goes round in a circle for as long as the same choices are made; "
		     "nothing is judged");
	printf("replay: posted replay %s'%s'\n", catalog_flag(), name ? name : "out of memory");
	free(name);
}

const char *schedule_kind(const struct explore_table_row *row)
{
	return row->agent < 0 ? "verdict" : row->note ? "note" : "access";
}

static const char *agent_of(const struct explore_table *t, const struct explore_table_row *row)
{
	return row->agent < 0 ? NULL : t->scenario->agents[row->agent].name;
}

static json_t *row_json(const struct explore_table *t, const struct explore_table_row *row)
{
	return json_pack("{s:i, s:s?, s:s, s:s, s:b, s:s?, s:s?, s:o}", "step", row->step, "agent",
	                 agent_of(t, row), "kind", schedule_kind(row), "text", row->text, "folded",
	                 row->folded, "function", row->function, "file", row->file, "line",
	                 row->file ? json_integer(row->line) : json_null());
}

json_t *schedule_json(const struct explore_table *t)
{
	json_t *rows = json_array();

	for (unsigned i = 0; i < t->count; i++)
		json_array_append_new(rows, row_json(t, &t->row[i]));
	return rows;
}
