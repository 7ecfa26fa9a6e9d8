/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of debug information share. */
#ifndef EXPLORE_REPORT_DEBUG_PARTS_H
#define EXPLORE_REPORT_DEBUG_PARTS_H

#include "explore/report/debug.h"
#include <elfutils/libdwfl.h>

/* debug.c: the module that has an address, of those loaded by now; or null. */
Dwfl_Module *debug_module(const void *p);

/* debug_variables.c: what lies at an address, which moves to the variable's beginning. */
struct debug_variable {
	uintptr_t at;  /* as loaded; of a thread's: offset in its block */
	uint64_t size;
	bool thread;
	Dwarf_Die die;
	const char *name, *function; /* function: of a static local */
};
const struct debug_variable *debug_variable(Dwfl_Module *m, uintptr_t at, bool thread);

/* debug_type.c: leaves of types. */

/* Without typedefs and qualifiers; false: it is void, or unknown. */
bool type_of(Dwarf_Die *die, Dwarf_Die *type);
/* In bytes; 0: unknown. */
uint64_t type_size(Dwarf_Die *type);
/* Where a member lies, in bits from the beginning of what it is a member of. */
bool type_member(Dwarf_Die *member, uint64_t *first, uint64_t *count);
/* The number of an attribute, or 0. */
uint64_t type_number(Dwarf_Die *die, unsigned attribute);
/* Both are called the same, or are the same. */
bool type_same(Dwarf_Die *a, Dwarf_Die *b);
/* An array's dimensions, the outermost first; a length of 0: not known. At most so many. */
unsigned type_lengths(Dwarf_Die *array, uint64_t *length, unsigned most);

/* debug_path.c: what is called after the variable: members and indexes. */
struct debug_path {
	uint64_t offset; /* in it, in bytes */
	unsigned size;
	Dwarf_Die *until; /* or, if it begins there, the whole of this type; or null */
	bool anonymous; /* what the path leads to by now has no name of its own */
};
/* Leaves the type that the last of them has; of several members, what they are members of. */
void debug_path(FILE *out, Dwarf_Die *type, struct debug_path path);

#endif
