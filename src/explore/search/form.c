/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario must have. Others write them, maybe for the first time. */
#include "explore/search/form.h"
#include "explore/schedule/run.h"
#include <stdarg.h>

enum { ALIGNED = 8 };

static char words[EXPLORE_WHY];

static const char *__attribute__((format(printf, 1, 2))) wrong(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return words;
}

static const char *wrong_agents(const struct explore_scenario *s)
{
	if (!s->agents || !s->agent_count)
		return wrong("it has no agents: .agents lists them, .agent_count says how many");
	if (s->agent_count > EXPLORE_AGENTS)
		return wrong("it has %u agents, and the explorer has room for %d", s->agent_count,
		             EXPLORE_AGENTS);
	for (unsigned i = 0; i < s->agent_count; i++) {
		if (!s->agents[i].name)
			return wrong("agent %u of %u has no .name, which heads its rows", i + 1,
			             s->agent_count);
		if (!s->agents[i].run)
			return wrong("agent %s has no .run, which is what it does",
			             s->agents[i].name);
	}
	return NULL;
}

static const char *wrong_state(const struct explore_scenario *s)
{
	if (!s->state || !s->state_size)
		return wrong("it has no state: .state and .state_size are all that its agents "
		             "change");
	if (s->state_size > STATE_MOST)
		return wrong("its state has %zu bytes, and the explorer has room for %d: leave out "
		             "what agents do not change, or make it smaller", s->state_size,
		             STATE_MOST);
	if ((uintptr_t)s->state % ALIGNED)
		return wrong("its state begins at no multiple of %d bytes: align it", ALIGNED);
	return NULL;
}

/* A word that agents change elsewhere would keep its value from schedule to schedule. */
static bool is_constant(const struct explore_scenario *s, const void *p)
{
	for (const struct explore_constant *c = s->constants; c && c->at; c++)
		if ((uintptr_t)p - (uintptr_t)c->at < c->size)
			return true;
	return false;
}

static const char *wrong_words(const struct explore_scenario *s)
{
	for (const struct explore_word *w = s->words; w && w->at; w++) {
		if (!w->name)
			return wrong("row %td of its words has no name", w - s->words + 1);
		if ((uintptr_t)w->at - (uintptr_t)s->state >= s->state_size &&
		    !is_constant(s, w->at))
			return wrong("word %s is not in its state, so nothing puts it back before "
			             "each schedule: move it there, or list it as a constant",
			             w->name);
	}
	for (const struct explore_region *r = s->regions; r && r->at; r++)
		if (!r->name)
			return wrong("row %td of its regions has no name", r - s->regions + 1);
	return NULL;
}

const char *form_wrong(const struct explore_scenario *s)
{
	const char *why;

	if (!s)
		return wrong("there is no scenario");
	if (!s->name)
		return wrong("the scenario has no .name");
	why = wrong_agents(s);
	if (!why)
		why = wrong_state(s);
	return why ? why : wrong_words(s);
}
