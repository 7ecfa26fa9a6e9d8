/* SPDX-License-Identifier: BSD-2-Clause */
/* The report's rows about block devices: whether what was read is what the files have. */
#include "cli/report.h"
#include "cli/sheet.h"
#include <stdio.h>
#include <string.h>

enum { LABEL = 64, FEW_BLOCKS = 4 };

static bool is_block(const struct run *run, unsigned device)
{
	return run->machine->devices[device].kind == &device_block;
}

/* What all rounds of a column say of a block device. */
struct block_verdict {
	bool ran, equal, whole;
	bool judged; /* something was compared; else equal means nothing */
	uint32_t crc, wanted;
	struct figure percent; /* of the file, read and compared */
};

static struct block_verdict block_verdict(const struct run *run, unsigned column, unsigned n)
{
	const struct column *c = &run->column[column];
	struct block_verdict v = { .ran = c->count, .equal = true, .whole = true };

	for (unsigned i = 0; i < c->count; i++) {
		const struct round_block *b = &c->rounds[i].block[n];

		v.ran &= b->ran;
		v.equal &= b->equal;
		v.judged |= b->ran && (b->checked || !b->equal);
		v.whole &= b->whole;
		v.crc = b->crc;
		v.wanted = b->file_crc;
		figure_add(&v.percent, 100 * (double)b->checked / (double)run->data[n].size);
	}
	return v;
}

static struct sheet_cell crc_cell(bool known, uint32_t crc)
{
	struct sheet_cell c = { .kind = known ? SHEET_WORD : SHEET_NONE };

	snprintf(c.word, sizeof(c.word), "0x%08x", crc);
	return c;
}

/* Of a file that nobody read to its end, there is no CRC: its parts' are compared all the same. */
static void block_rows(const struct run *run, struct sheet *sheet, unsigned columns, unsigned n,
                       const char *label)
{
	struct sheet_cell crc[COLUMNS], file[COLUMNS], equal[COLUMNS], percent[COLUMNS];
	bool any = false, all = true;

	for (unsigned i = 0; i < columns; i++) {
		struct block_verdict v = block_verdict(run, i, n);

		crc[i] = crc_cell(v.ran && v.whole, v.crc);
		file[i] = crc_cell(v.ran && v.whole, v.wanted);
		equal[i] = (struct sheet_cell){ .kind = v.judged ? SHEET_YES_NO : SHEET_NONE,
			                        .yes = v.equal };
		percent[i] = (struct sheet_cell){ .kind = v.ran ? SHEET_FIGURE : SHEET_NONE,
			                          .figure = v.percent };
		any |= v.ran && v.whole;
		all &= !v.ran || v.whole;
	}
	sheet_row(sheet, NULL, label, any ? crc : NULL);
	if (any)
		sheet_row(sheet, NULL, "  of the file itself", file);
	sheet_row(sheet, NULL, "  equal", equal);
	if (!all)
		sheet_row(sheet, NULL, "  of the file, %", percent);
}

/* Many block devices: how many have what their files have. */
static void blocks_row(const struct run *run, struct sheet *sheet, unsigned columns,
                       unsigned blocks)
{
	struct sheet_cell cell[COLUMNS];

	for (unsigned i = 0; i < columns; i++) {
		unsigned good = 0;

		for (unsigned n = 0; n < run->machine->device_count; n++) {
			struct block_verdict v = block_verdict(run, i, n);

			good += is_block(run, n) && v.ran && v.judged && v.equal;
		}
		cell[i] = (struct sheet_cell){ .kind = SHEET_WORD };
		snprintf(cell[i].word, sizeof(cell[i].word), "%u of %u", good, blocks);
	}
	sheet_row(sheet, NULL, "CRC-32C is the file's", cell);
}

void report_blocks(const struct run *run, struct sheet *sheet, unsigned columns)
{
	unsigned count = run->machine->device_count, blocks = 0;
	char label[LABEL];

	for (unsigned n = 0; n < count; n++)
		blocks += is_block(run, n);
	if (blocks > FEW_BLOCKS)
		blocks_row(run, sheet, columns, blocks);
	for (unsigned n = 0; blocks <= FEW_BLOCKS && n < count; n++) {
		const char *name = run->machine->devices[n].name;

		if (!is_block(run, n))
			continue;
		/* Its name is told if there are several: "devices[1]". */
		snprintf(label, sizeof(label), "CRC-32C%s%.*s", blocks > 1 ? ", " : "",
		         blocks > 1 ? (int)strcspn(name, " ") : 0, name);
		block_rows(run, sheet, columns, n, label);
	}
}
