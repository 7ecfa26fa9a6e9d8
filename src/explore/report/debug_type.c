/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/report/debug_parts.h"
#include <dwarf.h>
#include <string.h>

uint64_t type_number(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute a;
	Dwarf_Word value = 0;

	if (dwarf_formudata(dwarf_attr_integrate(die, attribute, &a), &value))
		return 0;
	return value;
}

bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute a;
	Dwarf_Die direct;

	return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &a), &direct) &&
	       !dwarf_peel_type(&direct, type);
}

uint64_t type_size(Dwarf_Die *type)
{
	Dwarf_Word size;

	return dwarf_aggregate_size(type, &size) ? 0 : size;
}

bool type_member(Dwarf_Die *member, uint64_t *first, uint64_t *count)
{
	uint64_t bits = type_number(member, DW_AT_bit_size);
	uint64_t at = 8 * type_number(member, DW_AT_data_member_location);
	uint64_t unit = type_number(member, DW_AT_byte_size);
	Dwarf_Die type;

	if (!type_of(member, &type))
		return false;
	unit = unit ? unit : type_size(&type);
	*count = bits ? bits : 8 * unit;
	/* Before DWARF 5 gcc counts bits from the other end of the word that holds them. */
	if (bits && dwarf_hasattr(member, DW_AT_data_bit_offset))
		at = type_number(member, DW_AT_data_bit_offset);
	else if (bits)
		at += 8 * unit - type_number(member, DW_AT_bit_offset) - bits;
	*first = at;
	return true;
}

bool type_same(Dwarf_Die *a, Dwarf_Die *b)
{
	const char *one = dwarf_diename(a), *other = dwarf_diename(b);

	if (dwarf_tag(a) != dwarf_tag(b))
		return false;
	return one && other ? !strcmp(one, other) : a->addr == b->addr;
}

unsigned type_lengths(Dwarf_Die *array, uint64_t *length, unsigned most)
{
	unsigned count = 0;
	Dwarf_Die range;

	for (int no = dwarf_child(array, &range); !no && count < most;
	     no = dwarf_siblingof(&range, &range)) {
		if (dwarf_tag(&range) != DW_TAG_subrange_type)
			continue;
		if (dwarf_hasattr(&range, DW_AT_count))
			length[count++] = type_number(&range, DW_AT_count);
		else if (dwarf_hasattr(&range, DW_AT_upper_bound))
			length[count++] = type_number(&range, DW_AT_upper_bound) + 1;
		else
			length[count++] = 0;
	}
	return count;
}
