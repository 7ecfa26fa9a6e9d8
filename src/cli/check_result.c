/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_result.h"
#include "cli/terminal.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The counts, in the order of the table. */
static const struct count {
	const char *key, *head;
	int width;
	size_t offset;
} counts[] = {
	{ "schedules", "schedules", 10, offsetof(struct check_result, schedules) },
	{ "pruned", "pruned", 10, offsetof(struct check_result, pruned) },
	{ "steps", "steps", 11, offsetof(struct check_result, steps) },
	{ "depth", "depth", 6, offsetof(struct check_result, depth) },
	{ "peak_kib", "peak KiB", 9, offsetof(struct check_result, peak_kib) },
};
enum { COUNTS = sizeof(counts) / sizeof(counts[0]) };

static const char *const verdicts[] = {
	[CHECK_PROVED] = "proved",   [CHECK_PART] = "part",   [CHECK_VIOLATED] = "violated",
	[CHECK_STOPPED] = "stopped", [CHECK_UNFIT] = "unfit", [CHECK_CRASHED] = "crashed",
	[CHECK_BROKEN] = "broken",   [CHECK_UNUSABLE] = "unusable",
};

const char *check_verdict_name(enum check_verdict v)
{
	return verdicts[v];
}

bool check_verdict_none(enum check_verdict v)
{
	return v == CHECK_UNFIT || v == CHECK_CRASHED || v == CHECK_BROKEN || v == CHECK_UNUSABLE;
}

static uint64_t *count_of(const struct check_result *r, unsigned i)
{
	return (uint64_t *)((char *)r + counts[i].offset);
}

static double per_second(const struct check_result *r)
{
	return r->seconds > 0 ? (double)r->schedules / r->seconds : 0;
}

void check_result_head(int name_width)
{
	printf("%-*s", name_width, "scenario");
	for (unsigned i = 0; i < COUNTS; i++)
		printf("%*s", counts[i].width, counts[i].head);
	printf("%9s  verdict\n", "seconds");
}

void check_result_row(const struct check_result *r, int name_width)
{
	printf("%-*s", name_width, r->scenario);
	for (unsigned i = 0; i < COUNTS; i++)
		printf("%*" PRIu64, counts[i].width, *count_of(r, i));
	printf("%9.2f  %s\n", r->seconds, verdicts[r->verdict]);
}

/* A line of its own, folded. */
static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	char text[CHECK_WHY + 256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	terminal_fold(stdout, text, 2, terminal_fold_width(STDOUT_FILENO));
}

static void print_sentence(const struct check_result *r)
{
	if (r->repeated)
		say("%s: its frontier says that this search is over, so nothing was run; "
		    "remove it to search again", r->scenario);
	if (r->verdict == CHECK_STOPPED)
		say("%s: nothing found, %" PRIu64 " schedules; not a proof: %s%s",
		    r->scenario, r->schedules, r->why,
		    r->saved ? "; the same command goes on from there" : "");
	else if (r->verdict == CHECK_PART)
		say("%s: nothing found in part %s; not a proof until all parts are merged",
		    r->scenario, r->why);
	else if (r->verdict == CHECK_VIOLATED)
		say("%s: violated: %s", r->scenario, r->why);
	else if (check_verdict_none(r->verdict))
		say("%s: no verdict: %s", r->scenario, r->why);
}

void check_result_sentences(const struct check_result *r, unsigned count)
{
	bool any = false;

	for (unsigned i = 0; i < count; i++) {
		if (!r[i].repeated && r[i].verdict == CHECK_PROVED)
			continue;
		if (!any)
			putchar('\n');
		any = true;
		print_sentence(&r[i]);
	}
}

json_t *check_result_json(const struct check_result *r)
{
	json_t *to = json_pack("{s:s, s:s}", "scenario", r->scenario, "verdict",
	                       verdicts[r->verdict]);

	json_object_set_new(to, "why", *r->why ? json_string(r->why) : json_null());
	for (unsigned i = 0; i < COUNTS; i++)
		json_object_set_new(to, counts[i].key,
		                    json_integer((json_int_t)*count_of(r, i)));
	json_object_set_new(to, "seconds", json_real(r->seconds));
	json_object_set_new(to, "per_second", json_real(per_second(r)));
	json_object_set_new(to, "saved", json_boolean(r->saved));
	json_object_set_new(to, "repeated", json_boolean(r->repeated));
	json_object_set_new(to, "replay", *r->replay ? json_string(r->replay) : json_null());
	return to;
}

/* A string, or null and "", that fits. */
static bool copy_string(char *to, size_t size, const json_t *from)
{
	const char *text = json_is_null(from) ? "" : json_string_value(from);

	return text && strlen(text) < size && strcpy(to, text);
}

bool check_result_parse(json_t *from, struct check_result *r)
{
	const char *verdict = json_string_value(json_object_get(from, "verdict"));
	unsigned v = 0;

	while (verdict && v < CHECK_VERDICTS && strcmp(verdict, verdicts[v]))
		v++;
	if (!verdict || v == CHECK_VERDICTS)
		return false;
	r->verdict = (enum check_verdict)v;
	for (unsigned i = 0; i < COUNTS; i++) {
		json_t *n = json_object_get(from, counts[i].key);

		if (!json_is_integer(n) || json_integer_value(n) < 0)
			return false;
		*count_of(r, i) = (uint64_t)json_integer_value(n);
	}
	r->seconds = json_number_value(json_object_get(from, "seconds"));
	return copy_string(r->scenario, sizeof(r->scenario), json_object_get(from, "scenario")) &&
	       copy_string(r->why, sizeof(r->why), json_object_get(from, "why")) &&
	       copy_string(r->replay, sizeof(r->replay), json_object_get(from, "replay"));
}
