/* SPDX-License-Identifier: BSD-2-Clause */
/* How memory changes: at once, or through the store buffer of the agent that does it. */
#include "explore/schedule/names.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/tell.h"

bool run_looking;
unsigned run_in_step;

bool run_constant(const void *p, unsigned size)
{
	const struct explore_constant *c = explore_scenario->constants;

	if (!c || !explore_running)
		return false;
	for (; c->at; c++) {
		uintptr_t offset = (uintptr_t)p - (uintptr_t)c->at;

		if (offset < c->size && offset + size <= c->size)
			return true;
	}
	return false;
}

void run_written(const void *p, unsigned size)
{
	char name[64];

	if (!run_constant(p, size))
		return;
	names_find(name, sizeof(name), p);
	run_unfit("%s is written, which the scenario lists as a constant: take it off that list, "
	          "or mend what writes it", name);
}

/* One word of two halves as good as another. */
static uint64_t folded(wide value)
{
	return (uint64_t)value + (uint64_t)(value >> 64) * 0x9e3779b97f4a7c15u;
}

void run_put(void *p, unsigned size, wide value)
{
	wide old = memory_get(p, size);

	if (old == value)
		return;
	/* A word on a stack may change by itself, when another function has it. */
	if (state_offset(p) < explore_scenario->state_size)
		run.sign += state_number(state_offset(p), folded(value)) -
		            state_number(state_offset(p), folded(old));
	run_written(p, size);
	memory_put(p, size, value);
}

const void *run_buffer_word(unsigned agent, enum buffer_end end)
{
	return (const char *)explore_scenario->state + (explore_scenario->state_size + 7) / 8 * 8 +
	       8 * (2 * agent + end);
}

static void touch_buffer(const struct agent *a, enum buffer_end end)
{
	if (run_traits() & TRAIT_FENCES)
		explore_touch(run_buffer_word((unsigned)run_agent(a), end), true);
}

static uint64_t number_of(const struct store *s)
{
	return state_number(~state_offset(s->at), folded(s->value));
}

void run_buffer(void *p, unsigned size, wide value)
{
	struct agent *a = explore_running;
	struct store s = { p, size, value, run_step() - 1, run_at.site };

	run_watch->sync();
	buffer_push(&a->buffer, &s);
	run.sign += number_of(&s);
	touch_buffer(a, BUFFER_IN);
	tell_value(a, "buffer", p, size, (uint64_t)value);
}

void run_buffer_drop(unsigned i, uint64_t *nowhere)
{
	struct store *s = &explore_running->buffer.store[i];

	run.sign -= number_of(s);
	s->at = nowhere;
	s->size = sizeof(*nowhere);
	s->value = 0;
	run.sign += number_of(s);
}

void run_flush(struct agent *a)
{
	struct store s = buffer_pop(&a->buffer);

	run.sign -= number_of(&s);
	touch_buffer(a, BUFFER_OUT);
	run_at.site = s.site;
	run_watch->after_step(s.step);
	run_watch->access(s.at, s.size, true);
	tell_change(a, "visible", s.at, s.size, (uint64_t)memory_get(s.at, s.size),
	            (uint64_t)s.value);
	run_put(s.at, s.size, s.value);
}

void change_begin(void)
{
	run_looking = false;
	hear_looks(0);
	run_asks = NULL;
	run_in_step = 0;
}
