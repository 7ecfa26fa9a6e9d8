/* SPDX-License-Identifier: BSD-2-Clause */
/* What bytes are called, and what their value is called. */
#include "explore/report/debug_parts.h"
#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool (*debug_in_thread)(const void *p, struct debug_thread *t);

/* The variable that has an address, and where in it that is. */
struct found {
	const struct debug_variable *variable;
	uint64_t offset;
	const char *whose; /* null: there is one for all */
	Dwarf_Die type;
};

static bool find(const void *p, struct found *f)
{
	struct debug_thread t = { p, 0, NULL };
	bool thread = debug_in_thread && debug_in_thread(p, &t);
	uintptr_t at = thread ? t.offset : (uintptr_t)p;
	Dwfl_Module *m = debug_module(t.code);
	Dwarf_Die die;

	f->variable = m ? debug_variable(m, at, thread) : NULL;
	if (!f->variable)
		return false;
	f->offset = at - f->variable->at;
	f->whose = thread ? t.whose : NULL;
	die = f->variable->die;
	return type_of(&die, &f->type);
}

/* Leaves in f the type of what was named. */
static void print_name(FILE *out, struct found *f, unsigned size, Dwarf_Die *until)
{
	struct debug_path path = { f->offset, size, until, false };

	if (f->whose)
		fprintf(out, "%s:", f->whose);
	if (f->variable->function)
		fprintf(out, "%s::", f->variable->function);
	fputs(f->variable->name, out);
	debug_path(out, &f->type, path);
}

bool debug_name(char *name, size_t name_size, const void *p, unsigned size)
{
	struct found f;
	FILE *out;

	if (!find(p, &f))
		return false;
	memset(name, 0, name_size);
	out = fmemopen(name, name_size - 1, "w");
	if (!out)
		return false;
	print_name(out, &f, size, NULL);
	fclose(out);
	return true;
}

static bool show_enumerator(FILE *out, Dwarf_Die *type, unsigned size, uint64_t value)
{
	uint64_t mask = size < 8 ? (UINT64_C(1) << 8 * size) - 1 : UINT64_MAX;
	Dwarf_Die each;

	for (int no = dwarf_child(type, &each); !no; no = dwarf_siblingof(&each, &each)) {
		if (dwarf_tag(&each) != DW_TAG_enumerator || !dwarf_diename(&each) ||
		    (type_number(&each, DW_AT_const_value) & mask) != (value & mask))
			continue;
		fputs(dwarf_diename(&each), out);
		return true;
	}
	return false;
}

static bool show_pointer(FILE *out, Dwarf_Die *type, uint64_t value)
{
	Dwarf_Die to;
	bool typed = type_of(type, &to);
	struct found f;

	if (!value) {
		fputs("NULL", out);
		return true;
	}
	if (!find((const void *)(uintptr_t)value, &f))
		return false;
	fputc('&', out);
	print_name(out, &f, typed ? (unsigned)type_size(&to) : 1, typed ? &to : NULL);
	return true;
}

static bool show_number(FILE *out, Dwarf_Die *type, unsigned size, uint64_t value)
{
	uint64_t encoding = type_number(type, DW_AT_encoding);
	unsigned unused = 64 - 8 * size;

	if (encoding == DW_ATE_boolean && value <= 1)
		fputs(value ? "true" : "false", out);
	else if (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char)
		fprintf(out, "%" PRId64, (int64_t)(value << unused) >> unused);
	else
		return false;
	return true;
}

bool debug_value(FILE *out, const void *p, unsigned size, uint64_t value)
{
	char *name = NULL;
	size_t name_size;
	struct found f;
	FILE *unseen;

	if (!size || size > 8 || !find(p, &f) || !(unseen = open_memstream(&name, &name_size)))
		return false;
	print_name(unseen, &f, size, NULL);
	fclose(unseen);
	free(name);
	if (type_size(&f.type) != size)
		return false;
	switch (dwarf_tag(&f.type)) {
	case DW_TAG_enumeration_type:
		return show_enumerator(out, &f.type, size, value);
	case DW_TAG_pointer_type:
		return show_pointer(out, &f.type, value);
	case DW_TAG_base_type:
		return show_number(out, &f.type, size, value);
	}
	return false;
}
