/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/module/look.h"
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Always false. */
static bool __attribute__((format(printf, 2, 3))) refuse(char error[EXPLORE_LOAD_ERROR],
                                                         const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, EXPLORE_LOAD_ERROR, format, args);
	va_end(args);
	return false;
}

static bool judge_kind(const struct look *l, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	const struct elf_file *f = &l->file;

	if (f->header->e_type == ET_REL)
		return refuse(error,
		              "%s is an object that is not linked: posted cc makes a module of the "
		              "source, with -o FILE.so",
		              name);
	if (f->header->e_type != ET_DYN || elf_segment(f, PT_INTERP) ||
	    !elf_segment(f, PT_DYNAMIC) || !elf_section(f, SHT_DYNSYM))
		return refuse(error, "%s is a program, not a shared object: posted cc makes one",
		              name);
	return true;
}

/* The structures that both sides lay out have to be the same. */
static bool judge_facts(struct look *l, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	const struct explore_module_facts *facts;
	size_t size;

	facts = elf_note(&l->file, EXPLORE_MODULE_NOTE, EXPLORE_MODULE_NOTE_KIND, &size);
	if (!facts || size < sizeof(*facts))
		return refuse(error,
		              "%s was not built by posted cc, so the explorer does not see its "
		              "accesses: build it with posted cc",
		              name);
	if (facts->version != EXPLORE_MODULE_VERSION ||
	    facts->scenario_size != sizeof(struct explore_scenario) ||
	    facts->agent_size != sizeof(struct explore_agent))
		return refuse(error,
		              "%s was built for another version of the explorer (module version "
		              "%u, here %u): build it again, with this posted's cc",
		              name, facts->version, (unsigned)EXPLORE_MODULE_VERSION);
	size -= sizeof(*facts);
	if (!size || facts->allowed[size - 1] || (size > 1 && facts->allowed[size - 2]))
		return refuse(error, "%s is damaged: build it again, with posted cc", name);
	l->facts = facts;
	return true;
}

static bool judge_scenarios(struct look *l, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	const Elf64_Shdr *list = elf_section_named(&l->file, "explore_scenarios");

	l->scenarios = list ? (unsigned)(list->sh_size / sizeof(void *)) : 0;
	if (!l->scenarios)
		return refuse(error,
		              "%s has no scenario: add one with EXPLORE_SCENARIO of "
		              "<explore/module.h>",
		              name);
	if (l->scenarios > EXPLORE_LOADED)
		return refuse(error, "%s has %u scenarios, and there is room for %d", name,
		              l->scenarios, EXPLORE_LOADED);
	return true;
}

/* Data of others is no part of the state, nor is what a thread has for itself. */
static bool judge_links(const struct look *l, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	uint64_t value;

	if (elf_dynamic(&l->file, DT_NEEDED, &value))
		return refuse(error,
		              "%s needs another shared object, whose data the explorer cannot put "
		              "back: give posted cc the sources",
		              name);
	if (elf_dynamic(&l->file, DT_FLAGS, &value) && value & DF_STATIC_TLS)
		return refuse(error,
		              "%s has thread-local data of the model initial-exec or local-exec, "
		              "which agents cannot have one each of: take the attribute tls_model "
		              "away",
		              name);
	return true;
}

/* Its writable data, which are put back before each schedule, lie in one piece. */
static bool judge_data(const struct look *l, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	const struct elf_file *f = &l->file;
	unsigned writable = 0;

	for (unsigned i = 0; i < f->header->e_phnum; i++)
		writable += f->segment[i].p_type == PT_LOAD && f->segment[i].p_flags & PF_W;
	if (writable == 1)
		return true;
	return refuse(error, "%s has %u writable segments instead of one: link it with posted cc",
	              name, writable);
}

bool look_open(struct look *l, const char *path, const char *name, char error[EXPLORE_LOAD_ERROR])
{
	const char *wrong = elf_open(&l->file, path);

	if (wrong)
		return refuse(error, "%s: %s; posted cc FILE.c -o FILE.so makes a module", name,
		              wrong);
	if (judge_kind(l, name, error) && judge_facts(l, name, error) &&
	    judge_scenarios(l, name, error) && judge_links(l, name, error) &&
	    judge_data(l, name, error))
		return true;
	elf_close(&l->file);
	return false;
}

void look_close(struct look *l)
{
	elf_close(&l->file);
}

static bool allowed(const struct explore_module_facts *facts, const char *name)
{
	for (const char *a = facts->allowed; *a; a += strlen(a) + 1)
		if (!strcmp(a, name))
			return true;
	return false;
}

const char *look_refused(const struct look *l, size_t *at, const char **why)
{
	const Elf64_Shdr *symbols = elf_section(&l->file, SHT_DYNSYM);
	const char *name;

	while ((name = elf_undefined(&l->file, symbols, at))) {
		*why = explore_module_refuses(name);
		if (*why && !(allowed(l->facts, name) && dlsym(RTLD_DEFAULT, name)))
			return name;
	}
	return NULL;
}
