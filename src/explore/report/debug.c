/* SPDX-License-Identifier: BSD-2-Clause */
/* The modules that are loaded, and the lines of their sources. */
#include "explore/report/debug_parts.h"
#include <dwarf.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KNOWN = 1024 }; /* sites that were looked up, a power of 2 */

static Dwfl *dwfl;
static unsigned long long loads; /* of modules, when they were looked at */

static struct {
	const void *code;
	struct debug_site site;
} known[KNOWN];

/* Only what a module has itself: nobody is asked for it over a network. */
static int nowhere(Dwfl_Module *m, void **user, const char *name, Dwarf_Addr base,
                   const char *file, const char *link, GElf_Word crc, char **found)
{
	return -1;
}

static int note_loads(struct dl_phdr_info *info, size_t size, void *to)
{
	*(unsigned long long *)to = info->dlpi_adds + info->dlpi_subs;
	return 1;
}

static bool begin(void)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = nowhere,
	};
	unsigned long long now = 0;

	dl_iterate_phdr(note_loads, &now);
	if (dwfl && now == loads)
		return true;
	if (!dwfl)
		dwfl = dwfl_begin(&callbacks);
	if (!dwfl)
		return false;
	loads = now;
	memset(known, 0, sizeof(known));
	dwfl_report_begin_add(dwfl);
	dwfl_linux_proc_report(dwfl, getpid());
	return !dwfl_report_end(dwfl, NULL, NULL);
}

Dwfl_Module *debug_module(const void *p)
{
	return begin() ? dwfl_addrmodule(dwfl, (Dwarf_Addr)p) : NULL;
}

/* clang lists no addresses of units: then each is asked. */
static Dwarf_Die *find_unit(Dwfl_Module *m, Dwarf_Addr at, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(m, at, bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(m, unit, bias)))
		if (dwarf_haspc(unit, at - *bias) > 0)
			return unit;
	return NULL;
}

static const char *find_function(Dwarf_Die *unit, Dwarf_Addr at)
{
	Dwarf_Die *scopes = NULL;
	const char *name = NULL;
	int n = dwarf_getscopes(unit, at, &scopes);

	for (int i = 0; i < n && !name; i++) {
		int tag = dwarf_tag(&scopes[i]);
		Dwarf_Attribute attribute;

		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
			name = dwarf_formstring(dwarf_attr_integrate(&scopes[i], DW_AT_name,
			                                             &attribute));
	}
	if (n > 0)
		free(scopes);
	return name;
}

static const char *without(const char *path, const char *folder)
{
	size_t size = folder ? strlen(folder) : 0;

	if (!size || strncmp(path, folder, size) || path[size] != '/')
		return path;
	for (path += size; *path == '/' || !strncmp(path, "./", 2);)
		path += *path == '/' ? 1 : 2;
	return path;
}

/* As the compiler was given it, or from the current folder. */
static const char *shorten(const char *path, Dwarf_Die *unit)
{
	char here[PATH_MAX];
	Dwarf_Attribute attribute;
	const char *at = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));

	if (path && *path == '/')
		path = without(path, at);
	if (path && *path == '/' && getcwd(here, sizeof(here)))
		path = without(path, here);
	return path;
}

static struct debug_site find_site(const void *code)
{
	struct debug_site site = { NULL, NULL, 0 };
	Dwarf_Addr at = (Dwarf_Addr)code - 1, bias;
	Dwfl_Module *m = debug_module((const void *)at);
	Dwarf_Die *unit = m ? find_unit(m, at, &bias) : NULL;
	Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, at - bias) : NULL;
	int number = 0;

	if (!line)
		return site;
	dwarf_lineno(line, &number);
	site.line = number > 0 ? (unsigned)number : 0;
	site.file = shorten(dwarf_linesrc(line, NULL, NULL), unit);
	site.function = find_function(unit, at - bias);
	return site;
}

struct debug_site debug_site(const void *code)
{
	unsigned slot = (unsigned)((uintptr_t)code * 0x9e3779b97f4a7c15u >> 32) % KNOWN;

	if (!code || !begin())
		return (struct debug_site){ NULL, NULL, 0 };
	if (known[slot].code != code) {
		known[slot].site = find_site(code);
		known[slot].code = code;
	}
	return known[slot].site;
}

bool debug_site_text(char *text, size_t size, const void *code)
{
	struct debug_site site = debug_site(code);
	const char *function = site.function ? site.function : "";

	if (!site.file)
		return false;
	snprintf(text, size, "%s:%u%s%s", site.file, site.line, *function ? " " : "", function);
	return true;
}
