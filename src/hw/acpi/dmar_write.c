/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a DMAR table. */
#include <posted/hw/dmar.h>

static void put(uint8_t *p, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

/* Room for so many bytes, zeroed; null, and the writer has failed, if there is none. */
static uint8_t *take(struct pstd_dmar_writer *w, size_t size)
{
	uint8_t *p = w->table + w->used;

	if (w->failed || w->size - w->used < size) {
		w->failed = true;
		return NULL;
	}
	w->used += size;
	__builtin_memset(p, 0, size);
	return p;
}

/* The structure added last reaches up to here. */
static void set_length(struct pstd_dmar_writer *w)
{
	size_t length = w->used - w->structure;

	if (length > UINT16_MAX)
		w->failed = true;
	else
		put(w->table + w->structure + 2, length, 2);
}

void pstd_dmar_begin(struct pstd_dmar_writer *w, void *table, size_t size,
                     const struct pstd_dmar_header *h)
{
	uint8_t *p;

	*w = (struct pstd_dmar_writer){ .table = table, .size = size };
	p = take(w, PSTD_DMAR_HEADER_SIZE);
	if (!p)
		return;
	__builtin_memcpy(p, "DMAR", 4);
	p[8] = 1;
	__builtin_memcpy(p + 10, h->oem_id, sizeof(h->oem_id));
	__builtin_memcpy(p + 16, h->oem_table_id, sizeof(h->oem_table_id));
	put(p + 24, h->oem_revision, 4);
	__builtin_memcpy(p + 28, h->creator_id, sizeof(h->creator_id));
	put(p + 32, h->creator_revision, 4);
	p[36] = (uint8_t)(h->address_width - 1);
	p[37] = h->flags;
}

static void put_drhd(uint8_t *p, const struct pstd_dmar_drhd *d)
{
	p[4] = d->include_pci_all;
	p[5] = d->size;
	put(p + 6, d->segment, 2);
	put(p + 8, d->base, 8);
}

static void put_rmrr(uint8_t *p, const struct pstd_dmar_rmrr *r)
{
	put(p + 6, r->segment, 2);
	put(p + 8, r->base, 8);
	put(p + 16, r->limit, 8);
}

static void put_rhsa(uint8_t *p, const struct pstd_dmar_rhsa *r)
{
	put(p + 8, r->base, 8);
	put(p + 16, r->proximity, 4);
}

static void put_andd(uint8_t *p, const struct pstd_dmar_andd *a)
{
	p[7] = a->device;
	__builtin_memcpy(p + 8, a->name, a->name_length);
}

/* ATSR, SATC and SIDP. */
static void put_flag_and_segment(uint8_t *p, bool flag, uint16_t segment)
{
	p[4] = flag;
	put(p + 6, segment, 2);
}

void pstd_dmar_add(struct pstd_dmar_writer *w, const struct pstd_dmar_structure *s)
{
	size_t name = s->type == PSTD_DMAR_ANDD ? s->andd.name_length + 1u : 0;
	uint8_t *p;

	w->structure = w->used;
	w->failed |= s->type >= PSTD_DMAR_TYPES;
	p = take(w, pstd_dmar_fixed_size(s->type) + name);
	if (!p)
		return;
	put(p, s->type, 2);
	if (s->type == PSTD_DMAR_DRHD)
		put_drhd(p, &s->drhd);
	else if (s->type == PSTD_DMAR_RMRR)
		put_rmrr(p, &s->rmrr);
	else if (s->type == PSTD_DMAR_RHSA)
		put_rhsa(p, &s->rhsa);
	else if (s->type == PSTD_DMAR_ANDD)
		put_andd(p, &s->andd);
	else if (s->type == PSTD_DMAR_ATSR)
		put_flag_and_segment(p, s->atsr.all_ports, s->atsr.segment);
	else if (s->type == PSTD_DMAR_SATC)
		put_flag_and_segment(p, s->satc.atc_required, s->satc.segment);
	else
		put_flag_and_segment(p, false, s->sidp.segment);
	set_length(w);
}

void pstd_dmar_add_scope(struct pstd_dmar_writer *w, const struct pstd_dmar_scope *scope)
{
	size_t length = 6 + scope->hops * sizeof(*scope->path);
	uint8_t *p;

	w->failed |= length > UINT8_MAX;
	p = take(w, length);
	if (!p)
		return;
	p[0] = scope->type;
	p[1] = (uint8_t)length;
	p[2] = scope->flags;
	p[4] = scope->id;
	p[5] = scope->bus;
	__builtin_memcpy(p + 6, scope->path, length - 6);
	set_length(w);
}

size_t pstd_dmar_end(struct pstd_dmar_writer *w)
{
	uint8_t sum = 0;

	if (w->failed)
		return 0;
	put(w->table + 4, w->used, 4);
	w->table[9] = 0;
	for (size_t i = 0; i < w->used; i++)
		sum = (uint8_t)(sum + w->table[i]);
	w->table[9] = (uint8_t)-sum;
	return w->used;
}
