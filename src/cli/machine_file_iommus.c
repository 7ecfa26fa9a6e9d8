/* SPDX-License-Identifier: BSD-2-Clause */
/* The VT-d units of a machine file. */
#include "cli/machine_file_parts.h"
#include <string.h>

enum { MOST_ENTRIES = 65536, MOST_WAYS = 8 };

/* Where firmware puts the first unit's registers, a page for each. */
enum { REGISTERS = 0xfed90000u, REGISTERS_SIZE = 0x1000 };

static const cyaml_schema_field_t iommu_fields[] = {
	WORD(struct raw_iommu, name),
	WORD(struct raw_iommu, posting),
	WORD(struct raw_iommu, caching_mode),
	WORD(struct raw_iommu, esirtps),
	WORD(struct raw_iommu, fault_records),
	WORD(struct raw_iommu, cache),
	WORD(struct raw_iommu, cache_ways),
	WORD(struct raw_iommu, cache_policy),
	CYAML_FIELD_END,
};

const cyaml_schema_value_t raw_iommu_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct raw_iommu, iommu_fields),
};

static const char *policy_name(unsigned n)
{
	static const char *const names[] = { "fifo", "random", NULL };

	return names[n];
}

/* A power of two, or 0 if that is allowed. */
static unsigned power(struct place *at, const char *key, const char *text, unsigned least,
                      unsigned most)
{
	unsigned value = machine_file_number(at, key, text, least, most);

	if (!(value & (value - 1)))
		return value;
	complain(at, key, "\"%.40s\" is no power of two", text);
	return least;
}

static void refuse_without_cache(struct place *at, const char *key, const char *text)
{
	if (text)
		complain(at, key,
		         "is for a cache: leave it out, or give cache a number of entries");
}

static void decode_cache(struct machine_unit *u, const struct raw_iommu *raw, struct place *at)
{
	unsigned most;

	if (raw->cache)
		u->cache_entries = power(at, "cache", raw->cache, 0, MOST_ENTRIES);
	if (!u->cache_entries) {
		refuse_without_cache(at, "cache_ways", raw->cache_ways);
		refuse_without_cache(at, "cache_policy", raw->cache_policy);
		return;
	}
	most = u->cache_entries < MOST_WAYS ? u->cache_entries : MOST_WAYS;
	if (raw->cache_ways)
		u->cache_ways = power(at, "cache_ways", raw->cache_ways, 1, most);
	else if (u->cache_ways > most)
		u->cache_ways = most;
	u->cache_random = machine_file_choice(at, "cache_policy", raw->cache_policy ?: "fifo",
	                                      policy_name);
}

static void decode_name(struct machine_file *m, unsigned n, struct place *at)
{
	const char *name = m->raw->iommus[n].name;

	if (!name)
		complain(at, "name", "missing: give the iommu a name");
	for (unsigned i = 0; i < n; i++)
		if (name && m->units[i].name && !strcmp(name, m->units[i].name))
			complain(at, "name", "\"%.40s\" is iommus[%u]'s already", name, i);
	m->units[n].name = name;
}

static void decode_iommu(struct machine_file *m, unsigned n, struct place *at)
{
	const struct raw_iommu *raw = &m->raw->iommus[n];
	struct machine_unit *u = &m->units[n];

	decode_name(m, n, at);
	u->posting = machine_file_yes(at, "posting", raw->posting ?: "true");
	u->caching_mode = machine_file_yes(at, "caching_mode", raw->caching_mode ?: "false");
	u->esirtps = machine_file_yes(at, "esirtps", raw->esirtps ?: "false");
	if (raw->fault_records)
		u->fault_records = machine_file_number(at, "fault_records", raw->fault_records, 1,
		                                       MACHINE_FAULT_RECORDS);
	decode_cache(u, raw, at);
}

void machine_file_iommus(struct machine_file *m, struct place *at)
{
	m->iommu_count = m->raw->iommus_count ? m->raw->iommus_count : 1;
	for (unsigned n = 0; n < m->iommu_count; n++) {
		m->units[n] = machine_default_unit;
		snprintf(at->prefix, sizeof(at->prefix), "iommus[%u].", n);
		if (m->raw->iommus_count)
			decode_iommu(m, n, at);
		m->iommus[n] = (struct machine_file_iommu){
			.name = m->units[n].name,
			.base = REGISTERS + (uint64_t)n * REGISTERS_SIZE,
			.include_all = n == 0,
		};
	}
	m->config.units = m->units;
	m->config.unit_count = m->iommu_count;
}
