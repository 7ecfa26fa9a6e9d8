/* SPDX-License-Identifier: BSD-2-Clause */
/* From a variable to the bytes in it: members by name, elements by number. */
#include "explore/report/debug_parts.h"
#include <dwarf.h>
#include <inttypes.h>

enum {
	DIMENSIONS = 8,
	DEPTH = 64, /* of members in members: no compiler's mistake shall keep us */
	NAMED = 4, /* members of one access, at most */
};

/* Bits of an access. */
struct bits {
	uint64_t first, count;
};

static struct bits bits_of(const struct debug_path *p)
{
	return (struct bits){ 8 * p->offset, 8 * (p->size ? p->size : 1) };
}

static bool holds(struct bits outer, struct bits inner)
{
	return inner.first >= outer.first &&
	       inner.first + inner.count <= outer.first + outer.count;
}

static bool overlap(struct bits a, struct bits b)
{
	return a.first < b.first + b.count && b.first < a.first + a.count;
}

/* An array without a length, at a structure's end, goes on for as long as there is memory. */
static bool endless(Dwarf_Die *member, uint64_t count)
{
	Dwarf_Die type;

	return !count && type_of(member, &type) && dwarf_tag(&type) == DW_TAG_array_type;
}

static bool next_member(Dwarf_Die *in, Dwarf_Die *member, bool first)
{
	int no = first ? dwarf_child(in, member) : dwarf_siblingof(member, member);

	while (!no && dwarf_tag(member) != DW_TAG_member)
		no = dwarf_siblingof(member, member);
	return !no;
}

static bool within(Dwarf_Die *member, struct bits access, struct bits *at)
{
	if (!type_member(member, &at->first, &at->count))
		return false;
	if (endless(member, at->count) && access.first >= at->first)
		at->count = UINT64_MAX - at->first;
	return holds(*at, access);
}

/* The first member that is just what the access is to, or has such a member or element. */
static bool find_exactly(Dwarf_Die *in, struct bits access, Dwarf_Die *member, struct bits *at,
                         unsigned depth)
{
	struct bits inner = access, unused;
	Dwarf_Die type, part;

	for (bool more = depth && next_member(in, member, true); more;
	     more = next_member(in, member, false)) {
		if (!within(member, access, at) || !type_of(member, &type))
			continue;
		inner.first = access.first - at->first;
		for (; dwarf_tag(&type) == DW_TAG_array_type && type_of(&type, &part); type = part)
			inner.first %= type_size(&part) ? 8 * type_size(&part) : UINT64_MAX;
		if (!inner.first && 8 * type_size(&type) == access.count && dwarf_diename(member))
			return true;
		if (find_exactly(&type, inner, &part, &unused, depth - 1))
			return true;
	}
	return false;
}

/* The member that the access is within: the first of those, but one of the same size before it. */
static bool find_member(Dwarf_Die *in, struct bits access, Dwarf_Die *member, struct bits *at)
{
	if (dwarf_tag(in) == DW_TAG_union_type && find_exactly(in, access, member, at, DEPTH))
		return true;
	for (bool more = next_member(in, member, true); more;
	     more = next_member(in, member, false))
		if (within(member, access, at))
			return true;
	return false;
}

static void print_member(FILE *out, Dwarf_Die *member, const char *before)
{
	const char *name = dwarf_diename(member);

	if (name)
		fprintf(out, "%s%s", before, name);
}

/* Those of which the access has a part. */
static bool print_members(FILE *out, Dwarf_Die *in, struct bits access)
{
	unsigned n = 0;
	struct bits at;
	Dwarf_Die member;

	for (bool more = next_member(in, &member, true); more;
	     more = next_member(in, &member, false)) {
		if (!dwarf_diename(&member) || !type_member(&member, &at.first, &at.count) ||
		    !overlap(at, access))
			continue;
		if (n++ < NAMED)
			print_member(out, &member, n == 1 ? "." : "|");
	}
	if (n > NAMED)
		fputs("|...", out);
	return n;
}

/* One step inwards. False: there is none, for what the access is to has no parts, or is them. */
static bool enter_members(FILE *out, Dwarf_Die *type, struct debug_path *p)
{
	struct bits access = bits_of(p), at;
	Dwarf_Die member;

	if (!find_member(type, access, &member, &at)) {
		/* All of it is called as it is itself, if it has a name. */
		if (!p->anonymous && !p->offset && p->size >= type_size(type))
			return false;
		if (print_members(out, type, access))
			p->offset = 0;
		return false;
	}
	print_member(out, &member, ".");
	p->anonymous = !dwarf_diename(&member);
	p->offset -= at.first / 8;
	if (dwarf_hasattr(&member, DW_AT_bit_size))
		p->offset = 0;
	return type_of(&member, type);
}

static bool enter_element(FILE *out, Dwarf_Die *type, struct debug_path *p)
{
	uint64_t length[DIMENSIONS], size, stride;
	unsigned count = type_lengths(type, length, DIMENSIONS);
	Dwarf_Die element;

	size = type_of(type, &element) ? type_size(&element) : 0;
	if (!size)
		return false;
	for (unsigned i = 0; i < count; i++) {
		stride = size;
		for (unsigned k = i + 1; k < count; k++)
			stride *= length[k] ? length[k] : 1;
		if (!stride)
			return false; /* more than there can be */
		fprintf(out, "[%" PRIu64 "]", p->offset / stride);
		p->offset %= stride;
	}
	*type = element;
	return true;
}

/* A pointer's target may be all of it, where an access would be to its first member. */
static bool arrived(Dwarf_Die *type, const struct debug_path *p)
{
	return p->until && !p->offset && type_same(type, p->until);
}

void debug_path(FILE *out, Dwarf_Die *type, struct debug_path path)
{
	bool on = true;

	for (unsigned depth = 0; on && depth < DEPTH && !arrived(type, &path); depth++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
		case DW_TAG_class_type:
			on = enter_members(out, type, &path);
			break;
		case DW_TAG_array_type:
			on = enter_element(out, type, &path);
			break;
		default:
			on = false;
		}
	}
	if (path.offset)
		fprintf(out, "+%#" PRIx64, path.offset);
}
