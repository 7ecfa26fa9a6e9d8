/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: reads the machine, writes the table that tells software of its units. */
#include "cli/dmar.h"
#include "cli/decode/dmar.h"
#include "cli/machine_file.h"
#include "cli/out.h"
#include "cli/status.h"
#include <errno.h>
#include <posted/hw/dmar.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A DRHD for each unit; in one of them a scope of one step for the I/O APIC and each device. */
enum {
	TABLE_SIZE =
		PSTD_DMAR_HEADER_SIZE + 16 * MACHINE_FILE_IOMMUS + 8 * (MACHINE_FILE_DEVICES + 1)
};

enum { ADDRESS_WIDTH = 46 }; /* as the units have it */

static void add_scope(struct pstd_dmar_writer *w, enum pstd_dmar_scope_type type, uint8_t id,
                      uint16_t sid)
{
	pstd_dmar_add_scope(w, &(struct pstd_dmar_scope){
		.type = type,
		.id = id,
		.bus = (uint8_t)(sid >> 8),
		.hops = 1,
		.path = &(struct pstd_dmar_hop){ sid >> 3 & 0x1f, sid & 7 },
	});
}

static void add_unit(struct pstd_dmar_writer *w, const struct machine_file_iommu *u)
{
	pstd_dmar_add(w, &(struct pstd_dmar_structure){
		.type = PSTD_DMAR_DRHD,
		.drhd = { .include_pci_all = u->include_all, .base = u->base },
	});
	/* INCLUDE_PCI_ALL: all PCI devices without naming any; the I/O APIC has to be named. */
	if (u->include_all)
		add_scope(w, PSTD_DMAR_SCOPE_IOAPIC, MACHINE_IOAPIC_ID, MACHINE_IOAPIC_SID);
	for (unsigned n = 0; !u->include_all && n < u->sid_count; n++)
		add_scope(w, PSTD_DMAR_SCOPE_ENDPOINT, 0, u->sids[n]);
}

/* The table's size. There is room for any machine. */
static size_t build(uint8_t table[TABLE_SIZE], const struct machine_file *m)
{
	struct pstd_dmar_header h = {
		.oem_id = "POSTED",
		.oem_table_id = "MACHINE ",
		.oem_revision = 1,
		.creator_id = "PSTD",
		.creator_revision = 1,
		.address_width = ADDRESS_WIDTH,
		.flags = PSTD_DMAR_INTR_REMAP | (m->config.x2apic ? 0 : PSTD_DMAR_X2APIC_OPT_OUT),
	};
	struct pstd_dmar_writer w;

	pstd_dmar_begin(&w, table, TABLE_SIZE, &h);
	/* Those that include all the rest come last. */
	for (unsigned all = 0; all < 2; all++)
		for (unsigned n = 0; n < m->iommu_count; n++)
			if (m->iommus[n].include_all == all)
				add_unit(&w, &m->iommus[n]);
	return pstd_dmar_end(&w);
}

/* To the file, or to standard output if path is null. */
static int write_table(struct out *o, const uint8_t *table, size_t size, const char *path)
{
	FILE *out = path ? fopen(path, "we") : stdout;
	bool good = out && fwrite(table, 1, size, out) == size && !fflush(out);
	int why = errno;

	if (out && path && fclose(out) && good) {
		good = false;
		why = errno;
	}
	if (good)
		return STATUS_GOOD;
	if (path) /* of standard output out_end tells */
		out_problem(o, "posted dmar: %s cannot be written: %s", path, strerror(why));
	return out ? STATUS_FAILED : STATUS_USAGE;
}

/* The table decoded, as the verb decode has it. */
static int show(struct out *o, const uint8_t *table, size_t size)
{
	struct decode_input in = { .text = (const char *)table, .size = size };
	struct sink *s = sink_new(true);
	json_t *things = s && decode_dmar(&in, s) ? sink_things(s) : NULL;

	if (s)
		sink_free(s);
	if (!things) {
		out_problem(o, "posted dmar: out of memory");
		return STATUS_FAILED;
	}
	out_value(o, "things", things);
	return STATUS_GOOD;
}

static int make(struct out *o, const struct verb_args *args)
{
	const char *path = args->value[FLAG_OUTPUT];
	char error[MACHINE_FILE_ERROR];
	uint8_t table[TABLE_SIZE];
	struct machine_file *m;
	int status = STATUS_GOOD;
	size_t size;

	if (!path && !out_is_json(o) && isatty(STDOUT_FILENO)) {
		out_problem(o, "posted dmar: the table is binary and standard output is a "
		               "terminal: give --output FILE or --json, or pipe it into \"posted "
		               "decode -\"");
		return STATUS_USAGE;
	}
	m = machine_file_load(args->operands ? *args->operand : NULL, error);
	if (!m) {
		out_problem(o, "%s", error);
		return STATUS_USAGE;
	}
	size = build(table, m);
	machine_file_free(m);
	if (path || !out_is_json(o))
		status = write_table(o, table, size, path);
	return status == STATUS_GOOD && out_is_json(o) ? show(o, table, size) : status;
}

int dmar_main(const struct verb_args *args)
{
	struct out *o = out_begin("posted dmar", args->value[FLAG_JSON]);

	return o ? out_end(o, make(o, args)) : STATUS_FAILED;
}
