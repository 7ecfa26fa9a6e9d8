/* SPDX-License-Identifier: BSD-2-Clause */
/* pstd_vtd_init: which configurations are refused, and that the reason is said. */
#include "vtd_unit.h"

static struct pstd_vtd_config *const c = &unit.config;

static void cache(unsigned entries, unsigned ways)
{
	c->cache = unit.slots;
	c->cache_entries = entries;
	c->cache_ways = ways;
}

/* Each makes one thing impossible. */
#define SPOIL(name, how)        \
	static void name(void)  \
	{                       \
		how;            \
	}

SPOIL(no_memory, c->memory = NULL)
SPOIL(no_drain, c->drain = NULL)
SPOIL(narrow, c->address_width = 31)
SPOIL(broad, c->address_width = 65)
SPOIL(no_ir, c->ecap &= ~PSTD_VTD_ECAP_IR)
SPOIL(no_qi, c->ecap &= ~PSTD_VTD_ECAP_QI)
SPOIL(no_eim, c->ecap = (c->ecap | PSTD_VTD_ECAP_EIMER) & ~PSTD_VTD_ECAP_EIM)
SPOIL(no_records, c->frcd = NULL)
SPOIL(low_records, c->cap = (c->cap & ~PSTD_VTD_CAP_FRO) | pstd_field(PSTD_VTD_CAP_FRO, 0xb))

SPOIL(records_on_iotlb, c->ecap |= pstd_field(PSTD_VTD_ECAP_IRO, FRCD / 16 + RECORDS - 1))
SPOIL(iotlb_on_records, c->ecap |= pstd_field(PSTD_VTD_ECAP_IRO, FRCD / 16))
SPOIL(odd_cache, cache(48, 4))
SPOIL(big_cache, cache(131072, 4))
SPOIL(no_ways, cache(64, 0))
SPOIL(odd_ways, cache(64, 3))
SPOIL(many_ways, cache(64, 16))
SPOIL(more_ways, cache(2, 4))
SPOIL(no_slots, c->cache_ways = c->cache_entries = 4)

static void each_impossible_configuration_is_refused_in_words(void **state)
{
	static const struct {
		void (*spoil)(void);
		const char *says;
	} cases[] = {
		{ no_memory, "memory" },       { no_drain, "drain" },
		{ narrow, "address width" },   { broad, "address width" },
		{ no_ir, "IR and QI" },        { no_qi, "IR and QI" },
		{ no_eim, "EIMER" },           { no_records, "fault records" },
		{ low_records, "CAP.FRO" },    { records_on_iotlb, "IOTLB" },
		{ iotlb_on_records, "IOTLB" }, { odd_cache, "size" },
		{ big_cache, "size" },         { no_ways, "ways" },
		{ odd_ways, "ways" },          { many_ways, "ways" },
		{ more_ways, "ways" },         { no_slots, "entry cache" },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *wrong;

		unit_build(state);
		cases[i].spoil();
		wrong = pstd_vtd_init(&unit.vtd, c);
		assert_non_null(wrong);
		assert_non_null(strstr(wrong, cases[i].says));
	}
}

static void possible_ones_are_not(void **state)
{
	static const unsigned widths[] = { 32, 39, 46, 52, 63, 64 };

	for (unsigned i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		c->address_width = widths[i];
		assert_null(pstd_vtd_init(&unit.vtd, c));
	}
	for (unsigned ways = 1; ways <= 8; ways *= 2) {
		for (unsigned entries = ways; entries <= SLOTS; entries *= 2) {
			cache(entries, ways);
			assert_null(pstd_vtd_init(&unit.vtd, c));
		}
	}
	c->ecap |= PSTD_VTD_ECAP_EIMER | pstd_field(PSTD_VTD_ECAP_IRO, FRCD / 16 - 1);
	assert_null(pstd_vtd_init(&unit.vtd, c));
	c->ecap &= ~PSTD_VTD_ECAP_IRO;
	c->ecap |= pstd_field(PSTD_VTD_ECAP_IRO, FRCD / 16 + RECORDS);
	assert_null(pstd_vtd_init(&unit.vtd, c));
}

#define TEST(name) cmocka_unit_test_setup(name, unit_build)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_impossible_configuration_is_refused_in_words),
		TEST(possible_ones_are_not),
	};

	return cmocka_run_group_tests_name("vtd_init", tests, NULL, NULL);
}
