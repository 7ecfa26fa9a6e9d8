/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as a DMAR table: what pstd_dmar_check passes can be walked within its
 * bytes, and a good table that is read and written again is the same.
 */
#include "fuzz.h"
#include <posted/hw/dmar.h>
#include <stdbool.h>
#include <string.h>

/* Writes again what it reads; false if the table has something that cannot be written. */
static bool rewrite(const uint8_t *table, struct pstd_dmar_writer *w)
{
	struct pstd_dmar_cursor c = pstd_dmar_structures(table), scopes;
	struct pstd_dmar_structure s;
	struct pstd_dmar_scope scope;
	bool whole = true;

	while (pstd_dmar_next(&c, &s)) {
		whole &= s.type < PSTD_DMAR_TYPES;
		whole &= s.type != PSTD_DMAR_ANDD || s.andd.name_length + 9u == s.length;
		pstd_dmar_add(w, &s);
		scopes = pstd_dmar_scopes(table, &s);
		while (pstd_dmar_next_scope(&scopes, &scope)) {
			whole &= scope.type && scope.type < PSTD_DMAR_SCOPE_TYPES;
			pstd_dmar_add_scope(w, &scope);
		}
		MUST(scopes.at == scopes.end && scopes.end == c.at);
	}
	MUST(c.at == c.end);
	return whole;
}

static void judge(const uint8_t *table, size_t size)
{
	struct pstd_dmar_problem p = pstd_dmar_check(table, size);
	uint8_t *again = malloc(size + 1);
	struct pstd_dmar_header h;
	struct pstd_dmar_writer w;
	bool whole;

	MUST(again && p.offset <= size);
	if (!p.broken) {
		h = pstd_dmar_header(table);
		pstd_dmar_begin(&w, again, size, &h);
		whole = rewrite(table, &w);
		if (!p.what && whole)
			MUST(pstd_dmar_end(&w) == size && !memcmp(again, table, size));
	}
	free(again);
}

/* The same bytes with the checksum that suits them: else nearly every table is wrong there. */
static void judge_sealed(const uint8_t *data, size_t size)
{
	uint8_t *table = malloc(size), sum = 0;

	MUST(table);
	memcpy(table, data, size);
	table[9] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	table[9] = (uint8_t)-sum;
	judge(table, size);
	free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	judge(data, size);
	if (size >= PSTD_DMAR_HEADER_SIZE)
		judge_sealed(data, size);
	return 0;
}
