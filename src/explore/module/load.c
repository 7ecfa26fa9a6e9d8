/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/module/constructors.h"
#include "explore/module/look.h"
#include "explore/module/tls.h"
#include <dlfcn.h>
#include <link.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, NAME = 64 };

/* What is being loaded. */
struct load {
	const char *path;
	char *error;
	struct look look;
	char *state; /* its writable data */
	size_t state_size;
};

/* Always false. */
static bool __attribute__((format(printf, 2, 3))) refuse(const struct load *l, const char *format,
                                                         ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(l->error, EXPLORE_LOAD_ERROR, format, args);
	va_end(args);
	return false;
}

static bool judge_calls(const struct load *l)
{
	size_t at = 0, more = 0;
	const char *why, *name = look_refused(&l->look, &at, &why), *other;

	if (!name)
		return true;
	while (look_refused(&l->look, &at, &other))
		more++;
	if (more)
		return refuse(l, "%s uses %s (and %zu more that cannot be explored): %s", l->path,
		              name, more, why);
	return refuse(l, "%s uses %s: %s", l->path, name, why);
}

/* Where it will lie, from the module's beginning; what is read-only once it is loaded does not. */
static void find_state(const struct look *l, uintptr_t *begin, uintptr_t *end)
{
	const Elf64_Phdr *constant = elf_segment(&l->file, PT_GNU_RELRO), *data = l->file.segment;

	while (data->p_type != PT_LOAD || !(data->p_flags & PF_W))
		data++;
	*begin = data->p_vaddr;
	*end = data->p_vaddr + data->p_memsz;
	if (constant && constant->p_vaddr >= *begin &&
	    constant->p_vaddr + constant->p_memsz <= *end)
		*begin = (constant->p_vaddr + constant->p_memsz) / PAGE * PAGE;
	if (*begin < data->p_vaddr)
		*begin = data->p_vaddr;
	*begin = *begin / 8 * 8;
	*end = (*end + 7) / 8 * 8;
}

static bool judge_size(const struct load *l)
{
	uintptr_t begin, end;

	find_state(&l->look, &begin, &end);
	if (end - begin <= EXPLORE_STATE)
		return true;
	return refuse(l,
	              "%s has %zu bytes of static data, and the explorer has room for %d: make "
	              "its arrays smaller",
	              l->path, (size_t)(end - begin), EXPLORE_STATE);
}

/* From here on its own code runs: constructors, once. */
static bool begin(struct load *l)
{
	char *whole = realpath(l->path, NULL);
	const char *wrong = "out of memory";
	void *handle = whole ? constructors_open(whole, &wrong) : NULL;
	const struct explore_module_descriptor *d = tls_module();
	uintptr_t first, end;
	struct link_map *map;

	free(whole);
	if (!handle)
		return refuse(l, "%s cannot be loaded: %s", l->path, wrong);
	if (!d || (size_t)(d->end - d->first) != l->look.scenarios ||
	    dlinfo(handle, RTLD_DI_LINKMAP, &map))
		return refuse(l, "%s is damaged: build it again, with posted cc", l->path);
	find_state(&l->look, &first, &end);
	l->state = (char *)map->l_addr + first;
	l->state_size = end - first;
	return true;
}

static bool judge_agents(const struct load *l, const struct explore_scenario *s)
{
	if (!s->agents || !s->agent_count || s->agent_count > EXPLORE_AGENTS)
		return refuse(l, "%s: scenario %s has %u agents: it takes 1 to %d, given with "
		              "EXPLORE_AGENTS_OF", l->path, s->name, s->agent_count,
		              EXPLORE_AGENTS);
	for (unsigned i = 0; i < s->agent_count; i++)
		if (!s->agents[i].name || !s->agents[i].run)
			return refuse(l, "%s: agent %u of scenario %s has no %s", l->path, i + 1,
			              s->name, s->agents[i].name ? "function" : "name");
	return true;
}

/* It names a frontier's file and a schedule, in which colons divide. */
static bool judge_name(const struct load *l, const char *name)
{
	size_t size = name ? strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                  "0123456789_") : 0;

	if (size && !name[size] && size <= NAME)
		return true;
	return refuse(l, "%s: \"%.*s\" is no name of a scenario: letters, digits and _, at most %d",
	              l->path, NAME, name ? name : "", NAME);
}

static bool judge_scenario(const struct load *l, const struct explore_scenario *s)
{
	if (!judge_name(l, s->name) || !judge_agents(l, s))
		return false;
	if (!s->proves)
		return refuse(l, "%s: scenario %s does not say what it proves", l->path, s->name);
	if (s->state || s->state_size || s->initial)
		return refuse(l, "%s: scenario %s names a state: all static data are the state of "
		              "a module, so leave it out", l->path, s->name);
	return true;
}

static bool twice(const struct explore_module *m, const char *name)
{
	for (unsigned i = 0; i < m->count; i++)
		if (!strcmp(m->scenario[i].name, name))
			return true;
	return false;
}

/* Each with the state that constructors left. */
static bool judge_all(const struct load *l, struct explore_module *m, void *initial)
{
	const struct explore_scenario *const *listed = tls_module()->first;

	for (unsigned i = 0; i < l->look.scenarios; i++) {
		if (!judge_scenario(l, listed[i]))
			return false;
		if (twice(m, listed[i]->name))
			return refuse(l, "%s has two scenarios of the name %s", l->path,
			              listed[i]->name);
		m->scenario[m->count] = *listed[i];
		m->scenario[m->count].state = l->state;
		m->scenario[m->count].state_size = l->state_size;
		m->scenario[m->count++].initial = initial;
	}
	return true;
}

static bool take_scenarios(const struct load *l, struct explore_module *m)
{
	void *initial = malloc(l->state_size + 1);

	m->scenario = calloc(l->look.scenarios, sizeof(*m->scenario));
	if (m->scenario && initial) {
		memcpy(initial, l->state, l->state_size);
		if (judge_all(l, m, initial))
			return true;
	} else {
		refuse(l, "no memory for the scenarios of %s", l->path);
	}
	free(m->scenario);
	free(initial);
	return false;
}

/* FNV-1a. */
static uint64_t hash(const uint8_t *bytes, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325u;

	for (size_t i = 0; i < size; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3u;
	return sum;
}

/* A module that is not taken stays loaded, for its destructors are not to run either. */
bool explore_module_load(const char *path, struct explore_module *m,
                         char error[EXPLORE_LOAD_ERROR])
{
	struct load l = { .path = path, .error = error };

	*m = (struct explore_module){ 0 };
	if (!look_open(&l.look, path, path, error))
		return false;
	if (!judge_calls(&l) || !judge_size(&l) || !begin(&l) || !take_scenarios(&l, m)) {
		look_close(&l.look);
		return false;
	}
	m->allowed = l.look.facts->allowed; /* the file stays mapped */
	m->hash = hash(l.look.file.bytes, l.look.file.size);
	return true;
}
