/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * DMAR tables: written as the manual lays them out, read back whole, and each
 * lie and each broken rule found where it is.
 */
#include "sample.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* The sample, typed from the tables of VT-d, "BIOS Considerations"; the checksum is left 0. */
static const uint8_t manual[] = {
	'D', 'M', 'A', 'R', 0x0d, 1, 0, 0, 1, 0, 'P', 'O', 'S', 'T', 'E', 'D',
	'S', 'A', 'M', 'P', 'L', 'E', ' ', ' ', 4, 3, 2, 1, 'P', 'S', 'T', 'D',
	8, 7, 6, 5, 45, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* 30h: DRHD, not all, segment 102h, five scopes */
	0, 0, 0x3a, 0, 0, 0, 0x02, 0x01, 0x00, 0x90, 0x78, 0x56, 0x34, 0x12, 0, 0,
	1, 8, 0, 0, 0, 0x00, 0x02, 0,
	2, 10, 0, 0, 0, 0x40, 0x1c, 4, 0x01, 2,
	3, 8, 0, 0, 8, 0xf0, 0x1f, 7,
	4, 8, 0, 0, 1, 0x00, 0x1e, 6,
	5, 8, 0, 0, 7, 0x00, 0x15, 3,
	/* 6ah: DRHD, INCLUDE_PCI_ALL */
	0, 0, 0x18, 0, 1, 0, 0, 0, 0x00, 0x10, 0xd9, 0xfe, 0, 0, 0, 0,
	3, 8, 0, 0, 2, 0x00, 0x1e, 7,
	/* 82h: RMRR, segment 1 */
	1, 0, 0x20, 0, 0, 0, 1, 0, 0x00, 0x00, 0x80, 0x8d, 0, 0, 0, 0,
	0xff, 0xff, 0xff, 0x8f, 0, 0, 0, 0,
	1, 8, 0, 0, 0, 0x00, 0x14, 0,
	/* a2h: ATSR, segment 2; b2h: ATSR, segment 3, ALL_PORTS */
	2, 0, 0x10, 0, 0, 0, 2, 0,
	2, 8, 0, 0, 0, 0x80, 0x03, 1,
	2, 0, 8, 0, 1, 0, 3, 0,
	/* bah: RHSA */
	3, 0, 0x14, 0, 0, 0, 0, 0, 0x00, 0x10, 0xd9, 0xfe, 0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11,
	/* ceh: ANDD, device 7 */
	4, 0, 0x17, 0, 0, 0, 0, 7,
	'\\', '_', 'S', 'B', '.', 'P', 'C', 'I', '0', '.', 'I', '2', 'C', '0', 0,
	/* e5h: SATC, segment 4, ATC_REQUIRED */
	5, 0, 0x10, 0, 1, 0, 4, 0,
	1, 8, 0, 0, 0, 0x6a, 0x01, 0,
	/* f5h: SIDP, segment 5 */
	6, 0, 0x18, 0, 0, 0, 5, 0,
	1, 8, 0x1f, 0, 0, 0x6a, 0x01, 0,
	5, 8, 0x10, 0, 7, 0x00, 0x15, 3,
};

static const struct pstd_dmar_header header = { .address_width = 39 };

/* Makes the checksum right again. */
static void seal(uint8_t *table, size_t size)
{
	uint8_t sum = 0;

	table[9] = 0;
	for (size_t i = 0; i < size; i++)
		sum = (uint8_t)(sum + table[i]);
	table[9] = (uint8_t)-sum;
}

static void put(uint8_t *p, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> 8 * i);
}

static void expect(const uint8_t *table, size_t size, uint32_t offset, bool broken,
                   const char *word)
{
	struct pstd_dmar_problem p = pstd_dmar_check(table, size);

	if (!p.what || !strstr(p.what, word) || p.offset != offset || p.broken != broken)
		fail_msg("want \"%s\" at 0x%x, got \"%s\" at 0x%x%s", word, offset, p.what,
		         p.offset, p.broken ? " (broken)" : "");
}

static void writes_the_manuals_bytes(void **state)
{
	uint8_t table[SAMPLE_SIZE];

	assert_int_equal(sample_write(table, sizeof(table), PSTD_DMAR_SIDP), sizeof(manual));
	assert_null(pstd_dmar_check(table, sizeof(manual)).what);
	table[9] = 0;
	assert_memory_equal(table, manual, sizeof(manual));
}

/* Too little memory is said, and none beyond it touched. */
static void overflow_is_reported(void **state)
{
	uint8_t table[SAMPLE_SIZE];

	for (size_t size = 0; size < sizeof(manual); size++) {
		memset(table, 0xa5, sizeof(table));
		assert_int_equal(sample_write(table, size, PSTD_DMAR_SIDP), 0);
		for (size_t i = size; i < sizeof(table); i++)
			assert_int_equal(table[i], 0xa5);
	}
}

static void lengths_that_do_not_fit_are_reported(void **state)
{
	static uint8_t table[PSTD_DMAR_MAX_SIZE];
	struct pstd_dmar_structure unit = { .type = PSTD_DMAR_DRHD },
				   unknown = { .type = PSTD_DMAR_TYPES };
	struct pstd_dmar_hop path[125] = { { 1, 0 } };
	struct pstd_dmar_scope scope = { .type = PSTD_DMAR_SCOPE_BRIDGE,
		                         .hops = 125,
		                         .path = path };
	struct pstd_dmar_writer w;

	pstd_dmar_begin(&w, table, sizeof(table), &header);
	pstd_dmar_add(&w, &unit);
	pstd_dmar_add_scope(&w, &scope);
	assert_int_equal(pstd_dmar_end(&w), 0);

	pstd_dmar_begin(&w, table, sizeof(table), &header);
	pstd_dmar_add(&w, &unit);
	scope.hops = 124;
	for (unsigned n = 0; n < (65535 - 16) / 254; n++)
		pstd_dmar_add_scope(&w, &scope);
	assert_int_not_equal(pstd_dmar_end(&w), 0);
	pstd_dmar_add_scope(&w, &scope);
	assert_int_equal(pstd_dmar_end(&w), 0);

	pstd_dmar_begin(&w, table, sizeof(table), &header);
	pstd_dmar_add(&w, &unknown);
	assert_int_equal(pstd_dmar_end(&w), 0);
}

/* Reads a table and writes what it read: nothing may be lost. */
static void reads_back_what_was_written(void **state)
{
	uint8_t table[SAMPLE_SIZE], again[SAMPLE_SIZE];
	size_t size = sample_write(table, sizeof(table), PSTD_DMAR_SIDP);
	struct pstd_dmar_cursor c = pstd_dmar_structures(table), inner;
	struct pstd_dmar_header h = pstd_dmar_header(table);
	struct pstd_dmar_structure s;
	struct pstd_dmar_scope scope;
	struct pstd_dmar_writer w;

	pstd_dmar_begin(&w, again, sizeof(again), &h);
	while (pstd_dmar_next(&c, &s)) {
		pstd_dmar_add(&w, &s);
		inner = pstd_dmar_scopes(table, &s);
		while (pstd_dmar_next_scope(&inner, &scope))
			pstd_dmar_add_scope(&w, &scope);
	}
	assert_int_equal(pstd_dmar_end(&w), size);
	assert_memory_equal(again, table, size);
}

static void reads_each_field(void **state)
{
	struct pstd_dmar_header h = pstd_dmar_header(manual);
	struct pstd_dmar_cursor c = pstd_dmar_structures(manual), inner;
	struct pstd_dmar_structure s;
	struct pstd_dmar_scope scope;
	uint16_t sid;

	assert_int_equal(h.address_width, 46);
	assert_int_equal(h.oem_revision, 0x01020304);
	assert_int_equal(h.creator_revision, 0x05060708);
	assert_int_equal(h.length, sizeof(manual));
	assert_true(pstd_dmar_next(&c, &s));
	assert_int_equal(s.offset, 0x30);
	assert_int_equal(s.length, 0x3a);
	assert_int_equal(s.drhd.segment, 0x102);
	assert_int_equal(s.drhd.base, 0x123456789000);
	assert_false(s.drhd.include_pci_all);
	inner = pstd_dmar_scopes(manual, &s);
	assert_true(pstd_dmar_next_scope(&inner, &scope));
	assert_true(pstd_dmar_next_scope(&inner, &scope));
	assert_int_equal(scope.hops, 2);
	assert_int_equal(scope.path[1].device, 1);
	assert_int_equal(scope.path[1].function, 2);
	assert_false(pstd_dmar_scope_sid(&scope, &sid));
	assert_true(pstd_dmar_next_scope(&inner, &scope));
	assert_int_equal(scope.type, PSTD_DMAR_SCOPE_IOAPIC);
	assert_int_equal(scope.id, 8);
	assert_true(pstd_dmar_scope_sid(&scope, &sid));
	assert_int_equal(sid, 0xf0ff); /* f0:1f.7 */
	for (unsigned n = 0; n < 6; n++)
		assert_true(pstd_dmar_next(&c, &s));
	assert_int_equal(s.type, PSTD_DMAR_ANDD);
	assert_int_equal(s.andd.device, 7);
	assert_int_equal(s.andd.name_length, 14);
	assert_string_equal(s.andd.name, "\\_SB.PCI0.I2C0");
}

/* One or two changes to the sample, and what must be said of it. */
static const struct lie {
	struct {
		uint32_t at;
		unsigned bytes;
		uint64_t value;
	} change[2];
	uint32_t offset;
	bool broken;
	const char *word;
} lies[] = {
	/* lengths */
	{ { { 0, 1, 'd' } }, 0, true, "signature" },
	{ { { 4, 4, 47 } }, 4, true, "below the 48" },
	{ { { 4, 4, 0x10e } }, 4, true, "cut short" },
	{ { { 4, 4, 0xffffffff } }, 4, true, "cut short" },
	{ { { 0x32, 2, 0 } }, 0x32, true, "below the 4" },
	{ { { 0x32, 2, 3 } }, 0x32, true, "below the 4" },
	{ { { 0x32, 2, 15 } }, 0x32, true, "below that of its type" },
	{ { { 0x32, 2, 0xffff } }, 0x32, true, "past the end of the table" },
	{ { { 0xf7, 2, 0x19 } }, 0xf7, true, "past the end of the table" },
	{ { { 0xf5, 2, 7 }, { 0xf7, 2, 0x15 } }, 0x10a, true, "left in the table" },
	{ { { 0x41, 1, 0 } }, 0x41, true, "below the 6" },
	{ { { 0x41, 1, 5 } }, 0x41, true, "below the 6" },
	{ { { 0x41, 1, 0x2b } }, 0x41, true, "past the end of its structure" },
	{ { { 0xab, 1, 6 } }, 0xb0, true, "left in the structure" },
	/* header */
	{ { { 8, 1, 2 } }, 8, false, "revision" },
	{ { { 36, 1, 10 } }, 36, false, "width" },
	{ { { 36, 1, 64 } }, 36, false, "width" },
	{ { { 37, 1, 8 } }, 37, false, "flags" },
	{ { { 38, 1, 1 } }, 38, false, "reserved" },
	{ { { 47, 1, 1 } }, 47, false, "reserved" },
	/* order */
	{ { { 0x30, 2, 7 } }, 0x30, false, "begin with a DRHD" },
	{ { { 0xf5, 2, 2 } }, 0xf5, false, "below that of the one before" },
	/* reserved bits */
	{ { { 0x34, 1, 2 } }, 0x34, false, "reserved" },
	{ { { 0x35, 1, 0x10 } }, 0x35, false, "reserved" },
	{ { { 0x86, 1, 1 } }, 0x86, false, "reserved" },
	{ { { 0xa7, 1, 1 } }, 0xa7, false, "reserved" },
	{ { { 0xb6, 1, 2 } }, 0xb6, false, "reserved" },
	{ { { 0xc1, 1, 1 } }, 0xc1, false, "reserved" },
	{ { { 0xd4, 1, 1 } }, 0xd4, false, "reserved" },
	{ { { 0xe9, 1, 3 } }, 0xe9, false, "reserved" },
	{ { { 0xea, 1, 1 } }, 0xea, false, "reserved" },
	{ { { 0xfa, 1, 1 } }, 0xfa, false, "reserved" },
	/* values */
	{ { { 0x38, 1, 1 } }, 0x38, false, "4 KiB" },
	{ { { 0x72, 8, 0x123456789000 } }, 0x72, false, "same register base" },
	{ { { 0x8a, 1, 1 } }, 0x8a, false, "4 KiB" },
	{ { { 0x92, 8, 0x8d7fffff } }, 0x92, false, "below its base" },
	{ { { 0x92, 1, 0xfe } }, 0x92, false, "4 KiB" },
	{ { { 0xc2, 8, 0xfed92000 } }, 0xc2, false, "no DRHD" },
	{ { { 0xe4, 1, 'X' } }, 0xd6, false, "does not end" },
	{ { { 0xd6, 1, 0 } }, 0xd6, false, "empty" },
	{ { { 0xd8, 1, 0x80 } }, 0xd8, false, "ASCII" },
	/* scopes */
	{ { { 0x34, 1, 1 } }, 0x40, false, "INCLUDE_PCI_ALL lists" },
	{ { { 0xa6, 1, 1 } }, 0xaa, false, "ALL_PORTS" },
	{ { { 0xaa, 1, 1 } }, 0xaa, false, "may not" },
	{ { { 0xed, 1, 2 } }, 0xed, false, "may not" },
	{ { { 0xfd, 1, 3 } }, 0xfd, false, "may not" },
	{ { { 0x42, 1, 1 } }, 0x42, false, "flags" },
	{ { { 0xff, 1, 0x20 } }, 0xff, false, "flags" },
	{ { { 0x43, 1, 1 } }, 0x43, false, "reserved" },
	{ { { 0x46, 1, 32 } }, 0x46, false, "above 31" },
	{ { { 0x51, 1, 8 } }, 0x50, false, "above 31" },
	{ { { 0xd5, 1, 8 } }, 0x66, false, "no ANDD" },
};

static void each_lie_is_found_where_it_is(void **state)
{
	uint8_t table[sizeof(manual)];

	for (const struct lie *l = lies; l < lies + sizeof(lies) / sizeof(lies[0]); l++) {
		memcpy(table, manual, sizeof(table));
		for (unsigned i = 0; i < 2; i++)
			put(table + l->change[i].at, l->change[i].value, l->change[i].bytes);
		seal(table, sizeof(table));
		expect(table, sizeof(table), l->offset, l->broken, l->word);
	}
}

/* Of every length: no byte behind the end is read, which the address sanitizer judges. */
static void a_table_cut_short_is_refused(void **state)
{
	uint8_t table[sizeof(manual)], *part;

	memcpy(table, manual, sizeof(table));
	seal(table, sizeof(table));
	for (size_t size = 0; size < sizeof(table); size++) {
		part = malloc(size);
		memcpy(part, table, size);
		assert_true(pstd_dmar_check(part, size).broken);
		free(part);
	}
	assert_null(pstd_dmar_check(table, sizeof(table)).what);
}

static void bytes_behind_and_a_bad_sum_are_wrong(void **state)
{
	uint8_t table[sizeof(manual) + 1] = { 0 };

	memcpy(table, manual, sizeof(manual));
	expect(table, sizeof(manual), 9, false, "checksum");
	seal(table, sizeof(manual));
	expect(table, sizeof(table), sizeof(manual), false, "follow");
}

static void what_is_unknown_is_skipped(void **state)
{
	uint8_t table[sizeof(manual)];
	struct pstd_dmar_structure s = { .type = 0 };
	struct pstd_dmar_cursor c;
	struct pstd_dmar_scope scope;

	memcpy(table, manual, sizeof(table));
	put(table + 0xf5, 0x1234, 2);
	table[0x40] = 9;
	seal(table, sizeof(table));
	assert_null(pstd_dmar_check(table, sizeof(table)).what);
	c = pstd_dmar_structures(table);
	assert_true(pstd_dmar_next(&c, &s));
	c = pstd_dmar_scopes(table, &s);
	assert_true(pstd_dmar_next_scope(&c, &scope));
	assert_int_equal(scope.type, 9);
	for (c = pstd_dmar_structures(table); pstd_dmar_next(&c, &s);)
		;
	assert_int_equal(s.type, 0x1234);
	c = pstd_dmar_scopes(table, &s);
	assert_false(pstd_dmar_next_scope(&c, &scope));
}

/* A table of these structures, each with a scope if one is given. */
static size_t small(uint8_t *table, const struct pstd_dmar_structure *s, unsigned count,
                    const struct pstd_dmar_scope *scope)
{
	struct pstd_dmar_writer w;

	pstd_dmar_begin(&w, table, SAMPLE_SIZE, &header);
	for (unsigned n = 0; n < count; n++)
		pstd_dmar_add(&w, &s[n]);
	if (scope)
		pstd_dmar_add_scope(&w, scope);
	return pstd_dmar_end(&w);
}

static void structures_must_agree(void **state)
{
	const struct pstd_dmar_structure all = { .type = PSTD_DMAR_DRHD,
		                                 .drhd = { .include_pci_all = true } };
	const struct pstd_dmar_structure other = { .type = PSTD_DMAR_DRHD,
		                                   .drhd = { .base = 0x1000 } };
	const struct pstd_dmar_structure far = { .type = PSTD_DMAR_DRHD,
		                                 .drhd = { .base = 0x1000, .segment = 1 } };
	const struct pstd_dmar_structure name = { .type = PSTD_DMAR_ANDD,
		                                  .andd = { .name = "A", .name_length = 1 } };
	uint8_t table[SAMPLE_SIZE];
	size_t size;

	size = small(table, (struct pstd_dmar_structure[]){ all, other }, 2, NULL);
	expect(table, size, 0x40, false, "follows the one with INCLUDE_PCI_ALL");
	size = small(table, (struct pstd_dmar_structure[]){ all, far }, 2, NULL);
	assert_null(pstd_dmar_check(table, size).what);
	size = small(table, (struct pstd_dmar_structure[]){ all, name, name }, 3, NULL);
	expect(table, size, 0x51, false, "another ANDD");
	size = small(table, NULL, 0, NULL);
	expect(table, size, 0x30, false, "begin with a DRHD");
}

static void paths_must_be_whole(void **state)
{
	const struct pstd_dmar_structure s[] = { { .type = PSTD_DMAR_DRHD, .drhd = { .size = 5 } },
		                                 { .type = PSTD_DMAR_SATC } };
	const struct pstd_dmar_hop path[2] = { { 1, 0 }, { 2, 0 } };
	struct pstd_dmar_scope scope = { .type = PSTD_DMAR_SCOPE_ENDPOINT, .path = path };
	uint8_t table[SAMPLE_SIZE];
	size_t size = small(table, s, 1, &scope);

	assert_int_equal(table[0x35], 5);
	expect(table, size, 0x41, false, "no path");
	scope.hops = 2;
	size = small(table, s, 2, &scope);
	expect(table, size, 0x49, false, "one step");

	/* One byte more, in all three lengths. */
	size = small(table, s, 1, &scope);
	table[size++] = 0;
	table[4]++;
	table[0x32]++;
	table[0x41]++;
	seal(table, size);
	expect(table, size, 0x41, false, "within a step");
}

static void rhsa_has_one_length(void **state)
{
	const struct pstd_dmar_structure s[] = { { .type = PSTD_DMAR_DRHD },
		                                 { .type = PSTD_DMAR_RHSA } };
	uint8_t table[SAMPLE_SIZE];
	size_t size = small(table, s, 2, NULL);

	assert_null(pstd_dmar_check(table, size).what);
	table[size++] = 0;
	table[4]++;
	table[0x42]++;
	seal(table, size);
	expect(table, size, 0x42, false, "not 20");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_manuals_bytes),
		cmocka_unit_test(overflow_is_reported),
		cmocka_unit_test(lengths_that_do_not_fit_are_reported),
		cmocka_unit_test(reads_back_what_was_written),
		cmocka_unit_test(reads_each_field),
		cmocka_unit_test(each_lie_is_found_where_it_is),
		cmocka_unit_test(a_table_cut_short_is_refused),
		cmocka_unit_test(bytes_behind_and_a_bad_sum_are_wrong),
		cmocka_unit_test(what_is_unknown_is_skipped),
		cmocka_unit_test(structures_must_agree),
		cmocka_unit_test(paths_must_be_whole),
		cmocka_unit_test(rhsa_has_one_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
