/* SPDX-License-Identifier: BSD-2-Clause */
/* What words are called, so that two runs say the same of them. */
#include "explore/schedule/names.h"
#include "explore/schedule/lent.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/stacks.h"
#include "explore/schedule/tell.h"

const struct names_debug *names_debug;

const struct explore_word *names_word(const void *p)
{
	const struct explore_word *w = explore_scenario->words;

	while (w && w->at && w->at != p)
		w++;
	return w && w->at ? w : NULL;
}

static const struct explore_region *find_region(const char *p)
{
	const struct explore_region *r = explore_scenario->regions;

	while (r && r->at && (p < (const char *)r->at || p >= (const char *)r->at + r->size))
		r++;
	return r && r->at ? r : NULL;
}

/* What debug information says takes more stack than agents have. */
struct question {
	char *text;
	size_t size;
	const void *p;
	unsigned bytes;
	bool answered;
};

static void ask_name(void *question)
{
	struct question *q = question;

	q->answered = names_debug->name(q->text, q->size, q->p, q->bytes);
}

static void ask_site(void *question)
{
	struct question *q = question;

	q->answered = names_debug->site(q->text, q->size, q->p);
}

static bool ask(void (*job)(void *question), struct question *q)
{
	if (names_debug)
		run_outside(job, q);
	return q->answered;
}

/* Where it lies; not so beyond the state, where two runs need not have it in one place. */
static void place(char *name, size_t size, const char *p)
{
	const struct explore_region *r = find_region(p);
	const char *from = r ? r->at : explore_scenario->state;

	if (r && p == r->at)
		snprintf(name, size, "%s", r->name);
	else if (lent_is_nowhere(p))
		snprintf(name, size, "what is gone");
	else if (r || (size_t)(p - from) < explore_scenario->state_size)
		snprintf(name, size, "%s+%#tx", r ? r->name : "state", p - from);
	else
		snprintf(name, size, "elsewhere");
}

bool names_stack(char *name, size_t size, const void *p)
{
	size_t below;
	int stack = stacks_find(p, &below);
	const char *whose = NULL;

	if (stack < 0)
		return false;
	if (stack >= EXPLORE_AGENTS)
		whose = run_between ? run_between->whose((unsigned)stack - EXPLORE_AGENTS) : NULL;
	else if ((unsigned)stack < explore_scenario->agent_count)
		whose = explore_scenario->agents[stack].name;
	snprintf(name, size, "stack of %s-%#zx", whose ? whose : "nobody", below);
	return true;
}

void names_access(char *name, size_t size, const void *p, unsigned bytes)
{
	struct question q = { name, size, p, bytes, false };
	const struct explore_word *w = names_word(p);
	const struct explore_region *r = find_region(p);

	if (w)
		snprintf(name, size, "%s", w->name);
	else if ((run_between && run_between->name(name, size, p)) || names_stack(name, size, p))
		return;
	else if ((r && p == r->at) || !ask(ask_name, &q))
		place(name, size, p);
}

void names_find(char *name, size_t size, const void *p)
{
	names_access(name, size, p, 1);
}

bool names_pointer(const void *p, uint64_t value, char *name, size_t size)
{
	const void *to = (const void *)(uintptr_t)value;
	size_t below;

	if (names_stack(name, size, to))
		return true;
	if (stacks_find(p, &below) < 0 || state_offset(to) >= explore_scenario->state_size)
		return false;
	names_find(name, size, to);
	return true;
}

void names_site(char *text, size_t size, const void *code)
{
	struct question q = { text, size, code, 0, false };

	if (!code || !ask(ask_site, &q))
		*text = '\0';
}
