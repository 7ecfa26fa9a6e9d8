/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: reads the machine, writes the table that tells software of its units. */
#include "cli/dmar.h"
#include "cli/decode/dmar.h"
#include "cli/machine_file.h"
#include "hw/dmar.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { GOOD = 0, FAILED = 1, USAGE = 2 };

/* A DRHD for each unit; in one of them a scope of one step for the I/O APIC and each device. */
enum { TABLE_SIZE = DMAR_HEADER_SIZE + 16 * MACHINE_FILE_IOMMUS + 8 * (MACHINE_FILE_DEVICES + 1) };

enum { ADDRESS_WIDTH = 46 }; /* as the units have it */

static void add_scope(struct dmar_writer *w, enum dmar_scope_type type, uint8_t id, uint16_t sid)
{
	dmar_add_scope(w, &(struct dmar_scope){
		.type = type,
		.id = id,
		.bus = (uint8_t)(sid >> 8),
		.hops = 1,
		.path = &(struct dmar_hop){ sid >> 3 & 0x1f, sid & 7 },
	});
}

static void add_unit(struct dmar_writer *w, const struct machine_file_iommu *u)
{
	dmar_add(w, &(struct dmar_structure){
		.type = DMAR_DRHD,
		.drhd = { .include_pci_all = u->include_all, .base = u->base },
	});
	/* INCLUDE_PCI_ALL: all PCI devices without naming any; the I/O APIC has to be named. */
	if (u->include_all)
		add_scope(w, DMAR_SCOPE_IOAPIC, MACHINE_IOAPIC_ID, MACHINE_IOAPIC_SID);
	for (unsigned n = 0; !u->include_all && n < u->sid_count; n++)
		add_scope(w, DMAR_SCOPE_ENDPOINT, 0, u->sids[n]);
}

/* The table's size. There is room for any machine. */
static size_t build(uint8_t table[TABLE_SIZE], const struct machine_file *m)
{
	struct dmar_header h = {
		.oem_id = "POSTED",
		.oem_table_id = "MACHINE ",
		.oem_revision = 1,
		.creator_id = "PSTD",
		.creator_revision = 1,
		.address_width = ADDRESS_WIDTH,
		.flags = DMAR_INTR_REMAP | (m->config.x2apic ? 0 : DMAR_X2APIC_OPT_OUT),
	};
	struct dmar_writer w;

	dmar_begin(&w, table, TABLE_SIZE, &h);
	/* Those that include all the rest come last. */
	for (unsigned all = 0; all < 2; all++)
		for (unsigned n = 0; n < m->iommu_count; n++)
			if (m->iommus[n].include_all == all)
				add_unit(&w, &m->iommus[n]);
	return dmar_end(&w);
}

/* To the file, or to standard output if path is null. */
static int write_table(const uint8_t *table, size_t size, const char *path)
{
	FILE *out = path ? fopen(path, "we") : stdout;
	bool good = out && fwrite(table, 1, size, out) == size && !fflush(out);
	int why = errno;

	if (out && path && fclose(out) && good) {
		good = false;
		why = errno;
	}
	if (good)
		return GOOD;
	fprintf(stderr, "posted dmar: %s cannot be written: %s\n", path ? path : "standard output",
	        strerror(why));
	return out ? FAILED : USAGE;
}

static int print_json(const uint8_t *table, size_t size)
{
	struct decode_input in = { .text = (const char *)table, .size = size };
	struct sink *s = sink_new(true);
	bool good = s && decode_dmar(&in, s) && sink_print(s, stdout);

	if (s)
		sink_free(s);
	if (good)
		return GOOD;
	fprintf(stderr, "posted dmar: standard output cannot be written: %s\n", strerror(errno));
	return FAILED;
}

int dmar_main(const struct verb_args *args)
{
	const char *path = args->value[FLAG_OUTPUT];
	bool json = args->value[FLAG_JSON] != NULL;
	char error[MACHINE_FILE_ERROR];
	uint8_t table[TABLE_SIZE];
	struct machine_file *m;
	int status = GOOD;
	size_t size;

	if (!path && !json && isatty(STDOUT_FILENO)) {
		fputs("posted dmar: the table is binary and standard output is a terminal: give "
		      "--output FILE or --json, or pipe it into \"posted decode -\"\n", stderr);
		return USAGE;
	}
	m = machine_file_load(args->operands ? *args->operand : NULL, error);
	if (!m) {
		fprintf(stderr, "%s\n", error);
		return USAGE;
	}
	size = build(table, m);
	machine_file_free(m);
	if (path || !json)
		status = write_table(table, size, path);
	return status == GOOD && json ? print_json(table, size) : status;
}
