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

/* An address, where the object that has it begins, and how many were loaded by now. */
struct place {
	uintptr_t at, begins;
	unsigned long long loads;
};

static int find_object(struct dl_phdr_info *info, size_t size, void *to)
{
	struct place *p = to;
	uintptr_t begins = 0;

	p->loads = info->dlpi_adds + info->dlpi_subs;
	for (unsigned i = 0; i < info->dlpi_phnum && !p->begins; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];
		uintptr_t at = info->dlpi_addr + h->p_vaddr;

		if (h->p_type != PT_LOAD)
			continue;
		begins = begins ? begins : at;
		if (p->at - at < h->p_memsz)
			p->begins = begins;
	}
	return 0;
}

static bool begin(const struct place *p)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = nowhere,
	};

	if (dwfl && p->loads == loads)
		return true;
	if (!dwfl)
		dwfl = dwfl_begin(&callbacks);
	if (!dwfl)
		return false;
	loads = p->loads;
	memset(known, 0, sizeof(known));
	dwfl_report_begin_add(dwfl);
	dwfl_linux_proc_report(dwfl, getpid());
	return !dwfl_report_end(dwfl, NULL, NULL);
}

Dwfl_Module *debug_module(const void *address)
{
	struct place p = { (uintptr_t)address, 0, 0 };

	dl_iterate_phdr(find_object, &p);
	/* By its beginning: of data that are no part of the file it knows nothing. */
	return p.begins && begin(&p) ? dwfl_addrmodule(dwfl, p.begins) : NULL;
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

static bool is_function(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

/* Inlined from a header such as atomic.h, it says how an access is written, not where it is. */
static bool is_wrapper(Dwarf_Die *function)
{
	const char *file = dwarf_decl_file(function), *name = file ? strrchr(file, '/') : NULL;

	return dwarf_tag(function) == DW_TAG_inlined_subroutine && file &&
	       !strncmp(name ? name + 1 : file, "atomic", strlen("atomic"));
}

/* Where an inlined function is called. */
static void step_out(Dwarf_Die *unit, Dwarf_Die *inlined, struct debug_site *site)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file, line;
	Dwarf_Files *files;
	size_t count;

	if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) ||
	    dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) ||
	    dwarf_getsrcfiles(unit, &files, &count) || file >= count)
		return;
	site->file = dwarf_filesrc(files, file, NULL, NULL);
	site->line = (unsigned)line;
}

/* The innermost function, but for such wrappers, of code that a scope has. */
static void find_function(Dwarf_Die *unit, Dwarf_Die *scope, struct debug_site *site)
{
	Dwarf_Die *around = NULL;
	int n = dwarf_getscopes_die(scope, &around);

	for (int i = 0; i < n && !site->function; i++) {
		Dwarf_Attribute attribute;

		if (!is_function(&around[i]))
			continue;
		if (is_wrapper(&around[i]))
			step_out(unit, &around[i], site);
		else
			site->function = dwarf_formstring(
				dwarf_attr_integrate(&around[i], DW_AT_name, &attribute));
	}
	if (n > 0)
		free(around);
}

static void find_scope(Dwarf_Die *unit, Dwarf_Addr at, struct debug_site *site)
{
	Dwarf_Die *scopes = NULL;

	if (dwarf_getscopes(unit, at, &scopes) <= 0)
		return;
	/* The others are around where an inlined function is written, not where it is inlined. */
	find_function(unit, scopes, site);
	free(scopes);
}

/* Of a path in that folder. One without a name is the root: the compiler was told to hide it. */
static const char *without(const char *path, const char *folder)
{
	size_t size = folder ? strlen(folder) : 0;

	if (!folder || strncmp(path, folder, size) || path[size] != '/')
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
	site.file = dwarf_linesrc(line, NULL, NULL);
	find_scope(unit, at - bias, &site);
	site.file = shorten(site.file, unit);
	return site;
}

struct debug_site debug_site(const void *code)
{
	unsigned slot = (unsigned)((uintptr_t)code * 0x9e3779b97f4a7c15u >> 32) % KNOWN;

	if (!code)
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
