/* SPDX-License-Identifier: BSD-2-Clause */
/* Families apic_dest, lowest_prio, apic_timer_divide and apic_timer_count: the local APIC. */
#include "vectors_families.h"

#include <posted/apic_map.h>
#include <posted/apic_timer.h>
#include <posted/hw/lapic.h>
#include <stdlib.h>
#include <string.h>

/* A colon-separated number of a list, which follows *text; then *text is what is left. */
static uint32_t number(struct vec *v, const char *column, const char **text, int base)
{
	char *end;
	unsigned long value = strtoul(*text, &end, base);

	if (end == *text || (*end && !strchr(":;", *end)))
		vec_malformed(v, column, "\"%.80s\" does not start with a number", *text);
	*text = *end ? end + 1 : end;
	return (uint32_t)value;
}

/* A set as a column of kind l has it. */
static void expect_set(struct vec *v, const char *column, const struct pstd_apic_set *set)
{
	char text[5 * PSTD_APIC_SET_MAX + 2] = "-", *to = text;

	for (int i = pstd_apic_set_next(set, 0); i >= 0;
	     i = pstd_apic_set_next(set, (unsigned)i + 1))
		to += sprintf(to, to == text ? "%d" : ",%d", i);
	vec_expect_s(v, column, text);
}

static struct pstd_apic_identity read_identity(struct vec *v, const char **text)
{
	struct pstd_apic_identity a = { .mode = vec_b(v, "in_x2apic") ? PSTD_APIC_X2APIC
		                                                      : PSTD_APIC_XAPIC };
	uint32_t state;

	a.id = number(v, "in_vcpus", text, 16);
	a.ldr = number(v, "in_vcpus", text, 16) << 24;
	a.dfr = number(v, "in_vcpus", text, 16) << 28;
	state = number(v, "in_vcpus", text, 16);
	a.enabled = state == 2;
	if (!state)
		a.mode = PSTD_APIC_DISABLED;
	return a;
}

/* By the map; and for each one by the rule, where the destination is not a shorthand. */
void apic_dest_family(struct vec *v)
{
	static struct pstd_apic_map map;
	struct pstd_apic_set set, ruled = { { 0 } };
	struct pstd_apic_msg m = { .dest = (uint32_t)vec_x(v, "in_dest", 32),
		                   .dlm = (uint8_t)vec_d(v, "in_dlm"),
		                   .logical = vec_b(v, "in_logical"),
		                   .shorthand = (uint8_t)vec_d(v, "in_shorthand") };
	const char *vcpus = vec_s(v, "in_vcpus");

	pstd_apic_map_clear(&map);
	for (unsigned i = 0; *vcpus && i < PSTD_APIC_SET_MAX; i++) {
		struct pstd_apic_identity a = read_identity(v, &vcpus);

		pstd_apic_map_add(&map, i, &a);
		if (pstd_apic_matches(&a, m.dest, m.logical) &&
		    (a.enabled || !pstd_apic_needs_enabled(m.dlm)))
			pstd_apic_set_add(&ruled, i);
	}
	pstd_apic_map_targets(&map, &m, (unsigned)vec_d(v, "in_src"), &set);
	expect_set(v, "out_set", &set);
	if (m.shorthand == PSTD_APIC_TO_DEST)
		expect_set(v, "out_set", &ruled);
	if (m.shorthand == PSTD_APIC_TO_DEST && !m.logical && m.dlm == PSTD_APIC_DM_FIXED &&
	    pstd_apic_map_find_one(&map, m.dest) != pstd_apic_set_only(&set))
		vec_fail(v, "out_set", "as the only one another is found");
}

void lowest_prio_family(struct vec *v)
{
	struct pstd_apic_set candidates = { { 0 } }, winners;
	const char *cands = vec_s(v, "in_cands");
	uint8_t tpr[PSTD_APIC_SET_MAX] = { 0 };
	char pick[16];

	while (*cands) {
		uint32_t index = number(v, "in_cands", &cands, 10) % PSTD_APIC_SET_MAX;

		pstd_apic_set_add(&candidates, index);
		tpr[index] = (uint8_t)number(v, "in_cands", &cands, 16);
		/* ISRV and IRRV are for the arbitration of the old APIC bus. */
		number(v, "in_cands", &cands, 16);
		number(v, "in_cands", &cands, 16);
	}
	pstd_apic_set_lowest(&candidates, tpr, &winners);
	expect_set(v, "out_winners_tpr", &winners);
	snprintf(pick, sizeof(pick), "%d",
	         pstd_apic_set_hashed(&candidates, (uint8_t)vec_x(v, "in_vector", 8)));
	vec_expect_s(v, "out_hash_pick", pick);
	/* What the tag leaves in doubt, and no system since the Pentium 4 does. */
	vec_s(v, "out_winners_apr");
}

void apic_timer_divide_family(struct vec *v)
{
	char divide[16];

	snprintf(divide, sizeof(divide), "%u",
	         pstd_apic_timer_divide((uint32_t)vec_x(v, "in_tdcr", 32)));
	vec_expect_s(v, "out_divide", divide);
}

static uint64_t timer_mode(struct vec *v)
{
	const char *mode = vec_s(v, "in_mode");

	if (!strcmp(mode, "oneshot"))
		return PSTD_APIC_TIMER_ONE_SHOT;
	if (strcmp(mode, "periodic"))
		vec_malformed(v, "in_mode", "\"%.80s\" is none of oneshot, periodic", mode);
	return PSTD_APIC_TIMER_PERIODIC;
}

/* A local APIC whose timer software starts at 0, and looks at later. */
void apic_timer_count_family(struct vec *v)
{
	const struct pstd_lapic_config c = { .features = PSTD_LAPIC_ALL, .address_width = 46,
		                             .cycle = (uint32_t)vec_d(v, "in_cycle_ns") };
	uint64_t elapsed = vec_d(v, "in_elapsed_ns");
	static struct pstd_lapic l;
	char expirations[24];
	uint32_t count;

	pstd_lapic_reset(&l, &c);
	pstd_lapic_mmio_write(&l, PSTD_APIC_SVR, 4, 0x1ff, 0);
	pstd_lapic_mmio_write(&l, PSTD_APIC_DIVIDE, 4, (uint32_t)vec_x(v, "in_tdcr", 32), 0);
	pstd_lapic_mmio_write(&l, PSTD_APIC_LVT_TIMER, 4,
	                      (uint32_t)pstd_field(PSTD_APIC_LVT_TIMER_MODE, timer_mode(v)) | 0x41,
	                      0);
	pstd_lapic_mmio_write(&l, PSTD_APIC_INITIAL_COUNT, 4, (uint32_t)vec_x(v, "in_tmict", 32),
	                      0);
	snprintf(expirations, sizeof(expirations), "%llu",
	         (unsigned long long)pstd_lapic_timer(&l, elapsed));
	vec_expect_s(v, "out_expirations", expirations);
	if (pstd_lapic_pending(&l) != (strcmp(expirations, "0") ? 0x41 : -1))
		vec_fail(v, "out_expirations", "the LVT's vector tells something else");
	count = pstd_lapic_mmio_read(&l, PSTD_APIC_CURRENT_COUNT, 4, elapsed);
	if (count < vec_d(v, "out_tmcct_min") || count > vec_d(v, "out_tmcct_max"))
		vec_fail(v, "out_tmcct_min", "the current count is out of range");
}
