/* SPDX-License-Identifier: BSD-2-Clause */
/* The last line: the rounds compared in plain words. */
#include "cli/report.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends to a text of REPORT_SENTENCE bytes; what does not fit is cut off. */
__attribute__((format(printf, 2, 3)))
static void say(char *text, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, REPORT_SENTENCE - length, format, args);
	va_end(args);
}

static double p50(const struct round *r)
{
	return (double)histogram_percentile(&r->latency, 50) / 1e3;
}

static const char *subject(const struct round *r)
{
	return r->way < MACHINE_WAYS ? machine_way_names[r->way] : "the run";
}

static void say_round(char *text, const struct round *r, bool first)
{
	const struct machine_stats *s = &r->stats;

	say(text, "%s ", subject(r));
	if (!s->handled) {
		say(text, "delivered none");
		return;
	}
	say(text, "took %.1f %sexits and %.1f host interrupts", round_per_1000(r, s->exits_total),
	    first ? "VM " : "", round_per_1000(r, s->interrupts));
	if (r->latency.total)
		say(text, ", and %.1f us to the handler%s", p50(r), first ? " (p50)" : "");
}

/* "12.3% fewer exits", "as many exits". */
static void say_ratio(char *text, double was, double is, const char *less, const char *more,
                      const char *same)
{
	double percent = 100 * (is - was) / was;

	if (percent <= -0.05)
		say(text, "%.1f%% %s", -percent, less);
	else if (percent >= 0.05)
		say(text, "%.1f%% %s", percent, more);
	else
		say(text, "%s", same);
}

/* All that ran side by side, and the last held against the first. */
static void say_ways(char *text, const struct round *rounds, unsigned count)
{
	const struct round *a = &rounds[0], *b = &rounds[count - 1];

	for (unsigned i = 0; i < count; i++) {
		say(text, "%s", !i ? "" : i + 1 < count ? "; " : "; and ");
		say_round(text, &rounds[i], i == 0);
	}
	if (count == 1 || !a->stats.handled || !b->stats.handled || !a->stats.exits_total)
		return;
	say(text, ": compared with %s, %s needed ", a->name, b->name);
	say_ratio(text, round_per_1000(a, a->stats.exits_total),
	          round_per_1000(b, b->stats.exits_total), "fewer exits", "more exits",
	          "as many exits");
	if (p50(a) > 0 && b->latency.total) {
		say(text, " and ");
		say_ratio(text, p50(a), p50(b), "less time", "more time", "as much time");
	}
}

/* "12.0 and 9.0 VM exits (25.0% fewer)"; of a first figure near none, a percentage says nothing. */
static void say_both(char *text, double was, double is, const char *what)
{
	say(text, "%.1f and %.1f %s", was, is, what);
	if (was < 1)
		return;
	say(text, " (");
	say_ratio(text, was, is, "fewer", "more", "as many");
	say(text, ")");
}

/* A switch off and on, in one way. */
static void say_pair(char *text, const struct round *off, const struct round *on)
{
	const struct machine_stats *s = &off->stats, *t = &on->stats;

	if (!s->handled || !t->handled) {
		say(text, "with %s %s, %s delivered none", off->compared,
		    t->handled ? "off" : s->handled ? "on" : "off and on", subject(off));
		return;
	}
	say(text, "with %s off and on, %s took ", off->compared, subject(off));
	say_both(text, round_per_1000(off, s->exits_total), round_per_1000(on, t->exits_total),
	         "VM exits");
	say(text, ", and ");
	say_both(text, round_per_1000(off, s->interrupts), round_per_1000(on, t->interrupts),
	         "host interrupts");
	if (p50(off) > 0 && on->latency.total) {
		say(text, ", and %.1f and %.1f us to the handler (p50: ", p50(off), p50(on));
		say_ratio(text, p50(off), p50(on), "less", "more", "as long");
		say(text, ")");
	}
}

/* True for the first two rounds if one has a switch off, and the other on. */
static bool is_pair(const struct round *r, unsigned count)
{
	return count > 1 && r[0].way == r[1].way && r[0].compared == r[1].compared &&
	       !r[0].on && r[1].on;
}

static void say_switches(char *text, const struct round *rounds, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		const struct round *r = &rounds[i];
		bool pair = is_pair(r, count - i);

		i += pair;
		say(text, "%s", r == rounds ? "" : i + 1 < count ? "; " : "; and ");
		if (pair) {
			say_pair(text, &r[0], &r[1]);
			continue;
		}
		say(text, "with %s %s alone, ", r->compared, r->on ? "on" : "off");
		say_round(text, r, true);
	}
}

void report_sentence(const struct round *rounds, unsigned count, char text[REPORT_SENTENCE])
{
	*text = '\0';
	say(text, "For every 1,000 interrupts that reached a guest's handler, ");
	if (rounds[0].compared)
		say_switches(text, rounds, count);
	else
		say_ways(text, rounds, count);
	say(text, ".");
}
