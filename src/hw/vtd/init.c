/* SPDX-License-Identifier: BSD-2-Clause */
/* A unit at reset, and which configurations cannot be. */
#include "hw/vtd/regs.h"

/* The registers of the IOTLB, which ECAP places too, though this unit has none there. */
enum { IOTLB_BYTES = 16 };

static bool power_of_two(unsigned n)
{
	return n && !(n & (n - 1));
}

static const char *capabilities_wrong(const struct pstd_vtd_config *c)
{
	if (c->address_width < 32 || c->address_width > 64)
		return "the host address width must be 32 to 64 bits";
	if (!(c->ecap & PSTD_VTD_ECAP_IR) || !(c->ecap & PSTD_VTD_ECAP_QI))
		return "ECAP must have IR and QI: there is no interrupt remapping without them";
	if ((c->ecap & PSTD_VTD_ECAP_EIMER) && !(c->ecap & PSTD_VTD_ECAP_EIM))
		return "ECAP.EIMER demands x2APIC destinations, which ECAP.EIM does not offer";
	return NULL;
}

static const char *records_wrong(const struct pstd_vtd_config *c)
{
	uint64_t begin = pstd_field_get(PSTD_VTD_CAP_FRO, c->cap) * 16;
	uint64_t end = begin + (pstd_field_get(PSTD_VTD_CAP_NFR, c->cap) + 1) * 16;
	uint64_t iotlb = pstd_field_get(PSTD_VTD_ECAP_IRO, c->ecap) * 16;

	if (!c->frcd)
		return "no memory for the fault records";
	if (begin < PSTD_VTD_REGISTERS_END)
		return "CAP.FRO places the fault records on other registers; 20h is usual";
	if (iotlb && iotlb < end && iotlb + IOTLB_BYTES > begin)
		return "CAP.FRO and ECAP.IRO place fault records and IOTLB registers on each other";
	return NULL;
}

static const char *cache_wrong(const struct pstd_vtd_config *c)
{
	if (!c->cache_entries)
		return NULL;
	if (!power_of_two(c->cache_entries) || c->cache_entries > 65536)
		return "the entry cache's size must be a power of two, at most 65536, or 0";
	if (!power_of_two(c->cache_ways) || c->cache_ways > 8 || c->cache_ways > c->cache_entries)
		return "the entry cache's ways must be 1, 2, 4 or 8, and not more than its entries";
	return c->cache ? NULL : "no memory for the entry cache";
}

const char *pstd_vtd_init(struct pstd_vtd *u, const struct pstd_vtd_config *c)
{
	const char *wrong = capabilities_wrong(c);

	if (!wrong)
		wrong = records_wrong(c);
	if (!wrong)
		wrong = cache_wrong(c);
	if (!wrong && (!c->memory || !c->drain))
		wrong = "the unit needs memory, and a way to drain";
	if (wrong)
		return wrong;
	*u = (struct pstd_vtd){ .config = *c };
	pstd_vtd_cache_init(&u->cache, c->cache, c->cache_entries, c->cache_ways, c->cache_replace);
	for (const struct pstd_vtd_row *row = pstd_vtd_rows; row->name; row++)
		*pstd_vtd_reg(u, row->offset) = row->reset;
	*pstd_vtd_reg(u, PSTD_VTD_CAP) = c->cap;
	*pstd_vtd_reg(u, PSTD_VTD_ECAP) = c->ecap;
	return NULL;
}
