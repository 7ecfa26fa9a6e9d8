/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/plan.h"
#include <stdio.h>
#include <string.h>

/* True if the list of words, with commas between, has this one. */
static bool has_word(const char *list, const char *word)
{
	size_t size = strlen(word);

	for (; list; list = strchr(list, ',') ? strchr(list, ',') + 1 : NULL)
		if (strcspn(list, ",") == size && !strncmp(list, word, size))
			return true;
	return false;
}

/* Every word of a flag's list must be one that find knows, which are all of these. */
static bool check_words(struct out *out, const char *flag, const char *list,
                        int (*find)(const char *), const char *all)
{
	char word[32];

	while (list) {
		size_t size = strcspn(list, ",");

		snprintf(word, sizeof(word), "%.*s", (int)size, list);
		if (find(word) < 0) {
			out_problem(out, "posted run: --%s: \"%.*s\" is none of %s", flag,
			            (int)size, list, all);
			return false;
		}
		list = list[size] ? list + size + 1 : NULL;
	}
	return true;
}

/* A column's way matters only to a device that does not fix its own. */
static bool ways_matter(const struct machine_file *m)
{
	for (unsigned n = 0; n < m->device_count; n++)
		if (!m->devices[n].way_fixed)
			return true;
	return false;
}

/* The ways to run; MACHINE_WAYS stands for the one column where none matters. */
static unsigned plan_ways(const struct run *run, const char *list,
                          enum machine_way ways[MACHINE_WAYS])
{
	const struct machine_file *m = run->machine;
	unsigned count = 0;

	if (!ways_matter(m)) {
		ways[0] = MACHINE_WAYS;
		return 1;
	}
	for (unsigned n = 0; n < m->way_count; n++)
		if (!list || has_word(list, machine_way_names[m->ways[n]]))
			ways[count++] = m->ways[n];
	if (!count)
		out_problem(run->out, "posted run: --way: %s runs none of %s", m->path, list);
	return count;
}

/* A column of the machine as the file has it, of which it is one more. */
static struct column *plan_column(struct run *run, enum machine_way way)
{
	struct column *c = &run->column[run->columns++];

	c->way = way;
	c->config = run->machine->config;
	snprintf(c->name, sizeof(c->name), "%s",
	         way < MACHINE_WAYS ? machine_way_names[way] : "run");
	return c;
}

/* Columns with a switch off and on: two, or fewer where one cannot be; then why says why. */
static unsigned plan_pair(struct run *run, enum machine_way way, enum machine_switch s,
                          char why[MACHINE_FILE_ERROR])
{
	bool follows = way < MACHINE_WAYS;
	unsigned n = 0;

	for (unsigned on = 0; on < 2; on++) {
		struct column *c;

		if (!machine_file_can_turn(run->machine, s, on, way, why))
			continue;
		c = plan_column(run, way);
		machine_file_turn(&c->config, s, on);
		c->compared = machine_switch_names[s];
		c->on = on;
		snprintf(c->name, sizeof(c->name), "%s%s%s %s",
		         follows ? machine_way_names[way] : "", follows ? ", " : "",
		         c->compared, on ? "on" : "off");
		n++;
	}
	return n;
}

/* One switch in all ways; false if it is never both off and on. */
static bool plan_switch(struct run *run, const enum machine_way *ways, unsigned way_count,
                        enum machine_switch s)
{
	char why[MACHINE_FILE_ERROR] = "";
	bool compares = false;

	for (unsigned n = 0; n < way_count; n++)
		compares |= plan_pair(run, ways[n], s, why) == 2;
	if (!compares)
		out_problem(run->out, "posted run: --compare: %s: %s", run->machine->path, why);
	return compares;
}

bool plan_columns(struct run *run, const char *way_list, const char *switch_list)
{
	enum machine_way ways[MACHINE_WAYS];
	unsigned way_count;

	if (!check_words(run->out, "way", way_list, machine_file_way, "user, irqfd, posted") ||
	    !check_words(run->out, "compare", switch_list, machine_file_switch,
	                 "apicv, x2apic, ipiv, posted_msi"))
		return false;
	way_count = plan_ways(run, way_list, ways);
	for (unsigned n = 0; !switch_list && n < way_count; n++)
		plan_column(run, ways[n]);
	for (unsigned s = 0; switch_list && way_count && s < MACHINE_SWITCHES; s++)
		if (has_word(switch_list, machine_switch_names[s]) &&
		    !plan_switch(run, ways, way_count, s))
			return false;
	return way_count;
}
