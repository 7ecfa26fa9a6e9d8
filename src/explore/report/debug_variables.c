/* SPDX-License-Identifier: BSD-2-Clause */
/* A list for each module: its variables that are not on a stack, in the order of addresses. */
#include "explore/report/debug_parts.h"
#include <dwarf.h>
#include <stdlib.h>

enum { DEEP = 32 }; /* blocks in blocks */

struct list {
	struct list *next;
	Dwfl_Module *module;
	struct debug_variable *variable;
	size_t count, room;
};

static struct list *lists;

static void add(struct list *l, const struct debug_variable *v)
{
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 64;
		struct debug_variable *more = realloc(l->variable, room * sizeof(*more));

		if (!more)
			return; /* one without a name */
		l->variable = more;
		l->room = room;
	}
	l->variable[l->count++] = *v;
}

/* An operand that is an address, or a number in the table of those that are. */
static bool operand(Dwarf_Attribute *location, const Dwarf_Op *op, uint64_t *value)
{
	Dwarf_Attribute indirect;
	Dwarf_Addr at;

	*value = op->number;
	switch (op->atom) {
	case DW_OP_addr:
	case DW_OP_const4u:
	case DW_OP_const8u:
		return true;
	case DW_OP_addrx:
	case DW_OP_constx:
		break;
	default:
		return false;
	}
	if (dwarf_getlocation_attr(location, op, &indirect))
		return false;
	if (!dwarf_formaddr(&indirect, &at)) {
		*value = at;
		return true;
	}
	return !dwarf_formudata(&indirect, value);
}

/* False: it is on a stack, in a register, or nowhere. */
static bool locate(Dwarf_Die *die, struct debug_variable *v)
{
	Dwarf_Attribute location;
	Dwarf_Op *op;
	size_t n;

	if (!dwarf_attr(die, DW_AT_location, &location) || dwarf_getlocation(&location, &op, &n) ||
	    !n || n > 2 || !operand(&location, op, &v->at))
		return false;
	if (n == 2 && op[1].atom == DW_OP_plus_uconst) {
		v->at += op[1].number;
		return true;
	}
	v->thread = n == 2 && (op[1].atom == DW_OP_form_tls_address ||
	                       op[1].atom == DW_OP_GNU_push_tls_address);
	return n == 1 ? op->atom == DW_OP_addr || op->atom == DW_OP_addrx : v->thread;
}

static void take(struct list *l, Dwarf_Die *die, const char *function, Dwarf_Addr bias)
{
	struct debug_variable v = { .die = *die, .function = function };
	Dwarf_Attribute name;
	Dwarf_Die type;

	if (!locate(die, &v) || !type_of(die, &type))
		return;
	v.name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &name));
	v.size = type_size(&type);
	if (!v.thread)
		v.at += bias;
	if (v.name)
		add(l, &v);
}

/* Those directly in a unit, a function or a block, and those in what is in it. */
static void walk(struct list *l, Dwarf_Die *in, const char *function, Dwarf_Addr bias,
                 unsigned depth)
{
	Dwarf_Die die;

	for (int no = dwarf_child(in, &die); !no; no = dwarf_siblingof(&die, &die)) {
		switch (dwarf_tag(&die)) {
		case DW_TAG_variable:
			take(l, &die, function, bias);
			break;
		case DW_TAG_subprogram:
			if (depth < DEEP)
				walk(l, &die, dwarf_diename(&die), bias, depth + 1);
			break;
		case DW_TAG_lexical_block:
			if (depth < DEEP)
				walk(l, &die, function, bias, depth + 1);
			break;
		}
	}
}

static int by_address(const void *a, const void *b)
{
	const struct debug_variable *one = a, *other = b;

	return one->at < other->at ? -1 : one->at > other->at;
}

static struct list *list_of(Dwfl_Module *m)
{
	struct list *l = lists;
	Dwarf_Die *unit = NULL;
	Dwarf_Addr bias;

	while (l && l->module != m)
		l = l->next;
	if (l)
		return l;
	l = calloc(1, sizeof(*l));
	if (!l)
		return NULL;
	l->module = m;
	l->next = lists;
	lists = l;
	while ((unit = dwfl_module_nextcu(m, unit, &bias)))
		walk(l, unit, NULL, bias, 0);
	if (l->count)
		qsort(l->variable, l->count, sizeof(*l->variable), by_address);
	return l;
}

/* As the linker has it: with the elements of an array at its end that has no length. */
static uint64_t size_of(Dwfl_Module *m, const struct debug_variable *v)
{
	GElf_Off offset;
	GElf_Sym symbol;

	if (!v->thread && dwfl_module_addrinfo(m, v->at, &offset, &symbol, NULL, NULL, NULL) &&
	    !offset && symbol.st_size > v->size)
		return symbol.st_size;
	return v->size;
}

const struct debug_variable *debug_variable(Dwfl_Module *m, uintptr_t at, bool thread)
{
	const struct list *l = list_of(m);
	const struct debug_variable *found = NULL;

	for (size_t low = 0, high = l ? l->count : 0; low < high;) {
		size_t middle = (low + high) / 2;

		if (l->variable[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
		found = low ? &l->variable[low - 1] : NULL;
	}
	/* Those of threads have small addresses: none is between two others. */
	return found && found->thread == thread && at - found->at < size_of(m, found) ? found :
	                                                                                NULL;
}
