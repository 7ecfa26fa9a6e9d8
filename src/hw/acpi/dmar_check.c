/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judges a DMAR table: first whether its lengths hold, then, walking it, whether
 * it keeps the rules of VT-d, "BIOS Considerations".
 */
#include <posted/hw/dmar.h>

/* What the rules look at. */
struct table {
	const uint8_t *bytes;
	uint64_t declared[4]; /* a bit for each device number that an ANDD declares */
};

/* The bits of bytes 4 to 7 of each structure that have a meaning. */
static const uint8_t meant[PSTD_DMAR_TYPES][4] = {
	[PSTD_DMAR_DRHD] = { 0x01, 0x0f, 0xff, 0xff }, [PSTD_DMAR_RMRR] = { 0, 0, 0xff, 0xff },
	[PSTD_DMAR_ATSR] = { 0x01, 0, 0xff, 0xff },    [PSTD_DMAR_RHSA] = { 0, 0, 0, 0 },
	[PSTD_DMAR_ANDD] = { 0, 0, 0, 0xff },          [PSTD_DMAR_SATC] = { 0x01, 0, 0xff, 0xff },
	[PSTD_DMAR_SIDP] = { 0, 0, 0xff, 0xff },
};

/* The types of scopes that structures other than DRHD and RMRR may have, as bits. */
static const uint8_t scope_types[PSTD_DMAR_TYPES] = {
	[PSTD_DMAR_DRHD] = 0xff,
	[PSTD_DMAR_RMRR] = 0xff,
	[PSTD_DMAR_ATSR] = 1 << PSTD_DMAR_SCOPE_BRIDGE,
	[PSTD_DMAR_SATC] = 1 << PSTD_DMAR_SCOPE_ENDPOINT,
	[PSTD_DMAR_SIDP] = 1 << PSTD_DMAR_SCOPE_ENDPOINT | 1 << PSTD_DMAR_SCOPE_NAMESPACE,
};

static const struct pstd_dmar_problem good;

static struct pstd_dmar_problem wrong(uint32_t offset, const char *what)
{
	struct pstd_dmar_problem p = { what, offset, false };

	return p;
}

static struct pstd_dmar_problem broken(uint32_t offset, const char *what)
{
	struct pstd_dmar_problem p = { what, offset, true };

	return p;
}

/* The lengths of the scopes from at to end, the end of their structure. */
static struct pstd_dmar_problem scope_lengths(const uint8_t *table, uint32_t at, uint32_t end)
{
	for (unsigned length; at < end; at += length) {
		if (end - at < 6)
			return broken(at, "too few bytes are left in the structure for a device "
			                  "scope");
		length = table[at + 1];
		if (length < 6)
			return broken(at + 1, "the device scope's length is below the 6 bytes of "
			                      "its fixed part");
		if (length > end - at)
			return broken(at + 1, "the device scope reaches past the end of its "
			                      "structure");
	}
	return good;
}

/* The lengths of the structures, and of what is in them. */
static struct pstd_dmar_problem structure_lengths(const uint8_t *table, uint32_t end)
{
	struct pstd_dmar_problem p = good;

	for (uint32_t at = PSTD_DMAR_HEADER_SIZE, length; at < end && !p.what; at += length) {
		unsigned type, fixed;

		if (end - at < 4)
			return broken(at, "too few bytes are left in the table for a structure");
		type = table[at] | (unsigned)table[at + 1] << 8;
		length = table[at + 2] | (uint32_t)table[at + 3] << 8;
		fixed = pstd_dmar_fixed_size(type);
		if (length < 4)
			return broken(at + 2, "the structure's length is below the 4 bytes of its "
			                      "type and length");
		if (length > end - at)
			return broken(at + 2, "the structure reaches past the end of the table");
		if (length < fixed)
			return broken(at + 2, "the structure's length is below that of its type's "
			                      "fixed part");
		if (pstd_dmar_has_scopes(type))
			p = scope_lengths(table, at + fixed, at + length);
	}
	return p;
}

static struct pstd_dmar_problem lengths(const uint8_t *table, size_t size)
{
	uint32_t length;

	if (size < 4 || __builtin_memcmp(table, "DMAR", 4))
		return broken(0, "the table does not begin with the signature DMAR");
	if (size < PSTD_DMAR_HEADER_SIZE)
		return broken((uint32_t)size, "the table is cut short within its header of 48 "
		                              "bytes");
	length = pstd_dmar_header(table).length;
	if (length < PSTD_DMAR_HEADER_SIZE)
		return broken(4, "the table's length is below the 48 bytes of its header");
	if (length > size)
		return broken(4, "the table is cut short: its length is above the number of bytes "
		                 "given");
	if (length > PSTD_DMAR_MAX_SIZE)
		return broken(4, "the table's length is above 256 KiB");
	return structure_lengths(table, length);
}

static uint8_t sum(const uint8_t *table, uint32_t length)
{
	uint8_t s = 0;

	for (uint32_t i = 0; i < length; i++)
		s = (uint8_t)(s + table[i]);
	return s;
}

static struct pstd_dmar_problem check_header(const uint8_t *table, size_t size)
{
	struct pstd_dmar_header h = pstd_dmar_header(table);

	if (size > h.length)
		return wrong(h.length, "bytes follow the end that the table's length gives");
	if (h.revision != 1)
		return wrong(8, "the table's revision is not 1");
	if (sum(table, h.length))
		return wrong(9, "the table's bytes do not add up to 0: the checksum is wrong");
	if (table[36] < 11 || table[36] > 63)
		return wrong(36, "the host address width is not from 12 to 64 bits");
	if (h.flags &
	    ~(PSTD_DMAR_INTR_REMAP | PSTD_DMAR_X2APIC_OPT_OUT | PSTD_DMAR_DMA_CTRL_PLATFORM_OPT_IN))
		return wrong(37, "reserved bits of the table's flags are set");
	for (uint32_t i = 38; i < PSTD_DMAR_HEADER_SIZE; i++)
		if (table[i])
			return wrong(i, "a reserved byte of the header is not 0");
	return good;
}

static bool is_declared(const struct table *t, uint8_t device)
{
	return t->declared[device / 64] >> device % 64 & 1;
}

/* Each device number is declared once. */
static struct pstd_dmar_problem collect_declared(struct table *t)
{
	struct pstd_dmar_cursor c = pstd_dmar_structures(t->bytes);
	struct pstd_dmar_structure s;

	while (pstd_dmar_next(&c, &s)) {
		if (s.type != PSTD_DMAR_ANDD)
			continue;
		if (is_declared(t, s.andd.device))
			return wrong(s.offset + 7, "another ANDD declares the same device number");
		t->declared[s.andd.device / 64] |= PSTD_BIT(s.andd.device % 64);
	}
	return good;
}

static struct pstd_dmar_problem check_path(const struct pstd_dmar_structure *s,
                                           const struct pstd_dmar_scope *scope)
{
	if (scope->length % 2)
		return wrong(scope->offset + 1, "the device scope's path ends within a step");
	if (!scope->hops)
		return wrong(scope->offset + 1, "the device scope has no path");
	if (s->type == PSTD_DMAR_SATC && scope->hops != 1)
		return wrong(scope->offset + 1, "the path of a device scope in SATC is not of one "
		                                "step");
	for (uint32_t i = 0; i < scope->hops; i++)
		if (scope->path[i].device > 31 || scope->path[i].function > 7)
			return wrong(scope->offset + 6 + 2 * i,
			             "the path has a device above 31 or a function above 7");
	return good;
}

static struct pstd_dmar_problem check_scope(const struct table *t,
                                            const struct pstd_dmar_structure *s,
                                            const struct pstd_dmar_scope *scope)
{
	bool device = scope->type == PSTD_DMAR_SCOPE_ENDPOINT ||
	              scope->type == PSTD_DMAR_SCOPE_NAMESPACE;
	unsigned flags = s->type == PSTD_DMAR_SIDP && device ? 0x1f : 0;

	if (s->type == PSTD_DMAR_ATSR && s->atsr.all_ports)
		return wrong(scope->offset, "an ATSR with ALL_PORTS has device scopes");
	if (!scope->type || scope->type >= PSTD_DMAR_SCOPE_TYPES)
		return good;
	if (!(scope_types[s->type] >> scope->type & 1))
		return wrong(scope->offset, "this structure may not have device scopes of this "
		                            "type");
	if (s->type == PSTD_DMAR_DRHD && s->drhd.include_pci_all &&
	    scope->type <= PSTD_DMAR_SCOPE_BRIDGE)
		return wrong(scope->offset, "a DRHD with INCLUDE_PCI_ALL lists an endpoint or a "
		                            "bridge");
	if (scope->flags & ~flags)
		return wrong(scope->offset + 2, "reserved flags of the device scope are set");
	if (t->bytes[scope->offset + 3])
		return wrong(scope->offset + 3, "the device scope's reserved byte is not 0");
	if (scope->type == PSTD_DMAR_SCOPE_NAMESPACE && !is_declared(t, scope->id))
		return wrong(scope->offset + 4, "no ANDD declares this device number");
	return check_path(s, scope);
}

static struct pstd_dmar_problem check_scopes(const struct table *t,
                                             const struct pstd_dmar_structure *s)
{
	struct pstd_dmar_cursor c = pstd_dmar_scopes(t->bytes, s);
	struct pstd_dmar_problem p = good;
	struct pstd_dmar_scope scope;

	while (!p.what && pstd_dmar_next_scope(&c, &scope))
		p = check_scope(t, s, &scope);
	return p;
}

/* Against the units before it. */
static struct pstd_dmar_problem check_drhd(const struct table *t,
                                           const struct pstd_dmar_structure *s)
{
	struct pstd_dmar_cursor c = pstd_dmar_structures(t->bytes);
	struct pstd_dmar_structure other;

	if (s->drhd.base % 4096)
		return wrong(s->offset + 8, "the register base is no multiple of 4 KiB");
	while (pstd_dmar_next(&c, &other) && other.offset < s->offset) {
		if (other.type != PSTD_DMAR_DRHD)
			continue;
		if (other.drhd.base == s->drhd.base)
			return wrong(s->offset + 8, "another DRHD has the same register base");
		if (other.drhd.include_pci_all && other.drhd.segment == s->drhd.segment)
			return wrong(s->offset, "a DRHD follows the one with INCLUDE_PCI_ALL of "
			                        "its segment");
	}
	return good;
}

static struct pstd_dmar_problem check_rmrr(const struct pstd_dmar_structure *s)
{
	if (s->rmrr.base % 4096)
		return wrong(s->offset + 8, "the region's base is no multiple of 4 KiB");
	if (s->rmrr.limit < s->rmrr.base)
		return wrong(s->offset + 16, "the region's limit is below its base");
	if (s->rmrr.limit % 4096 != 4095)
		return wrong(s->offset + 16, "the region's size is no multiple of 4 KiB");
	return good;
}

static struct pstd_dmar_problem check_rhsa(const struct table *t,
                                           const struct pstd_dmar_structure *s)
{
	struct pstd_dmar_cursor c = pstd_dmar_structures(t->bytes);
	struct pstd_dmar_structure unit;

	if (s->length != pstd_dmar_fixed_size(PSTD_DMAR_RHSA))
		return wrong(s->offset + 2, "the length of an RHSA is not 20");
	while (pstd_dmar_next(&c, &unit))
		if (unit.type == PSTD_DMAR_DRHD && unit.drhd.base == s->rhsa.base)
			return good;
	return wrong(s->offset + 8, "no DRHD has this register base");
}

static struct pstd_dmar_problem check_andd(const struct pstd_dmar_structure *s)
{
	if (s->andd.name_length == s->length - pstd_dmar_fixed_size(PSTD_DMAR_ANDD))
		return wrong(s->offset + 8, "the ACPI name does not end in 0 within its ANDD");
	if (!s->andd.name_length)
		return wrong(s->offset + 8, "the ACPI name is empty");
	for (uint32_t i = 0; i < s->andd.name_length; i++)
		if (s->andd.name[i] < 0x21 || s->andd.name[i] > 0x7e)
			return wrong(s->offset + 8 + i, "the ACPI name has a byte that is no "
			                                "printable ASCII");
	return good;
}

static struct pstd_dmar_problem check_structure(const struct table *t,
                                                const struct pstd_dmar_structure *s)
{
	struct pstd_dmar_problem p = good;

	for (uint32_t i = 0; s->type < PSTD_DMAR_TYPES && i < 4; i++)
		if (t->bytes[s->offset + 4 + i] & ~meant[s->type][i])
			return wrong(s->offset + 4 + i, "reserved bits of the structure are set");
	if (s->type == PSTD_DMAR_DRHD)
		p = check_drhd(t, s);
	else if (s->type == PSTD_DMAR_RMRR)
		p = check_rmrr(s);
	else if (s->type == PSTD_DMAR_RHSA)
		p = check_rhsa(t, s);
	else if (s->type == PSTD_DMAR_ANDD)
		p = check_andd(s);
	return p.what ? p : check_scopes(t, s);
}

static struct pstd_dmar_problem check_structures(const struct table *t)
{
	struct pstd_dmar_cursor c = pstd_dmar_structures(t->bytes);
	struct pstd_dmar_problem p = good;
	struct pstd_dmar_structure s;
	unsigned last = PSTD_DMAR_DRHD;

	if (!pstd_dmar_next(&c, &s) || s.type != PSTD_DMAR_DRHD)
		return wrong(PSTD_DMAR_HEADER_SIZE, "the table does not begin with a DRHD");
	do {
		if (s.type < last)
			return wrong(s.offset, "the structure's type is below that of the one "
			                       "before it");
		last = s.type;
		p = check_structure(t, &s);
	} while (!p.what && pstd_dmar_next(&c, &s));
	return p;
}

struct pstd_dmar_problem pstd_dmar_check(const void *table, size_t size)
{
	struct table t = { .bytes = table };
	struct pstd_dmar_problem p = lengths(table, size);

	if (!p.what)
		p = check_header(table, size);
	if (!p.what)
		p = collect_declared(&t);
	return p.what ? p : check_structures(&t);
}
