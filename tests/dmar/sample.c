/* SPDX-License-Identifier: BSD-2-Clause */
#include "sample.h"

static const struct pstd_dmar_header header = {
	.oem_id = "POSTED",
	.oem_table_id = "SAMPLE  ",
	.oem_revision = 0x01020304,
	.creator_id = "PSTD",
	.creator_revision = 0x05060708,
	.address_width = 46,
	.flags = PSTD_DMAR_INTR_REMAP | PSTD_DMAR_X2APIC_OPT_OUT |
	         PSTD_DMAR_DMA_CTRL_PLATFORM_OPT_IN,
};

/* A structure, and the scopes that follow it, up to one of type 0. */
static const struct {
	struct pstd_dmar_structure structure;
	struct pstd_dmar_scope scopes[6];
	struct pstd_dmar_hop paths[6][2];
} rows[] = {
	{ .structure = { .type = PSTD_DMAR_DRHD,
	                 .drhd = { .segment = 0x0102, .base = 0x123456789000 } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_ENDPOINT, .hops = 1, .bus = 0x00 },
	              { .type = PSTD_DMAR_SCOPE_BRIDGE, .hops = 2, .bus = 0x40 },
	              { .type = PSTD_DMAR_SCOPE_IOAPIC, .hops = 1, .bus = 0xf0, .id = 8 },
	              { .type = PSTD_DMAR_SCOPE_HPET, .hops = 1, .bus = 0x00, .id = 1 },
	              { .type = PSTD_DMAR_SCOPE_NAMESPACE, .hops = 1, .bus = 0x00, .id = 7 } },
	  .paths = { { { 0x02, 0 } }, { { 0x1c, 4 }, { 0x01, 2 } }, { { 0x1f, 7 } },
	             { { 0x1e, 6 } }, { { 0x15, 3 } } } },
	{ .structure = { .type = PSTD_DMAR_DRHD,
	                 .drhd = { .include_pci_all = true, .base = 0xfed91000 } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_IOAPIC, .hops = 1, .bus = 0, .id = 2 } },
	  .paths = { { { 0x1e, 7 } } } },
	{ .structure = { .type = PSTD_DMAR_RMRR,
	                 .rmrr = { .segment = 1, .base = 0x8d800000, .limit = 0x8fffffff } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_ENDPOINT, .hops = 1, .bus = 0 } },
	  .paths = { { { 0x14, 0 } } } },
	{ .structure = { .type = PSTD_DMAR_ATSR, .atsr = { .segment = 2 } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_BRIDGE, .hops = 1, .bus = 0x80 } },
	  .paths = { { { 0x03, 1 } } } },
	{ .structure = { .type = PSTD_DMAR_ATSR, .atsr = { .segment = 3, .all_ports = true } } },
	{ .structure = { .type = PSTD_DMAR_RHSA,
	                 .rhsa = { .base = 0xfed91000, .proximity = 0x11223344 } } },
	{ .structure = { .type = PSTD_DMAR_ANDD,
	                 .andd = { .device = 7, .name = "\\_SB.PCI0.I2C0", .name_length = 14 } } },
	{ .structure = { .type = PSTD_DMAR_SATC, .satc = { .atc_required = true, .segment = 4 } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_ENDPOINT, .hops = 1, .bus = 0x6a } },
	  .paths = { { { 0x01, 0 } } } },
	{ .structure = { .type = PSTD_DMAR_SIDP, .sidp = { .segment = 5 } },
	  .scopes = { { .type = PSTD_DMAR_SCOPE_ENDPOINT, .hops = 1, .bus = 0x6a, .flags = 0x1f },
	              { .type = PSTD_DMAR_SCOPE_NAMESPACE, .hops = 1, .bus = 0, .id = 7,
	                .flags = PSTD_DMAR_ATC_REQUIRED } },
	  .paths = { { { 0x01, 0 } }, { { 0x15, 3 } } } },
};

size_t sample_write(void *table, size_t size, enum pstd_dmar_type last)
{
	struct pstd_dmar_writer w;

	pstd_dmar_begin(&w, table, size, &header);
	for (unsigned n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
		if (rows[n].structure.type > last)
			break;
		pstd_dmar_add(&w, &rows[n].structure);
		for (unsigned i = 0; rows[n].scopes[i].type; i++) {
			struct pstd_dmar_scope scope = rows[n].scopes[i];

			scope.path = rows[n].paths[i];
			pstd_dmar_add_scope(&w, &scope);
		}
	}
	return pstd_dmar_end(&w);
}
