/* SPDX-License-Identifier: BSD-2-Clause */
/* Agents' stacks are part of their state: so nothing is said on them. */
#include "explore/schedule/tell.h"
#include "explore/schedule/patch.h"

static const struct tell_listener *listener;

const struct tell_listener *tell_begin(const struct tell_listener *who)
{
	const struct tell_listener *before = listener;

	listener = who;
	return before;
}

bool tell_heard(void)
{
	return listener;
}

static void tell_access(void *access)
{
	listener->access(access);
}

void tell_value(const struct agent *a, const char *verb, const void *p, unsigned size,
                uint64_t value)
{
	struct tell_access access = { .agent = a, .verb = verb, .p = p, .size = size,
		                      .old = value, .site = run_at.site };

	if (listener && a)
		run_outside(tell_access, &access);
}

void tell_change(const struct agent *a, const char *verb, const void *p, unsigned size,
                 uint64_t old, uint64_t value)
{
	struct tell_access access = { .agent = a, .verb = verb, .p = p, .size = size, .old = old,
		                      .value = value, .change = true, .site = run_at.site };

	if (listener && a)
		run_outside(tell_access, &access);
}

void tell_fence(const struct agent *a)
{
	struct tell_access access = { .agent = a, .verb = "fence", .site = run_at.site };

	if (listener && a)
		run_outside(tell_access, &access);
}

struct words {
	int agent;
	const char *format;
	va_list *args;
};

static void tell_words(void *words)
{
	const struct words *w = words;

	listener->words(w->agent, w->format, w->args);
}

/* As of an access, whose verb is all there is. */
static void tell_verb(void *words)
{
	const struct words *w = words;
	char verb[96];
	struct tell_access access = { .agent = run_who((unsigned)w->agent), .verb = verb,
		                      .site = run_at.site };

	vsnprintf(verb, sizeof(verb), w->format, *w->args);
	listener->access(&access);
}

void tell_does(const char *format, ...)
{
	struct words words = { -1, format, NULL };
	va_list args;

	if (!listener || !explore_running)
		return;
	va_start(args, format);
	words.agent = run_agent(explore_running);
	words.args = &args;
	run_outside(tell_verb, &words);
	va_end(args);
}

void tell_verdict(const char *format, va_list *args)
{
	struct words words = { -1, format, args };

	if (listener)
		run_outside(tell_words, &words);
}

void explore_note(const char *format, ...)
{
	struct words words = { -1, format, NULL };
	va_list args;

	patch_settle();
	if (!listener || !explore_running)
		return;
	va_start(args, format);
	words.agent = run_agent(explore_running);
	words.args = &args;
	run_outside(tell_words, &words);
	va_end(args);
}
