/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a DMAR table whose lengths hold. */
#include <posted/hw/dmar.h>

static const struct {
	uint8_t fixed_size;
	bool has_scopes;
} kinds[PSTD_DMAR_TYPES] = {
	[PSTD_DMAR_DRHD] = { 16, true }, [PSTD_DMAR_RMRR] = { 24, true },
	[PSTD_DMAR_ATSR] = { 8, true },
	[PSTD_DMAR_RHSA] = { 20, false }, [PSTD_DMAR_ANDD] = { 8, false },
	[PSTD_DMAR_SATC] = { 8, true }, [PSTD_DMAR_SIDP] = { 8, true },
};

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const uint8_t *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

unsigned pstd_dmar_fixed_size(unsigned type)
{
	return type < PSTD_DMAR_TYPES ? kinds[type].fixed_size : 0;
}

bool pstd_dmar_has_scopes(unsigned type)
{
	return type < PSTD_DMAR_TYPES && kinds[type].has_scopes;
}

struct pstd_dmar_header pstd_dmar_header(const void *table)
{
	const uint8_t *p = table;
	struct pstd_dmar_header h = {
		.length = get32(p + 4),
		.revision = p[8],
		.checksum = p[9],
		.oem_revision = get32(p + 24),
		.creator_revision = get32(p + 32),
		.address_width = (uint8_t)(p[36] + 1),
		.flags = p[37],
	};

	__builtin_memcpy(h.oem_id, p + 10, sizeof(h.oem_id));
	__builtin_memcpy(h.oem_table_id, p + 16, sizeof(h.oem_table_id));
	__builtin_memcpy(h.creator_id, p + 28, sizeof(h.creator_id));
	return h;
}

static struct pstd_dmar_andd andd(const uint8_t *p, uint16_t length)
{
	struct pstd_dmar_andd a = { .device = p[7], .name = (const char *)p + 8 };

	while (a.name_length < length - 8 && a.name[a.name_length])
		a.name_length++;
	return a;
}

/* The fixed part of a structure at p, whose type and length are known. */
static void fixed_part(struct pstd_dmar_structure *s, const uint8_t *p)
{
	switch (s->type) {
	case PSTD_DMAR_DRHD:
		s->drhd =
			(struct pstd_dmar_drhd){ p[4] & 1, p[5] & 0xf, get16(p + 6), get64(p + 8) };
		break;
	case PSTD_DMAR_RMRR:
		s->rmrr = (struct pstd_dmar_rmrr){ get16(p + 6), get64(p + 8), get64(p + 16) };
		break;
	case PSTD_DMAR_ATSR:
		s->atsr = (struct pstd_dmar_atsr){ p[4] & 1, get16(p + 6) };
		break;
	case PSTD_DMAR_RHSA:
		s->rhsa = (struct pstd_dmar_rhsa){ get64(p + 8), get32(p + 16) };
		break;
	case PSTD_DMAR_ANDD:
		s->andd = andd(p, s->length);
		break;
	case PSTD_DMAR_SATC:
		s->satc = (struct pstd_dmar_satc){ p[4] & 1, get16(p + 6) };
		break;
	case PSTD_DMAR_SIDP:
		s->sidp = (struct pstd_dmar_sidp){ get16(p + 6) };
		break;
	}
}

struct pstd_dmar_cursor pstd_dmar_structures(const void *table)
{
	struct pstd_dmar_cursor c = { table, PSTD_DMAR_HEADER_SIZE,
		                      get32((const uint8_t *)table + 4) };

	return c;
}

bool pstd_dmar_next(struct pstd_dmar_cursor *c, struct pstd_dmar_structure *s)
{
	const uint8_t *p = c->table + c->at;

	if (c->at >= c->end)
		return false;
	*s = (struct pstd_dmar_structure){ .type = get16(p),
		                           .length = get16(p + 2),
		                           .offset = c->at };
	fixed_part(s, p);
	c->at += s->length;
	return true;
}

struct pstd_dmar_cursor pstd_dmar_scopes(const void *table, const struct pstd_dmar_structure *s)
{
	uint32_t end = s->offset + s->length;
	struct pstd_dmar_cursor c = { table, end, end };

	if (pstd_dmar_has_scopes(s->type))
		c.at = s->offset + pstd_dmar_fixed_size(s->type);
	return c;
}

bool pstd_dmar_next_scope(struct pstd_dmar_cursor *c, struct pstd_dmar_scope *scope)
{
	const uint8_t *p = c->table + c->at;

	if (c->at >= c->end)
		return false;
	*scope = (struct pstd_dmar_scope){
		.type = p[0],
		.length = p[1],
		.flags = p[2],
		.id = p[4],
		.bus = p[5],
		.hops = (uint8_t)((p[1] - 6) / 2),
		.path = (const struct pstd_dmar_hop *)(const void *)(p + 6),
		.offset = c->at,
	};
	c->at += scope->length;
	return true;
}

bool pstd_dmar_scope_sid(const struct pstd_dmar_scope *scope, uint16_t *sid)
{
	if (scope->hops != 1)
		return false;
	*sid = (uint16_t)(scope->bus << 8 | (scope->path->device & 0x1f) << 3 |
	                  (scope->path->function & 7));
	return true;
}
