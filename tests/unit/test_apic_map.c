/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posted/apic_map.h: the map against the rule for one local APIC, over random
 * machines of 1 to 1,024; the rule against the manual's examples; lowest priority.
 */
#include <posted/apic_map.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct pstd_apic_map map;
static struct pstd_apic_identity all[PSTD_APIC_SET_MAX];
static unsigned count;
static uint64_t seed = 0x9e3779b97f4a7c15;

static uint32_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16);
}

static void build(void)
{
	pstd_apic_map_clear(&map);
	for (unsigned i = 0; i < count; i++)
		pstd_apic_map_add(&map, i, &all[i]);
}

/* Ids that are dense, spread, or of packages; modes that are one, or mixed. */
static void random_machine(unsigned n)
{
	unsigned modes = next_random() % 3, stride = 1u << next_random() % 12;

	count = n;
	for (unsigned i = 0; i < n; i++) {
		struct pstd_apic_identity *a = &all[i];

		a->mode = modes == 2 ? next_random() % 3 : modes + PSTD_APIC_XAPIC;
		if (next_random() % 16 == 0)
			a->mode = PSTD_APIC_DISABLED;
		a->enabled = next_random() % 8 != 0;
		a->id = i * stride;
		if (a->mode == PSTD_APIC_XAPIC)
			a->id = next_random() % 4 ? i & 0xff : next_random() & 0xff;
		a->ldr = next_random() & 1 ? 1u << (24 + next_random() % 8) : next_random();
		a->dfr = next_random() & 1 ? 0xffffffff : 0x0fffffff;
	}
	build();
}

static uint32_t random_dest(void)
{
	const struct pstd_apic_identity *a = &all[next_random() % count];

	switch (next_random() % 6) {
	case 0:
		return a->id;
	case 1:
		return pstd_apic_x2apic_ldr(a->id) | (next_random() & 0xffff);
	case 2:
		return next_random() & 0xff;
	case 3:
		return a->ldr >> 24;
	case 4:
		return next_random() & 1 ? PSTD_APIC_XAPIC_BROADCAST : PSTD_APIC_X2APIC_BROADCAST;
	}
	return next_random();
}

static bool is_target(unsigned i, const struct pstd_apic_msg *m, unsigned sender)
{
	if (all[i].mode == PSTD_APIC_DISABLED ||
	    (!all[i].enabled && pstd_apic_needs_enabled(m->dlm)))
		return false;
	switch (m->shorthand) {
	case PSTD_APIC_TO_DEST:
		return pstd_apic_matches(&all[i], m->dest, m->logical);
	case PSTD_APIC_TO_SELF:
		return i == sender;
	case PSTD_APIC_TO_ALL:
		return true;
	}
	return i != sender;
}

static void judge(const struct pstd_apic_msg *m)
{
	unsigned sender = next_random() % count, members = 0;
	struct pstd_apic_set set;
	int only = -1;

	pstd_apic_map_targets(&map, m, sender, &set);
	for (unsigned i = 0; i < PSTD_APIC_SET_MAX; i++) {
		bool expected = i < count && is_target(i, m, sender);

		assert_int_equal(pstd_apic_set_has(&set, i), expected);
		members += expected;
		if (expected)
			only = (int)i;
	}
	assert_int_equal(pstd_apic_set_count(&set), members);
	assert_int_equal(pstd_apic_set_only(&set), members == 1 ? only : -1);
	if (m->shorthand == PSTD_APIC_TO_DEST && !m->logical && pstd_apic_needs_enabled(m->dlm))
		assert_int_equal(pstd_apic_map_find_one(&map, m->dest), pstd_apic_set_only(&set));
}

static void map_finds_those_for_whom_the_rule_is_true(void **state)
{
	static const unsigned counts[] = { 1, 2, 8, 64, 255, 256, 1000, 1024 };

	for (unsigned round = 0; round < 40; round++) {
		random_machine(counts[round % 8]);
		for (unsigned i = 0; i < 200; i++) {
			struct pstd_apic_msg m = { .dest = random_dest(),
				                   .logical = next_random() & 1,
				                   .dlm = next_random() & 1 ? PSTD_APIC_DM_FIXED
				                                            : PSTD_APIC_DM_NMI };

			if (next_random() % 8 == 0)
				m.shorthand = next_random() % 4;
			judge(&m);
		}
	}
}

/* "Logical Destination Mode": examples and edges. Model F is flat, 0 is cluster. */
static const struct {
	uint8_t model, id, dest;
	bool matches;
} xapic_logical[] = {
	{ 0xf, 0x01, 0x01, true },  { 0xf, 0x01, 0x02, false }, { 0xf, 0x80, 0xc0, true },
	{ 0xf, 0x00, 0x7f, false }, { 0xf, 0x00, 0xff, true },  { 0xf, 0x81, 0x01, true },
	{ 0x0, 0x11, 0x11, true },  { 0x0, 0x11, 0x21, false }, { 0x0, 0x12, 0x1f, true },
	{ 0x0, 0x12, 0x11, false }, { 0x0, 0x10, 0x1f, false }, { 0x0, 0x12, 0xff, true },
	{ 0x0, 0x12, 0xf2, false }, { 0x0, 0xf2, 0xf2, true },  { 0x0, 0x12, 0x10, false },
};

static void flat_and_cluster_model_are_the_manuals(void **state)
{
	for (unsigned i = 0; i < sizeof(xapic_logical) / sizeof(xapic_logical[0]); i++) {
		struct pstd_apic_identity a = { .mode = PSTD_APIC_XAPIC, .enabled = true, .id = 5 };

		a.ldr = (uint32_t)xapic_logical[i].id << 24;
		a.dfr = (uint32_t)xapic_logical[i].model << 28 | 0x0fffffff;
		assert_int_equal(pstd_apic_matches(&a, xapic_logical[i].dest, true),
		                 xapic_logical[i].matches);
	}
}

static void x2apic_logical_id_is_cluster_and_bit(void **state)
{
	struct pstd_apic_identity a = { .mode = PSTD_APIC_X2APIC, .id = 0x12345 };

	assert_int_equal(pstd_apic_x2apic_ldr(0x12345), 0x12340020);
	assert_true(pstd_apic_matches(&a, 0x12340020, true));
	assert_true(pstd_apic_matches(&a, 0x1234ffff, true));
	assert_false(pstd_apic_matches(&a, 0x1234ffdf, true));
	assert_false(pstd_apic_matches(&a, 0x12350020, true));
	assert_true(pstd_apic_matches(&a, 0xffffffff, true));
	assert_true(pstd_apic_matches(&a, 0xffffffff, false));
	assert_false(pstd_apic_matches(&a, 0xff, false));
}

static void two_that_share_an_id_are_both_found(void **state)
{
	struct pstd_apic_set set;

	count = 2;
	all[0] = all[1] =
		(struct pstd_apic_identity){ .mode = PSTD_APIC_XAPIC, .enabled = true, .id = 7 };
	build();
	pstd_apic_map_find(&map, 7, false, &set);
	assert_int_equal(pstd_apic_set_count(&set), 2);
	assert_int_equal(pstd_apic_map_find_one(&map, 7), -1);
}

/* Lowest priority. */

static void random_set(struct pstd_apic_set *s)
{
	unsigned members = next_random() % 70;

	pstd_apic_set_clear(s);
	for (unsigned i = 0; i < members; i++)
		pstd_apic_set_add(s, next_random() % (next_random() & 1 ? 64 : PSTD_APIC_SET_MAX));
}

static void hashed_pick_is_member_vector_mod_count(void **state)
{
	for (unsigned round = 0; round < 2000; round++) {
		uint8_t vector = (uint8_t)next_random();
		struct pstd_apic_set s;
		unsigned n, i = 0;

		random_set(&s);
		n = pstd_apic_set_count(&s);
		if (!n) {
			assert_int_equal(pstd_apic_set_hashed(&s, vector), -1);
			continue;
		}
		for (unsigned skip = vector % n; !pstd_apic_set_has(&s, i) || skip--; i++)
			;
		assert_int_equal(pstd_apic_set_hashed(&s, vector), i);
	}
}

static void lowest_are_all_of_the_lowest_class(void **state)
{
	for (unsigned round = 0; round < 500; round++) {
		uint8_t tpr[PSTD_APIC_SET_MAX], best = 0xff;
		struct pstd_apic_set s, lowest;

		random_set(&s);
		for (unsigned i = 0; i < PSTD_APIC_SET_MAX; i++) {
			tpr[i] = (uint8_t)next_random();
			if (pstd_apic_set_has(&s, i) && tpr[i] / 16 < best)
				best = tpr[i] / 16;
		}
		memset(&lowest, 0xa5, sizeof(lowest));
		pstd_apic_set_lowest(&s, tpr, &lowest);
		for (unsigned i = 0; i < PSTD_APIC_SET_MAX; i++)
			assert_int_equal(pstd_apic_set_has(&lowest, i),
			                 pstd_apic_set_has(&s, i) && tpr[i] / 16 == best);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(map_finds_those_for_whom_the_rule_is_true),
		cmocka_unit_test(flat_and_cluster_model_are_the_manuals),
		cmocka_unit_test(x2apic_logical_id_is_cluster_and_bit),
		cmocka_unit_test(two_that_share_an_id_are_both_found),
		cmocka_unit_test(hashed_pick_is_member_vector_mod_count),
		cmocka_unit_test(lowest_are_all_of_the_lowest_class),
	};

	return cmocka_run_group_tests_name("apic_map", tests, NULL, NULL);
}
